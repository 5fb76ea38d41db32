import Bytes
import JSON

/// Reads a text with a JSON value on each line as a list of them (JSON Lines, NDJSON); empty lines do not count.
enum JSONLines {
    /// `nil` where a line holds no JSON, and for a text without one. O(n).
    static func value(of text: Span<UInt8>, maximumCount: Int) -> JSONValue? {
        var values: [JSONValue] = []
        var start = 0
        while start < text.count {
            let end = text.firstIndex(of: 0x0A, from: start) ?? text.count
            let line = text.extracting(start..<end)
            start = end + 1
            guard line.count > 0, !(line.count == 1 && line[0] == 0x0D) else { continue }
            guard values.count < maximumCount,
                let value = try? JSONValue(parsing: line, maximumCount: maximumCount)
            else { return nil }
            values.append(value)
        }
        return values.isEmpty ? nil : .array(values)
    }
}
