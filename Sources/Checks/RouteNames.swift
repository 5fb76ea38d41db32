package import Messages

/// Names that a rules file gives to routes: `create-run` for `POST /api/runs`.
package struct RouteNames: Hashable, Sendable {
    /// Longer names are refused.
    package static let longestName = 64

    private struct Entry: Hashable {
        var name: String
        var pattern: RoutePattern
    }

    private var entries: [Entry] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }
    package var all: [String] { entries.map(\.name) }
    var patterns: [RoutePattern] { entries.map(\.pattern) }

    /// Adds a name, which consists of letters, digits, `.`, `_` and `-`, so that it cannot be taken for a route.
    package mutating func add(_ name: String, _ pattern: RoutePattern) throws(CheckRuleError) {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D
                || byte == 0x2E
                || byte == 0x5F
        }
        guard isPlain, (1...Self.longestName).contains(name.utf8.count) else {
            throw CheckRuleError(
                "'\(name)' is no name of a route: up to \(Self.longestName) letters, digits, '.', '_' and '-'"
            )
        }
        guard self[name] == nil else { throw CheckRuleError("the name '\(name)' is given twice") }
        entries.append(Entry(name: name, pattern: pattern))
    }

    /// The route of a name.
    package subscript(name: String) -> RoutePattern? { entries.first { $0.name == name }?.pattern }

    /// The first name that is given to requests of this method and target; O(names).
    func name(method: Span<UInt8>, target: Span<UInt8>) -> String? {
        for entry in entries where entry.pattern.matches(method: method, target: target) { return entry.name }
        return nil
    }

    /// The name of a route as a check names it without, method and template; itself where it has none.
    package func name(of route: String) -> String {
        let words = route.split(separator: " ", maxSplits: 1)
        guard words.count == 2, !isEmpty else { return route }
        return name(method: Array(words[0].utf8).span, target: Array(words[1].utf8).span) ?? route
    }
}
