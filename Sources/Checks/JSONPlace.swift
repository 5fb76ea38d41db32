/// One value inside a JSON text: the steps that lead to it.
package struct JSONPlace: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        case member(String)
        case element(Int)
    }

    package var steps: [Step]

    package init(_ steps: [Step] = []) {
        self.steps = steps
    }

    /// As a path that rules understand: `$.items[3].name`.
    package var description: String { text { "[\($0)]" } }

    /// The path with every index open, `$.items[*].name`: what equal differences have in common.
    package var general: String { text { _ in "[*]" } }

    private func text(_ element: (Int) -> String) -> String {
        var text = "$"
        for step in steps {
            switch step {
            case .member(let name) where JSONPath.isPlainName(name): text += "." + name
            case .member(let name): text += "['" + JSONPath.quoted(name) + "']"
            case .element(let index): text += element(index)
            }
        }
        return text
    }
}
