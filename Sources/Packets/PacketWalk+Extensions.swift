import Bytes

// Headers that stand between an IP header and TCP.
extension PacketWalk {
    /// An extension header of the common form: next header, length in eight bytes beyond the first eight
    /// (RFC 6564).
    mutating func extensionHeader(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        let number = packet[offset]
        let length = (Int(packet[offset + 1]) + 1) * 8
        if let reason = shortfall(length) { return .ignored(reason) }
        offset += length
        return .layer(.ipv6Payload(number))
    }

    /// RFC 8200, section 4.4: the sum of TCP counts the last destination, which may not be that of the header.
    mutating func routingHeader(_ packet: Span<UInt8>) -> PacketStep {
        canCheckTCP = false
        return extensionHeader(packet)
    }

    /// An extension header whose options may give the length of a jumbogram (RFC 2675).
    mutating func hopByHop(_ packet: Span<UInt8>) -> PacketStep {
        let start = offset
        let step = extensionHeader(packet)
        guard case .layer = step, let payload = lengthlessPayload else { return step }
        if let length = jumboLength(packet, in: start + 2..<offset) {
            guard payload + length >= offset, close(at: payload + length) else { return .ignored(.badLength) }
        }
        return step
    }

    private func jumboLength(_ packet: Span<UInt8>, in bounds: Range<Int>) -> Int? {
        var cursor = bounds.lowerBound
        while cursor < bounds.upperBound {
            let type = packet[cursor]
            // Pad1 is the only option without a length.
            if type == 0 {
                cursor += 1
                continue
            }
            guard cursor + 2 <= bounds.upperBound else { return nil }
            let length = Int(packet[cursor + 1])
            if type == 0xC2, length == 4, cursor + 6 <= bounds.upperBound {
                return Int(packet.bigEndian(UInt32.self, at: cursor + 2))
            }
            cursor += 2 + length
        }
        return nil
    }

    /// A fragment header that says "whole packet" (an atomic fragment, RFC 6946) is passed over.
    mutating func fragmentHeader(_ packet: Span<UInt8>) -> PacketStep {
        if let reason = shortfall(8) { return .ignored(reason) }
        let number = packet[offset]
        let field = packet.bigEndian(UInt16.self, at: offset + 2)
        // All but the two reserved bits: the offset and "more fragments".
        let identification = packet.bigEndian(UInt32.self, at: offset + 4)
        offset += 8
        guard field & 0xFFF9 == 0 else {
            // Jumbograms have no fragments (RFC 2675, section 3).
            guard lengthlessPayload == nil else { return .ignored(.badLength) }
            let key = IPFragment.Key(
                source: source,
                destination: destination,
                identification: identification,
                number: 0,
                isIPv6: true,
                network: network
            )
            return fragment(key, number: number, offset: Int(field & 0xFFF8), isLast: field & 1 == 0)
        }
        return .layer(.ipv6Payload(number))
    }

    /// An authentication header; its length counts four bytes, less two (RFC 4302, section 2.2).
    mutating func authentication(_ packet: Span<UInt8>, next: (UInt8) -> PacketLayer) -> PacketStep {
        if let reason = shortfall(12) { return .ignored(reason) }
        let number = packet[offset]
        let length = (Int(packet[offset + 1]) + 2) * 4
        guard length >= 12 else { return .ignored(.badLength) }
        if let reason = shortfall(length) { return .ignored(reason) }
        offset += length
        return .layer(next(number))
    }
}
