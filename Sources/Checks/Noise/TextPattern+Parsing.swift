/// Why a pattern cannot be read.
package struct TextPatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The character at which it stops, from 1.
    package let column: Int
    package let reason: String

    package var description: String { "a pattern that cannot be read at character \(column): \(reason)" }
}

extension TextPattern {
    /// Reads what ``description`` writes; a class without a count stands for one character.
    package init(parsing text: String) throws(TextPatternError) {
        var reader = PatternReader(text)
        self.init(try reader.parts())
    }
}

private struct PatternReader {
    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = Substring(text)
    }

    mutating func parts() throws(TextPatternError) -> [TextPattern.Part] {
        var parts: [TextPattern.Part] = []
        var literal: [UInt8] = []
        while let first = rest.first {
            if let set = TextPattern.Class.allCases.first(where: { rest.hasPrefix($0.rawValue) }) {
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = []
                rest.removeFirst(set.rawValue.count)
                parts.append(.run(set, try counts()))
                continue
            }
            if first == "\\" {
                rest.removeFirst()
                guard let escaped = rest.popFirst() else { throw failure("nothing follows the backslash") }
                literal.append(contentsOf: escaped.utf8)
                continue
            }
            if let byte = first.asciiValue, TextPattern.isSpecial(byte) {
                let classes = TextPattern.Class.allCases.map(\.rawValue).joined(separator: " ")
                throw failure("'\(first)' needs a backslash before it; classes are \(classes)")
            }
            rest.removeFirst()
            literal.append(contentsOf: first.utf8)
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        return parts
    }

    private mutating func counts() throws(TextPatternError) -> ClosedRange<Int> {
        guard rest.first == "{" else { return 1...1 }
        guard let end = rest.firstIndex(of: "}") else { throw failure("'{' has no '}'") }
        let numbers = rest[rest.index(after: rest.startIndex)..<end].split(
            separator: ",",
            omittingEmptySubsequences: false
        )
        guard numbers.count <= 2, let least = Int(numbers[0]), let most = Int(numbers[numbers.count - 1]),
            least >= 0, least <= most, most <= TextPattern.longestRun
        else { throw failure("a count such as {12} or {8,40} up to \(TextPattern.longestRun) is wanted") }
        rest = rest[rest.index(after: end)...]
        return least...most
    }

    private func failure(_ reason: String) -> TextPatternError {
        TextPatternError(
            column: text.distance(from: text.startIndex, to: rest.startIndex) + 1,
            reason: reason
        )
    }
}
