import Bytes

extension PacketDissector {
    /// The segment of a packet of the most usual form, read in one go; `nil` for all others, which the walk reads.
    ///
    /// That form is Ethernet or the second cooked header, IPv4 without options that is no fragment, TCP, everything
    /// within what was captured. The walk would find the same segment.
    @inline(__always)
    func usualSegment(_ packet: Span<UInt8>, link: LinkType) -> TCPSegment? {
        let start: Int
        if link == .ethernet {
            guard packet.count >= 14 + 40, packet.bigEndian(UInt16.self, at: 12) == EtherType.ipv4 else {
                return nil
            }
            start = 14
        } else if link == .linuxCooked2 {
            // Hardware types below those of wireless and virtual links have EtherTypes.
            guard packet.count >= 20 + 40, packet.bigEndian(UInt16.self, at: 0) == EtherType.ipv4,
                packet.bigEndian(UInt16.self, at: 8) < 770
            else { return nil }
            start = 20
        } else {
            return nil
        }
        let first = packet.bigEndian(UInt32.self, at: start)
        let end = start &+ Int(first & 0xFFFF)
        guard first >> 24 == 0x45, packet.bigEndian(UInt16.self, at: start &+ 6) & 0x3FFF == 0,
            packet[start &+ 9] == 6, end <= packet.count
        else { return nil }
        let tcp = start &+ 20
        let word = packet.bigEndian(UInt32.self, at: tcp &+ 12)
        let payload = tcp &+ Int(word >> 28) &* 4
        guard payload >= tcp &+ 20, payload <= end else { return nil }
        let ports = packet.bigEndian(UInt32.self, at: tcp)
        return TCPSegment(
            source: Endpoint(
                address: IPAddress(ipv4: packet.bigEndian(UInt32.self, at: start &+ 12)),
                port: UInt16(truncatingIfNeeded: ports >> 16)
            ),
            destination: Endpoint(
                address: IPAddress(ipv4: packet.bigEndian(UInt32.self, at: start &+ 16)),
                port: UInt16(truncatingIfNeeded: ports)
            ),
            sequence: packet.bigEndian(UInt32.self, at: tcp &+ 4),
            acknowledgement: packet.bigEndian(UInt32.self, at: tcp &+ 8),
            flags: TCPFlags(rawValue: UInt8(truncatingIfNeeded: word >> 16)),
            window: UInt16(truncatingIfNeeded: word),
            payload: ByteRange(payload..<end),
            uncaptured: 0
        )
    }
}
