/// A value in a recorded message that looks like personal data or a secret; the value itself is not in it.
package struct AuditFinding: Hashable, Sendable {
    package enum What: Hashable, Sendable {
        case value(PseudonymKind)
        /// A body that cannot be looked into.
        case opaque(WholeReplacement)
        /// A run of characters that looks drawn by chance.
        case unknownSecret
        /// The planted value of this number, from 1.
        case canary(Int)
    }

    package var what: What
    /// Where it stands, such as `header X-User`, `query email` or `body last_name`; names only, never values.
    package var place: String

    /// The name used in reports.
    package var kind: String {
        switch what {
        case .value(let kind): kind.counted.name
        case .opaque: "opaque-body"
        case .unknownSecret: "unknown-secret"
        case .canary: "canary"
        }
    }

    /// The number of the planted value, where it is one.
    package var canary: Int? {
        if case .canary(let number) = what { number } else { nil }
    }
}
