import Bytes

/// Percent-encoding (RFC 3986, section 2.1), as it stands in targets and forms.
enum PercentText {
    /// The bytes that `text` stands for; a `%` without two digits behind it stands for itself. O(n).
    static func decoded(_ text: Span<UInt8>, plusIsBlank: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == 0x25, index + 2 < text.count, let high = text[index + 1].hexDigitValue,
                let low = text[index + 2].hexDigitValue
            {
                bytes.append(high << 4 | low)
                index += 3
                continue
            }
            bytes.append(plusIsBlank && byte == 0x2B ? 0x20 : byte)
            index += 1
        }
        return bytes
    }

    /// Appends `bytes` so that they are one segment, or one name or value of a query or form. O(n).
    static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x3A, 0x40, 0x21, 0x24, 0x2C:
                text.append(byte)
            default:
                text.append(0x25)
                for digit in [byte >> 4, byte & 15] { text.append(digit < 10 ? 0x30 + digit : 0x37 + digit) }
            }
        }
    }
}
