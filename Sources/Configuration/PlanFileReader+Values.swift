import Replay
import Yams

extension PlanFileReader {
    func text(_ node: Node) throws(RulesFileError) -> String {
        guard let scalar = node.scalar, !scalar.string.isEmpty else {
            throw error(node, "a text is wanted here")
        }
        return scalar.string
    }

    /// One value, or a list of them, at least one.
    func list(_ node: Node) throws(RulesFileError) -> [Node] {
        guard let sequence = node.sequence else { return [node] }
        guard !sequence.isEmpty else { throw error(node, "an empty list says nothing; leave the key out") }
        return Array(sequence)
    }

    /// A course of speeds or rates, whose legs may be a list.
    func course(_ node: Node) throws(RulesFileError) -> String {
        var legs: [String] = []
        for element in try list(node) { legs.append(try text(element)) }
        return legs.joined(separator: ", ")
    }

    /// What `read` makes of a text; its error gets the place of the text.
    func value<Value, Failure: Error & CustomStringConvertible>(
        _ node: Node,
        _ given: String? = nil,
        _ read: (String) throws(Failure) -> Value
    ) throws(RulesFileError) -> Value {
        let text: String
        if let given { text = given } else { text = try self.text(node) }
        do {
            return try read(text)
        } catch {
            throw self.error(node, error.description)
        }
    }

    func duration(_ node: Node) throws(RulesFileError) -> RunTime {
        try value(node) { text throws(UnreadableValue) in try RunTime(text) }
    }

    func share(_ node: Node) throws(RulesFileError) -> Share {
        try value(node) { text throws(UnreadableValue) in try Share(text) }
    }

    /// `true` or `false`, and none of YAML's other words for them.
    func bool(_ node: Node) throws(RulesFileError) -> Bool {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default: throw error(node, "true or false is wanted here")
        }
    }

    func number(_ node: Node, in range: ClosedRange<UInt64>) throws(RulesFileError) -> UInt64 {
        let text = try text(node)
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(text),
            range.contains(number)
        else {
            throw error(
                node,
                "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    func choice<Value: RawRepresentable & CaseIterable>(
        _ node: Node,
        _: Value.Type
    ) throws(RulesFileError) -> Value where Value.RawValue == String {
        let text = try text(node)
        guard let value = Value(rawValue: text) else {
            let known = Value.allCases.map(\.rawValue)
            let hint = NearestWord.hint(for: text, among: known)
            throw error(node, "'\(text)' is none of \(known.joined(separator: ", "))\(hint)")
        }
        return value
    }
}
