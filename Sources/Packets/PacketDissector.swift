import Bytes

/// Finds the TCP segment in a captured packet.
///
/// Each header is a layer that names the one it carries, so a tunnel is one more layer that leads back to
/// `ethernet` or `ip`, and tunnels nest in any order. Lengths in the headers decide where the payload ends: padding,
/// frame check sequences and trailers never reach it. It knows one packet at a time: of IP fragments it says what they
/// are. Nothing is allocated; O(headers).
///
/// Addresses are those of the innermost IP header. The number of a virtual network (VXLAN, Geneve) goes with them,
/// since such networks may use the same addresses; it is the same in both directions, unlike the labels of MPLS, the
/// endpoints of GTP, the keys of GRE and, with asymmetric routing, VLANs, which therefore do not count.
package struct PacketDissector: Sendable {
    /// Most headers that are opened in one packet, VLAN tags and IPv6 extension headers included.
    package static let maximumLayers = 32

    private let tunnels: TunnelPorts
    private let checksChecksums: Bool

    /// - Parameters:
    ///   - tunnels: Tunnels to look for besides those on their well-known ports.
    ///   - checksChecksums: Whether a wrong checksum of IPv4 or TCP makes a packet one to ignore. For files captured on
    ///     the way between hosts: packets captured on the way out of one have no right checksums yet.
    package init(tunnels: [Tunnel] = [], checksChecksums: Bool = false) {
        self.tunnels = TunnelPorts(tunnels)
        self.checksChecksums = checksChecksums
    }

    /// Dissects one packet.
    ///
    /// - Parameters:
    ///   - packet: The captured bytes, from the link-layer header on. The payload of a segment is a range
    ///     of these.
    ///   - originalLength: The packet's length on the wire in bytes; a value below the captured length
    ///     counts as the captured length.
    ///   - link: What kind of header the packet starts with.
    package func dissect(_ packet: Span<UInt8>, originalLength: Int, link: LinkType) -> Dissection {
        if !checksChecksums, let segment = usualSegment(packet, link: link) { return .segment(segment) }
        guard let layer = PacketLayer(link) else { return .ignored(.unknownLink) }
        var walk = PacketWalk(captured: packet.count, original: originalLength)
        return finish(&walk, from: layer, of: packet)
    }

    /// Dissects the payload of an IP packet that came in fragments.
    ///
    /// The payload of a segment is a range of its bytes.
    package func dissect(_ payload: ReassembledPayload) -> Dissection {
        let layer: PacketLayer =
            payload.key.isIPv6 ? .ipv6Payload(payload.number) : .ipv4Payload(payload.number)
        var walk = PacketWalk(captured: payload.bytes.count, original: payload.bytes.count)
        walk.source = payload.key.source
        walk.destination = payload.key.destination
        walk.network = payload.key.network
        return finish(&walk, from: layer, of: payload.bytes.span)
    }

    private func finish(
        _ walk: inout PacketWalk,
        from first: PacketLayer,
        of packet: Span<UInt8>
    ) -> Dissection {
        walk.checksChecksums = checksChecksums
        var layer = first
        for _ in 0..<Self.maximumLayers {
            switch walk.open(layer, of: packet) {
            case .layer(let next): layer = next
            case .ignored(let reason): return .ignored(reason)
            case .segment(let segment): return .segment(segment)
            case .fragment(let fragment): return .fragment(fragment)
            case .aggregate(let frames): return .aggregate(frames)
            case .datagram(let source, let destination):
                guard let tunnel = tunnels.tunnel(destination) ?? tunnels.tunnel(source) else {
                    return .ignored(.notTCP)
                }
                layer = .tunnel(tunnel)
            }
        }
        return .ignored(.tooManyLayers)
    }
}
