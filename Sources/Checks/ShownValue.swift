import Bytes
package import JSON

/// A value as a report shows it: bounded, and masked where it may be a secret.
package struct ShownValue: Hashable, Sendable {
    /// How many characters of a text are shown.
    package static let maximumCount = 120

    package let text: String
    /// Whether `text` is a whole JSON value, and not a description or a piece of one.
    package let isJSON: Bool

    private init(text: String, isJSON: Bool) {
        self.text = text
        self.isJSON = isJSON
    }

    package init(_ number: some FixedWidthInteger) {
        self.init(text: number.description, isJSON: true)
    }

    /// Words of the check itself, or a text that is no JSON; cut at ``maximumCount``.
    package init(text: String) {
        self.init(text: Self.cut(text) ?? text, isJSON: false)
    }

    /// The first ``maximumCount`` characters and an ellipsis, or `nil` for a text that needs no cut.
    private static func cut(_ text: String) -> String? {
        // Bytes first: a text of a megabyte is not to be walked through for its first line.
        guard text.utf8.count > maximumCount else { return nil }
        let prefix = text.unicodeScalars.prefix(maximumCount)
        guard prefix.endIndex < text.unicodeScalars.endIndex else { return nil }
        return String(String.UnicodeScalarView(prefix)) + "…"
    }

    /// A value of the given name, spelled as JSON; long ones are cut or described.
    package init(_ value: JSONValue, name: String?) {
        var writer = JSONWriter()
        switch value {
        case .string(let text):
            if let name, CredentialName.matches(name) {
                self.init(masking: text.utf8.count)
            } else if let start = Self.cut(text) {
                writer.string(start)
                self.init(
                    text: "\(String(decoding: writer.bytes, as: UTF8.self)) (\(text.utf8.count) bytes)",
                    isJSON: false
                )
            } else {
                writer.string(text)
                self.init(text: String(decoding: writer.bytes, as: UTF8.self), isJSON: true)
            }
        case .null: self.init(text: "null", isJSON: true)
        case .bool(let bool): self.init(text: bool ? "true" : "false", isJSON: true)
        case .number(let number):
            if let name, CredentialName.matches(name) {
                self.init(masking: number.spelling.utf8.count)
            } else if let start = Self.cut(number.spelling) {
                self.init(text: start, isJSON: false)
            } else {
                self.init(text: number.spelling, isJSON: true)
            }
        // Members may be secrets under names of their own, so only emptiness is shown as it is.
        case .array(let elements):
            self.init(
                text: elements.isEmpty ? "[]" : "an array of \(elements.count)",
                isJSON: elements.isEmpty
            )
        case .object(let members):
            self.init(
                text: members.isEmpty ? "{}" : "an object of \(members.count)",
                isJSON: members.isEmpty
            )
        }
    }

    /// The value of a header field.
    package init(header name: String, value: String) {
        if CredentialName.matches(name) {
            self.init(masking: value.utf8.count)
        } else {
            self.init(text: value)
        }
    }

    /// Says how many bytes a secret has, and nothing else about it.
    private init(masking count: Int) {
        self.init(text: "(masked, \(count) bytes)", isJSON: false)
    }
}

/// Names under which credentials travel, in headers and in bodies.
package enum CredentialName {
    private static let words = [
        "authorization", "authenticate", "cookie", "password", "passwd", "secret", "token", "apikey",
        "signature",
        "credential", "privatekey", "session",
    ]

    /// Whether `name`, read without case, `-` and `_`, has a word for a credential in it.
    package static func matches(_ name: String) -> Bool {
        let letters = name.utf8.prefix(128).compactMap { $0 == 0x2D || $0 == 0x5F ? nil : $0.asciiLowercased }
        return words.contains { word in
            let word = Array(word.utf8)
            return letters.count >= word.count
                && (0...(letters.count - word.count)).contains {
                    letters[$0..<($0 + word.count)] == word[...]
                }
        }
    }
}
