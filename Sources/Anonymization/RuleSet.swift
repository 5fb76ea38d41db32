package import JSON

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

/// A rule for fields by their names, or by their paths in JSON.
///
/// Letter case, `_`, `-`, `.` and blanks in names do not count, in paths neither.
package struct FieldRule: Hashable, Sendable {
    /// A name that starts with `*` also stands for longer ones that end in its words.
    package var names: [String]
    /// Values of JSON texts by where they stand; names and paths of one rule both count.
    package var paths: [JSONPath]
    /// If not empty, the field must be a member of an object of one of these names.
    package var parents: [String]
    package var places: FieldPlaces
    package var treatment: Treatment
    package var parameters: RuleParameters
    /// What must hold for the rule to apply, besides what must for its set.
    package var tests: [RuleTest]

    package init(
        names: [String],
        paths: [JSONPath] = [],
        parents: [String] = [],
        places: FieldPlaces = .usual,
        treatment: Treatment,
        parameters: RuleParameters = .none,
        tests: [RuleTest] = []
    ) {
        self.names = names
        self.paths = paths
        self.parents = parents
        self.places = places
        self.treatment = treatment
        self.parameters = parameters
        self.tests = tests
    }
}

/// A rule for header fields by their names; letter case does not count.
package struct HeaderRule: Hashable, Sendable {
    /// A name that starts with `*` also stands for longer ones that end in its words.
    package var names: [String]
    package var treatment: Treatment
    package var parameters: RuleParameters
    /// What must hold for the rule to apply, besides what must for its set.
    package var tests: [RuleTest]

    package init(
        names: [String],
        treatment: Treatment,
        parameters: RuleParameters = .none,
        tests: [RuleTest] = []
    ) {
        self.names = names
        self.treatment = treatment
        self.parameters = parameters
        self.tests = tests
    }
}

/// What a rule set promises about one input; the tests hold it to that.
package struct RuleExample: Hashable, Sendable {
    package enum Form: String, Sendable, CaseIterable {
        case json, form, text, target, header, csv
    }

    package static let usualRequest = "POST /"

    /// Why the example is there.
    package var title: String
    package var form: Form
    /// Method and target of the request that the input stands in.
    package var request: String
    /// Header lines of that request.
    package var headers: [String]
    package var input: String
    /// What must not be left of the input.
    package var gone: [String]
    /// What must still be there.
    package var kept: [String]

    package init(
        title: String,
        form: Form,
        request: String = Self.usualRequest,
        headers: [String] = [],
        input: String,
        gone: [String],
        kept: [String]
    ) {
        self.title = title
        self.form = form
        self.request = request
        self.headers = headers
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
    /// What must hold for anything of the set to apply.
    package var tests: [RuleTest]
    package var detectors: DetectorSet
    package var fields: [FieldRule]
    package var headers: [HeaderRule]
    /// What happens to texts that no rule names, wherever they stand; `nil` leaves them to the detectors.
    package var otherStrings: Treatment?
    package var examples: [RuleExample]

    package init(
        name: String,
        summary: String = "",
        fingerprint: String = "",
        tests: [RuleTest] = [],
        detectors: DetectorSet = [],
        fields: [FieldRule] = [],
        headers: [HeaderRule] = [],
        otherStrings: Treatment? = nil,
        examples: [RuleExample] = []
    ) {
        self.name = name
        self.summary = summary
        self.fingerprint = fingerprint
        self.tests = tests
        self.detectors = detectors
        self.fields = fields
        self.headers = headers
        self.otherStrings = otherStrings
        self.examples = examples
    }
}
