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
            Base64.encode(Array(bytes).span, as: form, to: &text)
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
        case .base64, .base64URL: text.isEmpty ? [] : Base64.decode(text)?.bytes
        }
    }

    private var form: Base64Form {
        Base64Form(isURLSafe: self == .base64URL, isPadded: self == .base64)
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
}
