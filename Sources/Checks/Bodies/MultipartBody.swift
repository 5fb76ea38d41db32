import Bytes
import JSON
import Messages

/// Reads a multipart body as JSON, so that its parts are compared like elements (RFC 2046, section 5.1).
enum MultipartBody {
    /// The longest line between parts: `--` and a boundary of 70 bytes.
    private static let longestDelimiter = 72

    /// A list of `{"headers": {…}, "body": …}`, where `body` is JSON if the part holds some, else its text, else as base64.
    ///
    /// The boundary is read from the body, since each answer makes its own; what stands before the first and after the last
    /// part says nothing. `nil` for a body that does not keep to its boundary, or with more than `maximumCount` values
    /// in a part. O(n).
    static func value(of body: Span<UInt8>, maximumCount: Int) -> JSONValue? {
        guard let delimiter = delimiter(of: body) else { return nil }
        var parts: [JSONValue] = []
        var line = delimiter.start
        while true {
            let after = line + delimiter.bytes.count
            if isAt(after, [0x2D, 0x2D], in: body) { return .array(parts) }
            guard parts.count < maximumCount, let end = body.firstIndex(of: 0x0A, from: after),
                let next = nextLine(delimiter.bytes, in: body, from: end)
            else { return nil }
            // The line break before a delimiter belongs to it.
            var last = max(end + 1, next - 1)
            if last > end + 1, body[last - 1] == 0x0D { last -= 1 }
            parts.append(part(body.extracting(end + 1..<last), maximumCount: maximumCount))
            line = next
        }
    }

    /// The first line that begins with two hyphens, without what trails it.
    private static func delimiter(of body: Span<UInt8>) -> (start: Int, bytes: [UInt8])? {
        var start = 0
        while start < body.count {
            let end = body.firstIndex(of: 0x0A, from: start) ?? body.count
            if isAt(start, [0x2D, 0x2D], in: body) {
                var last = end
                while last > start, body[last - 1] <= 0x20 { last -= 1 }
                guard (start + 3...start + longestDelimiter).contains(last) else { return nil }
                return (start, Array(body.extracting(start..<last)))
            }
            start = end + 1
        }
        return nil
    }

    /// Where the next line begins that starts with `delimiter`, at or after the line break at `index`.
    private static func nextLine(_ delimiter: [UInt8], in body: Span<UInt8>, from index: Int) -> Int? {
        var lineBreak = index
        while true {
            if isAt(lineBreak + 1, delimiter, in: body) { return lineBreak + 1 }
            guard let next = body.firstIndex(of: 0x0A, from: lineBreak + 1) else { return nil }
            lineBreak = next
        }
    }

    private static func isAt(_ index: Int, _ bytes: [UInt8], in body: Span<UInt8>) -> Bool {
        guard index + bytes.count <= body.count else { return false }
        for offset in bytes.indices where body[index + offset] != bytes[offset] { return false }
        return true
    }

    private static func part(_ part: Span<UInt8>, maximumCount: Int) -> JSONValue {
        var headers: [JSONValue.Member] = []
        var start = 0
        while start < part.count {
            let end = part.firstIndex(of: 0x0A, from: start) ?? part.count
            let line = trimmed(part.extracting(start..<end))
            start = end + 1
            if line.count == 0 { break }
            let colon = line.firstIndex(of: 0x3A) ?? line.count
            let value = line.extracting(min(colon + 1, line.count)..<line.count)
            headers.append(
                JSONValue.Member(
                    name: text(trimmed(line.extracting(0..<colon))).lowercased(),
                    value: .string(text(trimmed(value)))
                )
            )
        }
        let content = part.extracting(min(start, part.count)..<part.count)
        return .object([
            JSONValue.Member(name: "headers", value: .object(headers)),
            JSONValue.Member(name: "body", value: Self.content(content, maximumCount: maximumCount)),
        ])
    }

    private static func content(_ content: Span<UInt8>, maximumCount: Int) -> JSONValue {
        if let value = try? JSONValue(parsing: content, maximumCount: maximumCount) { return value }
        if let text = String(validating: Array(content), as: UTF8.self) { return .string(text) }
        return .string(String(base64: content))
    }

    /// Without the white space at both ends.
    @_lifetime(copy line)
    private static func trimmed(_ line: Span<UInt8>) -> Span<UInt8> {
        var (start, end) = (0, line.count)
        while start < end, line[start] <= 0x20 { start += 1 }
        while end > start, line[end - 1] <= 0x20 { end -= 1 }
        return line.extracting(start..<end)
    }

    private static func text(_ bytes: Span<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }
}
