import Bytes

// Headers that steer a packet through a network and carry it unchanged.
extension PacketWalk {
    /// One entry of a label stack (RFC 3032, section 2.1).
    ///
    /// Nothing says what stands behind the last one. IP tells itself by its first four bits, the control word of a
    /// pseudowire by zeros there (RFC 4385, section 3); an Ethernet address may look like any of them, so what is
    /// announced must be there too.
    mutating func mpls(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(4) { return .ignored(reason) }
        let isLast = packet[offset + 2] & 1 == 1
        offset += 4
        encapsulation.insert(.mpls)
        guard isLast else { return .layer(.mpls) }
        if let reason = shortfall(1) { return .ignored(reason) }
        switch packet[offset] >> 4 {
        case 4, 6: return isIP(packet) || !isEthernet(packet, at: offset) ? .layer(.ip) : .layer(.ethernet)
        case 0 where isEthernet(packet, at: offset + 4): return skip(4, to: .ethernet)
        // The associated channel of a pseudowire carries no traffic of users.
        case 1 where !isEthernet(packet, at: offset): return .ignored(.notTCP)
        default: return .layer(.ethernet)
        }
    }

    /// Whether the lengths of an IP header fit what is here.
    func isIP(_ packet: Span<UInt8>) -> Bool {
        guard offset + 6 <= capturedEnd else { return false }
        switch packet[offset] >> 4 {
        case 4:
            let length = Int(packet.bigEndian(UInt16.self, at: offset + 2))
            return packet[offset] & 0x0F >= 5 && length >= 20 && length <= wireEnd - offset
        case 6: return Int(packet.bigEndian(UInt16.self, at: offset + 4)) + 40 <= wireEnd - offset
        default: return false
        }
    }

    /// Whether an Ethernet frame may start at `start`: a type is there that leads on, and what it announces too.
    func isEthernet(_ packet: Span<UInt8>, at start: Int) -> Bool {
        guard start + 15 <= capturedEnd else { return false }
        let type = packet.bigEndian(UInt16.self, at: start + 12)
        switch type {
        case EtherType.ipv4: return packet[start + 14] >> 4 == 4
        case EtherType.ipv6: return packet[start + 14] >> 4 == 6
        case 3...EtherType.maximumLength:
            return start + 14 + Int(type) <= wireEnd && packet[start + 14] == 0xAA
        default: return EtherType.isLikely(type)
        }
    }

    /// The network service header (RFC 8300, section 2.2): its length in words stands in six bits.
    mutating func serviceHeader(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        let length = Int(packet[offset + 1] & 0x3F) * 4
        guard packet[offset] >> 6 == 0, length >= 8 else { return .ignored(.badLength) }
        switch packet[offset + 3] {
        case NextProtocol.ipv4: return skip(length, to: .ipv4)
        case NextProtocol.ipv6: return skip(length, to: .ipv6)
        case NextProtocol.ethernet: return skip(length, to: .ethernet)
        case NextProtocol.serviceHeader: return skip(length, to: .serviceHeader)
        case NextProtocol.mpls: return skip(length, to: .mpls)
        default: return .ignored(.notTCP)
        }
    }
}

/// What the network service header and VXLAN-GPE call what they carry.
enum NextProtocol {
    static let ipv4: UInt8 = 1
    static let ipv6: UInt8 = 2
    static let ethernet: UInt8 = 3
    static let serviceHeader: UInt8 = 4
    static let mpls: UInt8 = 5
}
