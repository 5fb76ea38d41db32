import Bytes

extension TraceID: CustomStringConvertible, LosslessStringConvertible {
    /// The usual form of a UUID: 36 characters, lower case (RFC 9562, section 4).
    package var description: String {
        let digits = Self.hexadecimal(high) + Self.hexadecimal(low)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    /// Reads the usual form of a UUID, in either case; `nil` for anything else.
    package init?(_ description: String) {
        var words: [UInt64] = [0, 0]
        var digits = 0
        for (index, byte) in description.utf8.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let value = byte.hexDigitValue, digits < 32 else { return nil }
                words[digits / 16] = words[digits / 16] << 4 | UInt64(value)
                digits += 1
            }
        }
        guard digits == 32 else { return nil }
        self.init(high: words[0], low: words[1])
    }

    /// A random UUID of version 4 from 128 random bits.
    package init(randomHigh high: UInt64, low: UInt64) {
        self.init(
            high: high & ~0xF000 | 0x4000,
            low: low & ~(0b11 << 62) | 0b10 << 62
        )
    }

    private static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
