/// What is done with a value.
package struct Treatment: Hashable, BitwiseCopyable, Sendable {
    package enum Action: UInt8, BitwiseCopyable, Sendable {
        /// The value stays, and no detector looks at it.
        case keep
        /// A fixed word or 0 takes its place.
        case redact
        /// Its letters and digits become `x` and `0`.
        case mask
        case pseudonymize
    }

    package var action: Action
    /// What the value is taken for; decides the form of the pseudonym and what is counted.
    package var kind: PseudonymKind
    /// Whether the values inside an object of that name are treated so too; those of an array always are.
    package var isDeep: Bool

    package init(_ action: Action, as kind: PseudonymKind, isDeep: Bool = false) {
        self.action = action
        self.kind = kind
        self.isDeep = isDeep
    }
}

/// The places in which a field has a name.
package struct FieldPlaces: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Members of JSON objects.
    package static let json = FieldPlaces(rawValue: 1)
    /// Fields of `application/x-www-form-urlencoded` bodies.
    package static let form = FieldPlaces(rawValue: 2)
    /// Parameters of the query of a target or of a URL.
    package static let query = FieldPlaces(rawValue: 4)
    /// Parts of `multipart/form-data` bodies.
    package static let part = FieldPlaces(rawValue: 8)
    /// The segment of a path that follows a segment of that name.
    package static let path = FieldPlaces(rawValue: 16)

    /// Columns of `text/csv`, by the names in its first line.
    package static let csv = FieldPlaces(rawValue: 32)

    package static let usual: FieldPlaces = [.json, .form, .query, .part, .csv]

    package init?(name: String) {
        switch name {
        case "json": self = .json
        case "form": self = .form
        case "query": self = .query
        case "part": self = .part
        case "path": self = .path
        case "csv": self = .csv
        default: return nil
        }
    }
}

/// A rule for fields by their names; letter case, `_`, `-`, `.` and blanks in names do not count.
package struct FieldRule: Hashable, Sendable {
    /// A name that starts with `*` also stands for longer ones that end in its words.
    package var names: [String]
    /// If not empty, the field must be a member of an object of one of these names.
    package var parents: [String]
    package var places: FieldPlaces
    package var treatment: Treatment

    package init(
        names: [String],
        parents: [String] = [],
        places: FieldPlaces = .usual,
        treatment: Treatment
    ) {
        self.names = names
        self.parents = parents
        self.places = places
        self.treatment = treatment
    }
}

/// A rule for header fields by their names; letter case does not count.
package struct HeaderRule: Hashable, Sendable {
    /// A name that starts with `*` also stands for longer ones that end in its words.
    package var names: [String]
    package var treatment: Treatment

    package init(names: [String], treatment: Treatment) {
        self.names = names
        self.treatment = treatment
    }
}

/// What a rule set promises about one input; the tests hold it to that.
package struct RuleExample: Hashable, Sendable {
    package enum Form: String, Sendable, CaseIterable {
        case json, form, text, target, header, csv
    }

    /// Why the example is there.
    package var title: String
    package var form: Form
    package var input: String
    /// What must not be left of the input.
    package var gone: [String]
    /// What must still be there.
    package var kept: [String]

    package init(title: String, form: Form, input: String, gone: [String], kept: [String]) {
        self.title = title
        self.form = form
        self.input = input
        self.gone = gone
        self.kept = kept
    }
}

/// A named set of rules for one concern, as read from one file.
package struct RuleSet: Hashable, Sendable {
    package var name: String
    package var summary: String
    /// Tells which version of the file made a trace; empty for rules that come from no file.
    package var fingerprint: String
    package var detectors: DetectorSet
    package var fields: [FieldRule]
    package var headers: [HeaderRule]
    /// What happens to string values of JSON that no rule names; `nil` leaves them to the detectors.
    package var otherStrings: Treatment?
    package var examples: [RuleExample]

    package init(
        name: String,
        summary: String = "",
        fingerprint: String = "",
        detectors: DetectorSet = [],
        fields: [FieldRule] = [],
        headers: [HeaderRule] = [],
        otherStrings: Treatment? = nil,
        examples: [RuleExample] = []
    ) {
        self.name = name
        self.summary = summary
        self.fingerprint = fingerprint
        self.detectors = detectors
        self.fields = fields
        self.headers = headers
        self.otherStrings = otherStrings
        self.examples = examples
    }
}
