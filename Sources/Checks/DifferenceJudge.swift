import JSON

/// Decides which differences of one answer count: not those that a rule lets pass, nor those that the noise explains.
struct DifferenceJudge: DifferenceSink {
    private let rules: [CheckRule]
    /// The number of the set of rules.
    private let ruleSet: Int
    private let noise: NoiseIndex?
    private let limits: CheckLimits
    private let references: OwnReferences
    /// When the answers ended.
    private let moments: (expected: Int64, observed: Int64)
    private(set) var findings: [Finding] = []
    /// Differences beyond the limit of one exchange.
    private(set) var foundBeyondLimit = 0
    /// Differences that a rule lets pass.
    private(set) var ignored = 0
    /// Differences that the noise explains, each with the field of the noise that does.
    private(set) var explained: [(field: String, finding: Finding)] = []

    init(
        rules: [CheckRule],
        number: Int,
        noise: NoiseIndex? = nil,
        moments: (expected: Int64, observed: Int64),
        references: OwnReferences = OwnReferences(),
        limits: CheckLimits
    ) {
        self.rules = rules
        ruleSet = number
        self.noise = noise
        self.moments = moments
        self.references = references
        self.limits = limits
    }

    var ignoresBody: Bool { rules.contains { $0.effect == .ignoreBody } }
    var recognitions: Int { 1 }

    func isVolatile(_ value: JSONValue, at place: JSONPlace, recognition: Int) -> Bool {
        if case .string(let text) = value, ValueShape.allCases.contains(where: { $0.matches(text) }) {
            return true
        }
        return noise?.varies(at: place) ?? false
    }

    func isUnordered(at place: JSONPlace) -> Bool {
        if noise?.isUnordered(at: place) ?? false { return true }
        return rules.contains { rule in
            if case .unordered(let path) = rule.effect { path.names(place) } else { false }
        }
    }

    func isMadeAnew(_ name: String, at place: JSONPlace) -> Bool {
        noise?.isMadeAnew(name, at: place) ?? false
    }

    var wantsWhole: Bool {
        rules.contains { rule in
            switch rule.effect {
            case .matchJSON(_, let conditions):
                conditions.contains { if case .sameAs = $0 { true } else { false } }
            default: false
            }
        }
    }

    mutating func compared(_ expected: JSONValue, with observed: JSONValue) {
        for rule in rules {
            guard case .matchJSON(let path, let conditions) = rule.effect else { continue }
            for case .sameAs(let other) in conditions {
                for (place, value) in SameValues.broken(path, sameAs: other, in: observed) {
                    let finding = Finding(
                        field: Difference.Field.json(place).bounded,
                        kind: .value,
                        expected: ShownValue(text: "what is at \(other)"),
                        observed: ShownValue(value, name: place.lastName)
                    )
                    if findings.contains(where: { $0.field == finding.field && $0.kind == .value }) {
                        continue
                    }
                    if findings.count < limits.differencesPerExchange {
                        findings.append(finding)
                    } else {
                        foundBeyondLimit += 1
                    }
                }
            }
        }
    }

    mutating func differ(
        _ field: Difference.Field,
        _ kind: Difference.Kind,
        _ expected: ComparedValue?,
        _ observed: ComparedValue?
    ) {
        if passes(field, kind, expected, observed) {
            ignored += 1
            return
        }
        // A URL of the server itself counts as a path.
        if kind == .value, let paths = references.paths(expected, observed) {
            let (left, right) = (paths.expected.value, paths.observed.value)
            if left == right { return }
            if noise?.explains(field, kind, left, right) != nil {
                judge(field, kind, paths.expected, paths.observed)
                return
            }
        }
        judge(field, kind, expected, observed)
    }

