import Bytes

/// Reads the packets of a pcap or pcapng file from windows of its bytes.
///
/// The caller owns the bytes: it hands over a window, a cursor into it and whether the file ends with the
/// window. Packets are ranges of the window, so a mapped file is read in place and a pipe through one
/// buffer. Every cut of the file into windows gives the same packets. Nothing is allocated per packet.
///
/// Formats: draft-ietf-opsawg-pcap (both byte orders, microseconds, nanoseconds, and the longer records of
/// a modified libpcap), draft-ietf-opsawg-pcapng (sections of either byte order, several interfaces).
package struct SavefileReader: Sendable {
    package let limits: SavefileLimits
    package internal(set) var counts = SavefileCounts()
    /// What the file says besides its packets.
    package internal(set) var notes = SavefileNotes()
    /// How many bytes of the file were consumed.
    package private(set) var offset: UInt64 = 0

    private var state = State.start
    var interfaces: [SavefileInterface] = []
    /// How many interfaces the sections before this one described.
    var interfaceBase = 0
    /// The time for the next packet that has none.
    var lastTime = PacketTime(nanoseconds: 0)

    enum State {
        /// Before the first byte; leads to `records` or `blocks`.
        case start
        /// Between two records of a pcap file.
        case records(ClassicFormat)
        /// Between two blocks of a pcapng section; leads to `passing` and to `blocks` in another order.
        case blocks(ByteOrder)
        /// Inside a block that is passed over; leads back to `blocks`.
        case passing(PassedBlock, ByteOrder)
        case ended(SavefileVerdict)
    }

    /// What one attempt to go on achieved.
    enum Advance {
        /// So many bytes are done with, and the next attempt finds this state.
        case consumed(Int, State)
        case packet(SavefilePacket, consumed: Int)
        case needs(Int)
        case stop(SavefileVerdict)
    }

    package init(limits: SavefileLimits = .standard) {
        self.limits = limits
    }

    /// Reads on until there is a packet, the end, or too little to go on.
    ///
    /// - Parameters:
    ///   - window: Bytes of the file without a hole, from at most the first unconsumed one on.
    ///   - cursor: Where in the window the first unconsumed byte stands; moved past what was consumed.
    ///   - isLast: Whether the file ends with the window. Then the answer is never a call for more bytes.
    /// - Returns: After an end, always the same end.
    package mutating func next(
        in window: Span<UInt8>,
        from cursor: inout Int,
        isLast: Bool
    ) -> SavefileStep {
        precondition(cursor >= 0 && cursor <= window.count, "the cursor must stand in the window")
        while true {
            switch advance(window, cursor) {
            case .packet(let packet, let count):
                cursor += count
                offset &+= UInt64(count)
                counts.packets &+= 1
                lastTime = packet.time
                return .packet(packet)
            case .consumed(let count, let next):
                cursor += count
                offset &+= UInt64(count)
                state = next
            case .needs(let count):
                guard isLast else { return .needsBytes(count) }
                state = .ended(verdictAtEnd(left: window.count - cursor))
            case .stop(let verdict):
                state = .ended(verdict)
                return .end(verdict)
            }
        }
    }

    private mutating func advance(_ window: Span<UInt8>, _ cursor: Int) -> Advance {
        switch state {
        case .records(let format): classicRecord(format, window, cursor)
        case .blocks(let order): block(order, window, cursor)
        case .passing(let block, let order): pass(block, order, window, cursor)
        case .start: start(window, cursor)
        case .ended(let verdict): .stop(verdict)
        }
    }

    /// What the end of the file means when `left` bytes are too few to go on with.
    private func verdictAtEnd(left: Int) -> SavefileVerdict {
        switch state {
        case .start: left == 0 ? .empty : (left < 4 ? .foreign : .cut(offset: offset))
        case .records, .blocks: left == 0 ? .complete : .cut(offset: offset)
        case .passing(let block, _): .cut(offset: block.start)
        case .ended(let verdict): verdict
        }
    }

    /// Tells the formats apart by the first four bytes.
    private mutating func start(_ window: Span<UInt8>, _ cursor: Int) -> Advance {
        guard window.count - cursor >= 4 else { return .needs(4) }
        let magic = window.bigEndian(UInt32.self, at: cursor)
        if magic == BlockType.sectionHeader { return sectionHeader(window, cursor, isFirst: true) }
        guard let format = ClassicFormat(magic: magic) else { return .stop(.foreign) }
        return classicHeader(format, window, cursor)
    }
}

/// An interface as a capture file describes it.
struct SavefileInterface: Sendable {
    var link: LinkType
    /// Most bytes kept of a packet, or 0 for all.
    var snapshotLength: UInt32
    var scale: TimestampScale
}

/// The order in which a file's writer stored the bytes of an integer.
enum ByteOrder: Sendable {
    case big
    case little

    @inline(__always)
    func load<I: FixedWidthInteger & BitwiseCopyable>(
        _ type: I.Type,
        _ bytes: Span<UInt8>,
        at offset: Int
    ) -> I {
        self == .big ? bytes.bigEndian(type, at: offset) : bytes.littleEndian(type, at: offset)
    }
}
