import Bytes

/// Several rule sets in the form in which they are applied: tables by the numbers of names.
///
/// Where several rules name the same field in the same place, the last one counts, so that a user's own rule set,
/// given after the built-in ones, has the last word. A rule with a parent goes before one without, a rule for the
/// whole name before one for its ending. Names are told apart by 64-bit numbers; that two of the few hundred
/// names in rules share one is left out of account, and what a sender gains by finding a name that does is
/// that it is pseudonymized.
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
    private var headers = NameTable<Treatment>()
    private var headerEndings = NameTable<Treatment>()

    init(_ sets: [RuleSet]) {
        detectors = sets.reduce(into: []) { $0.formUnion($1.detectors) }
        otherStrings = sets.last { $0.otherStrings != nil }?.otherStrings
        for set in sets {
            for rule in set.fields { add(rule) }
            for rule in set.headers { add(rule) }
        }
    }

    private mutating func add(_ rule: FieldRule) {
        for name in rule.names {
            let isEnding = name.hasPrefix("*")
            let field = FieldName(Array(name.utf8.drop { $0 == 0x2A }).span)
            guard rule.parents.isEmpty else {
                for parent in rule.parents {
                    let key = field.under(FieldName(Array(parent.utf8).span))
                    Self.add(rule, to: &nested, key)
                }
                continue
            }
            Self.add(rule, to: &whole, field.hash)
            if isEnding { Self.add(rule, to: &endings, field.hash) }
        }
    }

    private mutating func add(_ rule: HeaderRule) {
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

    /// The rule for a field by its decoded name, in one place, and the number of the name; `parent` is the object it is
    /// a member of.
    func look(
        up name: Span<UInt8>,
        under parent: FieldName,
        in place: FieldPlaces
    ) -> (treatment: Treatment?, name: FieldName) {
        var ending: Treatment?
        let field = FieldName(name) { part in
            if let found = endings[part.hash]?.treatment(in: place) { ending = found }
        }
        if let found = nested[field.under(parent)]?.treatment(in: place) { return (found, field) }
        return (whole[field.hash]?.treatment(in: place) ?? ending, field)
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
