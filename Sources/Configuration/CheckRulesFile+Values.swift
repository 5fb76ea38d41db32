import Checks
import JSON
import Yams

extension CheckRulesFile {
    /// One text, or a list of texts.
    func texts(_ node: Node) throws(RulesFileError) -> [(text: String, node: Node)] {
        if let scalar = node.scalar, !scalar.string.isEmpty { return [(scalar.string, node)] }
        guard let sequence = node.sequence else {
            throw error(node, "a text or a list of texts is wanted here")
        }
        var texts: [(text: String, node: Node)] = []
        for element in sequence {
            guard let scalar = element.scalar, !scalar.string.isEmpty else {
                throw error(
                    element,
                    "a text is wanted here; one with brackets in it needs quotes: '$.items[*].id'"
                )
            }
            texts.append((scalar.string, element))
        }
        return texts
    }

    func paths(_ node: Node) throws(RulesFileError) -> [JSONPath] {
        var paths: [JSONPath] = []
        for (_, element) in try texts(node) {
            paths.append(try value(element) { text throws(JSONPathError) in try JSONPath(text) })
        }
        return paths
    }

    /// What `read` makes of a text; its error gets the place of the text.
    func value<Value, Failure: Error & CustomStringConvertible>(
        _ node: Node,
        _ read: (String) throws(Failure) -> Value
    ) throws(RulesFileError) -> Value {
        guard let scalar = node.scalar else { throw error(node, "a text is wanted here") }
        do {
            return try read(scalar.string)
        } catch {
            throw self.error(node, error.description)
        }
    }

    func shape(_ node: Node) throws(RulesFileError) -> ValueShape {
        guard let shape = ValueShape(rawValue: node.scalar?.string ?? "") else {
            throw error(
                node,
                "values can be alike as \(ValueShape.allCases.map(\.rawValue).joined(separator: " or "))"
            )
        }
        return shape
    }

    /// A number that is not negative; `1%` is `0.01`.
    func amount(_ node: Node, mayBePercent: Bool) throws(RulesFileError) -> Double {
        var text = Substring(node.scalar?.string ?? "")
        let isPercent = mayBePercent && text.last == "%"
        if isPercent { text.removeLast() }
        guard let number = Double(text), number.isFinite, number >= 0 else {
            throw error(
                node,
                mayBePercent
                    ? "a share such as 0.01 or 1% is wanted here" : "a number from 0 on is wanted here"
            )
        }
        return isPercent ? number / 100 : number
    }
}
