/// Percent-encoding (RFC 3986, section 2.1), and the form encoding in which `+` is a blank.
package enum PercentEncoding {
    private static let digits: StaticString = "0123456789ABCDEF"

    /// The bytes that `text` stands for; a `%` without two hexadecimal digits behind it stands for itself. O(n).
    package static func decode(_ text: Span<UInt8>, plusIsBlank: Bool) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == 0x25, index &+ 2 < text.count, let high = text[index &+ 1].hexDigitValue,
                let low = text[index &+ 2].hexDigitValue
            {
                decoded.append(high << 4 | low)
                index &+= 3
            } else {
                decoded.append(byte == 0x2B && plusIsBlank ? 0x20 : byte)
                index &+= 1
            }
        }
        return decoded
    }

    /// `text` as one segment, or one name or value of a query or form, whatever is in it: all that is not unreserved as
    /// `%XX`. O(n).
    package static func encode(_ text: some StringProtocol) -> String {
        String(decoding: encode(text.utf8), as: UTF8.self)
    }

    /// The bytes of a text encoded in the same way. O(n).
    package static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte.isUnreserved { encoded.append(byte) } else { append(byte, to: &encoded) }
        }
        return encoded
    }

    /// Appends `byte` as `%XX`.
    package static func append(_ byte: UInt8, to output: inout [UInt8]) {
        output.append(0x25)
        output.append(digits.utf8Start[Int(byte >> 4)])
        output.append(digits.utf8Start[Int(byte & 0x0F)])
    }
}

extension UInt8 {
    /// A letter, a digit or one of `-._~`, which stand for themselves everywhere in a URL (RFC 3986, section 2.3).
    package var isUnreserved: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }
}
