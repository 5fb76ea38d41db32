import JSON

/// One value inside a JSON text: the steps that lead to it.
package struct JSONPlace: Hashable, Sendable, CustomStringConvertible {
    package enum Step: Hashable, Sendable {
        case member(String)
        case element(Int)
    }

    /// Stands for names that are made anew each time.
    package static let anyName = "*"

    package var steps: [Step]

    package init(_ steps: [Step] = []) {
        self.steps = steps
    }

    /// How many steps a report names; what lies deeper shares the place where the path is cut.
    package static let shownSteps = 40
    /// How many characters of a name a report shows.
    package static let shownNameCount = 120

    /// The same place short enough to be kept: a stranger chooses how long names are and how deep values lie.
    var bounded: JSONPlace {
        var result = JSONPlace(Array(steps.prefix(Self.shownSteps)))
        for (index, step) in result.steps.enumerated() {
            guard case .member(let name) = step, name.utf8.count > Self.shownNameCount else { continue }
            let start = name.unicodeScalars.prefix(Self.shownNameCount)
            result.steps[index] = .member(String(String.UnicodeScalarView(start)) + "…")
        }
        if steps.count > Self.shownSteps { result.steps.append(.member("…")) }
        return result
    }

    /// The name of the member that the place is in, however many lists lie between.
    var lastName: String? {
        for step in steps.reversed() {
            if case .member(let name) = step { return name }
        }
        return nil
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
