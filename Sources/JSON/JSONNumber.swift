import Bytes

/// A number as it is spelled in a JSON text.
///
/// `==` compares spellings; ``isNumericallyEqual(to:)`` compares values.
package struct JSONNumber: Hashable, Sendable {
    /// ASCII, by the grammar of RFC 8259, section 6.
    package let spelling: String

    /// Takes a spelling that follows the grammar, as a scanner gives it.
    package init(spelling: String) {
        self.spelling = spelling
    }

    /// The nearest `Double`; infinite when the number is out of its range.
    package var doubleValue: Double { Double(spelling) ?? .nan }

    /// Whether both are the same number, compared digit by digit: `1`, `1.0` and `10e-1` are, and no rounding
    /// makes two different ones equal.
    ///
    /// Numbers with exponents beyond ±2^62 are equal only when spelled alike. O(n).
    package func isNumericallyEqual(to other: JSONNumber) -> Bool {
        if spelling == other.spelling { return true }
        guard let left = Decimal(spelling), let right = Decimal(other.spelling) else { return false }
        return left == right
    }

    /// `0.DIGITS × 10^exponent`, digits without zeros at either end; zero has no digits.
    private struct Decimal: Equatable {
        var isNegative = false
        var digits: [UInt8] = []
        var exponent = 0

        init?(_ spelling: String) {
            var pointSeen = false
            var exponentDigits: Substring?
            for (index, byte) in zip(spelling.utf8.indices, spelling.utf8) {
                switch byte {
                case 0x2D: isNegative = true
                case 0x2E: pointSeen = true
                case 0x45, 0x65: exponentDigits = spelling[spelling.utf8.index(after: index)...]
                default:
                    if byte == 0x30, digits.isEmpty {
                        if pointSeen { exponent -= 1 }
                    } else {
                        digits.append(byte)
                        if !pointSeen { exponent += 1 }
                    }
                }
                if exponentDigits != nil { break }
            }
            if let exponentDigits {
                guard let power = Int(exponentDigits), power.magnitude < 1 << 62 else { return nil }
                exponent += power
            }
            while digits.last == 0x30 { digits.removeLast() }
            if digits.isEmpty {
                isNegative = false
                exponent = 0
            }
        }
    }
}
