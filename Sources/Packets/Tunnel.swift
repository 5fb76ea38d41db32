/// A kind of tunnel that a capture is to be looked into, and the UDP port on which it runs where it runs on one.
package struct Tunnel: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case vxlan
        case vxlanGPE = "vxlan-gpe"
        case geneve
        case gtp
        case teredo
        case l2tp
        /// MPLS in UDP where a port is given (RFC 7510), on the link where none is.
        case mpls
        /// Whatever GRE carries, GRETAP and ERSPAN included.
        case gre
        case erspan
        /// IPv4 in IPv4 or IPv6.
        case ipip
        /// IPv6 in IPv4 or IPv6.
        case sixInFour = "6in4"
        case pppoe
    }

    package let kind: Kind
    package let port: UInt16?

    /// - Returns: `nil` where a port is given to a kind that has none.
    package init?(_ kind: Kind, port: UInt16? = nil) {
        guard port == nil || UDPTunnel(kind) != nil else { return nil }
        self.kind = kind
        self.port = port
    }

    /// Reads `KIND` or `KIND:PORT`, such as `vxlan:4789`.
    package init(parsing text: String) throws(TunnelError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = Kind(rawValue: String(parts[0])) else { throw .unknownKind(text) }
        guard parts.count == 2 else {
            (self.kind, port) = (kind, nil)
            return
        }
        guard let port = UInt16(parts[1]), port > 0 else { throw .badPort(text) }
        guard UDPTunnel(kind) != nil else { throw .hasNoPort(kind) }
        (self.kind, self.port) = (kind, port)
    }

    /// The UDP ports on which its packets travel: the one given, or else the well-known ones.
    package var ports: [UInt16] {
        if let port { return [port] }
        return UDPTunnel(kind)?.wellKnownPorts ?? []
    }
}

/// Why a text names no tunnel.
package enum TunnelError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownKind(String)
    case badPort(String)
    case hasNoPort(Tunnel.Kind)

    package var description: String {
        switch self {
        case .unknownKind(let text):
            "\"\(text)\" names no tunnel; the kinds are "
                + Tunnel.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        case .badPort(let text):
            "\"\(text)\" has no UDP port from 1 to 65535 behind the colon, as in vxlan:4789"
        case .hasNoPort(let kind):
            "\(kind.rawValue) does not run over UDP, so it takes no port"
        }
    }
}

/// A tunnel inside UDP.
enum UDPTunnel: Sendable {
    case vxlan
    case vxlanGPE
    case geneve
    case gtp
    case teredo
    case l2tp
    case mpls

    init?(_ kind: Tunnel.Kind) {
        switch kind {
        case .vxlan: self = .vxlan
        case .vxlanGPE: self = .vxlanGPE
        case .geneve: self = .geneve
        case .gtp: self = .gtp
        case .teredo: self = .teredo
        case .l2tp: self = .l2tp
        case .mpls: self = .mpls
        case .gre, .erspan, .ipip, .sixInFour, .pppoe: return nil
        }
    }

    /// As registered with IANA; 8472 is what Linux used before VXLAN had a port.
    var wellKnownPorts: [UInt16] {
        switch self {
        case .vxlan: [4789, 8472]
        case .vxlanGPE: [4790]
        case .geneve: [6081]
        case .gtp: [2152]
        case .teredo: [3544]
        case .l2tp: [1701]
        case .mpls: []
        }
    }
}

/// Which UDP ports belong to which tunnel.
struct TunnelPorts: Sendable {
    private let asked: [(port: UInt16, tunnel: UDPTunnel)]

    init(_ tunnels: [Tunnel]) {
        asked = tunnels.compactMap { tunnel in
            guard let port = tunnel.port, let kind = UDPTunnel(tunnel.kind) else { return nil }
            return (port, kind)
        }
    }

    /// The tunnel of a port: the one asked for, or else the one for which it is registered.
    func tunnel(_ port: UInt16) -> UDPTunnel? {
        for entry in asked where entry.port == port { return entry.tunnel }
        switch port {
        case 4789, 8472: return .vxlan
        case 4790: return .vxlanGPE
        case 6081: return .geneve
        case 2152: return .gtp
        case 3544: return .teredo
        case 1701: return .l2tp
        case 6635: return .mpls
        default: return nil
        }
    }
}
