import Bytes

extension PacketWalk {
    /// RFC 9293, section 3.1.
    func tcp(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(20) { return .ignored(reason) }
        let headerLength = Int(packet[offset + 12] >> 4) * 4
        guard headerLength >= 20 else { return .ignored(.badLength) }
        if let reason = shortfall(headerLength) { return .ignored(reason) }
        if checksChecksums, canCheckTCP, wireEnd == capturedEnd, !hasRightChecksum(packet) {
            return .ignored(.badChecksum)
        }
        let segment = TCPSegment(
            source: Endpoint(address: source, port: packet.bigEndian(UInt16.self, at: offset)),
            destination: Endpoint(address: destination, port: packet.bigEndian(UInt16.self, at: offset + 2)),
            sequence: packet.bigEndian(UInt32.self, at: offset + 4),
            acknowledgement: packet.bigEndian(UInt32.self, at: offset + 8),
            flags: TCPFlags(rawValue: packet[offset + 13]),
            window: packet.bigEndian(UInt16.self, at: offset + 14),
            payload: ByteRange(offset + headerLength..<capturedEnd),
            uncaptured: wireEnd - capturedEnd,
            network: network,
            encapsulation: encapsulation
        )
        return .segment(segment)
    }
}
