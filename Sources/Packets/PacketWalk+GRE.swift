import Bytes

// Generic routing encapsulation, and the mirrored traffic that it carries.
extension PacketWalk {
    /// RFC 2784 and RFC 2890; the routing entries are those of RFC 1701, version 1 is that of PPTP (RFC 2637).
    mutating func gre(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(4) { return .ignored(reason) }
        let flags = packet.bigEndian(UInt16.self, at: offset)
        let type = packet.bigEndian(UInt16.self, at: offset + 2)
        encapsulation.insert(.gre)
        switch flags & 0x0007 {
        case 0: break
        case 1: return pointToPointTunnel(packet, flags, type)
        default: return .ignored(.notTCP)
        }
        let hasRouting = flags & 0x4000 != 0
        let hasSequence = flags & 0x1000 != 0
        var length = 4
        if flags & 0xC000 != 0 { length += 4 }
        if flags & 0x2000 != 0 { length += 4 }
        if hasSequence { length += 4 }
        if let reason = shortfall(length) { return .ignored(reason) }
        offset += length
        if hasRouting, let reason = passRoutes(packet) { return .ignored(reason) }
        switch type {
        // Without a sequence number there is no ERSPAN header: that is type I.
        case EtherType.erspan2: return .layer(hasSequence ? .erspan2 : .ethernet)
        case EtherType.erspan3: return .layer(.erspan3)
        case EtherType.ppp: return .layer(.ppp)
        case EtherType.cacheRedirect: return cacheRedirect(packet)
        case EtherType.first...: return .layer(.etherType(type))
        default: return .ignored(.notTCP)
        }
    }

    /// Source route entries, up to one of address family and length zero.
    private mutating func passRoutes(_ packet: Span<UInt8>) -> IgnoredPacket? {
        while true {
            if let reason = shortfall(4) { return reason }
            let family = packet.bigEndian(UInt16.self, at: offset)
            let length = 4 + Int(packet[offset + 3])
            if let reason = shortfall(length) { return reason }
            offset += length
            if family == 0, length == 4 { return nil }
        }
    }

    private mutating func pointToPointTunnel(_ packet: Span<UInt8>, _ flags: UInt16, _ type: UInt16)
        -> PacketStep
    {
        guard type == EtherType.ppp, flags & 0x2000 != 0 else { return .ignored(.notTCP) }
        var length = 8
        if flags & 0x1000 != 0 { length += 4 }
        if flags & 0x0080 != 0 { length += 4 }
        if let reason = shortfall(length) { return .ignored(reason) }
        let payload = Int(packet.bigEndian(UInt16.self, at: offset + 4))
        offset += length
        // Without a payload it only acknowledges.
        guard payload > 0 else { return .ignored(.notTCP) }
        guard close(atShort: offset + payload) else { return .ignored(.badLength) }
        return .layer(.ppp)
    }

    /// Version 2 of WCCP puts four bytes before the packet; their first four bits are not those of IPv4.
    private mutating func cacheRedirect(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(1) { return .ignored(reason) }
        return packet[offset] >> 4 == 4 ? .layer(.ipv4) : skip(4, to: .ipv4)
    }

    /// draft-foschiano-erspan, section 4.2: eight bytes before the frame.
    mutating func erspan2(_ packet: Span<UInt8>) -> PacketStep {
        skip(8, to: .ethernet)
    }

    /// draft-foschiano-erspan, section 4.3: twelve bytes, and eight more where the lowest bit says so.
    mutating func erspan3(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(12) { return .ignored(reason) }
        let length = packet[offset + 11] & 1 == 0 ? 12 : 20
        switch packet[offset + 10] >> 2 & 0x1F {
        case 0: return skip(length, to: .ethernet)
        case 2: return skip(length, to: .ip)
        default: return .ignored(.notTCP)
        }
    }
}
