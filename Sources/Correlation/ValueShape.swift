import Bytes
import Messages

/// How much of itself a value shows: whether two of the same spelling must be the same thing.
struct ValueShape {
    enum Strength: UInt8, Comparable {
        /// It is no identifier: a flag, a fraction, a sentence, a date.
        case none
        /// A word of a person's making.
        case word
        /// A short number.
        case number
        /// Letters and digits that could still be a name.
        case medium
        /// Nobody makes it twice.
        case strong

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    let strength: Strength
    /// A number that could be a moment around the time of the message.
    let isTimelike: Bool

    /// Moments are looked for this far around the time of a message, in nanoseconds: about ten years.
    private static let era: Int64 = 315_576_000_000_000_000

    /// `time` is that of the message, in nanoseconds since 1970. O(n).
    init(_ value: Span<UInt8>, time: Int64) {
        var census = Census(value)
        if census.digits == value.count, !value.isEmpty {
            isTimelike = Self.isMoment(value, around: time)
            strength = value.count >= 12 ? .strong : value.count >= 7 ? .medium : .number
            return
        }
        isTimelike = false
        strength = census.strength(of: value)
    }

    /// Seconds, milliseconds, microseconds or nanoseconds since 1970.
    private static func isMoment(_ digits: Span<UInt8>, around time: Int64) -> Bool {
        guard [10, 13, 16, 19].contains(digits.count) else { return false }
        var number: Int64 = 0
        for index in digits.indices {
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            guard !overflow else { return false }
            number = product &+ Int64(digits[index] &- 0x30)
            guard number >= 0 else { return false }
        }
        for _ in digits.count..<19 {
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            guard !overflow else { return false }
            number = product
        }
        let (distance, overflow) = number.subtractingReportingOverflow(time)
        return !overflow && distance.magnitude <= UInt64(era)
    }

    /// What a value is made of.
    private struct Census {
        var digits = 0
        var letters = 0
        var capitals = 0
        var beyondHex = 0
        /// Changes between a letter and a digit that stand side by side.
        var changes = 0
        var blanks = 0
        var slashes = 0
        var lastSeparator = -1

        init(_ value: Span<UInt8>) {
            var last: UInt8 = 0
            for index in value.indices {
                let byte = value[index]
                switch byte {
                case 0x30...0x39:
                    digits += 1
                    if last == 2 { changes += 1 }
                    last = 1
                case 0x41...0x5A, 0x61...0x7A:
                    letters += 1
                    if byte < 0x61 { capitals += 1 }
                    if byte | 0x20 > 0x66 { beyondHex += 1 }
                    if last == 1 { changes += 1 }
                    last = 2
                default:
                    if byte <= 0x20 { blanks += 1 }
                    if byte == 0x2F { slashes += 1 }
                    if byte == 0x5F || byte == 0x2D || byte == 0x3A || byte == 0x2E { lastSeparator = index }
                    last = 0
                }
            }
        }

        mutating func strength(of value: Span<UInt8>) -> Strength {
            guard blanks == 0, value.count >= 2 else { return .none }
            // Of URLs and paths the parts are looked at.
            if ValuePieces.pathStart(of: value) != nil { return .none }
            if digits == 0 { return strengthOfLetters(value) }
            guard letters > 0 else {
                // Dates, fractions, addresses, versions; a UUID without letters is rare enough.
                return value.count >= 20 && digits >= 16 ? .strong : .none
            }
            if value.isDate { return .none }
            if value.count >= 20, digits >= 4 { return .strong }
            let tail = lastSeparator < 0 ? value : value.extracting((lastSeparator + 1)..<value.count)
            if RouteTemplate.isIdentifier(value), Self.isRandom(tail) { return .strong }
            if Self.isRandom(tail) || changes >= 3 && value.count >= 8 { return .strong }
            return value.count >= 4 ? .medium : .word
        }

        private func strengthOfLetters(_ value: Span<UInt8>) -> Strength {
            guard letters > 0, value.count >= 3 else { return .none }
            if letters == value.count, letters >= 20 { return .strong }
            if value.count >= 16, capitals >= 3, capitals < letters - 2, slashes == 0 { return .medium }
            return .word
        }

        /// Letters and digits that take turns, or hexadecimal digits, so many that nobody makes them twice.
        private static func isRandom(_ tail: Span<UInt8>) -> Bool {
            let census = Census(tail)
            guard census.digits >= 2, census.digits + census.letters == tail.count, census.letters > 0 else {
                return false
            }
            if census.beyondHex == 0, tail.count >= 8 { return true }
            return tail.count >= 6 && census.changes >= 3 || tail.count >= 12 && census.changes >= 2
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether it begins like a date of ISO 8601: `2024-05-01`, `20240501T`.
    fileprivate var isDate: Bool {
        func areDigits(_ range: Range<Int>) -> Bool {
            guard range.upperBound <= count else { return false }
            for index in range where !self[index].isASCIIDigit { return false }
            return true
        }
        if count >= 10, areDigits(0..<4), self[4] == 0x2D, areDigits(5..<7), self[7] == 0x2D,
            areDigits(8..<10)
        {
            return true
        }
        return count >= 9 && areDigits(0..<8) && self[8] | 0x20 == 0x74
    }
}
