import Anonymization
import Yams

extension RuleSetFile {
    static let treatmentKeys = ["action", "as", "size", "edges", "by", "subject"]
    /// By how many days dates are moved at most where a rule does not say.
    private static let usualShift = 30

    /// What a rule does, and what it has to know for that.
    func treatment(
        _ entries: [String: Node],
        _ node: Node
    ) throws(RulesFileError) -> (treatment: Treatment, parameters: RuleParameters) {
        guard let actionNode = entries["action"] else { throw error(node, "an 'action' is missing here") }
        let name = try text(actionNode)
        guard let action = Treatment.Action.allCases.first(where: { $0.name == name }) else {
            let names = Treatment.Action.allCases.map(\.name)
            let hint = NearestWord.hint(for: name, among: names)
            throw error(
                actionNode,
                "unknown action '\(name)'\(hint); there are \(names.joined(separator: ", "))"
            )
        }
        let parameters = try parameters(of: action, entries, node)
        guard let kindNode = entries["as"] else {
            switch action {
            case .pseudonymize: throw error(node, "'pseudonymize' needs 'as', what the value is")
            case .shift: return (Treatment(action, as: .date), parameters)
            case .bucket: return (Treatment(action, as: .digits), parameters)
            case .keep, .redact, .mask, .drop: return (Treatment(action, as: .text), parameters)
            }
        }
        let kindName = try text(kindNode)
        guard let kind = PseudonymKind(name: kindName) else {
            let names = PseudonymKind.allCases.map(\.name)
            let hint = NearestWord.hint(for: kindName, among: names)
            throw error(
                kindNode,
                "unknown kind '\(kindName)'\(hint); there are \(names.joined(separator: ", "))"
            )
        }
        if action == .shift || action == .bucket {
            throw error(
                kindNode,
                "'\(name)' takes no 'as': it is for \(action == .shift ? "dates" : "numbers")"
            )
        }
        return (Treatment(action, as: kind), parameters)
    }

    private func parameters(
        of action: Treatment.Action,
        _ entries: [String: Node],
        _ node: Node
    ) throws(RulesFileError) -> RuleParameters {
        for (key, owner) in [
            ("size", Treatment.Action.bucket), ("edges", .bucket), ("by", .shift), ("subject", .shift),
        ] {
            if let stray = entries[key], owner != action {
                throw error(stray, "'\(key)' belongs to the action '\(owner.name)'")
            }
        }
        switch action {
        case .bucket: return .bucket(try buckets(entries, node))
        case .shift: return .shift(try shift(entries))
        case .keep, .redact, .mask, .pseudonymize, .drop: return .none
        }
    }

    private func buckets(_ entries: [String: Node], _ node: Node) throws(RulesFileError) -> NumberBuckets {
        switch (entries["size"], entries["edges"]) {
        case (let size?, nil):
            let number = try number(size)
            guard number > 0 else { throw error(size, "a size is more than 0") }
            return .size(number)
        case (nil, let edges?):
            let numbers = try list(edges, of: "'edges'", number)
            guard !numbers.isEmpty, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw error(edges, "'edges' are numbers, each more than the one before")
            }
            return .edges(numbers)
        default:
            throw error(node, "'bucket' needs either 'size' or 'edges'")
        }
    }

    private func number(_ node: Node) throws(RulesFileError) -> Double {
        guard let number = Double(try text(node)), number.isFinite, abs(number) < 1e15 else {
            throw error(node, "a number is wanted here")
        }
        return number
    }

    private func shift(_ entries: [String: Node]) throws(RulesFileError) -> DateShift {
        var shift = DateShift(days: Self.usualShift, subject: .everything)
        if let node = entries["by"] {
            let text = try text(node)
            guard text.hasSuffix("d"), let days = Int(text.dropLast()), DateShift.days.contains(days) else {
                throw error(
                    node,
                    "'by' is a number of days from 1d to \(DateShift.days.upperBound)d, such as 30d"
                )
            }
            shift.days = days
        }
        if let node = entries["subject"] {
            let text = try text(node)
            if text.hasPrefix("header ") {
                shift.subject = .header(String(text.dropFirst(7)))
            } else if text == "trace" {
                shift.subject = .everything
            } else {
                shift.subject = .field(text)
            }
        }
        return shift
    }
}
