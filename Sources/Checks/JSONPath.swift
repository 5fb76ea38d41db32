/// Which values of a JSON text a rule is for, in the common subset of JSONPath (RFC 9535).
///
/// `$` is the text itself, `.name` or `['name']` a member, `[3]` an element, `.*` or `[*]` any of either, and
/// `..name` or `..*` one at any depth. A rule for a value holds for everything inside it.
package struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    enum Selector: Hashable, Sendable {
        case member(String)
        case element(Int)
        case any
    }

    private struct Step: Hashable, Sendable {
        var selector: Selector
        var atAnyDepth: Bool
    }

    /// How many steps a path may have.
    package static let maximumSteps = 64

    package let description: String
    private let steps: [Step]

    package init(_ text: String) throws(CheckRuleError) {
        var parser = JSONPathParser(text)
        var steps: [Step] = []
        while let (selector, atAnyDepth) = try parser.next() {
            steps.append(Step(selector: selector, atAnyDepth: atAnyDepth))
            guard steps.count <= Self.maximumSteps else {
                throw CheckRuleError("'\(text)' has more than \(Self.maximumSteps) steps")
            }
        }
        self.steps = steps
        description = text
    }

    /// `$`: the whole text.
    package static let root = JSONPath()

    private init() {
        description = "$"
        steps = []
    }

    /// Whether the path names the value at `place` or one that it is inside of.
    ///
    /// O(steps × depth).
    package func covers(_ place: JSONPlace) -> Bool {
        // `reached[d]`: the steps so far lead to the value `d` levels down.
        var reached = [Bool](repeating: false, count: place.steps.count + 1)
        reached[0] = true
        for step in steps {
            var next = [Bool](repeating: false, count: reached.count)
            var above = false
            for depth in place.steps.indices {
                above = reached[depth] || step.atAnyDepth && above
                next[depth + 1] = above && Self.matches(step.selector, place.steps[depth])
            }
            reached = next
        }
        return reached.contains(true)
    }

    private static func matches(_ selector: Selector, _ step: JSONPlace.Step) -> Bool {
        switch (selector, step) {
        case (.any, _): true
        case (.member(let wanted), .member(let name)): wanted == name
        case (.element(let wanted), .element(let index)): wanted == index
        case (.member, .element), (.element, .member): false
        }
    }

    /// Whether a name can stand behind a dot: letters, digits, `_`, `-`, and anything beyond ASCII.
    static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(isPlain)
    }

    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x80...: true
        default: false
        }
    }

    /// A name as it stands between single quotes.
    static func quoted(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            if scalar == "'" || scalar == "\\" { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
