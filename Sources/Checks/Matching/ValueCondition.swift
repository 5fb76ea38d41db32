package import JSON

/// What a value of an answer has to be where it is not the recorded one.
package enum ValueCondition: Hashable, Sendable {
    /// Of the recorded value's type, or of the one given.
    case type(JSONType?)
    /// A text, or the spelling of a number, in which the expression is found.
    case regex(TextExpression)
    /// A number within both bounds, or a text that spells one.
    case range(ClosedRange<Double>)
    /// One of these.
    case oneOf([JSONValue])
    /// A moment as far from the end of its answer as the recorded one was from the end of its own, give or take so many
    /// nanoseconds: what a server stamps `now`, or an hour from now.
    case near(UInt64)
    /// What stands in the same answer at one of the places that the path names.
    case sameAs(JSONPath)

    /// Whether a value that differs from the recorded one is all right; moments in nanoseconds since 1970.
    ///
    /// ``sameAs(_:)`` is asked of whole answers, by ``SameValues``.
    func holds(_ expected: JSONValue, _ observed: JSONValue, at moments: (expected: Int64, observed: Int64))
        -> Bool
    {
        switch self {
        case .type(let type): JSONType(of: observed) == type ?? JSONType(of: expected)
        case .regex(let expression): Self.text(of: observed).map(expression.isFound) ?? false
        case .range(let range): Self.text(of: observed).flatMap { Double($0) }.map(range.contains) ?? false
        case .oneOf(let values): values.contains { $0.isSame(as: observed) }
        case .near(let distance):
            if let left = Moment.nanoseconds(expected), let right = Moment.nanoseconds(observed) {
                Self.isNear(left, moments.expected, right, moments.observed, distance)
            } else {
                false
            }
        case .sameAs: true
        }
    }

    private static func text(of value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): number.spelling
        case .null, .bool, .array, .object: nil
        }
    }

    private static func isNear(
        _ left: Int64,
        _ leftEnd: Int64,
        _ right: Int64,
        _ rightEnd: Int64,
        _ distance: UInt64
    ) -> Bool {
        let (before, overflow) = left.subtractingReportingOverflow(leftEnd)
        let (after, otherOverflow) = right.subtractingReportingOverflow(rightEnd)
        guard !overflow, !otherOverflow else { return false }
        let (shift, shiftOverflow) = after.subtractingReportingOverflow(before)
        return !shiftOverflow && shift.magnitude <= distance
    }
}

extension JSONValue {
    /// Whether both say the same: members in any order, numbers by value.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)): left.isNumericallyEqual(to: right)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { member in
                    right.contains { $0.name == member.name && member.value.isSame(as: $0.value) }
                }
        default: self == other
        }
    }
}
