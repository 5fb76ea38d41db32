/// Wraps bytes in gzip without making them smaller: RFC 1952 around stored blocks (RFC 1951, section 3.2.4).
///
/// A sender that may not use the rooms it helps to test can still send a compressed body that every decoder takes.
package enum StoredGzip {
    package static func wrap(_ bytes: [UInt8]) -> [UInt8] {
        var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var start = 0
        repeat {
            let end = min(start + 65_535, bytes.count)
            let length = UInt16(end - start)
            member.append(end == bytes.count ? 1 : 0)
            member.append(littleEndian: UInt32(length) | UInt32(~length) << 16)
            member.append(contentsOf: bytes[start..<end])
            start = end
        } while start < bytes.count
        member.append(littleEndian: checksum(bytes))
        member.append(littleEndian: UInt32(truncatingIfNeeded: bytes.count))
        return member
    }

    /// CRC-32 as gzip uses it, bit by bit: the bodies are few and small.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = .max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian word: UInt32) {
        for place in 0..<4 { append(UInt8(truncatingIfNeeded: word >> (8 * UInt32(place)))) }
    }
}
