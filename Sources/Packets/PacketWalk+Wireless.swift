import Bytes

// IEEE 802.11, and what capturing programs put before it.
extension PacketWalk {
    /// https://www.radiotap.org: version, pad, length, then fields that bits announce.
    mutating func radiotap(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        let length = Int(packet.littleEndian(UInt16.self, at: offset + 2))
        guard packet[offset] == 0, length >= 8 else { return .ignored(.badLength) }
        if let reason = shortfall(length) { return .ignored(reason) }
        let flags = radiotapFlags(packet, in: offset..<offset + length)
        offset += length
        return wireless(packet, isPadded: flags & 0x20 != 0)
    }

    /// The field "flags": behind the bits, which go on while their highest one is set, and a time of eight bytes.
    private func radiotapFlags(_ packet: Span<UInt8>, in header: Range<Int>) -> UInt8 {
        let present = packet.littleEndian(UInt32.self, at: header.lowerBound + 4)
        guard present & 0x02 != 0 else { return 0 }
        var place = header.lowerBound + 4
        while packet.littleEndian(UInt32.self, at: place) & 0x8000_0000 != 0 {
            place += 4
            guard place + 4 <= header.upperBound else { return 0 }
        }
        place += 4
        if present & 0x01 != 0 {
            // Fields are aligned from the start of the header on.
            place += -(place - header.lowerBound) & 7
            place += 8
        }
        return place < header.upperBound ? packet[place] : 0
    }

    /// Per-packet information: version, flags, length, the link type of what follows.
    mutating func ppi(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        let length = Int(packet.littleEndian(UInt16.self, at: offset + 2))
        let link = LinkType(rawValue: packet.littleEndian(UInt32.self, at: offset + 4))
        guard length >= 8 else { return .ignored(.badLength) }
        // A header inside itself would never end.
        guard link != .ppi, let layer = PacketLayer(link) else { return .ignored(.unknownLink) }
        return skip(length, to: layer)
    }

    /// A header of the driver, in the order of the host; where it starts like AVS it is that.
    mutating func prism(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        if packet.bigEndian(UInt32.self, at: offset) & 0xFFFF_F000 == 0x8021_1000 { return .layer(.avs) }
        let value = packet.littleEndian(UInt32.self, at: offset + 4)
        let length = Int(value > 0xFFFF ? value.byteSwapped : value)
        guard length >= 8 else { return .ignored(.badLength) }
        return skip(length, to: .wireless)
    }

    /// Version and length in network order.
    mutating func avs(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        let length = Int(packet.bigEndian(UInt32.self, at: offset + 4))
        guard length >= 8 else { return .ignored(.badLength) }
        return skip(length, to: .wireless)
    }

    mutating func wireless(_ packet: Span<UInt8>) -> PacketStep {
        wireless(packet, isPadded: false)
    }

    /// A frame (IEEE 802.11-2020, section 9.2.3); of those only data that is not encrypted leads on.
    ///
    /// - Parameter isPadded: Whether the header was filled up to a multiple of four bytes.
    private mutating func wireless(_ packet: Span<UInt8>, isPadded: Bool) -> PacketStep {
        if let reason = shortfall(2) { return .ignored(reason) }
        let control = packet[offset]
        let flags = packet[offset + 1]
        // Version 0, data, with a payload.
        guard control & 0x4F == 0x08, flags & 0x40 == 0 else { return .ignored(.notTCP) }
        var length = flags & 0x03 == 0x03 ? 30 : 24
        let quality = length
        let hasQuality = control & 0x80 != 0
        if hasQuality { length += flags & 0x80 == 0 ? 2 : 6 }
        if let reason = shortfall(length) { return .ignored(reason) }
        // The pieces of a frame are not put together: whoever captures in the air sees few of them.
        let piece = packet[offset + 22] & 0x0F
        guard flags & 0x04 == 0, piece == 0 else { return .ignored(.fragment) }
        let isAggregate = hasQuality && packet[offset + quality] & 0x80 != 0
        if isPadded { length = (length + 3) & ~3 }
        guard isAggregate else { return skip(length, to: .logicalLink) }
        if let reason = shortfall(length) { return .ignored(reason) }
        return .aggregate(FrameAggregate(next: offset + length, end: capturedEnd))
    }
}
