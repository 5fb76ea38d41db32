import Glibc
import Reports

/// The lines at the bottom of a terminal that are drawn over again and again.
///
/// What is to be written comes back as one text, so that it can go out in one piece; terminals that know synchronized
/// updates show it at once. Nothing is cleared before it is drawn over, so nothing flickers.
struct LiveRegion {
    /// The characters of each line that is shown.
    private var shown: [Int] = []

    var isEmpty: Bool { shown.isEmpty }

    /// Draws `lines` over what is shown, cut to the width, and no more of them than fit.
    mutating func replace(with lines: [String], on size: TerminalSize) -> String {
        guard !(lines.isEmpty && shown.isEmpty) else { return "" }
        // A character in the last column would leave the cursor in doubt.
        let cut = lines.prefix(max(1, size.rows - 1)).map {
            PlainText.line($0, maximumCount: max(1, size.columns - 1))
        }
        var text = "\u{1B}[?2026h" + home(on: size)
        text += cut.map { $0 + "\u{1B}[K" }.joined(separator: "\n")
        // What was below.
        text += cut.isEmpty ? "\u{1B}[J" : "\n\u{1B}[J\u{1B}[A"
        if let last = cut.last, !last.isEmpty { text += "\u{1B}[\(last.unicodeScalars.count)C" }
        shown = cut.map(\.unicodeScalars.count)
        return text + "\u{1B}[?2026l"
    }

    /// Takes everything away.
    mutating func erase(on size: TerminalSize) -> String { replace(with: [], on: size) }

    /// From the end of the last line to the start of the first; a narrower window has broken lines in two.
    private func home(on size: TerminalSize) -> String {
        let rows = shown.reduce(0) { $0 + max(1, ($1 + size.columns - 1) / size.columns) }
        return rows > 1 ? "\r\u{1B}[\(rows - 1)A" : "\r"
    }
}

struct TerminalSize: Equatable {
    var columns: Int
    var rows: Int

    /// Of the terminal at standard error; 80 by 24 where it does not say.
    static func current() -> TerminalSize {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return TerminalSize(columns: 80, rows: 24)
        }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}
