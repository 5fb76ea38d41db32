import Bytes

// UDP, and the tunnels that are told by its ports.
extension PacketWalk {
    /// RFC 768; all that matters of a datagram that is no tunnel are its ports.
    mutating func udp(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason == .cutHeader ? .cutHeader : .notTCP) }
        let source = packet.bigEndian(UInt16.self, at: offset)
        let destination = packet.bigEndian(UInt16.self, at: offset + 2)
        return .datagram(source: source, destination: destination)
    }

    /// A length of 0 is that of a jumbogram (RFC 2675, section 4) or of segmentation offload.
    mutating func openTunnel(_ tunnel: UDPTunnel, _ packet: Span<UInt8>) -> PacketStep {
        let length = Int(packet.bigEndian(UInt16.self, at: offset + 4))
        if length != 0 {
            guard length >= 8, close(atShort: offset + length) else { return .ignored(.badLength) }
        }
        offset += 8
        encapsulation.insert(Encapsulation(tunnel))
        return open(tunnel, packet)
    }

    private mutating func open(_ tunnel: UDPTunnel, _ packet: Span<UInt8>) -> PacketStep {
        switch tunnel {
        case .vxlan: vxlan(packet)
        case .vxlanGPE: vxlanGPE(packet)
        case .geneve: geneve(packet)
        case .gtp: gtp(packet)
        case .teredo: teredo(packet)
        case .l2tp: l2tp(packet)
        case .mpls: .layer(.mpls)
        }
    }

    /// Notes that what follows belongs to a virtual network; networks inside networks count as others.
    private mutating func enterNetwork(_ identifier: UInt32) {
        network = network &* 16_777_619 &+ identifier &+ 1
    }

    /// RFC 7348, section 5; the bits that it reserves are those of the group policy extension.
    private mutating func vxlan(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        guard packet[offset] & 0x08 != 0 else { return .ignored(.notTCP) }
        enterNetwork(packet.bigEndian(UInt32.self, at: offset + 4) >> 8)
        return skip(8, to: .ethernet)
    }

    /// draft-ietf-nvo3-vxlan-gpe, section 3: a bit says that the header tells what follows.
    private mutating func vxlanGPE(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        guard packet[offset] & 0x30 == 0 else { return .ignored(.notTCP) }
        if packet[offset] & 0x08 != 0 { enterNetwork(packet.bigEndian(UInt32.self, at: offset + 4) >> 8) }
        guard packet[offset] & 0x04 != 0 else { return skip(8, to: .ethernet) }
        switch packet[offset + 3] {
        case NextProtocol.ipv4: return skip(8, to: .ipv4)
        case NextProtocol.ipv6: return skip(8, to: .ipv6)
        case NextProtocol.ethernet: return skip(8, to: .ethernet)
        case NextProtocol.serviceHeader: return skip(8, to: .serviceHeader)
        case NextProtocol.mpls: return skip(8, to: .mpls)
        default: return .ignored(.notTCP)
        }
    }

    /// RFC 8926, section 3.4: options in words of four bytes, then what an EtherType says.
    private mutating func geneve(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        guard packet[offset] >> 6 == 0 else { return .ignored(.notTCP) }
        let length = 8 + Int(packet[offset] & 0x3F) * 4
        let type = packet.bigEndian(UInt16.self, at: offset + 2)
        enterNetwork(packet.bigEndian(UInt32.self, at: offset + 4) >> 8)
        guard type >= EtherType.first else { return .ignored(.notTCP) }
        return skip(length, to: .etherType(type))
    }

    /// 3GPP TS 29.281, section 5: eight bytes, four more where a flag is set, then extension headers.
    private mutating func gtp(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        let flags = packet[offset]
        // Version 1 of the user plane, carrying a packet; everything else is signalling.
        guard flags & 0xF0 == 0x30, packet[offset + 1] == 0xFF else { return .ignored(.notTCP) }
        let length = Int(packet.bigEndian(UInt16.self, at: offset + 2))
        offset += 8
        guard close(atShort: offset + length) else { return .ignored(.badLength) }
        if flags & 0x07 != 0 {
            if let reason = shortfall(4) { return .ignored(reason) }
            var next = flags & 0x04 == 0 ? 0 : packet[offset + 3]
            offset += 4
            while next != 0 {
                if let reason = shortfall(1) { return .ignored(reason) }
                let words = Int(packet[offset])
                guard words > 0 else { return .ignored(.badLength) }
                if let reason = shortfall(words * 4) { return .ignored(reason) }
                next = packet[offset + words * 4 - 1]
                offset += words * 4
            }
        }
        // A session of the type "Ethernet" carries frames.
        return !isIP(packet) && isEthernet(packet, at: offset) ? .layer(.ethernet) : .layer(.ip)
    }

    /// RFC 4380, section 5.1.1: perhaps an authentication and an origin, then IPv6.
    private mutating func teredo(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(4) { return .ignored(reason) }
        if packet.bigEndian(UInt16.self, at: offset) == 0x0001 {
            let length = 13 + Int(packet[offset + 2]) + Int(packet[offset + 3])
            if let reason = shortfall(length + 2) { return .ignored(reason) }
            offset += length
        }
        if let reason = shortfall(2) { return .ignored(reason) }
        return packet.bigEndian(UInt16.self, at: offset) == 0 ? skip(8, to: .ipv6) : .layer(.ip)
    }

    /// RFC 2661, section 3.1: a header whose flags say which fields it has.
    private mutating func l2tp(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(6) { return .ignored(reason) }
        let flags = packet.bigEndian(UInt16.self, at: offset)
        // Data of version 2.
        guard flags & 0x8007 == 0x0002 else { return .ignored(.notTCP) }
        var length = 6
        if flags & 0x4000 != 0 {
            let whole = Int(packet.bigEndian(UInt16.self, at: offset + 2))
            guard close(atShort: offset + whole) else { return .ignored(.badLength) }
            length += 2
        }
        if flags & 0x0800 != 0 { length += 4 }
        if flags & 0x0200 != 0 {
            if let reason = shortfall(length + 2) { return .ignored(reason) }
            length += 2 + Int(packet.bigEndian(UInt16.self, at: offset + length))
        }
        return skip(length, to: .ppp)
    }
}
