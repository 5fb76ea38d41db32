import Bytes

/// Several rule sets in the form in which they are applied to the messages of one scope: tables by the numbers of names.
///
/// Where several rules name the same field in the same place, the last one counts, so that a user's own rule set,
/// given after the built-in ones, has the last word. A rule with a path goes before one with a parent, that before one
/// without, a rule for the whole name before one for its ending. Names are told apart by 64-bit numbers; that two of
/// the few hundred names in rules share one is left out of account, and what a sender gains by finding a name that does
/// is that it is pseudonymized.
struct CompiledRules: Sendable {
    fileprivate struct Entry: Sendable {
        /// For each place, in the order of the bits of ``FieldPlaces``.
        var treatments: [6 of Treatment?] = .init(repeating: nil)
    }

    let detectors: DetectorSet
    let otherStrings: Treatment?
    private var whole = NameTable<Entry>()
    private var endings = NameTable<Entry>()
    private var nested = NameTable<Entry>()
    /// The numbers of the names that stand in ``nested``, whatever object they are members of.
    private var namesWithParents = NameTable<Bool>()
    private var headers = NameTable<Treatment>()
    private var headerEndings = NameTable<Treatment>()
    /// Rules by path, in the order in which they were given.
    var paths: [PathRule] = []
    /// Whether a path ends in an element of an array, or may.
    var hasElementPaths = false
    /// Whether a path ends in any member.
    var hasOpenMemberPaths = false
    /// Whether a rule moves dates by what a message says of whom it is about.
    private(set) var asksForSubjects = false
    /// The numbers of the names in which paths end.
    var pathEnds = NameTable<Bool>()

    /// All rules, whatever they ask of a message.
    init(_ sets: [RuleSet]) {
        var tests = RuleTests()
        self.init(sets, in: .unknown, &tests)
    }

    /// The rules that apply in a scope, which has the numbers of the tests from `tests`.
    init(_ sets: [RuleSet], in scope: RuleScope, _ tests: inout RuleTests) {
        func applies(_ set: RuleSet, _ own: [RuleTest], _ action: Treatment.Action?) -> Bool {
            // Of a test for which there is no number nobody knows whether it holds.
            guard let bits = tests.bits(of: set.tests + own) else { return action != .keep }
            return scope.allows(bits, action)
        }
        var detectors: DetectorSet = []
        var otherStrings: Treatment?
        for set in sets {
            if applies(set, [], nil) { detectors.formUnion(set.detectors) }
            if let strings = set.otherStrings, applies(set, [], strings.action) { otherStrings = strings }
        }
        self.detectors = detectors
        self.otherStrings = otherStrings
        for set in sets {
            for rule in set.fields where applies(set, rule.tests, rule.treatment.action) { add(rule) }
            for rule in set.headers where applies(set, rule.tests, rule.treatment.action) { add(rule) }
        }
    }

    private mutating func note(_ parameters: RuleParameters) {
        if case .shift(let shift) = parameters, shift.subject != .everything { asksForSubjects = true }
    }

    private mutating func add(_ rule: FieldRule) {
        note(rule.parameters)
        for path in rule.paths { add(path, rule.treatment) }
        for name in rule.names {
            let isEnding = name.hasPrefix("*")
            let field = FieldName(Array(name.utf8.drop { $0 == 0x2A }).span)
            guard rule.parents.isEmpty else {
                for parent in rule.parents {
                    let key = field.under(FieldName(Array(parent.utf8).span))
                    Self.add(rule, to: &nested, key)
                }
                namesWithParents[field.hash] = true
                continue
            }
            Self.add(rule, to: &whole, field.hash)
            if isEnding { Self.add(rule, to: &endings, field.hash) }
        }
    }

    private mutating func add(_ rule: HeaderRule) {
        note(rule.parameters)
        for name in rule.names {
            let field = FieldName(Array(name.utf8.drop { $0 == 0x2A }).span)
            headers[field.hash] = rule.treatment
            if name.hasPrefix("*") { headerEndings[field.hash] = rule.treatment }
        }
    }

    private static func add(_ rule: FieldRule, to table: inout NameTable<Entry>, _ number: UInt64) {
        var entry = table[number] ?? Entry()
        entry.set(rule.treatment, in: rule.places)
        table[number] = entry
    }

    /// The rule for a field by its decoded name, in one place, and the number of the name; where ``asksForParent(of:)``, that
    /// of ``treatment(of:under:in:)`` goes before it.
    func look(up name: Span<UInt8>, in place: FieldPlaces) -> (treatment: Treatment?, name: FieldName) {
        var ending: Treatment?
        let field = FieldName(name) { part in
            if let found = endings[part.hash]?.treatment(in: place) { ending = found }
        }
        return (whole[field.hash]?.treatment(in: place) ?? ending, field)
    }

    /// Whether a rule is for fields of this name in objects of certain names.
    func asksForParent(of field: FieldName) -> Bool { namesWithParents[field.hash] != nil }

    /// The rule for a field of this name in objects of the name of `parent`, in one place.
    func treatment(of field: FieldName, under parent: FieldName, in place: FieldPlaces) -> Treatment? {
        nested[field.under(parent)]?.treatment(in: place)
    }

    func treatment(ofHeader name: Span<UInt8>) -> Treatment? {
        var ending: Treatment?
        let field = FieldName(name) { part in
            if let found = headerEndings[part.hash] { ending = found }
        }
        return headers[field.hash] ?? ending
    }
}

extension CompiledRules.Entry {
    fileprivate mutating func set(_ treatment: Treatment, in places: FieldPlaces) {
        for bit in 0..<6 where places.rawValue & 1 << UInt8(bit) != 0 { treatments[bit] = treatment }
    }

    /// `place` is a single place.
    fileprivate func treatment(in place: FieldPlaces) -> Treatment? {
        treatments[place.rawValue.trailingZeroBitCount]
    }
}
