import Bytes

/// What the magic number and version of a pcap file say about its records.
struct ClassicFormat: Sendable {
    let order: ByteOrder
    /// How many nanoseconds one unit of the time stamp's fraction lasts.
    let fractionUnit: Int64
    /// 16, or 24 in files of a libpcap that was modified to store the interface and packet type.
    let recordHeaderLength: Int
    /// Which of the two lengths of a record comes first.
    var lengths = LengthOrder.capturedFirst

    enum LengthOrder: Sendable {
        case capturedFirst
        case originalFirst
        /// Writers disagree: the smaller one is the captured length.
        case either
    }

    /// Takes the first four bytes of a file, read in network order.
    init?(magic: UInt32) {
        switch magic {
        case 0xA1B2_C3D4: (order, fractionUnit, recordHeaderLength) = (.big, 1000, 16)
        case 0xD4C3_B2A1: (order, fractionUnit, recordHeaderLength) = (.little, 1000, 16)
        case 0xA1B2_3C4D: (order, fractionUnit, recordHeaderLength) = (.big, 1, 16)
        case 0x4D3C_B2A1: (order, fractionUnit, recordHeaderLength) = (.little, 1, 16)
        case 0xA1B2_CD34: (order, fractionUnit, recordHeaderLength) = (.big, 1000, 24)
        case 0x34CD_B2A1: (order, fractionUnit, recordHeaderLength) = (.little, 1000, 24)
        default: return nil
        }
    }
}

extension SavefileReader {
    static let classicHeaderLength = 24

    mutating func classicHeader(_ magic: ClassicFormat, _ window: Span<UInt8>, _ cursor: Int) -> Advance {
        guard window.count - cursor >= Self.classicHeaderLength else {
            return .needs(Self.classicHeaderLength)
        }
        var format = magic
        let order = format.order
        let major = order.load(UInt16.self, window, at: cursor + 4)
        let minor = order.load(UInt16.self, window, at: cursor + 6)
        guard major == 2, minor <= 4 else { return .stop(.unsupported(major: major, minor: minor)) }
        // Version 2.3 put the captured length first; some 2.3 writers did not.
        if minor < 3 { format.lengths = .originalFirst }
        if minor == 3 { format.lengths = .either }
        // The bits above the link type tell the length of the frame check sequence.
        let link = LinkType(rawValue: order.load(UInt32.self, window, at: cursor + 20) & 0x03FF_FFFF)
        interfaces = [SavefileInterface(link: link, snapshotLength: 0, scale: .microseconds)]
        counts.interfaces = 1
        return .consumed(Self.classicHeaderLength, .records(format))
    }

    func classicRecord(_ format: ClassicFormat, _ window: Span<UInt8>, _ cursor: Int) -> Advance {
        let available = window.count - cursor
        guard available >= format.recordHeaderLength else { return .needs(format.recordHeaderLength) }
        let order = format.order
        var captured = Int(order.load(UInt32.self, window, at: cursor + 8))
        var original = Int(order.load(UInt32.self, window, at: cursor + 12))
        switch format.lengths {
        case .capturedFirst: break
        case .originalFirst: swap(&captured, &original)
        case .either: if captured > original { swap(&captured, &original) }
        }
        guard captured <= limits.packetLength else {
            return .stop(.damaged(offset: offset, .packetTooLong(UInt64(captured))))
        }
        let length = format.recordHeaderLength + captured
        guard available >= length else { return .needs(length) }
        // Seconds are unsigned until 2106; the largest pair fits, so this cannot overflow.
        let seconds = Int64(order.load(UInt32.self, window, at: cursor))
        let fraction = Int64(order.load(UInt32.self, window, at: cursor + 4))
        let packet = SavefilePacket(
            time: PacketTime(nanoseconds: seconds * 1_000_000_000 + fraction * format.fractionUnit),
            link: interfaces[0].link,
            interface: 0,
            bytes: ByteRange(offset: cursor + format.recordHeaderLength, count: captured),
            originalLength: original
        )
        return .packet(packet, consumed: length)
    }
}
