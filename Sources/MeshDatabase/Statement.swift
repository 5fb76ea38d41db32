/// A statement by its name: prepared once on every connection that runs it.
package struct Statement: Sendable, Hashable {
    /// Unique among the statements of a program.
    package let name: String
    /// One command of SQL with `$1`, `$2`, … where values go.
    package let text: String

    package init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    package static func == (left: Statement, right: Statement) -> Bool { left.name == right.name }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A value that goes into a statement, in the text form of its type; `nil` is null.
package struct Parameter: Sendable, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    /// Without the NUL that ends it on the wire; must not hold one.
    let bytes: [UInt8]?

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package init(_ text: String?) { bytes = text.map { Array($0.utf8) } }
    package init(_ number: some BinaryInteger) { bytes = Array(String(number).utf8) }
    package init(stringLiteral text: String) { bytes = Array(text.utf8) }
    package init(nilLiteral: ()) { bytes = nil }
}

/// Statements that run as one: sent in one go, committed together or not at all.
package struct Transaction: Sendable {
    package typealias Step = (statement: Statement, parameters: [Parameter])

    package private(set) var steps: [Step] = []

    package init() {}

    package init(_ statement: Statement, _ parameters: Parameter...) {
        steps = [(statement, parameters)]
    }

    package mutating func add(_ step: Step) { steps.append(step) }

    package mutating func add(_ statement: Statement, _ parameters: Parameter...) {
        steps.append((statement, parameters))
    }
}
