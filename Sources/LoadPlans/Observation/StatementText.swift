/// The text of a statement as it is told of: one line, cut, without comments, and with nothing in the place of its literals.
///
/// PostgreSQL puts `$1` in the place of constants, but not in every kind of statement: `set`, `notify` or `alter role …
/// password '…'` stay as they were sent, and what stands in quotation marks there may be anything.
package enum StatementText {
    /// Characters asked for, and characters told.
    package static let readLimit = 2_000
    package static let limit = 300
    /// What stands for the end of a line where there may be none.
    package static let lineEnd: Unicode.Scalar = "\u{1}"

    package static func told(_ text: String) -> String {
        // Scalars, since a mark that combines with a quotation mark would hide it.
        var cursor = Cursor(Array(text.unicodeScalars))
        var told = String.UnicodeScalarView()
        while let scalar = cursor.next() {
            switch scalar {
            case "'":
                cursor.skipLiteral(isEscaped: Self.isEscape(told))
                told.append(contentsOf: "'…'".unicodeScalars)
            case "\"": told.append(contentsOf: cursor.name())
            case "$":
                if let tag = cursor.tag() {
                    cursor.skip(past: tag)
                    told.append(contentsOf: "'…'".unicodeScalars)
                } else {
                    told.append(scalar)
                }
            case "-" where cursor.take("-"):
                cursor.skipLine()
                space(&told)
            case "/" where cursor.take("*"):
                cursor.skipComment()
                space(&told)
            case lineEnd: space(&told)
            default:
                if scalar.properties.isWhitespace { space(&told) } else { told.append(scalar) }
            }
        }
        guard told.count > limit else { return String(told) }
        return String(String.UnicodeScalarView(told.prefix(limit - 1))) + "…"
    }

    private static func space(_ told: inout String.UnicodeScalarView) {
        if !told.isEmpty, told.last != " " { told.append(" ") }
    }

    /// Whether what was told ends in an `E` of its own, which makes the literal behind it one with backslashes.
    private static func isEscape(_ told: String.UnicodeScalarView) -> Bool {
        guard let last = told.last, last == "e" || last == "E" else { return false }
        guard let before = told.dropLast().last else { return true }
        return !isOfName(before)
    }

    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "$" || scalar.properties.isAlphabetic
            || scalar.properties.numericType != nil
    }

    private struct Cursor {
        private let text: [Unicode.Scalar]
        private var place = 0

        init(_ text: [Unicode.Scalar]) {
            self.text = text
        }

        mutating func next() -> Unicode.Scalar? {
            guard place < text.count else { return nil }
            place += 1
            return text[place - 1]
        }

        mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard place < text.count, text[place] == scalar else { return false }
            place += 1
            return true
        }

        /// Past the end of a literal that has begun; two quotation marks in it are one. One that was cut ends nowhere.
        mutating func skipLiteral(isEscaped: Bool) {
            while let scalar = next() {
                if isEscaped, scalar == "\\" {
                    _ = next()
                } else if scalar == "'", !take("'") {
                    return
                }
            }
        }

        /// A name in quotation marks, of which one has been read.
        mutating func name() -> [Unicode.Scalar] {
            var name: [Unicode.Scalar] = ["\""]
            while let scalar = next() {
                name.append(scalar == StatementText.lineEnd ? " " : scalar)
                if scalar == "\"" { break }
            }
            return name
        }

        /// The rest of `$$` or `$name$` after its first sign; `$1` is none, and nothing of it is read then.
        mutating func tag() -> [Unicode.Scalar]? {
            var end = place
            while end < text.count, text[end] != "$" {
                guard StatementText.isOfName(text[end]),
                    end > place || text[end].properties.numericType == nil
                else {
                    return nil
                }
                end += 1
            }
            guard end < text.count else { return nil }
            defer { place = end + 1 }
            return ["$"] + text[place...end]
        }

        mutating func skip(past tag: [Unicode.Scalar]) {
            while place < text.count {
                if text[place...].starts(with: tag) {
                    place += tag.count
                    return
                }
                place += 1
            }
        }

        mutating func skipLine() {
            while let scalar = next() {
                if scalar == StatementText.lineEnd || scalar == "\n" || scalar == "\r" { return }
            }
        }

        /// Past the end of a comment that has begun; there may be others in it.
        mutating func skipComment() {
            var depth = 1
            while depth > 0, let scalar = next() {
                if scalar == "*", take("/") {
                    depth -= 1
                } else if scalar == "/", take("*") {
                    depth += 1
                }
            }
        }
    }
}
