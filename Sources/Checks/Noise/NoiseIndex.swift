import JSON

/// The noise of one route, by field.
struct NoiseIndex: Sendable {
    private let fields: [String: FieldNoise]

    init(_ noise: RouteNoise) {
        fields = Dictionary(noise.fields.map { ($0.field, $0) }) { first, _ in first }
    }

    /// The field of the noise that explains a difference, or `nil`.
    func explains(
        _ field: Difference.Field,
        _ kind: Difference.Kind,
        _ expected: JSONValue?,
        _ observed: JSONValue?
    ) -> String? {
        // A line of a text is something of its own.
        for name in [field.description, field.general] {
            if let noise = fields[name], noise.explains(kind, expected, observed) { return name }
        }
        guard case .json(let place) = field else { return nil }
        if kind == .missing || kind == .added, case .element? = place.steps.last {
            // How many there are is said of the list.
            let list = JSONPlace(Array(place.steps.dropLast())).general
            if fields[list]?.elements != nil { return list }
        }
        // What lies inside a value that varies freely varies with it.
        for depth in stride(from: place.steps.count - 1, through: 0, by: -1) {
            let outer = JSONPlace(Array(place.steps.prefix(depth))).general
            if fields[outer]?.values == .any { return outer }
        }
        return fields["body"]?.values == .any ? "body" : nil
    }

    /// Whether members of the object at `place` are called so by chance.
    func isMadeAnew(_ name: String, at place: JSONPlace) -> Bool {
        fields[place.general]?.names?.matches(name) ?? false
    }

    func varies(at place: JSONPlace) -> Bool { fields[place.general]?.values != nil }

    func isUnordered(at place: JSONPlace) -> Bool { fields[place.general]?.isUnordered ?? false }
}

extension FieldNoise {
    /// Whether a difference of this field is one of those that it shows.
    func explains(_ kind: Difference.Kind, _ expected: JSONValue?, _ observed: JSONValue?) -> Bool {
        switch kind {
        case .missing: return isOptional
        case .added:
            guard isOptional else { return false }
            guard let observed, let values else { return true }
            if observed == .null, types.contains(.null) { return true }
            return values.allows(observed, where: nil)
        case .order: return isUnordered
        case .value:
            guard let values, let observed else { return false }
            return values.allows(observed, where: expected)
        case .type:
            guard let observed, types.contains(JSONType(of: observed)) else { return false }
            return values.map { $0.allows(observed, where: nil) || observed == .null } ?? true
        case .bytes:
            return values == .any || observed.map { values?.allows($0, where: expected) ?? false } ?? false
        case .renamed, .incomplete, .noResponse, .frequency: return false
        }
    }
}
