import Bytes

/// How the bytes of a signature or a digest are written as text.
package enum TextCoding: String, Sendable, CaseIterable {
    case hex
    case upperHex = "hex-upper"
    /// RFC 4648, section 4, with padding.
    case base64
    /// RFC 4648, section 5, without padding.
    case base64URL = "base64url"
    /// The bytes themselves, where they are signed and not sent.
    case raw

    package func encode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        switch self {
        case .raw: text.append(contentsOf: bytes)
        case .hex, .upperHex:
            let letters: UInt8 = self == .hex ? 0x57 : 0x37
            for byte in bytes {
                for digit in [byte >> 4, byte & 0x0F] {
                    text.append(digit < 10 ? 0x30 + digit : letters + digit)
                }
            }
        case .base64, .base64URL:
            Self.appendBase64(Array(bytes), isURL: self == .base64URL, to: &text)
        }
        return text
    }

    /// The bytes that a text stands for, or `nil` where it is no such text.
    ///
    /// Hexadecimal digits of either case, both alphabets of base64, with padding and without are taken.
    func decode(_ text: Span<UInt8>) -> [UInt8]? {
        switch self {
        case .raw: Array(text)
        case .hex, .upperHex: Self.decodeHex(text)
        case .base64, .base64URL: Self.decodeBase64(text)
        }
    }

    /// The length of the text for so many bytes.
    func length(of count: Int) -> Int {
        switch self {
        case .raw: count
        case .hex, .upperHex: count * 2
        case .base64: (count + 2) / 3 * 4
        case .base64URL: (count * 4 + 2) / 3
        }
    }

    private static func decodeHex(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2)
        for index in stride(from: 0, to: text.count, by: 2) {
            guard let high = text[index].hexDigitValue, let low = text[index + 1].hexDigitValue else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func appendBase64(_ bytes: [UInt8], isURL: Bool, to text: inout [UInt8]) {
        let alphabet: StaticString =
            isURL
            ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
        alphabet.withUTF8Buffer { letters in
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let group = bytes[start..<min(start + 3, bytes.count)]
                var bits: UInt32 = 0
                for byte in group { bits = bits << 8 | UInt32(byte) }
                bits <<= UInt32(8 * (3 - group.count))
                for place in 0...group.count {
                    text.append(letters[Int(bits >> UInt32(18 - 6 * place) & 0x3F)])
                }
                if !isURL { for _ in group.count..<3 { text.append(0x3D) } }
            }
        }
    }

    private static func decodeBase64(_ text: Span<UInt8>) -> [UInt8]? {
        var count = text.count
        while count > 0, text[count - 1] == 0x3D, text.count - count < 2 { count -= 1 }
        guard count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 3 / 4)
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for index in 0..<count {
            guard let value = base64Value(text[index]) else { return nil }
            bits = bits << 6 | value
            held += 6
            guard held >= 8 else { continue }
            held -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> held))
        }
        return bytes
    }

    private static func base64Value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte - 0x41)
        case 0x61...0x7A: UInt32(byte - 0x61 + 26)
        case 0x30...0x39: UInt32(byte - 0x30 + 52)
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }
}
