/// What an anonymizer would do to the messages that it is shown, by rule and field; never a value.
package struct ChangeTally: Hashable, Sendable {
    /// More different changes than these share one entry.
    package static let limit = 10_000

    /// One thing that would be done.
    package struct Change: Hashable, Sendable {
        /// The number of the rule; 0 for the detectors.
        var rule: UInt16
        package var what: AuditFinding.What
        package var action: Treatment.Action
        /// As in ``AuditFinding/place``.
        package var place: String
    }

    package private(set) var counts: [Change: UInt64] = [:]
    /// What found no entry of its own.
    package private(set) var others: UInt64 = 0

    package init() {}

    mutating func count(
        _ what: AuditFinding.What,
        byRule rule: UInt16,
        _ action: Treatment.Action,
        at place: String
    ) {
        let change = Change(rule: rule, what: what, action: action, place: place)
        guard counts.count < Self.limit || counts[change] != nil else {
            others &+= 1
            return
        }
        counts[change, default: 0] &+= 1
    }
}

extension Anonymizer {
    /// What was counted instead of done, most frequent first.
    package var changes: [(rule: String, action: String, kind: String, place: String, count: UInt64)] {
        guard let tally else { return [] }
        return tally.counts.map { change, count in
            let action =
                switch change.what {
                case .value: change.action.name
                case .opaque: "replace-whole"
                case .unknownSecret, .canary: "none"
                }
            return (catalog.title(of: change.rule), action, change.kind, change.place, count)
        }
        .sorted { ($1.count, $0.rule, $0.place, $0.kind) < ($0.count, $1.rule, $1.place, $1.kind) }
    }
}

extension ChangeTally.Change {
    /// The name used in reports.
    var kind: String {
        switch what {
        case .value(let kind): kind.counted.name
        case .opaque(let reason): "body-\(reason.name)"
        case .unknownSecret, .canary: "none"
        }
    }
}
