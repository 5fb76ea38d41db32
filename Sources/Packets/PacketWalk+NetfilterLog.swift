import Bytes

extension PacketWalk {
    /// What Linux' firewall logs: family, version, group, then attributes of which one is the packet.
    ///
    /// Length and type of an attribute stand in the order of the capturing host; the order in which the length fits
    /// is the right one.
    mutating func netfilterLog(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(4) { return .ignored(reason) }
        guard packet[offset + 1] == 0 else { return .ignored(.notTCP) }
        offset += 4
        while true {
            if let reason = shortfall(4) { return .ignored(reason) }
            var length = packet.littleEndian(UInt16.self, at: offset)
            var type = packet.littleEndian(UInt16.self, at: offset + 2)
            if Int(length) > wireEnd - offset || length < 4 || type > 0xFF {
                (length, type) = (length.byteSwapped, type.byteSwapped)
            }
            guard length >= 4 else { return .ignored(.badLength) }
            if type & 0x7FFF == Self.payloadAttribute {
                guard close(at: offset + Int(length)) else { return .ignored(.badLength) }
                return skip(4, to: .ip)
            }
            let padded = (Int(length) + 3) & ~3
            if let reason = shortfall(padded) { return .ignored(reason) }
            offset += padded
        }
    }

    /// NFULA_PAYLOAD.
    private static let payloadAttribute: UInt16 = 9
}
