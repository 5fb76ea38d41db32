/// A regular expression of a rules file, in the syntax of Swift's `Regex`, compiled once.
///
/// It is found anywhere in a text; `^` and `$` bind it to the ends. `@unchecked`: nothing changes what is compiled.
package final class TextExpression: Hashable, @unchecked Sendable {
    /// In longer texts nothing is found: expressions of some kinds take time that grows fast with the text.
    package static let longestText = 4_096
    /// Longer expressions are refused.
    package static let longestPattern = 1_024

    package let pattern: String
    private let regex: Regex<AnyRegexOutput>

    package init(_ pattern: String) throws(CheckRuleError) {
        guard pattern.utf8.count <= Self.longestPattern else {
            throw CheckRuleError("the expression is longer than \(Self.longestPattern) bytes")
        }
        do {
            regex = try Regex(pattern).matchingSemantics(.unicodeScalar)
        } catch {
            throw CheckRuleError("'\(pattern)' is no regular expression: \(error)")
        }
        self.pattern = pattern
    }

    func isFound(in text: String) -> Bool {
        guard text.utf8.count <= Self.longestText else { return false }
        return (try? regex.firstMatch(in: text)) != nil
    }

    package static func == (left: TextExpression, right: TextExpression) -> Bool {
        left.pattern == right.pattern
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(pattern) }
}
