import Bytes

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
    /// Which virtual network the addresses belong to; 0 outside of all.
    var network: UInt32 = 0
    var encapsulation: Encapsulation = []
    /// Where the payload of an IPv6 header without a length starts, until a jumbo option gives one.
    var lengthlessPayload: Int?
    /// Whether checksums are looked at.
    var checksChecksums = false
    /// Whether that of TCP can be: the length is known, and no routing header hides the last destination.
    var canCheckTCP = true

    init(captured: Int, original: Int) {
        capturedEnd = captured
        wireEnd = max(captured, original)
    }

    mutating func open(_ layer: PacketLayer, of packet: Span<UInt8>) -> PacketStep {
        switch layer {
        case .ethernet: ethernet(packet)
        case .etherType(let type): etherType(type, packet)
        case .ip: ip(packet)
        case .ipv4: ipv4(packet)
        case .ipv6: ipv6(packet)
        case .ipv4Payload(let number): ipv4Payload(number, packet)
        case .ipv6Payload(let number): ipv6Payload(number, packet)
        case .tcp: tcp(packet)
        case .linuxCooked2: linuxCooked2(packet)
        case .linuxCooked: linuxCooked(packet)
        case .addressFamily: addressFamily(packet)
        case .udp: udp(packet)
        case .tunnel(let tunnel): openTunnel(tunnel, packet)
        case .gre: gre(packet)
        case .erspan2: erspan2(packet)
        case .erspan3: erspan3(packet)
        case .serviceHeader: serviceHeader(packet)
        case .mpls: mpls(packet)
        case .logicalLink: logicalLink(packet)
        case .ppp: ppp(packet)
        case .pppWithDirection: pppWithDirection(packet)
        case .pppInHDLC: pppInHDLC(packet)
        case .pppOverEthernet: pppOverEthernet(packet)
        case .ciscoHDLC: ciscoHDLC(packet)
        case .frameRelay: frameRelay(packet)
        case .wireless: wireless(packet)
        case .radiotap: radiotap(packet)
        case .prism: prism(packet)
        case .avs: avs(packet)
        case .ppi: ppi(packet)
        case .netfilterLog: netfilterLog(packet)
        case .encapsulating: encapsulating(packet)
        case .packetTap: packetTap(packet)
        }
    }

    /// Why the next `count` bytes cannot be read, or `nil` when they can.
    @inline(__always)
    func shortfall(_ count: Int) -> IgnoredPacket? {
        if count <= capturedEnd - offset { return nil }
        return count <= wireEnd - offset ? .cutHeader : .badLength
    }

    /// Passes over `count` bytes to the next layer.
    @inline(__always)
    mutating func skip(_ count: Int, to layer: PacketLayer) -> PacketStep {
        if let reason = shortfall(count) { return .ignored(reason) }
        offset += count
        return .layer(layer)
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

    /// Ends the current layer where a 16-bit length says, unless the layer around it is longer than such a field
    /// can tell: then segmentation offload has made it so, and the field means nothing.
    mutating func close(atShort end: Int) -> Bool {
        wireEnd - offset > 0xFFFF ? true : close(at: end)
    }
}
