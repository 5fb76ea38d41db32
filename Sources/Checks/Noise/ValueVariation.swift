import Bytes
package import JSON

/// How a value differs from one answer to the next, and so which values are expected.
package enum ValueVariation: Hashable, Sendable {
    /// In ways that nothing is known of: every value is expected.
    case any
    /// Made anew each time, in a form of its own.
    case shape(ValueShape)
    /// Texts that follow a pattern.
    case pattern(TextPattern)
    /// One of these scalars.
    case set([JSONValue])
    /// Numbers within a range.
    case number(ClosedRange<Double>)
    /// Numbers, or texts of digits, that only grow: counters, and moments as numbers.
    ///
    /// A counter may have begun anew with the process that holds it; a moment does not go back.
    case monotonic

    /// Whether `observed` is expected where `expected` was recorded.
    package func allows(_ observed: JSONValue, where expected: JSONValue?) -> Bool {
        switch self {
        case .any: return true
        case .shape(let shape):
            guard case .string(let text) = observed else { return false }
            return shape.matches(text)
        case .pattern(let pattern):
            guard case .string(let text) = observed else { return false }
            return pattern.matches(text)
        case .set(let values):
            return values.contains { Self.areEqual($0, observed) }
        case .number(let range):
            guard case .number(let number) = observed else { return false }
            return range.contains(number.doubleValue)
        case .monotonic:
            guard let value = Self.count(observed), value >= 0 else { return false }
            guard let floor = expected.flatMap(Self.count), floor >= Self.firstMoment else { return true }
            return value >= floor
        }
    }

    /// How a value varies that does so in either way.
    func joined(with other: ValueVariation) -> ValueVariation {
        switch (self, other) {
        case _ where self == other: return self
        case (.number(let ours), .number(let theirs)):
            return .number(min(ours.lowerBound, theirs.lowerBound)...max(ours.upperBound, theirs.upperBound))
        case (.set(let ours), .set(let theirs)):
            let more = theirs.filter { value in !ours.contains { Self.areEqual($0, value) } }
            return ours.count + more.count <= Self.mostJoined ? .set(ours + more) : .any
        default: return .any
        }
    }

    /// More scalars than these are no choice among a few.
    private static let mostJoined = 64

    /// Numbers from here on are moments: seconds since 1970, or smaller units, of the year 2001 and later.
    private static let firstMoment = 1e9

    static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left.isNumericallyEqual(to: right)
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.bool(let left), .bool(let right)): left == right
        case (.null, .null): true
        default: false
        }
    }

    /// A number, or a text of digits, as a number.
    static func count(_ value: JSONValue) -> Double? {
        switch value {
        case .number(let number): return number.doubleValue
        case .string(let text):
            guard !text.isEmpty, text.utf8.count <= 20, text.utf8.allSatisfy(\.isASCIIDigit) else {
                return nil
            }
            return Double(text)
        default: return nil
        }
    }
}
