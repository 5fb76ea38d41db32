import Bytes
import JSON

/// Reads a text as a list of its lines, so that a line that is gone or new is one difference.
enum TextLines {
    /// Longer texts are compared as bytes.
    static let mostLines = 10_000

    /// `nil` for a text of one line or of too many, and for bytes that are no UTF-8. O(n).
    static func value(of text: Span<UInt8>) -> JSONValue? {
        var lines: [JSONValue] = []
        var start = 0
        // What follows the last line feed is a line, too: a text that lost its last line feed is another.
        while start <= text.count {
            let end = text.firstIndex(of: 0x0A, from: start) ?? text.count
            guard lines.count < mostLines,
                let line = String(validating: Array(text.extracting(start..<end)), as: UTF8.self)
            else { return nil }
            lines.append(.string(line))
            start = end + 1
        }
        return lines.count > 1 ? .array(lines) : nil
    }
}