    /// Holds a difference that no rule lets pass against the noise.
    private mutating func judge(
        _ field: Difference.Field,
        _ kind: Difference.Kind,
        _ expected: ComparedValue?,
        _ observed: ComparedValue?
    ) {
        var finding = Finding(
            field: field.bounded,
            kind: kind,
            expected: expected?.shown,
            observed: observed?.shown,
            change: ChangedValue(expected?.value, observed?.value, at: field)
        )
        if case (.status(let left), .status(let right)) = (expected, observed) {
            finding.statuses = (left, right)
            finding.change = nil
        }
        if let noise, let name = noise.explains(field, kind, expected?.value, observed?.value) {
            explained.append((name, finding))
        } else if findings.count < limits.differencesPerExchange {
            findings.append(finding)
        } else {
            foundBeyondLimit += 1
        }
    }

    var passing: Int? { rules.isEmpty ? nil : ruleSet }

    func passesAll(at place: JSONPlace) -> Bool {
        rules.contains { rule in
            switch rule.effect {
            case .ignoreBody: true
            case .ignoreJSON(let path, alike: nil): path.covers(place)
            default: false
            }
        }
    }

    mutating func pass(_ count: Int) { ignored += count }

    mutating func renamed(_ place: JSONPlace, to other: JSONPlace, _ value: JSONValue) {
        let (left, right) = (Difference.Field.json(place), Difference.Field.json(other))
        let isExpected =
            passes(left, .missing, .json(value, name: nil), nil)
            || passes(right, .added, nil, .json(value, name: nil))
            || noise?.explains(left, .missing, value, nil) != nil
            || noise?.explains(right, .added, nil, value) != nil
        guard !isExpected else {
            differ(left, .missing, .json(value, name: place.lastName), nil)
            differ(right, .added, nil, .json(value, name: other.lastName))
            return
        }
        differ(left, .renamed, .words(place.bounded.description), .words(other.bounded.description))
    }

    /// Rules are asked about differences only: those are few, and values many.
    private func passes(
        _ field: Difference.Field,
        _ kind: Difference.Kind,
        _ expected: ComparedValue?,
        _ observed: ComparedValue?
    ) -> Bool {
        rules.contains { rule in
            switch (rule.effect, field) {
            case (.ignoreStatus, .status), (.ignoreBody, .body), (.ignoreBody, .json): return true
            case (.ignoreHeader(let name), .header(let other)): return name == other
            case (.ignoreJSON(let path, let shape), .json(let place)):
                guard path.covers(place) else { return false }
                guard let shape else { return true }
                guard case .string(let left)? = expected?.value, case .string(let right)? = observed?.value
                else { return false }
                return shape.matches(left) && shape.matches(right)
            case (.tolerate(let path, let tolerance), .json(let place)):
                guard kind == .value, case .number(let left)? = expected?.value,
                    case .number(let right)? = observed?.value
                else { return false }
                return tolerance.allows(expected: left.doubleValue, observed: right.doubleValue)
                    && path.covers(place)
            case (.matchJSON(let path, let conditions), .json(let place)):
                guard kind == .value || kind == .type, let left = expected?.value, let right = observed?.value
                else { return false }
                return path.names(place) && conditions.allSatisfy { $0.holds(left, right, at: moments) }
            case (.matchHeader(let name, let conditions), .header(let other)):
                guard name == other, case .header(_, let left)? = expected,
                    case .header(_, let right)? = observed
                else { return false }
                return conditions.allSatisfy { $0.holds(.string(left), .string(right), at: moments) }
            case (.matchStatus(let conditions), .status):
                guard case .status(let left)? = expected, case .status(let right)? = observed else {
                    return false
                }
                let values = [left, right].map { JSONValue.number(JSONNumber(spelling: "\($0)")) }
                return conditions.allSatisfy { $0.holds(values[0], values[1], at: moments) }
            case (.unordered(let path), .json(let place)): return kind == .order && path.names(place)
            case (.subset(let path), .json(let place)): return kind == .added && path.covers(place)
            default: return false
            }
        }
    }
}

extension Difference.Field {
    /// The same short enough to be kept.
    var bounded: Self {
        if case .json(let place) = self { .json(place.bounded) } else { self }
    }
}
