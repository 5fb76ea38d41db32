import Bytes

/// Percent-encoded text (RFC 3986, section 2.1), and the form encoding in which `+` is a blank.
enum PercentCoding {
    /// Whether a text has anything to decode.
    static func isCoded(_ text: Span<UInt8>, plusIsBlank: Bool) -> Bool {
        text.firstIndex(of: 0x25) != nil || plusIsBlank && text.firstIndex(of: 0x2B) != nil
    }

    /// The text that `text` stands for; a `%` without two hexadecimal digits stands for itself.
    static func decode(_ text: Span<UInt8>, plusIsBlank: Bool) -> [UInt8] {
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

    /// Appends `text` encoded in the manner of `original`: what stood there as it is may stand so again.
    static func encode(
        _ text: Span<UInt8>,
        like original: Span<UInt8>,
        plusIsBlank: Bool,
        to output: inout [UInt8]
    ) {
        let digits: StaticString = "0123456789ABCDEF"
        var raw: [256 of Bool] = .init(repeating: false)
        var hasPlus = false
        for index in original.indices {
            raw[Int(original[index])] = true
            if original[index] == 0x2B { hasPlus = true }
        }
        for index in text.indices {
            let byte = text[index]
            if byte == 0x20, plusIsBlank, hasPlus {
                output.append(0x2B)
            } else if byte.isUnreserved
                || raw[Int(byte)] && byte != 0x25 && byte > 0x20 && byte != 0x7F
                    && !(byte == 0x2B && plusIsBlank)
            {
                output.append(byte)
            } else {
                output.append(0x25)
                output.append(digits.utf8Start[Int(byte >> 4)])
                output.append(digits.utf8Start[Int(byte & 0x0F)])
            }
        }
    }
}

extension UInt8 {
    /// RFC 3986, section 2.3.
    fileprivate var isUnreserved: Bool {
        isWordByte || self == 0x2D || self == 0x2E || self == 0x7E
    }
}
