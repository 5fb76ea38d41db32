import Bytes

extension PercentEncoding {
    /// Whether a text has anything to decode.
    static func isCoded(_ text: Span<UInt8>, plusIsBlank: Bool) -> Bool {
        text.firstIndex(of: 0x25) != nil || plusIsBlank && text.firstIndex(of: 0x2B) != nil
    }

    /// Appends `text` encoded in the manner of `original`: what stood there as it is may stand so again.
    static func encode(
        _ text: Span<UInt8>,
        like original: Span<UInt8>,
        plusIsBlank: Bool,
        to output: inout [UInt8]
    ) {
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
                append(byte, to: &output)
            }
        }
    }
}
