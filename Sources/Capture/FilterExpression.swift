package import Packets

/// Which packets a capture lets through, before it is known for which link layer.
package enum FilterExpression: Hashable, Sendable {
    /// A text in the language of pcap-filter(7), or any packet of the tunnels.
    case text(String, tunnels: [Tunnel] = [])
    /// TCP from or to any of the ports, or all TCP when there are none; and any packet of the tunnels, since the
    /// language cannot look into those.
    case ports([UInt16], tunnels: [Tunnel] = [])

    /// The text for one link layer; empty where everything must pass.
    package func text(for link: LinkType) -> String {
        switch self {
        case .text(let text, let tunnels):
            // Tunnels stand before the text: a `vlan` in it would shift what follows.
            text.isEmpty || tunnels.isEmpty ? text : "\(Self.text(tunnels: tunnels)) or (\(text))"
        case .ports(let ports, let tunnels): Self.text(ports: ports, tunnels: tunnels, link: link)
        }
    }

    /// The text that lets TCP from or to any of `ports` through, or all TCP when there are none.
    ///
    /// It passes more than that, never less: IPv6 packets with extension headers and later fragments of IPv4 come
    /// whatever their port, since the language finds no port behind those. So hold the ports against the dissected
    /// segment too (``Packets/PortSet``). On Ethernet up to two VLAN tags are looked behind; each `vlan` shifts what
    /// follows it, hence the nesting. A live capture sees a single tag removed by the kernel and finds such packets
    /// by the first term. Link layers that the language knows nothing about let everything pass.
    package static func text(ports: [UInt16], tunnels: [Tunnel] = [], link: LinkType) -> String {
        guard link.isKnownToFilters else { return "" }
        let tcp: String
        if ports.isEmpty {
            tcp = "tcp"
        } else {
            let fragments = "(ip proto 6 and ip[6:2] & 0x1fff != 0)"
            tcp = ports.map { "tcp port \($0)" }.joined(separator: " or ") + " or \(fragments)"
        }
        // Hop-by-hop options, routing, fragment, authentication, destination options.
        let extended = [0, 43, 44, 51, 60].map { "ip6[6] = \($0)" }.joined(separator: " or ")
        let inTunnels = tunnels.isEmpty ? "" : "\(text(tunnels: tunnels)) or "
        let plain = "\(inTunnels)\(tcp) or (ip6 and (\(extended)))"
        guard link == .ethernet else { return plain }
        return "\(plain) or (vlan and (\(plain) or (vlan and (\(plain)))))"
    }

    /// The text that lets every packet of the tunnels through, later fragments of those over UDP included.
    private static func text(tunnels: [Tunnel]) -> String {
        var terms: [String] = []
        var isOverUDP = false
        for tunnel in tunnels {
            for port in tunnel.ports {
                terms.append("udp port \(port)")
                isOverUDP = true
            }
            guard tunnel.ports.isEmpty else { continue }
            switch tunnel.kind {
            case .gre, .erspan: terms += ["ip proto 47", "ip6 proto 47"]
            case .ipip: terms += ["ip proto 4", "ip6 proto 4"]
            case .sixInFour: terms += ["ip proto 41", "ip6 proto 41"]
            case .mpls: terms += ["ether proto 0x8847", "ether proto 0x8848"]
            case .pppoe: terms.append("ether proto 0x8864")
            case .vxlan, .vxlanGPE, .geneve, .gtp, .teredo, .l2tp: break
            }
        }
        if isOverUDP { terms.append("(ip proto 17 and ip[6:2] & 0x1fff != 0)") }
        return terms.joined(separator: " or ")
    }
}

extension LinkType {
    /// Whether libpcap finds IP behind such a link layer.
    fileprivate var isKnownToFilters: Bool {
        switch self {
        case .netfilterLog, .packetTap, .pppWithDirection, .mpls, .encapsulating: false
        default: true
        }
    }
}
