import Bytes

/// Finds the TCP segment in a captured packet.
///
/// Each header is a layer that names the one it carries, so a tunnel is one more layer that leads back to
/// `ethernet` or `ip`. Lengths in the headers decide where the payload ends: padding, frame check sequences
/// and trailers never reach it. Checksums are not checked, because those of packets captured on the way
/// out are not filled in yet. It knows one packet at a time: of IP fragments it says what they are. Nothing is
/// allocated; O(headers).
package struct PacketDissector: Sendable {
    /// Most headers that are opened in one packet, VLAN tags and IPv6 extension headers included.
    package static let maximumLayers = 32

    package init() {}

    /// Dissects one packet.
    ///
    /// - Parameters:
    ///   - packet: The captured bytes, from the link-layer header on. The payload of a segment is a range
    ///     of these.
    ///   - originalLength: The packet's length on the wire in bytes; a value below the captured length
    ///     counts as the captured length.
    ///   - link: What kind of header the packet starts with.
    package func dissect(_ packet: Span<UInt8>, originalLength: Int, link: LinkType) -> Dissection {
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
        return finish(&walk, from: layer, of: payload.bytes.span)
    }

    private func finish(
        _ walk: inout PacketWalk,
        from first: PacketLayer,
        of packet: Span<UInt8>
    ) -> Dissection {
        var layer = first
        for _ in 0..<Self.maximumLayers {
            switch walk.open(layer, of: packet) {
            case .layer(let next): layer = next
            case .ignored(let reason): return .ignored(reason)
            case .segment(let segment): return .segment(segment)
            case .fragment(let fragment): return .fragment(fragment)
            }
        }
        return .ignored(.tooManyLayers)
    }
}

/// A header that the walk stands in front of.
enum PacketLayer {
    case ethernet
    /// A four-byte address family (DLT_NULL in the capturing host's byte order, DLT_LOOP in network order).
    case addressFamily
    case linuxCooked
    case linuxCooked2
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
    case tcp

    init?(_ link: LinkType) {
        switch link {
        case .ethernet: self = .ethernet
        case .null, .loop: self = .addressFamily
        case .linuxCooked: self = .linuxCooked
        case .linuxCooked2: self = .linuxCooked2
        case .rawIP, .rawIPOfBSD, .rawIPOfOpenBSD: self = .ip
        case .ipv4: self = .ipv4
        case .ipv6: self = .ipv6
        default: return nil
        }
    }
}

/// What opening one layer led to.
enum PacketStep {
    case layer(PacketLayer)
    case segment(TCPSegment)
    case fragment(IPFragment)
    case ignored(IgnoredPacket)
}

/// A position in a packet, with the bounds that the headers opened so far have set.
struct PacketWalk {
    /// Where the next header starts.
    var offset = 0
    /// Where the captured bytes of the current layer end.
    private(set) var capturedEnd: Int
    /// Where the current layer ended on the wire; not before `capturedEnd`.
    private(set) var wireEnd: Int
    var source = IPAddress(ipv4: 0)
    var destination = IPAddress(ipv4: 0)
    /// Where the payload of an IPv6 header without a length starts, until a jumbo option gives one.
    var lengthlessPayload: Int?

    init(captured: Int, original: Int) {
        capturedEnd = captured
        wireEnd = max(captured, original)
    }

    mutating func open(_ layer: PacketLayer, of packet: Span<UInt8>) -> PacketStep {
        switch layer {
        case .ethernet: ethernet(packet)
        case .addressFamily: addressFamily(packet)
        case .linuxCooked: linuxCooked(packet)
        case .linuxCooked2: linuxCooked2(packet)
        case .etherType(let type): etherType(type, packet)
        case .ip: ip(packet)
        case .ipv4: ipv4(packet)
        case .ipv6: ipv6(packet)
        case .ipv4Payload(let number): ipv4Payload(number, packet)
        case .ipv6Payload(let number): ipv6Payload(number, packet)
        case .tcp: tcp(packet)
        }
    }

    /// Why the next `count` bytes cannot be read, or `nil` when they can.
    @inline(__always)
    func shortfall(_ count: Int) -> IgnoredPacket? {
        if count <= capturedEnd - offset { return nil }
        return count <= wireEnd - offset ? .cutHeader : .badLength
    }

    /// The rest of the current layer as a fragment of an IP packet.
    func fragment(_ key: IPFragment.Key, number: UInt8, offset: Int, isLast: Bool) -> PacketStep {
        let start = min(self.offset, capturedEnd)
        return .fragment(
            IPFragment(
                key: key,
                number: number,
                offset: offset,
                isLast: isLast,
                payload: ByteRange(start..<capturedEnd),
                uncaptured: wireEnd - max(start, capturedEnd)
            )
        )
    }

    /// Ends the current layer at `end`; false when that lies beyond the layer around it.
    mutating func close(at end: Int) -> Bool {
        guard end <= wireEnd else { return false }
        wireEnd = end
        capturedEnd = min(capturedEnd, end)
        return true
    }
}
