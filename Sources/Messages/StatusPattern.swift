/// Patterns for a status, in which `x` stands for any digit and `*` for any run of them.
enum StatusPattern {
    /// Whether a pattern can be one of a status: no more than three characters, and no fewer without a `*`.
    static func isValid(_ pattern: ArraySlice<UInt8>) -> Bool {
        guard pattern.allSatisfy({ (0x30...0x39).contains($0) || isAnyDigit($0) || $0 == 0x2A }) else {
            return false
        }
        return pattern.count == 3 || pattern.count < 3 && pattern.contains(0x2A)
    }

    /// For each status from 000 to 999 whether all terms hold; the patterns are valid.
    static func statuses(where terms: [RequestFilter.Term]) -> [Bool] {
        (0..<1_000).map { status in
            let digits = [100, 10, 1].map { UInt8(0x30 + status / $0 % 10) }
            return terms.allSatisfy { term in
                term.isNegated != term.patterns.contains { matches($0[...], digits[...]) }
            }
        }
    }

    /// Recursion ends within three steps.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ digits: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return digits.isEmpty }
        if first == 0x2A {
            return (0...digits.count).contains { matches(pattern.dropFirst(), digits.dropFirst($0)) }
        }
        guard let digit = digits.first, isAnyDigit(first) || first == digit else { return false }
        return matches(pattern.dropFirst(), digits.dropFirst())
    }

    private static func isAnyDigit(_ byte: UInt8) -> Bool { byte | 0x20 == 0x78 }
}
