/// What stood around a TCP segment's packet, besides the link layer.
package struct Encapsulation: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let vlan = Encapsulation(rawValue: 1 << 0)
    package static let mpls = Encapsulation(rawValue: 1 << 1)
    package static let pppoe = Encapsulation(rawValue: 1 << 2)
    package static let vxlan = Encapsulation(rawValue: 1 << 3)
    package static let vxlanGPE = Encapsulation(rawValue: 1 << 4)
    package static let geneve = Encapsulation(rawValue: 1 << 5)
    package static let gtp = Encapsulation(rawValue: 1 << 6)
    package static let teredo = Encapsulation(rawValue: 1 << 7)
    package static let l2tp = Encapsulation(rawValue: 1 << 8)
    /// ERSPAN included.
    package static let gre = Encapsulation(rawValue: 1 << 9)
    package static let ipip = Encapsulation(rawValue: 1 << 10)
    package static let sixInFour = Encapsulation(rawValue: 1 << 11)

    init(_ tunnel: UDPTunnel) {
        switch tunnel {
        case .vxlan: self = .vxlan
        case .vxlanGPE: self = .vxlanGPE
        case .geneve: self = .geneve
        case .gtp: self = .gtp
        case .teredo: self = .teredo
        case .l2tp: self = .l2tp
        case .mpls: self = .mpls
        }
    }

    /// The tunnels among them, as `--tunnel` names them.
    package var tunnels: [Tunnel.Kind] {
        Self.kinds.compactMap { contains($0.encapsulation) ? $0.kind : nil }
    }

    private static let kinds: [(encapsulation: Encapsulation, kind: Tunnel.Kind)] = [
        (.mpls, .mpls), (.pppoe, .pppoe), (.vxlan, .vxlan), (.vxlanGPE, .vxlanGPE), (.geneve, .geneve),
        (.gtp, .gtp), (.teredo, .teredo), (.l2tp, .l2tp), (.gre, .gre), (.ipip, .ipip),
        (.sixInFour, .sixInFour),
    ]
}
