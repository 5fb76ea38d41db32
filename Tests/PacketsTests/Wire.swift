import Bytes
import Packets

/// Builds packets byte by byte, each header around what is already there.
///
/// Lengths follow from the contents unless a test gives false ones.
enum Wire {
    /// A TCP segment from port 4711 to port 80, sequence 1000, acknowledgement 2000.
    ///
    /// - Parameter offset: The header's length in 32-bit words as the header tells it.
    static func tcp(_ payload: String, options: [UInt8] = [], offset: UInt8? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(UInt16(4711))
        bytes.appendBigEndian(UInt16(80))
        bytes.appendBigEndian(UInt32(1000))
        bytes.appendBigEndian(UInt32(2000))
        bytes += [(offset ?? UInt8(5 + options.count / 4)) << 4, 0x18]
        bytes.appendBigEndian(UInt16(512))
        bytes += [0, 0, 0, 0] + options
        return bytes + Array(payload.utf8)
    }

    /// From 10.0.0.1 to 10.0.0.2.
    static func ipv4(
        _ payload: [UInt8],
        number: UInt8 = 6,
        options: [UInt8] = [],
        totalLength: Int? = nil,
        headerWords: UInt8? = nil,
        fragment: UInt16 = 0x4000
    ) -> [UInt8] {
        let length = totalLength ?? 20 + options.count + payload.count
        var bytes: [UInt8] = [0x40 | (headerWords ?? UInt8(5 + options.count / 4)), 0]
        bytes.appendBigEndian(UInt16(length))
        bytes += [0, 1]
        bytes.appendBigEndian(fragment)
        bytes += [64, number, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        return bytes + options + payload
    }

    /// From fd00::1 to fd00::2.
    static func ipv6(_ payload: [UInt8], next: UInt8 = 6, payloadLength: Int? = nil) -> [UInt8] {
        var bytes: [UInt8] = [0x60, 0, 0, 0]
        bytes.appendBigEndian(UInt16(payloadLength ?? payload.count))
        bytes += [next, 64]
        for last: UInt8 in [1, 2] { bytes += [0xFD] + [UInt8](repeating: 0, count: 14) + [last] }
        return bytes + payload
    }

    /// An IPv6 extension header of the common form with `words` eight-byte words beyond the first.
    static func extensionHeader(_ payload: [UInt8], next: UInt8 = 6, words: UInt8 = 0) -> [UInt8] {
        // Filled with a PadN option, so that it reads as options too.
        [next, words, 1, 4 + words * 8] + [UInt8](repeating: 0, count: 4 + Int(words) * 8) + payload
    }

    /// A hop-by-hop header that gives the length of a jumbogram.
    static func jumbo(_ payload: [UInt8], length: UInt32, next: UInt8 = 6) -> [UInt8] {
        var bytes: [UInt8] = [next, 0, 0xC2, 4]
        bytes.appendBigEndian(length)
        return bytes + payload
    }

    static func fragmentHeader(_ payload: [UInt8], field: UInt16, next: UInt8 = 6) -> [UInt8] {
        var bytes: [UInt8] = [next, 0]
        bytes.appendBigEndian(field)
        return bytes + [0, 0, 0, 9] + payload
    }

    /// An authentication header; `words` counts 32-bit words less two.
    static func authentication(_ payload: [UInt8], words: UInt8 = 4, next: UInt8 = 6) -> [UInt8] {
        [next, words] + [UInt8](repeating: 0, count: (Int(words) + 2) * 4 - 2) + payload
    }

    static func ethernet(_ payload: [UInt8], type: UInt16 = 0x0800) -> [UInt8] {
        var bytes = [UInt8](repeating: 2, count: 12)
        bytes.appendBigEndian(type)
        return bytes + payload
    }

    /// A VLAN tag: its number, then what it carries.
    static func tag(_ payload: [UInt8], type: UInt16 = 0x0800) -> [UInt8] {
        var bytes: [UInt8] = [0, 7]
        bytes.appendBigEndian(type)
        return bytes + payload
    }

    static func family(_ family: UInt32, _ payload: [UInt8], isBigEndian: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(isBigEndian ? family.byteSwapped : family)
        return bytes + payload
    }

    static func cooked(_ payload: [UInt8], type: UInt16 = 0x0800, hardware: UInt16 = 1) -> [UInt8] {
        var bytes: [UInt8] = [0, 0]
        bytes.appendBigEndian(hardware)
        bytes += [0, 6, 2, 2, 2, 2, 2, 2, 0, 0]
        bytes.appendBigEndian(type)
        return bytes + payload
    }

    static func cooked2(_ payload: [UInt8], type: UInt16 = 0x0800, hardware: UInt16 = 1) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(type)
        bytes += [0, 0, 0, 0, 0, 3]
        bytes.appendBigEndian(hardware)
        return bytes + [0, 6, 2, 2, 2, 2, 2, 2, 0, 0] + payload
    }
}

/// What a test expects of a packet.
enum Reading: Equatable {
    case payload(String, uncaptured: Int = 0)
    case fragment(String, at: Int, isLast: Bool)
    case frames([String])
    case ignored(IgnoredPacket)

    init(
        _ packet: [UInt8],
        original: Int? = nil,
        link: LinkType = .ethernet,
        _ dissector: PacketDissector = PacketDissector()
    ) {
        let dissection = dissector.dissect(
            packet.span,
            originalLength: original ?? packet.count,
            link: link
        )
        switch dissection {
        case .segment(let segment):
            let text = String(decoding: packet[segment.payload.bounds], as: UTF8.self)
            self = .payload(text, uncaptured: segment.uncaptured)
        case .fragment(let fragment):
            let text = String(decoding: packet[fragment.payload.bounds], as: UTF8.self)
            self = .fragment(text, at: fragment.offset, isLast: fragment.isLast)
        case .aggregate(var frames):
            let texts = sequence(state: ()) { _ in frames.next(of: packet.span) }.map { frame in
                switch Reading(Array(packet[frame.bounds])) {
                case .payload(let text, 0): text
                case let other: "\(other)"
                }
            }
            self = .frames(texts)
        case .ignored(let reason):
            self = .ignored(reason)
        }
    }
}
