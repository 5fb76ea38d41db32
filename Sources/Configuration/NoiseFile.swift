package import Checks
import JSON
import Messages
import Yams

/// Reads what varies in an unchanged target from YAML; `Documentation/check-rules.md` describes the format.
package struct NoiseFile: RulesFileReader {
    /// Longer files are refused.
    package static let maximumBytes = 16 << 20

    let file: String

    /// The model in `yaml`; `file` is the name that errors show.
    package static func model(yaml: [UInt8], file: String) throws(RulesFileError) -> NoiseModel {
        try NoiseFile(file: file).model(yaml)
    }

    /// The model in the file at `path`.
    package static func load(path: String) throws(RulesFileError) -> NoiseModel {
        try model(yaml: try RulesFileInput.bytes(path: path, maximumBytes: maximumBytes), file: path)
    }

    private func model(_ yaml: [UInt8]) throws(RulesFileError) -> NoiseModel {
        guard let root = try root(of: yaml, maximumBytes: Self.maximumBytes, .basic) else {
            throw RulesFileError(file: file, at: nil, "empty; 'tapedeck learn-noise' writes such a file")
        }
        let fields = try fields(
            root,
            of: "the file",
            known: ["noise", "trace", "runs", "headers", "parameters", "routes"]
        )
        guard fields["noise"]?.scalar?.string == "1" else {
            throw error(
                fields["noise"] ?? root,
                "'noise: 1' says that this is noise, in the first version of its form"
            )
        }
        var model = NoiseModel()
        model.trace = fields["trace"]?.scalar?.string ?? ""
        if let node = fields["runs"] { model.runs = try count(node) }
        if let node = fields["headers"] {
            for element in try list(node) { model.headers.append(try text(element).lowercased()) }
        }
        if let node = fields["parameters"] {
            var places: [PathParameters.Place] = []
            for element in try list(node) { places.append(try place(element)) }
            model.parameters = PathParameters(places)
        }
        if let node = fields["routes"] {
            for element in try list(node) { model.routes.append(try route(element)) }
        }
        return model
    }

    private func place(_ node: Node) throws(RulesFileError) -> PathParameters.Place {
        let fields = try fields(node, of: "a parameter", known: ["behind", "forms", "except"])
        guard let behind = fields["behind"] else {
            throw error(node, "a parameter stands 'behind' a path, such as /jobs/")
        }
        var place = PathParameters.Place(prefix: try text(behind))
        guard place.prefix.hasPrefix("/"), place.prefix.hasSuffix("/") else {
            throw error(behind, "a path with a slash at both ends, such as /jobs/")
        }
        if let node = fields["forms"] {
            for element in try list(node) { place.forms.append(try text(element)) }
        }
        if let node = fields["except"] {
            place.exceptions = []
            for element in try list(node) { place.exceptions?.append(try text(element)) }
        }
        guard !place.forms.isEmpty || place.exceptions != nil else {
            throw error(
                node,
                "'forms' name which segments are parameters, such as [\"j#\"], or 'except' which are not"
            )
        }
        return place
    }

    private func route(_ node: Node) throws(RulesFileError) -> RouteNoise {
        let fields = try fields(node, of: "a route", known: ["route", "answers", "fields"])
        guard let name = fields["route"] else {
            throw error(node, "a route has a 'route', such as GET /runs/{id}")
        }
        var route = RouteNoise(name: try text(name), answers: 0, fields: [])
        if let node = fields["answers"] { route.answers = try count(node) }
        if let node = fields["fields"] {
            for element in try list(node) { route.fields.append(try field(element)) }
        }
        for field in route.fields where field.varied > route.answers {
            throw error(node, "\(field.field) varied in more answers than there were")
        }
        return route
    }

    private func field(_ node: Node) throws(RulesFileError) -> FieldNoise {
        let known = [
            "field", "varies", "pattern", "values", "range", "optional", "unordered", "elements", "types",
            "names", "varied", "added",
        ]
        let fields = try fields(node, of: "a field", known: known)
        guard let name = fields["field"] else { throw error(node, "a field has a 'field', such as $.id") }
        var noise = FieldNoise(field: try text(name))
        noise.values = try variation(fields, node)
        if let node = fields["optional"] { noise.isOptional = try bool(node) }
        if let node = fields["unordered"] { noise.isUnordered = try bool(node) }
        if let node = fields["varied"] { noise.varied = try count(node) }
        if let node = fields["added"] {
            let added = try count(node)
            guard added <= noise.varied else {
                throw error(node, "it was added in more answers than it varied in")
            }
            noise.added = added
        }
        if let node = fields["elements"] {
            let bounds = try numbers(node)
            guard let least = Int(exactly: bounds.lowerBound), let most = Int(exactly: bounds.upperBound),
                least >= 0
            else { throw error(node, "'elements' are two whole numbers, such as [0, 3]") }
            noise.elements = least...most
        }
        if let node = fields["names"] { noise.names = try pattern(node) }
        if let node = fields["types"] {
            for element in try list(node) {
                guard let type = JSONType(rawValue: try text(element)) else {
                    let names = JSONType.allCases.map(\.rawValue)
                    let hint = NearestWord.hint(for: try text(element), among: names)
                    throw error(element, "no type of JSON\(hint); there are \(names.joined(separator: ", "))")
                }
                noise.types.insert(type)
            }
        }
        return noise
    }

    private func pattern(_ node: Node) throws(RulesFileError) -> TextPattern {
        let pattern = try text(node)
        do {
            return try TextPattern(parsing: pattern)
        } catch {
            throw self.error(node, error.description)
        }
    }

    private func variation(_ fields: [String: Node], _ node: Node) throws(RulesFileError) -> ValueVariation? {
        let words = ["any", "pattern", "set", "number", "monotonic"] + ValueShape.allCases.map(\.rawValue)
        guard let varies = fields["varies"] else {
            for (key, word) in [("pattern", "pattern"), ("values", "set"), ("range", "number")] {
                if let node = fields[key] { throw error(node, "'\(key)' needs 'varies: \(word)'") }
            }
            return nil
        }
        func part(_ key: String) throws(RulesFileError) -> Node {
            guard let part = fields[key] else {
                throw error(varies, "'varies: \(try text(varies))' needs '\(key)'")
            }
            return part
        }
        switch try text(varies) {
        case "any": return .any
        case "monotonic": return .monotonic
        case "number": return .number(try numbers(try part("range")))
        case "set":
            var values: [JSONValue] = []
            for element in try list(try part("values")) { values.append(try scalar(element)) }
            return .set(values)
        case "pattern":
            return .pattern(try pattern(try part("pattern")))
        case let word:
            if let shape = ValueShape(rawValue: word) { return .shape(shape) }
            let hint = NearestWord.hint(for: word, among: words)
            throw error(varies, "a value varies as one of \(words.joined(separator: ", "))\(hint)")
        }
    }
}
