import Bytes

// Links between two stations: PPP (RFC 1661), its framings, and Cisco's HDLC.
extension PacketWalk {
    /// RFC 1661, section 2, with the address and control of RFC 1662, section 3.1, where they are there.
    mutating func ppp(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(2) { return .ignored(reason) }
        if packet[offset] == 0xFF, packet[offset + 1] == 0x03 { offset += 2 }
        if let reason = shortfall(1) { return .ignored(reason) }
        var number = UInt16(packet[offset])
        offset += 1
        // The last byte of the number is odd; a compressed one has no other (section 6.5).
        if number & 1 == 0 {
            if let reason = shortfall(1) { return .ignored(reason) }
            number = number << 8 | UInt16(packet[offset])
            offset += 1
        }
        switch number {
        case PPPProtocol.ipv4: return .layer(.ipv4)
        case PPPProtocol.ipv6: return .layer(.ipv6)
        case PPPProtocol.mplsUnicast, PPPProtocol.mplsMulticast: return .layer(.mpls)
        default: return .ignored(.notTCP)
        }
    }

    /// A byte that says who sent it, then PPP.
    mutating func pppWithDirection(_ packet: Span<UInt8>) -> PacketStep {
        skip(1, to: .ppp)
    }

    /// RFC 1662 or, with another address, RFC 1547 as Cisco does it.
    mutating func pppInHDLC(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(2) { return .ignored(reason) }
        let isCisco = packet[offset] == 0x0F || packet[offset] == 0x8F
        return .layer(isCisco ? .ciscoHDLC : .ppp)
    }

    /// Address, control, EtherType.
    mutating func ciscoHDLC(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(4) { return .ignored(reason) }
        let type = packet.bigEndian(UInt16.self, at: offset + 2)
        offset += 4
        return type >= EtherType.first ? .layer(.etherType(type)) : .ignored(.notTCP)
    }

    /// RFC 2516, section 4: version and type, code 0 for a session's data, session, length.
    mutating func pppOverEthernet(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(6) { return .ignored(reason) }
        guard packet[offset] == 0x11, packet[offset + 1] == 0 else { return .ignored(.notTCP) }
        let length = Int(packet.bigEndian(UInt16.self, at: offset + 4))
        encapsulation.insert(.pppoe)
        offset += 6
        guard close(atShort: offset + length) else { return .ignored(.badLength) }
        return .layer(.ppp)
    }
}

/// Numbers of the IANA registry of PPP protocols.
private enum PPPProtocol {
    static let ipv4: UInt16 = 0x0021
    static let ipv6: UInt16 = 0x0057
    static let mplsUnicast: UInt16 = 0x0281
    static let mplsMulticast: UInt16 = 0x0283
}
