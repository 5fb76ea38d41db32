/// Tables and text in Markdown, of which nothing is taken for markup.
enum MarkdownTable {
    /// Escapes what means something in a line of GitHub's Markdown, and takes control characters out.
    static func escape(_ text: String) -> String {
        var result = ""
        for character in PlainText.line(text) {
            if "\\`*_[]<>|#&~".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }

    /// A table, and an empty line behind it; nothing where there are no rows.
    static func text(_ columns: [(title: String, isNumber: Bool)], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        var text = "| " + columns.map(\.title).joined(separator: " | ") + " |\n"
        text += "|" + columns.map { $0.isNumber ? "--:" : "---" }.joined(separator: "|") + "|\n"
        for row in rows { text += "| " + row.map(escape).joined(separator: " | ") + " |\n" }
        return text + "\n"
    }
}
