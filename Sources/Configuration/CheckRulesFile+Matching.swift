import Checks
import JSON
import Replay
import Yams

extension CheckRulesFile {
    private static let places = ["json", "header", "status"]
    private static let conditions = [
        "type", "regex", "range", "one_of", "near", "same_as", "unordered", "subset",
    ]

    /// One mapping or a list of them: what is meant, and what it has to be.
    func matched(_ node: Node) throws(RulesFileError) -> [CheckRule.Effect] {
        guard let sequence = node.sequence else { return try matcher(node) }
        var effects: [CheckRule.Effect] = []
        for element in sequence { effects += try matcher(element) }
        guard !effects.isEmpty else { throw error(node, "'match' names nothing") }
        return effects
    }

    private func matcher(_ node: Node) throws(RulesFileError) -> [CheckRule.Effect] {
        let fields = try fields(node, of: "'match'", known: Self.places + Self.conditions)
        guard Self.places.filter({ fields[$0] != nil }).count == 1 else {
            throw error(node, "'match' is for one of 'json', 'header' and 'status'")
        }
        let conditions = try conditions(fields)
        if let node = fields["json"] { return try effects(on: try paths(node), conditions, fields, node) }
        for key in ["type", "near", "same_as", "unordered", "subset"] {
            if let node = fields[key] { throw error(node, "'\(key)' is for values in JSON") }
        }
        guard !conditions.isEmpty else {
            throw error(node, "'match' says nothing of what the value has to be")
        }
        if let node = fields["status"] {
            guard try bool(node) else { throw error(node, "'status: true' says that the status is meant") }
            return [.matchStatus(conditions)]
        }
        var effects: [CheckRule.Effect] = []
        if let node = fields["header"] {
            for name in try texts(node) { effects.append(.matchHeader(name.text.lowercased(), conditions)) }
        }
        return effects
    }

    private func effects(
        on paths: [JSONPath],
        _ conditions: [ValueCondition],
        _ fields: [String: Node],
        _ node: Node
    ) throws(RulesFileError) -> [CheckRule.Effect] {
        var effects: [CheckRule.Effect] = []
        let isUnordered = try fields["unordered"].map(bool) ?? false
        let isSubset = try fields["subset"].map(bool) ?? false
        for path in paths {
            if isUnordered { effects.append(.unordered(path)) }
            if isSubset { effects.append(.subset(path)) }
            if !conditions.isEmpty { effects.append(.matchJSON(path, conditions)) }
        }
        guard !effects.isEmpty else { throw error(node, "'match' says nothing of what the value has to be") }
        return effects
    }

    private func conditions(_ fields: [String: Node]) throws(RulesFileError) -> [ValueCondition] {
        var conditions: [ValueCondition] = []
        if let node = fields["type"] { conditions.append(.type(try type(node))) }
        if let node = fields["regex"] {
            conditions.append(
                .regex(try value(node) { text throws(CheckRuleError) in try TextExpression(text) })
            )
        }
        if let node = fields["range"] { conditions.append(.range(try numbers(node))) }
        if let node = fields["one_of"] {
            var values: [JSONValue] = []
            for element in try list(node) { values.append(try scalar(element)) }
            guard !values.isEmpty else { throw error(node, "'one_of' names nothing") }
            conditions.append(.oneOf(values))
        }
        if let node = fields["near"] {
            let time = try value(node) { text throws(UnreadableValue) in try RunTime(text) }
            conditions.append(.near(time.nanoseconds))
        }
        if let node = fields["same_as"] {
            conditions.append(.sameAs(try value(node) { text throws(JSONPathError) in try JSONPath(text) }))
        }
        return conditions
    }

    /// `same` means the type of the recorded value.
    private func type(_ node: Node) throws(RulesFileError) -> JSONType? {
        let name = try text(node)
        if name == "same" { return nil }
        guard let type = JSONType(rawValue: name) else {
            let names = JSONType.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(node, "'\(name)' is no type; there are same, \(names)")
        }
        return type
    }
}
