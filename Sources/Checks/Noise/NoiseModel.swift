package import Messages

/// What varies in the answers of an unchanged target, by route and field.
///
/// A check with a model lets pass what the model explains and nothing else.
package struct NoiseModel: Hashable, Sendable {
    /// The id of the recording that was replayed; empty where it is not known.
    package var trace: String
    /// How often it was replayed.
    package var runs: Int
    /// The header fields that answers carried, in lower case: a check with the model compares them all.
    package var headers: [String]
    /// Where parameters stand in the paths of its routes, beyond what their shape tells.
    package var parameters: PathParameters
    /// Sorted by name.
    package var routes: [RouteNoise]

    package init(
        trace: String = "",
        runs: Int = 0,
        headers: [String] = [],
        parameters: PathParameters = PathParameters(),
        routes: [RouteNoise] = []
    ) {
        self.trace = trace
        self.runs = runs
        self.headers = headers
        self.parameters = parameters
        self.routes = routes
    }
}

/// What varies in the answers of one route.
package struct RouteNoise: Hashable, Sendable {
    /// Method and template of the path, as a check names routes.
    package var name: String
    /// Pairs of answers to the same request that were held against each other.
    package var answers: Int
    /// Sorted by field.
    package var fields: [FieldNoise]

    /// That of both.
    func joined(with other: RouteNoise) -> RouteNoise {
        let fields = Dictionary((fields + other.fields).map { ($0.field, $0) }) { $0.joined(with: $1) }
        return RouteNoise(
            name: name,
            answers: answers + other.answers,
            fields: fields.values.sorted { $0.field < $1.field }
        )
    }

    package init(name: String, answers: Int, fields: [FieldNoise]) {
        self.name = name
        self.answers = answers
        self.fields = fields
    }
}

/// How one field varies.
package struct FieldNoise: Hashable, Sendable {
    /// `status`, `header NAME`, `body`, or a place in JSON with the indices of lists left open.
    package var field: String
    /// How its value varies; `nil` for a value that does not.
    package var values: ValueVariation?
    /// It is not in every answer.
    package var isOptional: Bool
    /// The elements of a list come in any order.
    package var isUnordered: Bool
    /// How many elements a list has.
    package var elements: ClosedRange<Int>?
    /// The types that it has where they are several.
    package var types: Set<JSONType>
    /// The names that members of an object have, where those are made anew each time.
    package var names: TextPattern?
    /// In how many pairs of answers it differed; what is learned from is the share of ``RouteNoise/answers``.
    package var varied: Int
    /// In how many of these it was there and was not in the recording, where that was counted: it comes and goes equally
    /// often, whatever its share is.
    package var added: Int?

    /// How the field varies where it does so in either way.
    func joined(with other: FieldNoise) -> FieldNoise {
        var result = self
        if let ours = values, let theirs = other.values {
            result.values = ours.joined(with: theirs)
        } else {
            result.values = values ?? other.values
        }
        result.isOptional = isOptional || other.isOptional
        result.isUnordered = isUnordered || other.isUnordered
        if let ours = elements, let theirs = other.elements {
            result.elements =
                min(ours.lowerBound, theirs.lowerBound)...max(ours.upperBound, theirs.upperBound)
        } else {
            result.elements = elements ?? other.elements
        }
        result.types = types.union(other.types)
        result.names = names ?? other.names
        result.varied += other.varied
        if let ours = added, let theirs = other.added {
            result.added = ours + theirs
        } else {
            result.added = nil
        }
        return result
    }

    package init(
        field: String,
        values: ValueVariation? = nil,
        isOptional: Bool = false,
        isUnordered: Bool = false,
        elements: ClosedRange<Int>? = nil,
        types: Set<JSONType> = [],
        names: TextPattern? = nil,
        varied: Int = 0,
        added: Int? = nil
    ) {
        self.field = field
        self.values = values
        self.isOptional = isOptional
        self.isUnordered = isUnordered
        self.elements = elements
        self.types = types
        self.names = names
        self.varied = varied
        self.added = added
    }
}
