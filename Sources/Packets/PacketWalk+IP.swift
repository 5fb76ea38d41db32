import Bytes

extension PacketWalk {
    mutating func ip(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(1) { return .ignored(reason) }
        switch packet[offset] >> 4 {
        case 4: return .layer(.ipv4)
        case 6: return .layer(.ipv6)
        default: return .ignored(.notTCP)
        }
    }

    /// RFC 791, section 3.1.
    mutating func ipv4(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(20) { return .ignored(reason) }
        guard packet[offset] >> 4 == 4 else { return .ignored(.notTCP) }
        let headerLength = Int(packet[offset] & 0x0F) * 4
        guard headerLength >= 20 else { return .ignored(.badLength) }
        let totalLength = Int(packet.bigEndian(UInt16.self, at: offset + 2))
        // Segmentation offload leaves 0 in packets above 65,535 bytes: then only the frame tells the end.
        if totalLength != 0 {
            guard totalLength >= headerLength, close(at: offset + totalLength) else {
                return .ignored(.badLength)
            }
        }
        if let reason = shortfall(headerLength) { return .ignored(reason) }
        if checksChecksums, !hasRightChecksum(packet, header: headerLength) { return .ignored(.badChecksum) }
        canCheckTCP = totalLength != 0
        lengthlessPayload = nil
        let fragmentField = packet.bigEndian(UInt16.self, at: offset + 6)
        let identification = UInt32(packet.bigEndian(UInt16.self, at: offset + 4))
        source = IPAddress(ipv4: packet.bigEndian(UInt32.self, at: offset + 12))
        destination = IPAddress(ipv4: packet.bigEndian(UInt32.self, at: offset + 16))
        let number = packet[offset + 9]
        offset += headerLength
        // Every bit but "reserved" and "don't fragment": more fragments, or an offset in units of eight bytes.
        guard fragmentField & 0x3FFF == 0 else {
            guard totalLength != 0 else { return .ignored(.badLength) }
            let key = IPFragment.Key(
                source: source,
                destination: destination,
                identification: identification,
                number: number,
                isIPv6: false,
                network: network
            )
            return fragment(
                key,
                number: number,
                offset: Int(fragmentField & 0x1FFF) * 8,
                isLast: fragmentField & 0x2000 == 0
            )
        }
        return .layer(.ipv4Payload(number))
    }

    mutating func ipv4Payload(_ number: UInt8, _ packet: Span<UInt8>) -> PacketStep {
        switch number {
        case IPProtocol.tcp: .layer(.tcp)
        case IPProtocol.authentication:
            authentication(packet) { .ipv4Payload($0) }
        default: inner(number, packet)
        }
    }

    /// What IP of either version carries besides TCP and leads to it.
    private mutating func inner(_ number: UInt8, _ packet: Span<UInt8>) -> PacketStep {
        switch number {
        case IPProtocol.udp: .layer(.udp)
        case IPProtocol.ipv4: enter(.ipip, .ipv4)
        case IPProtocol.ipv6: enter(.sixInFour, .ipv6)
        case IPProtocol.gre: .layer(.gre)
        // RFC 3378: two bytes of version.
        case IPProtocol.etherIP: skip(2, to: .ethernet)
        case IPProtocol.mpls: .layer(.mpls)
        // RFC 8986: Ethernet behind a routing header.
        case IPProtocol.ethernet: .layer(.ethernet)
        default: .ignored(.notTCP)
        }
    }

    private mutating func enter(_ tunnel: Encapsulation, _ layer: PacketLayer) -> PacketStep {
        encapsulation.insert(tunnel)
        return .layer(layer)
    }

    /// RFC 8200, section 3.
    mutating func ipv6(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(40) { return .ignored(reason) }
        guard packet[offset] >> 4 == 6 else { return .ignored(.notTCP) }
        let payloadLength = Int(packet.bigEndian(UInt16.self, at: offset + 4))
        if payloadLength != 0 {
            guard close(at: offset + 40 + payloadLength) else { return .ignored(.badLength) }
            lengthlessPayload = nil
        } else {
            lengthlessPayload = offset + 40
        }
        canCheckTCP = payloadLength != 0
        source = IPAddress(
            ipv6High: packet.bigEndian(UInt64.self, at: offset + 8),
            low: packet.bigEndian(UInt64.self, at: offset + 16)
        )
        destination = IPAddress(
            ipv6High: packet.bigEndian(UInt64.self, at: offset + 24),
            low: packet.bigEndian(UInt64.self, at: offset + 32)
        )
        let number = packet[offset + 6]
        offset += 40
        return .layer(.ipv6Payload(number))
    }

    mutating func ipv6Payload(_ number: UInt8, _ packet: Span<UInt8>) -> PacketStep {
        switch number {
        case IPProtocol.tcp: .layer(.tcp)
        case IPProtocol.hopByHop: hopByHop(packet)
        case IPProtocol.destinationOptions, IPProtocol.mobility, IPProtocol.hostIdentity, IPProtocol.shim6:
            extensionHeader(packet)
        case IPProtocol.routing: routingHeader(packet)
        case IPProtocol.authentication:
            authentication(packet) { .ipv6Payload($0) }
        case IPProtocol.fragment: fragmentHeader(packet)
        default: inner(number, packet)
        }
    }
}

/// Protocol numbers of the IANA registry that lead to TCP.
private enum IPProtocol {
    static let hopByHop: UInt8 = 0
    static let ipv4: UInt8 = 4
    static let tcp: UInt8 = 6
    static let udp: UInt8 = 17
    static let ipv6: UInt8 = 41
    static let routing: UInt8 = 43
    static let fragment: UInt8 = 44
    static let gre: UInt8 = 47
    static let authentication: UInt8 = 51
    static let destinationOptions: UInt8 = 60
    static let etherIP: UInt8 = 97
    static let mobility: UInt8 = 135
    static let mpls: UInt8 = 137
    static let hostIdentity: UInt8 = 139
    static let shim6: UInt8 = 140
    static let ethernet: UInt8 = 143
}
