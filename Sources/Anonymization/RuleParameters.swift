/// What an action needs to know besides the value.
package enum RuleParameters: Hashable, Sendable {
    case none
    case bucket(NumberBuckets)
    case shift(DateShift)
}

/// The ranges that numbers are put into.
package enum NumberBuckets: Hashable, Sendable {
    /// Each as wide as the next, from 0 on in both directions; more than 0.
    case size(Double)
    /// Each begins at an edge; ascending, at least one. What lies before the first begins at 0, or at the first edge
    /// where that is not more than 0.
    case edges([Double])

    /// The lower edge of the range that a number lies in.
    func lowerEdge(of number: Double) -> Double {
        switch self {
        case .size(let size):
            return (number / size).rounded(.down) * size
        case .edges(let edges):
            guard let edge = edges.last(where: { $0 <= number }) else { return min(0, edges.first ?? 0) }
            return edge
        }
    }
}

/// By how much dates are moved: one number of whole days for each subject, which keeps their order and distances, and
/// the time of day.
package struct DateShift: Hashable, Sendable {
    /// Whose dates belong together.
    package enum Subject: Hashable, Sendable {
        /// Everything that the key makes pseudonyms for.
        case everything
        /// What a field of the body, or a parameter, of this name holds.
        case field(String)
        /// What a header field of this name holds.
        case header(String)
    }

    /// The most days in either direction, 1 to 36,500.
    package var days: Int
    package var subject: Subject

    package static let days = 1...36_500

    package init(days: Int, subject: Subject) {
        self.days = days
        self.subject = subject
    }
}
