/// Rows of text in columns, for a terminal.
///
/// Columns are as wide as their widest cell, counted in scalars, up to a limit of their own; what is longer is cut with
/// an ellipsis. Control characters never reach the terminal.
package struct Table: Sendable {
    package enum Alignment: Sendable {
        case left
        case right
    }

    package struct Column: Sendable {
        package var title: String
        package var alignment: Alignment
        /// In characters; at least 1.
        package var maximumWidth: Int

        package init(_ title: String, _ alignment: Alignment = .left, maximumWidth: Int = 80) {
            precondition(maximumWidth >= 1, "a column has room for a character")
            self.title = title
            self.alignment = alignment
            self.maximumWidth = maximumWidth
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    /// Without any title there is no head.
    package init(_ columns: [Column]) {
        precondition(!columns.isEmpty, "a table has columns")
        self.columns = columns
    }

    /// Adds a row of as many cells as there are columns.
    package mutating func append(_ cells: [String]) {
        precondition(cells.count == columns.count, "a row has a cell for each column")
        rows.append(zip(cells, columns).map { PlainText.line($0, maximumCount: $1.maximumWidth) })
    }

    /// The table, each line indented by `indent` blanks and ended by a line feed, no blanks at the end.
    ///
    /// With `isStyled` the head is bold by an escape sequence, for terminals only.
    package func text(indent: Int = 0, isStyled: Bool = false) -> String {
        let titles = columns.map(\.title)
        let hasHead = titles.contains { !$0.isEmpty }
        let widths = columns.indices.map { index in
            ((hasHead ? [titles[index]] : []) + rows.map { $0[index] }).map(\.unicodeScalars.count).max() ?? 0
        }
        let margin = String(repeating: " ", count: indent)
        var text = ""
        if hasHead {
            let line = margin + joined(titles, widths)
            text += (isStyled ? "\u{1B}[1m" + line + "\u{1B}[0m" : line) + "\n"
        }
        for row in rows { text += margin + joined(row, widths) + "\n" }
        return text
    }

    private func joined(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { line += "  " }
            let padding = String(repeating: " ", count: max(0, widths[index] - cell.unicodeScalars.count))
            line += columns[index].alignment == .right ? padding + cell : cell + padding
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// Text of strangers on its way to a terminal.
package enum PlainText {
    /// One line of at most `maximumCount` characters: control characters and line separators become `·`, the cut an
    /// ellipsis.
    package static func line(_ text: String, maximumCount: Int = 400) -> String {
        var scalars = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if count == maximumCount {
                scalars.removeLast()
                scalars.append("…")
                break
            }
            scalars.append(isHarmless(scalar) ? scalar : "·")
            count += 1
        }
        return String(scalars)
    }

    /// No control characters, and none of the marks that turn the direction of what follows.
    static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0x200E, 0x200F: false
        default: true
        }
    }
}
