/// Which values of a JSON text are meant, in the common subset of JSONPath (RFC 9535).
///
/// `$` is the text itself, `.name` or `['name']` a member, `[3]` an element, `.*` or `[*]` any of either, and
/// `..name` or `..*` one at any depth.
package struct JSONPath: Hashable, Sendable, CustomStringConvertible {
    package enum Selector: Hashable, Sendable {
        case member(String)
        case element(Int)
        case any
    }

    package struct Step: Hashable, Sendable {
        package var selector: Selector
        package var atAnyDepth: Bool
    }

    /// How many steps a path may have.
    package static let maximumSteps = 64

    package let description: String
    package let steps: [Step]

    package init(_ text: String) throws(JSONPathError) {
        var parser = JSONPathParser(text)
        var steps: [Step] = []
        while let (selector, atAnyDepth) = try parser.next() {
            steps.append(Step(selector: selector, atAnyDepth: atAnyDepth))
            guard steps.count <= Self.maximumSteps else {
                throw JSONPathError("'\(text)' has more than \(Self.maximumSteps) steps")
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

    /// Whether a name can stand behind a dot: letters, digits, `_`, `-`, and anything beyond ASCII.
    package static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(isPlain)
    }

    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x80...: true
        default: false
        }
    }

    /// A name as it stands between single quotes.
    package static func quoted(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            if scalar == "'" || scalar == "\\" { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}

/// Why a text is no JSON path.
package struct JSONPathError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
