package import Anonymization
import Yams

/// Reads a rule set for anonymizing from YAML; `Documentation/anonymization.md` describes the format.
package struct RuleSetFile {
    /// Longer files are refused.
    package static let maximumBytes = 1 << 20
    /// Files with more rules are refused.
    package static let maximumRules = 10_000

    let file: String

    /// The rule set in a file of UTF-8; `file` is the name that errors show.
    package static func ruleSet(yaml: [UInt8], file: String) throws(RulesFileError) -> RuleSet {
        try RuleSetFile(file: file).ruleSet(yaml)
    }

    private func ruleSet(_ yaml: [UInt8]) throws(RulesFileError) -> RuleSet {
        guard yaml.count <= Self.maximumBytes else {
            throw RulesFileError(file: file, at: nil, "longer than \(Self.maximumBytes) bytes")
        }
        guard let text = String(validating: yaml, as: UTF8.self) else {
            throw RulesFileError(file: file, at: nil, "no UTF-8 text")
        }
        let root: Node?
        do {
            // Scalars are read as they are written, so that nothing has to guess what they are.
            root = try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw RulesFileError(file: file, error)
        } catch {
            throw RulesFileError(file: file, at: nil, "no YAML: \(error)")
        }
        guard let root else {
            throw RulesFileError(file: file, at: nil, "an empty file; a rule set has a name")
        }
        let known = ["name", "description", "detect", "fields", "headers", "strings", "examples"]
        let entries = try fields(root, of: "a rule set", known: known)
        guard let name = entries["name"] else { throw error(root, "a rule set has a 'name'") }
        var set = RuleSet(name: try self.name(name), fingerprint: RuleSet.fingerprint(of: yaml))
        if let node = entries["description"] { set.summary = try self.text(node) }
        if let node = entries["detect"] { set.detectors = try detectors(node) }
        if let node = entries["fields"] { set.fields = try list(node, of: "'fields'", fieldRule) }
        if let node = entries["headers"] { set.headers = try list(node, of: "'headers'", headerRule) }
        if let node = entries["strings"] {
            set.otherStrings = try treatment(
                try fields(node, of: "'strings'", known: ["action", "as"]),
                node
            )
        }
        if let node = entries["examples"] { set.examples = try list(node, of: "'examples'", example) }
        return set
    }

    private func fieldRule(_ node: Node) throws(RulesFileError) -> FieldRule {
        let known = ["names", "under", "in", "action", "as", "inside"]
        let entries = try fields(node, of: "a rule for fields", known: known)
        guard let names = entries["names"] else { throw error(node, "a rule for fields has 'names'") }
        var rule = FieldRule(names: try texts(names), treatment: try treatment(entries, node))
        if let parents = entries["under"] { rule.parents = try texts(parents) }
        if let places = entries["in"] { rule.places = try self.places(places) }
        if let inside = entries["inside"] { rule.treatment.isDeep = try bool(inside) }
        return rule
    }

    private func headerRule(_ node: Node) throws(RulesFileError) -> HeaderRule {
        let entries = try fields(node, of: "a rule for headers", known: ["names", "action", "as"])
        guard let names = entries["names"] else { throw error(node, "a rule for headers has 'names'") }
        return HeaderRule(names: try texts(names), treatment: try treatment(entries, node))
    }

    private func treatment(_ entries: [String: Node], _ node: Node) throws(RulesFileError) -> Treatment {
        guard let actionNode = entries["action"] else { throw error(node, "an 'action' is missing here") }
        let action: Treatment.Action
        switch try text(actionNode) {
        case "keep": action = .keep
        case "redact": action = .redact
        case "mask": action = .mask
        case "pseudonymize": action = .pseudonymize
        case let other:
            throw error(actionNode, "unknown action '\(other)'; there are keep, redact, mask, pseudonymize")
        }
        guard let kindNode = entries["as"] else {
            guard action != .pseudonymize else {
                throw error(node, "'pseudonymize' needs 'as', what the value is")
            }
            return Treatment(action, as: .text)
        }
        let name = try text(kindNode)
        guard let kind = PseudonymKind(name: name) else {
            let names = PseudonymKind.allCases.map(\.name).joined(separator: ", ")
            throw error(kindNode, "unknown kind '\(name)'; there are \(names)")
        }
        return Treatment(action, as: kind)
    }

    private func example(_ node: Node) throws(RulesFileError) -> RuleExample {
        let entries = try fields(node, of: "an example", known: ["title", "type", "input", "gone", "kept"])
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
            input: try text(input),
            gone: gone,
            kept: kept
        )
    }
}
