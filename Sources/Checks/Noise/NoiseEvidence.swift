import JSON
import Messages

/// What the answers of an unchanged target have shown so far, by number of route.
struct NoiseEvidence: Sendable {
    var routes: [Int: RouteEvidence] = [:]

    /// The model that follows; `names` are those of the routes by number.
    func model(trace: String, runs: Int, headers: [String], names: [String]) -> NoiseModel {
        var found: [RouteNoise] = []
        for (number, evidence) in routes where number != RouteTable.unknown {
            found.append(evidence.noise(name: names[number]))
        }
        return NoiseModel(
            trace: trace,
            runs: runs,
            headers: headers.sorted(),
            routes: found.sorted { $0.name < $1.name }
        )
    }
}

/// What the answers of one route have shown.
struct RouteEvidence: Sendable {
    /// How many fields are told apart; those beyond are not learned.
    static let mostFields = 10_000

    /// Answers that were held against the recording.
    private(set) var answers = 0
    private var pairs = 0
    private var fields: [String: FieldEvidence] = [:]
    /// By object, the names of members that only one of two answers had.
    private var names: [String: NameEvidence] = [:]

    /// A new pair of answers is compared; `isRecorded`: the first of them is the recording's.
    mutating func beginPair(isRecorded: Bool) {
        pairs += 1
        if isRecorded { answers += 1 }
    }

    mutating func update(_ field: String, isRecorded: Bool, _ change: (inout FieldEvidence) -> Void) {
        guard fields[field] != nil || fields.count < Self.mostFields else { return }
        var evidence = fields.removeValue(forKey: field) ?? FieldEvidence()
        if isRecorded { evidence.differs(in: pairs) }
        change(&evidence)
        fields[field] = evidence
    }

    func isUnordered(_ field: String) -> Bool { fields[field]?.isUnordered ?? false }

    mutating func note(names: [String], of object: String) {
        guard self.names[object] != nil || self.names.count < Self.mostFields else { return }
        self.names[object, default: NameEvidence()].note(names)
    }

    func hasNamesMadeAnew(_ object: String) -> Bool { names[object]?.areMadeAnew ?? false }

    func noise(name: String) -> RouteNoise {
        let patterns = names.filter { $0.value.areMadeAnew }.mapValues(\.pattern)
        var found = fields
        for object in patterns.keys {
            // What was learned of single members before that was seen.
            for name in names[object]?.kept ?? [] {
                found[object + JSONPlace([.member(name)]).description.dropFirst()] = nil
            }
            if found[object] == nil { found[object] = FieldEvidence() }
        }
        let noises = found.map { field, evidence in
            FieldNoise(
                field: field,
                values: field == Difference.Field.status.description ? evidence.seen : evidence.values,
                isOptional: evidence.isOptional,
                isUnordered: evidence.isUnordered,
                elements: evidence.elements,
                types: evidence.types.count > 1 ? evidence.types : [],
                names: patterns[field] ?? nil,
                varied: evidence.varied
            )
        }
        return RouteNoise(name: name, answers: answers, fields: noises.sorted { $0.field < $1.field })
    }
}

/// Names of an object's members that only one of two answers had.
struct NameEvidence: Sendable {
    private static let mostNames = 1_024
    private static let fewestNames = 4

    private(set) var kept: Set<String> = []
    private var identifiers = 0

    mutating func note(_ names: [String]) {
        for name in names where kept.count < Self.mostNames && name.utf8.count <= JSONPlace.shownNameCount {
            if kept.insert(name).inserted, RouteTemplate.isIdentifier(name.utf8.span) { identifiers += 1 }
        }
    }

    /// Whether they are identifiers that each answer makes for itself, and not members that come and go.
    var areMadeAnew: Bool { kept.count >= Self.fewestNames && identifiers * 2 >= kept.count }

    var pattern: TextPattern? { TextPattern(covering: kept.sorted()) }
}

/// Takes every difference between two answers of an unchanged target for noise.
struct LearningSink: DifferenceSink {
    private(set) var evidence: RouteEvidence
    private let isRecorded: Bool
    private let references: OwnReferences

    /// `isRecorded`: the first answer of the pair is the recording's.
    init(_ evidence: RouteEvidence, isRecorded: Bool, references: OwnReferences = OwnReferences()) {
        self.evidence = evidence
        self.references = references
        self.isRecorded = isRecorded
        self.evidence.beginPair(isRecorded: isRecorded)
    }

    var ignoresBody: Bool { false }
    /// First by what has no form of being made anew, then by what has no digit either.
    var recognitions: Int { 2 }

    func isVolatile(_ value: JSONValue, at place: JSONPlace, recognition: Int) -> Bool {
        switch value {
        case .string(let text):
            if ValueShape.allCases.contains(where: { $0.matches(text) }) { return true }
            return recognition > 0 && text.utf8.contains { (0x30...0x39).contains($0) }
        case .number: return recognition > 0
        case .null, .bool, .array, .object: return false
        }
    }

    func isUnordered(at place: JSONPlace) -> Bool { evidence.isUnordered(place.general) }

    var comparesLines = false

    mutating func members(at place: JSONPlace, missing: [String], added: [String]) {
        evidence.note(names: missing + added, of: place.bounded.general)
        if evidence.hasNamesMadeAnew(place.bounded.general) {
            evidence.update(place.bounded.general, isRecorded: isRecorded) { _ in }
        }
    }

    func isMadeAnew(_ name: String, at place: JSONPlace) -> Bool {
        evidence.hasNamesMadeAnew(place.bounded.general)
    }

    mutating func differ(
        _ field: Difference.Field,
        _ kind: Difference.Kind,
        _ expected: ComparedValue?,
        _ observed: ComparedValue?
    ) {
        var name = comparesLines ? field.bounded.description : field.bounded.general
        switch kind {
        case .missing, .added:
            if case .json(let place) = field, case .element? = place.steps.last {
                // How many there are was told of the list.
                name = JSONPlace(Array(place.steps.dropLast())).bounded.general
                evidence.update(name, isRecorded: isRecorded) { _ in }
            } else {
                evidence.update(name, isRecorded: isRecorded) { $0.isOptional = true }
            }
        case .order: evidence.update(name, isRecorded: isRecorded) { $0.isUnordered = true }
        case .value, .type, .bytes:
            var values = (expected?.value, observed?.value)
            // A URL of the server itself counts as a path.
            if let paths = references.paths(expected, observed) {
                values = (paths.expected.value, paths.observed.value)
                if values.0 == values.1 { return }
            }
            evidence.update(name, isRecorded: isRecorded) { [isRecorded] evidence in
                if case (let left?, let right?) = values {
                    evidence.note(left, right, isRecorded: isRecorded)
                } else {
                    evidence.variesFreely = true
                }
            }
        // Not what an answer says, but that it did not come: never noise.
        case .renamed, .incomplete, .noResponse, .frequency: break
        }
    }

    mutating func lists(at place: JSONPlace, have expected: Int, and observed: Int) {
        evidence.update(place.bounded.general, isRecorded: isRecorded) {
            $0.noteElements(expected, observed)
        }
    }
}
