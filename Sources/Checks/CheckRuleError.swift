/// Why a text is no rule, in a sentence that says what would be one.
package struct CheckRuleError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
