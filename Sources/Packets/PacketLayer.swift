/// A header that the walk stands in front of.
enum PacketLayer {
    case ethernet
    /// A four-byte address family (DLT_NULL in the capturing host's byte order, DLT_LOOP in network order).
    case addressFamily
    case linuxCooked
    case linuxCooked2
    case netfilterLog
    case encapsulating
    case packetTap
    case frameRelay
    case ciscoHDLC
    case pppInHDLC
    /// PPP from its address and control bytes on, if it has them.
    case ppp
    case pppWithDirection
    case pppOverEthernet
    case prism
    case radiotap
    case avs
    case ppi
    case wireless
    /// IEEE 802.2, with SNAP or without.
    case logicalLink
    case mpls
    /// What an EtherType announces.
    case etherType(UInt16)
    /// IP of the version that its first four bits say.
    case ip
    case ipv4
    case ipv6
    /// What the protocol field of an IPv4 header announces.
    case ipv4Payload(UInt8)
    /// What the next-header field of an IPv6 header announces.
    case ipv6Payload(UInt8)
    case gre
    case erspan2
    case erspan3
    case serviceHeader
    case udp
    /// What follows UDP on a port that belongs to a tunnel.
    case tunnel(UDPTunnel)
    case tcp

    init?(_ link: LinkType) {
        switch link {
        case .ethernet: self = .ethernet
        case .linuxCooked2: self = .linuxCooked2
        case .linuxCooked: self = .linuxCooked
        case .null, .loop: self = .addressFamily
        case .rawIP, .rawIPOfBSD, .rawIPOfOpenBSD: self = .ip
        case .ipv4: self = .ipv4
        case .ipv6: self = .ipv6
        case .ppp: self = .ppp
        case .pppWithDirection: self = .pppWithDirection
        case .pppInHDLC: self = .pppInHDLC
        case .pppOverEthernet: self = .pppOverEthernet
        case .ciscoHDLC: self = .ciscoHDLC
        case .frameRelay: self = .frameRelay
        case .wireless: self = .wireless
        case .radiotap: self = .radiotap
        case .prism: self = .prism
        case .avs: self = .avs
        case .ppi: self = .ppi
        case .mpls: self = .mpls
        case .netfilterLog: self = .netfilterLog
        case .encapsulating: self = .encapsulating
        case .packetTap: self = .packetTap
        default: return nil
        }
    }
}

/// What opening one layer led to.
enum PacketStep {
    case layer(PacketLayer)
    /// The payload of UDP; whether it is a tunnel is for the ports to tell.
    case datagram(source: UInt16, destination: UInt16)
    case segment(TCPSegment)
    case fragment(IPFragment)
    case aggregate(FrameAggregate)
    case ignored(IgnoredPacket)
}
