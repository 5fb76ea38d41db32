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
        return LinuxHardware.carriesEtherType(hardware) ? .layer(.etherType(type)) : .ignored(.notTCP)
    }

    mutating func linuxCooked2(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(20) { return .ignored(reason) }
        let type = packet.bigEndian(UInt16.self, at: offset)
        let hardware = packet.bigEndian(UInt16.self, at: offset + 8)
        offset += 20
        return LinuxHardware.carriesEtherType(hardware) ? .layer(.etherType(type)) : .ignored(.notTCP)
    }

    mutating func etherType(_ type: UInt16, _ packet: Span<UInt8>) -> PacketStep {
        switch type {
        case EtherType.ipv4: return .layer(.ipv4)
        case EtherType.ipv6: return .layer(.ipv6)
        case EtherType.customerTag, EtherType.serviceTag, EtherType.oldServiceTag, EtherType.olderServiceTag:
            if let reason = shortfall(4) { return .ignored(reason) }
            let inner = packet.bigEndian(UInt16.self, at: offset + 2)
            offset += 4
            return .layer(.etherType(inner))
        default: return .ignored(.notTCP)
        }
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

/// IEEE 802 numbers of what an Ethernet frame carries.
private enum EtherType {
    static let ipv4: UInt16 = 0x0800
    static let ipv6: UInt16 = 0x86DD
    /// IEEE 802.1Q.
    static let customerTag: UInt16 = 0x8100
    /// IEEE 802.1ad, the outer tag of QinQ.
    static let serviceTag: UInt16 = 0x88A8
    /// Outer tags of equipment older than 802.1ad.
    static let oldServiceTag: UInt16 = 0x9100
    static let olderServiceTag: UInt16 = 0x9200
}

/// ARPHRD_ numbers of Linux that say how to read the protocol field of a cooked header.
private enum LinuxHardware {
    static let frameRelay: UInt16 = 770
    static let radiotap: UInt16 = 803
    static let netlink: UInt16 = 824

    /// False for the hardware types whose protocol field is not an EtherType.
    static func carriesEtherType(_ hardware: UInt16) -> Bool {
        hardware != frameRelay && hardware != radiotap && hardware != netlink
    }
}
