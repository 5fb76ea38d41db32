package import Packets

/// Which packets a capture lets through, before it is known for which link layer.
package enum FilterExpression: Hashable, Sendable {
    /// A text in the language of pcap-filter(7).
    case text(String)
    /// TCP from or to any of the ports, or all TCP when there are none.
    case ports([UInt16])

    /// The text for one link layer.
    package func text(for link: LinkType) -> String {
        switch self {
        case .text(let text): text
        case .ports(let ports): Self.text(ports: ports, link: link)
        }
    }

    /// The text that lets TCP from or to any of `ports` through, or all TCP when there are none.
    ///
    /// It passes more than that, never less: IPv6 packets with extension headers come whatever their port,
    /// since the language finds no port behind those. So hold the ports against the dissected segment too
    /// (``Packets/PortSet``). Later fragments of IPv4 have no ports and stay out. On Ethernet up to two VLAN
    /// tags are looked behind; each `vlan` shifts what follows it, hence the nesting. A live capture sees a
    /// single tag removed by the kernel and finds such packets by the first term.
    package static func text(ports: [UInt16], link: LinkType) -> String {
        let tcp: String
        if ports.isEmpty {
            tcp = "tcp"
        } else {
            tcp = ports.map { "tcp port \($0)" }.joined(separator: " or ")
        }
        // Hop-by-hop options, routing, fragment, authentication, destination options.
        let extended = [0, 43, 44, 51, 60].map { "ip6[6] = \($0)" }.joined(separator: " or ")
        let plain = "\(tcp) or (ip6 and (\(extended)))"
        guard link == .ethernet else { return plain }
        return "\(plain) or (vlan and (\(plain) or (vlan and (\(plain)))))"
    }
}
