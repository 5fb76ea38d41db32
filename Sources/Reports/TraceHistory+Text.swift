import Packets

extension TraceHistory {
    /// Columns of a line of text.
    private static let width = 80

    /// The history for a person: findings first, then what happened, each line with its time from the first message.
    package func text() -> String {
        var text = ""
        for finding in findings { text += Self.wrapped(finding, first: "", rest: "  ") }
        let lines = lines
        guard !lines.isEmpty else { return text }
        text += "\n"
        let offsets = lines.map { offset($0.time) }
        let indent = offsets.map(\.count).max() ?? 0
        for (line, offset) in zip(lines, offsets) {
            let margin = String(repeating: " ", count: indent - offset.count)
            text += Self.wrapped(
                PlainText.line(line.text),
                first: margin + offset + "  ",
                rest: String(repeating: " ", count: indent + 2)
            )
        }
        let leftOut = connections.values.reduce(0) { $0 + $1.messagesLeftOut }
        if leftOut > 0, exchange == nil { text += "and \(Quantity.count(leftOut)) usual messages\n" }
        return text
    }

    /// Words in lines of ``width`` columns; a word that is longer stands on a line of its own.
    private static func wrapped(_ sentence: String, first: String, rest: String) -> String {
        var text = ""
        var line = first
        var isEmpty = true
        for word in sentence.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > width {
                text += line + "\n"
                line = rest
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return text + line + "\n"
    }
}
