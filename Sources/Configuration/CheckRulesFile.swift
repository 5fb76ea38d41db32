package import Checks
import Messages
import Yams

/// Reads check rules from YAML; `Documentation/check-rules.md` describes the format.
package struct CheckRulesFile: RulesFileReader {
    /// Longer files are refused.
    package static let maximumBytes = 1 << 20
    /// Files with more rules are refused.
    package static let maximumRules = 1_000

    let file: String

    /// The rules in `yaml`; `file` is the name that errors show.
    package static func rules(yaml: String, file: String) throws(RulesFileError) -> CheckRules {
        try CheckRulesFile(file: file).rules(yaml)
    }

    private func rules(_ yaml: String) throws(RulesFileError) -> CheckRules {
        let root = try root(of: Array(yaml.utf8), maximumBytes: Self.maximumBytes, .default)
        // An empty file asks for nothing else than the defaults.
        guard let root else { return .default }
        let fields = try fields(
            root,
            of: "the file",
            known: ["headers", "defaults", "routes", "rules", "budgets"]
        )
        let names = try fields["routes"].map(routeNames) ?? RouteNames()
        var headers = CheckRules.defaultHeaders
        if let node = fields["headers"] { headers = try texts(node).map(\.text) }
        var rules: [CheckRule] = []
        if try fields["defaults"].map(bool) ?? true { rules = CheckRules.defaultRules }
        if let node = fields["rules"] {
            guard let entries = node.sequence else { throw error(node, "'rules' is a list") }
            for entry in entries { try append(entry, names, to: &rules) }
        }
        guard rules.count <= Self.maximumRules else {
            throw RulesFileError(file: file, at: nil, "more than \(Self.maximumRules) rules")
        }
        var budgets: [Budget] = []
        if let node = fields["budgets"] {
            for (_, element) in try texts(node) {
                budgets.append(
                    try value(element) { text throws(CheckRuleError) in try Budget(text, names: names) }
                )
            }
        }
        return CheckRules(headers: headers, rules: rules, budgets: budgets, routeNames: names)
    }

    private func routeNames(_ node: Node) throws(RulesFileError) -> RouteNames {
        guard let mapping = node.mapping else {
            throw error(node, "'routes' gives names to routes, such as 'create-run: POST /api/runs'")
        }
        var names = RouteNames()
        for (key, route) in mapping {
            let pattern = try value(route) { text throws(RoutePatternError) in try RoutePattern(text) }
            let name = try text(key)
            do throws(CheckRuleError) {
                try names.add(name, pattern)
            } catch {
                throw self.error(key, error.description)
            }
        }
        return names
    }

    private func append(_ entry: Node, _ names: RouteNames, to rules: inout [CheckRule])
        throws(RulesFileError)
    {
        let fields = try fields(entry, of: "a rule", known: ["route", "ignore", "tolerate", "match"])
        var route: RoutePattern?
        if let node = fields["route"] {
            route = try pattern(node, names)
        }
        guard fields["ignore"] != nil || fields["tolerate"] != nil || fields["match"] != nil else {
            throw error(entry, "a rule has 'ignore', 'tolerate' or 'match'")
        }
        var effects: [CheckRule.Effect] = []
        if let node = fields["ignore"] { effects += try ignored(node) }
        if let node = fields["tolerate"] { effects += try tolerated(node) }
        if let node = fields["match"] { effects += try matched(node) }
        rules += effects.map { CheckRule($0, route: route) }
    }

    /// A route by its name, or spelled out.
    private func pattern(_ node: Node, _ names: RouteNames) throws(RulesFileError) -> RoutePattern {
        let text = try text(node)
        if let named = names[text] { return named }
        if !names.isEmpty, !text.contains("/"), text != "*" {
            throw error(
                node,
                "'\(text)' is no route and no name of one\(NearestWord.hint(for: text, among: names.all))"
            )
        }
        return try value(node) { text throws(RoutePatternError) in try RoutePattern(text) }
    }

    private func ignored(_ node: Node) throws(RulesFileError) -> [CheckRule.Effect] {
        let fields = try fields(node, of: "'ignore'", known: ["status", "headers", "body", "json", "alike"])
        var effects: [CheckRule.Effect] = []
        if let node = fields["status"], try bool(node) { effects.append(.ignoreStatus) }
        if let node = fields["body"], try bool(node) { effects.append(.ignoreBody) }
        if let node = fields["headers"] {
            for name in try texts(node) { effects.append(.ignoreHeader(name.text.lowercased())) }
        }
        let shape = try fields["alike"].map(shape)
        if let node = fields["json"] {
            for path in try paths(node) { effects.append(.ignoreJSON(path, alike: shape)) }
        } else if let node = fields["alike"] {
            throw error(node, "'alike' needs 'json', the values that it is for; '$' is all of them")
        }
        guard !fields.isEmpty else { throw error(node, "'ignore' names nothing") }
        return effects
    }

    private func tolerated(_ node: Node) throws(RulesFileError) -> [CheckRule.Effect] {
        let fields = try fields(node, of: "'tolerate'", known: ["json", "absolute", "relative"])
        guard let json = fields["json"] else {
            throw error(node, "'tolerate' needs 'json', the numbers that it is for")
        }
        guard fields["absolute"] != nil || fields["relative"] != nil else {
            throw error(node, "'tolerate' needs 'absolute' or 'relative', how far apart numbers may lie")
        }
        let tolerance = Tolerance(
            absolute: try fields["absolute"].map { node throws(RulesFileError) in
                try amount(node, mayBePercent: false)
            } ?? 0,
            relative: try fields["relative"].map { node throws(RulesFileError) in
                try amount(node, mayBePercent: true)
            } ?? 0
        )
        return try paths(json).map { .tolerate($0, tolerance) }
    }
}
