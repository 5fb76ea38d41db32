/// What is done with a value.
package struct Treatment: Hashable, BitwiseCopyable, Sendable {
    package enum Action: UInt8, BitwiseCopyable, Sendable, CaseIterable {
        /// The value stays, and no detector looks at it.
        case keep
        /// A fixed word or 0 takes its place.
        case redact
        /// Its letters and digits become `x` and `0`.
        case mask
        case pseudonymize
        /// A date or time is moved by a number of days that is the same for everything of one subject.
        case shift
        /// A number becomes the lower edge of the range that it lies in.
        case bucket
        /// The member, parameter, form field, column, part or header line is taken out.
        case drop

        /// The name used in rule sets.
        package var name: String {
            switch self {
            case .keep: "keep"
            case .redact: "redact"
            case .mask: "mask"
            case .pseudonymize: "pseudonymize"
            case .shift: "shift"
            case .bucket: "bucket"
            case .drop: "drop"
            }
        }
    }

    package var action: Action
    /// What the value is taken for; decides the form of the pseudonym and what is counted.
    package var kind: PseudonymKind
    /// Whether the values inside an object of that name are treated so too; those of an array always are.
    package var isDeep: Bool
    /// The number of the rule in the ``RuleCatalog``; 0 where no rule asks for it.
    var rule: UInt16 = 0

    package init(_ action: Action, as kind: PseudonymKind, isDeep: Bool = false) {
        self.action = action
        self.kind = kind
        self.isDeep = isDeep
    }
}
