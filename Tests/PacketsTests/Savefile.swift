import Bytes
import Packets

/// Builds capture files record by record.
enum Savefile {
    /// How the integers of a file are stored.
    enum Order: CaseIterable, Sendable {
        case little
        case big
    }

    /// A pcap file; the default magic number stands for microseconds.
    struct Classic {
        var bytes: [UInt8] = []
        let order: Order
        let extra: Int

        init(
            _ order: Order,
            magic: UInt32 = 0xA1B2_C3D4,
            version: (UInt16, UInt16) = (2, 4),
            link: UInt32 = 1,
            extra: Int = 0
        ) {
            self.order = order
            self.extra = extra
            put(magic)
            put(version.0)
            put(version.1)
            put(UInt32(0))
            put(UInt32(0))
            put(UInt32(65_535))
            put(link)
        }

        mutating func put<I: FixedWidthInteger & BitwiseCopyable>(_ value: I) {
            order == .big ? bytes.appendBigEndian(value) : bytes.appendLittleEndian(value)
        }

        mutating func packet(
            _ text: String,
            seconds: UInt32 = 1,
            fraction: UInt32 = 2,
            captured: UInt32? = nil,
            original: UInt32? = nil
        ) {
            put(seconds)
            put(fraction)
            put(captured ?? UInt32(text.utf8.count))
            put(original ?? UInt32(text.utf8.count))
            bytes += [UInt8](repeating: 0xEE, count: extra)
            bytes += Array(text.utf8)
        }
    }

    /// A pcapng file.
    struct Next {
        var bytes: [UInt8] = []
        var order: Order

        /// Begins with a section.
        init(_ order: Order, version: (UInt16, UInt16) = (1, 0)) {
            self.order = order
            section(order, version: version)
        }

        mutating func section(_ order: Order, version: (UInt16, UInt16) = (1, 0)) {
            self.order = order
            var body: [UInt8] = []
            put(UInt32(0x1A2B_3C4D), to: &body)
            put(version.0, to: &body)
            put(version.1, to: &body)
            put(UInt64.max, to: &body)
            block(0x0A0D_0D0A, body)
        }

        func put<I: FixedWidthInteger & BitwiseCopyable>(_ value: I, to bytes: inout [UInt8]) {
            order == .big ? bytes.appendBigEndian(value) : bytes.appendLittleEndian(value)
        }

        /// - Parameter trailing: The length at the end where it is to differ from that at the start.
        mutating func block(_ type: UInt32, _ body: [UInt8], length: UInt32? = nil, trailing: UInt32? = nil) {
            let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
            let length = length ?? UInt32(padded.count + 12)
            put(type, to: &bytes)
            put(length, to: &bytes)
            bytes += padded
            put(trailing ?? length, to: &bytes)
        }

        mutating func interface(link: UInt16 = 1, snapshot: UInt32 = 0, options: [(UInt16, [UInt8])] = []) {
            var body: [UInt8] = []
            put(link, to: &body)
            put(UInt16(0), to: &body)
            put(snapshot, to: &body)
            for (code, value) in options {
                put(code, to: &body)
                put(UInt16(value.count), to: &body)
                body += value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
            }
            block(1, body)
        }

        /// An enhanced packet; `options` follow its data as they are.
        mutating func packet(
            _ text: String,
            interface: UInt32 = 0,
            stamp: UInt64 = 1_000_002,
            captured: UInt32? = nil,
            options: [UInt8] = []
        ) {
            var body: [UInt8] = []
            put(interface, to: &body)
            put(UInt32(truncatingIfNeeded: stamp >> 32), to: &body)
            put(UInt32(truncatingIfNeeded: stamp), to: &body)
            put(captured ?? UInt32(text.utf8.count), to: &body)
            put(UInt32(text.utf8.count), to: &body)
            body += Array(text.utf8)
            body += [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
            block(6, body + options)
        }

        mutating func obsoletePacket(_ text: String, interface: UInt16 = 0, stamp: UInt64 = 1_000_002) {
            var body: [UInt8] = []
            put(interface, to: &body)
            put(UInt16(77), to: &body)
            put(UInt32(truncatingIfNeeded: stamp >> 32), to: &body)
            put(UInt32(truncatingIfNeeded: stamp), to: &body)
            put(UInt32(text.utf8.count), to: &body)
            put(UInt32(text.utf8.count), to: &body)
            block(2, body + Array(text.utf8))
        }

        mutating func simplePacket(_ text: String, original: UInt32? = nil) {
            var body: [UInt8] = []
            put(original ?? UInt32(text.utf8.count), to: &body)
            block(3, body + Array(text.utf8))
        }
    }
}

/// A packet as a test sees it.
struct ReadPacket: Equatable {
    var text: String
    var nanoseconds: Int64
    var link: UInt32 = 1
    var interface = 0
    var original: Int

    init(_ text: String, nanoseconds: Int64, link: UInt32 = 1, interface: Int = 0, original: Int? = nil) {
        (self.text, self.nanoseconds, self.link) = (text, nanoseconds, link)
        (self.interface, self.original) = (interface, original ?? text.utf8.count)
    }
}

/// All that a reader made of a file.
struct ReadFile: Equatable {
    var packets: [ReadPacket] = []
    var verdict = SavefileVerdict.complete
    var counts = SavefileCounts()

    /// Reads `bytes` in windows that grow by `piece` bytes and lose what was consumed.
    init(_ bytes: [UInt8], piece: Int, limits: SavefileLimits = .standard) {
        self.init(bytes, pieces: stride(from: piece, to: bytes.count, by: piece).map { $0 }, limits: limits)
    }

    /// Reads `bytes` in windows that end at the given offsets, the last one at the end of the file.
    init(_ bytes: [UInt8], pieces: [Int] = [], limits: SavefileLimits = .standard) {
        var reader = SavefileReader(limits: limits)
        var window: [UInt8] = []
        var cursor = 0
        var start = 0
        for end in pieces + [bytes.count] {
            window = Array(window[cursor...]) + bytes[start..<end]
            (cursor, start) = (0, end)
            let isLast = end == bytes.count
            reading: while true {
                switch reader.next(in: window.span, from: &cursor, isLast: isLast) {
                case .packet(let packet):
                    packets.append(
                        ReadPacket(
                            String(decoding: window[packet.bytes.bounds], as: UTF8.self),
                            nanoseconds: packet.time.nanoseconds,
                            link: packet.link.rawValue,
                            interface: packet.interface,
                            original: packet.originalLength
                        )
                    )
                case .needsBytes(let count):
                    precondition(!isLast && count > window.count - cursor, "the reader asks for what it has")
                    break reading
                case .end(let verdict):
                    (self.verdict, counts) = (verdict, reader.counts)
                    return
                }
            }
        }
    }
}
