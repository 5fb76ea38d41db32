import Bytes

// Link layers: https://www.tcpdump.org/linktypes.html and the pages it leads to.
extension PacketWalk {
    mutating func ethernet(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(14) { return .ignored(reason) }
        let type = packet.bigEndian(UInt16.self, at: offset + 12)
        offset += 14
        return .layer(.etherType(type))
    }

    /// The family stands in the byte order of a host that is not known; families are small numbers, so the
    /// order in which the value is below 65,536 is the right one.
    mutating func addressFamily(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(4) { return .ignored(reason) }
        let value = packet.littleEndian(UInt32.self, at: offset)
        offset += 4
        switch value > 0xFFFF ? value.byteSwapped : value {
        case AddressFamily.inet: return .layer(.ipv4)
        case AddressFamily.inet6OfLinux, AddressFamily.inet6OfNetBSD, AddressFamily.inet6OfFreeBSD,
            AddressFamily.inet6OfDarwin:
            return .layer(.ipv6)
        default: return .ignored(.notTCP)
        }
    }

    mutating func linuxCooked(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(16) { return .ignored(reason) }
        let hardware = packet.bigEndian(UInt16.self, at: offset + 2)
        let type = packet.bigEndian(UInt16.self, at: offset + 14)
        offset += 16
        return cooked(type, hardware)
    }

    mutating func linuxCooked2(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(20) { return .ignored(reason) }
        let type = packet.bigEndian(UInt16.self, at: offset)
        let hardware = packet.bigEndian(UInt16.self, at: offset + 8)
        offset += 20
        return cooked(type, hardware)
    }

    private func cooked(_ type: UInt16, _ hardware: UInt16) -> PacketStep {
        switch hardware {
        case LinuxHardware.frameRelay, LinuxHardware.netlink: .ignored(.notTCP)
        case LinuxHardware.radiotap: .layer(.radiotap)
        // The protocol field of GRE, which is an EtherType; below those stand Linux' own numbers.
        default:
            if type >= EtherType.first {
                .layer(.etherType(type))
            } else {
                type == LinuxProtocol.logicalLink ? .layer(.logicalLink) : .ignored(.notTCP)
            }
        }
    }

    mutating func etherType(_ type: UInt16, _ packet: Span<UInt8>) -> PacketStep {
        switch type {
        case EtherType.ipv4: return .layer(.ipv4)
        case EtherType.ipv6: return .layer(.ipv6)
        case EtherType.customerTag, EtherType.serviceTag, EtherType.oldServiceTag, EtherType.olderServiceTag:
            return tag(packet, typeAt: 2)
        case EtherType.virtualNICTag: return tag(packet, typeAt: 4)
        case EtherType.extenderTag: return tag(packet, typeAt: 6)
        // The tag, then the customer's whole frame.
        case EtherType.backboneTag: return skip(4, to: .ethernet)
        case EtherType.mplsUnicast, EtherType.mplsMulticast: return .layer(.mpls)
        case EtherType.pppoeSession: return .layer(.pppOverEthernet)
        case EtherType.bridging: return .layer(.ethernet)
        case EtherType.jumboLogicalLink: return .layer(.logicalLink)
        case EtherType.macSecurity: return macSecurity(packet)
        case EtherType.serviceHeader: return .layer(.serviceHeader)
        case 3...EtherType.maximumLength:
            guard close(at: offset + Int(type)) else { return .ignored(.badLength) }
            return .layer(.logicalLink)
        default: return .ignored(.notTCP)
        }
    }

    /// A tag of which only the EtherType at its end matters.
    private mutating func tag(_ packet: Span<UInt8>, typeAt place: Int) -> PacketStep {
        if let reason = shortfall(place + 2) { return .ignored(reason) }
        let inner = packet.bigEndian(UInt16.self, at: offset + place)
        encapsulation.insert(.vlan)
        offset += place + 2
        return .layer(.etherType(inner))
    }

