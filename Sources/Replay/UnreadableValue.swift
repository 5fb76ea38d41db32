/// A value of the command line or of a plan that does not parse; it names the value and what would do.
package struct UnreadableValue: Error, Equatable, CustomStringConvertible {
    /// The value as it was given.
    package var text: String
    /// What kind of value was expected, such as "speed".
    package var kind: String
    /// Why it was refused, with an example of what is accepted.
    package var reason: String

    package init(text: String, kind: String, reason: String) {
        self.text = text
        self.kind = kind
        self.reason = reason
    }

    package var description: String { "'\(text)' is not a \(kind): \(reason)" }
}

extension Double {
    /// Reads plain decimal notation, such as `2`, `0.5` or `.5`: no sign, no exponent, no `nan`.
    init?(plainDecimal text: Substring) {
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
        guard isPlain, let value = Double(text), value.isFinite else { return nil }
        self = value
    }
}
