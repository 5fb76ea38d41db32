import Bytes

// The Internet checksum (RFC 1071), where it is asked for.
extension PacketWalk {
    /// Whether the checksum of the IPv4 header at the current offset is right.
    func hasRightChecksum(_ packet: Span<UInt8>, header length: Int) -> Bool {
        guard length <= capturedEnd - offset else { return true }
        return Self.fold(Self.sum(packet, offset..<offset + length)) == 0xFFFF
    }

    /// Whether the checksum of the TCP segment at the current offset is right, or one that the interface was to
    /// complete: Linux leaves the sum of the addresses and the length there (RFC 9293, section 3.1).
    func hasRightChecksum(_ packet: Span<UInt8>) -> Bool {
        let pseudo = pseudoHeaderSum(UInt64(capturedEnd - offset))
        if Self.fold(pseudo &+ Self.sum(packet, offset..<capturedEnd)) == 0xFFFF { return true }
        return packet.bigEndian(UInt16.self, at: offset + 16) == Self.fold(pseudo)
    }

    private func pseudoHeaderSum(_ length: UInt64) -> UInt64 {
        Self.sum(source) &+ Self.sum(destination) &+ length &+ 6
    }

    private static func sum(_ address: IPAddress) -> UInt64 {
        (address.high >> 32) &+ (address.high & 0xFFFF_FFFF) &+ (address.low >> 32)
            &+ (address.low & 0xFFFF_FFFF)
    }

    /// The sum of the words of 32 bits, an incomplete one filled up with zeros; folds to that of 16-bit words.
    private static func sum(_ packet: Span<UInt8>, _ bounds: Range<Int>) -> UInt64 {
        var sum: UInt64 = 0
        var cursor = bounds.lowerBound
        while cursor + 4 <= bounds.upperBound {
            sum &+= UInt64(packet.bigEndian(UInt32.self, at: cursor))
            cursor += 4
        }
        var shift: UInt64 = 24
        while cursor < bounds.upperBound {
            sum &+= UInt64(packet[cursor]) << shift
            shift &-= 8
            cursor += 1
        }
        return sum
    }

    private static func fold(_ sum: UInt64) -> UInt16 {
        var sum = sum
        while sum > 0xFFFF { sum = (sum >> 16) &+ (sum & 0xFFFF) }
        return UInt16(truncatingIfNeeded: sum)
    }
}