    /// IEEE 802.1AE: a frame that is protected but not encrypted can be read.
    private mutating func macSecurity(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        let control = packet[offset]
        // Encrypted, or changed.
        guard control & 0x0C == 0 else { return .ignored(.notTCP) }
        return tag(packet, typeAt: control & 0x20 == 0 ? 6 : 14)
    }

    /// IEEE 802.2; with SNAP it leads to an EtherType (RFC 1042), with the NLPID form to IP (RFC 2684).
    mutating func logicalLink(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(3) { return .ignored(reason) }
        switch (packet[offset], packet[offset + 1], packet[offset + 2]) {
        case (0xAA, 0xAA, 0x03):
            offset += 3
            return subnetworkAccess(packet)
        case (0xFE, 0xFE, 0x03):
            offset += 3
            return networkLayer(packet)
        case (0x06, 0x06, 0x03): return skip(3, to: .ipv4)
        default: return .ignored(.notTCP)
        }
    }

    /// Organization and type; of organizations only the two that number as EtherTypes do.
    mutating func subnetworkAccess(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(5) { return .ignored(reason) }
        let organization = packet.bigEndian(UInt32.self, at: offset) >> 8
        let type = packet.bigEndian(UInt16.self, at: offset + 3)
        offset += 5
        guard organization == 0 || organization == 0x00_00F8, type >= EtherType.first else {
            return .ignored(.notTCP)
        }
        return .layer(.etherType(type))
    }

    /// A network layer protocol identifier (ISO/IEC TR 9577).
    private mutating func networkLayer(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(1) { return .ignored(reason) }
        let identifier = packet[offset]
        offset += 1
        switch identifier {
        case 0xCC: return .layer(.ipv4)
        case 0x8E: return .layer(.ipv6)
        case 0x80: return subnetworkAccess(packet)
        default: return .ignored(.notTCP)
        }
    }

    /// RFC 2427: an address of two to four bytes, control, perhaps a pad, an identifier.
    mutating func frameRelay(_ packet: Span<UInt8>) -> PacketStep {
        var length = 0
        repeat {
            if let reason = shortfall(length + 1) { return .ignored(reason) }
            length += 1
            // The lowest bit marks the last byte of the address.
        } while packet[offset + length - 1] & 1 == 0 && length < 4
        if let reason = shortfall(length + 2) { return .ignored(reason) }
        guard packet[offset + length] == 0x03 else { return .ignored(.notTCP) }
        offset += length + 1
        if packet[offset] == 0 { offset += 1 }
        return networkLayer(packet)
    }

    /// Family, index and flags, each of four bytes in the order of the host; the family repeats what IP says itself.
    mutating func encapsulating(_ packet: Span<UInt8>) -> PacketStep {
        skip(12, to: .ip)
    }

    /// A header that tells its own length and the link type of what follows, in the order of the host.
    mutating func packetTap(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(12) { return .ignored(reason) }
        let length = Int(packet.littleEndian(UInt32.self, at: offset))
        let link = LinkType(rawValue: packet.littleEndian(UInt32.self, at: offset + 8))
        guard length >= 12 else { return .ignored(.badLength) }
        guard let layer = PacketLayer(link) else { return .ignored(.unknownLink) }
        return skip(length, to: layer)
    }
}

/// Numbers of the address families that precede packets in BSD loopback captures.
private enum AddressFamily {
    static let inet: UInt32 = 2
    static let inet6OfLinux: UInt32 = 10
    static let inet6OfNetBSD: UInt32 = 24
    static let inet6OfFreeBSD: UInt32 = 28
    static let inet6OfDarwin: UInt32 = 30
}

/// ARPHRD_ numbers of Linux that say how to read the protocol field of a cooked header.
private enum LinuxHardware {
    static let frameRelay: UInt16 = 770
    static let radiotap: UInt16 = 803
    static let netlink: UInt16 = 824
}

/// What Linux puts in the place of an EtherType where there is none.
private enum LinuxProtocol {
    /// IEEE 802.2 behind the cooked header.
    static let logicalLink: UInt16 = 4
}
