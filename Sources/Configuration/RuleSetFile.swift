package import Anonymization
import Yams

/// Reads a rule set for anonymizing from YAML; `Documentation/anonymization.md` describes the format.
package struct RuleSetFile: RulesFileReader {
    /// Longer files are refused.
    package static let maximumBytes = 1 << 20
    /// Files with more rules are refused.
    package static let maximumRules = 10_000

    let file: String

    /// The rule set in a file of UTF-8; `file` is the name that errors show.
    ///
    /// Without `examples`, what stands behind the line `examples:` is not read, as it is of no use to a recording.
    package static func ruleSet(
        yaml: [UInt8],
        file: String,
        examples: Bool = true
    ) throws(RulesFileError) -> RuleSet {
        let fingerprint = RuleSet.fingerprint(of: yaml)
        let end = examples ? nil : yaml.span.startOfLine("examples:\n")
        return try RuleSetFile(file: file).ruleSet(end.map { Array(yaml[..<$0]) } ?? yaml, fingerprint)
    }

    private func ruleSet(_ yaml: [UInt8], _ fingerprint: String) throws(RulesFileError) -> RuleSet {
        // Scalars are read as they are written, so that nothing has to guess what they are.
        let root = try root(of: yaml, maximumBytes: Self.maximumBytes, .basic)
        guard let root else {
            throw RulesFileError(file: file, at: nil, "an empty file; a rule set has a name")
        }
        let known = [
            "name", "description", "when", "detect", "fields", "parameters", "headers", "strings", "examples",
        ]
        let entries = try fields(root, of: "a rule set", known: known)
        guard let name = entries["name"] else { throw error(root, "a rule set has a 'name'") }
        var set = RuleSet(name: try self.name(name), fingerprint: fingerprint)
        if let node = entries["description"] { set.summary = try self.text(node) }
        if let node = entries["when"] { set.tests = [.filters(try filters(node))] }
        if let node = entries["detect"] { set.detectors = try detectors(node) }
        if let node = entries["fields"] { set.fields = try list(node, of: "'fields'", fieldRule) }
        if let node = entries["parameters"] {
            set.fields += try list(node, of: "'parameters'", parameterRule)
        }
        if let node = entries["headers"] { set.headers = try list(node, of: "'headers'", headerRule) }
        if let node = entries["strings"] {
            let entries = try fields(node, of: "'strings'", known: ["action", "as"])
            let strings = try treatment(entries, node).treatment
            guard [.mask, .pseudonymize, .redact, .keep].contains(strings.action) else {
                throw error(node, "'strings' can be masked, pseudonymized, redacted or kept")
            }
            set.otherStrings = strings
        }
        if let node = entries["examples"] { set.examples = try list(node, of: "'examples'", example) }
        return set
    }

    private func fieldRule(_ node: Node) throws(RulesFileError) -> FieldRule {
        let known = ["names", "paths", "under", "in", "inside"] + Self.conditionKeys + Self.treatmentKeys
        let entries = try fields(node, of: "a rule for fields", known: known)
        guard entries["names"] != nil || entries["paths"] != nil else {
            throw error(node, "a rule for fields has 'names' or 'paths'")
        }
        let (treatment, parameters) = try treatment(entries, node)
        var rule = FieldRule(names: [], treatment: treatment, parameters: parameters)
        if let names = entries["names"] { rule.names = try texts(names) }
        if let paths = entries["paths"] {
            rule.paths = try self.paths(paths)
            // A path that leads to an object means all of it.
            rule.treatment.isDeep = true
        }
        if let parents = entries["under"] { rule.parents = try texts(parents) }
        if let places = entries["in"] {
            rule.places = try self.places(places)
            if treatment.action == .drop, rule.places.contains(.path) {
                throw error(places, "a segment of a path cannot be dropped; redact or pseudonymize it")
            }
        }
        if let inside = entries["inside"] { rule.treatment.isDeep = try bool(inside) }
        rule.tests = try tests(entries)
        return rule
    }

    private func parameterRule(_ node: Node) throws(RulesFileError) -> FieldRule {
        let known = ["names"] + Self.conditionKeys + Self.treatmentKeys
        let entries = try fields(node, of: "a rule for parameters", known: known)
        guard let names = entries["names"] else { throw error(node, "a rule for parameters has 'names'") }
        let (treatment, parameters) = try treatment(entries, node)
        return FieldRule(
            names: try texts(names),
            places: .query,
            treatment: treatment,
            parameters: parameters,
            tests: try tests(entries)
        )
    }

    private func headerRule(_ node: Node) throws(RulesFileError) -> HeaderRule {
        let known = ["names"] + Self.conditionKeys + Self.treatmentKeys
        let entries = try fields(node, of: "a rule for headers", known: known)
        guard let names = entries["names"] else { throw error(node, "a rule for headers has 'names'") }
        let (treatment, parameters) = try treatment(entries, node)
        let rule = HeaderRule(
            names: try texts(names),
            treatment: treatment,
            parameters: parameters,
            tests: try tests(entries)
        )
        let needed = ["host", "contentlength", "contenttype", "contentencoding", "transferencoding"]
        for name in rule.names where treatment.action == .drop {
            let plain = name.lowercased().filter { $0.isLetter }
            if needed.contains(plain) {
                throw error(names, "'\(name)' cannot be dropped: the message could not be read without it")
            }
        }
        return rule
    }

    private func example(_ node: Node) throws(RulesFileError) -> RuleExample {
        let known = ["title", "type", "request", "headers", "input", "gone", "kept"]
        let entries = try fields(node, of: "an example", known: known)
        guard let title = entries["title"], let type = entries["type"], let input = entries["input"] else {
            throw error(node, "an example has 'title', 'type' and 'input'")
        }
        guard let form = RuleExample.Form(rawValue: try text(type)) else {
            let forms = RuleExample.Form.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(type, "an example is of the type \(forms)")
        }
        let gone = try entries["gone"].map(texts) ?? []
        let kept = try entries["kept"].map(texts) ?? []
        guard !gone.isEmpty || !kept.isEmpty else { throw error(node, "an example has 'gone' or 'kept'") }
        return RuleExample(
            title: try text(title),
            form: form,
            request: try entries["request"].map(text) ?? RuleExample.usualRequest,
            headers: try entries["headers"].map(texts) ?? [],
            input: try text(input),
            gone: gone,
            kept: kept
        )
    }
}

extension Span where Element == UInt8 {
    /// Where a line starts that is `line`, with its end.
    fileprivate func startOfLine(_ line: StaticString) -> Int? {
        let length = line.utf8CodeUnitCount
        var index = 0
        while index &+ length <= count {
            var matched = 0
            while matched < length, self[index &+ matched] == line.utf8Start[matched] { matched &+= 1 }
            if matched == length { return index }
            while index < count, self[index] != 0x0A { index &+= 1 }
            index &+= 1
        }
        return nil
    }
}
