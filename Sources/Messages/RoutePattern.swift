import Bytes

/// Which requests a rule is for: a method and a path, each with places left open.
///
/// Written as `POST /hooks/{slug}`: `*` or `{name}` stands for one segment, `**` at the end for any rest, a `*` in
/// place of the method for every method; a path alone means every method.
package struct RoutePattern: Hashable, Sendable, CustomStringConvertible {
    private enum Segment: Hashable, Sendable {
        case literal([UInt8])
        case any
    }

    package let description: String
    private let method: [UInt8]?
    private let segments: [Segment]
    private let hasOpenEnd: Bool

    package init(_ text: String) throws(RoutePatternError) {
        let words = text.split(separator: " ")
        guard let path = words.last, words.count <= 2, path.first == "/" || path == "*" else {
            throw RoutePatternError(
                "'\(text)' is no route: write 'POST /hooks/{slug}', '/runs/*' or 'GET /api/**'"
            )
        }
        method = words.count == 2 && words[0] != "*" ? Array(words[0].utf8) : nil
        description = text
        if path == "*" {
            segments = []
            hasOpenEnd = true
            return
        }
        var parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        hasOpenEnd = parts.last == "**"
        if hasOpenEnd { parts.removeLast() }
        guard !parts.contains("**") else {
            throw RoutePatternError("'\(text)': '**' stands for the rest of a path and can only come last")
        }
        segments = parts.map { part in
            part == "*" || part.first == "{" && part.last == "}" ? .any : .literal(Array(part.utf8))
        }
    }

    /// What every path begins with that is meant.
    package var literalStart: [UInt8] {
        var start: [UInt8] = []
        for segment in segments {
            guard case .literal(let text) = segment else { break }
            start.append(0x2F)
            start.append(contentsOf: text)
        }
        return start
    }

    /// The segments that it spells out.
    package var literals: [String] {
        segments.compactMap { segment in
            guard case .literal(let text) = segment else { return nil }
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// Whether a request with this method and this target, query included or not, is meant; O(n).
    package func matches(method: Span<UInt8>, target: Span<UInt8>) -> Bool {
        matches(method: method, path: target.extracting(target.pathOfTarget))
    }

    /// Whether a request with this method and this path is meant; O(n).
    package func matches(method: Span<UInt8>, path: Span<UInt8>) -> Bool {
        guard path.count > 0, path[0] == 0x2F else {
            return segments.isEmpty && hasOpenEnd && (self.method?.span.equals(method) ?? true)
        }
        if let wanted = self.method, !wanted.span.equals(method) { return false }
        var start = 1
        for index in segments.indices {
            guard start <= path.count else { return false }
            let end = path.firstIndex(of: 0x2F, from: start) ?? path.count
            switch segments[index] {
            case .literal(let bytes): if !bytes.span.equals(path.extracting(start..<end)) { return false }
            case .any: if end == start { return false }
            }
            start = end + 1
        }
        return hasOpenEnd || start > path.count
    }
}

/// Why a text is no route.
package struct RoutePatternError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Span where Element == UInt8 {
    /// Where the path stands in a target: without scheme and authority, query and fragment.
    package var pathOfTarget: Range<Int> {
        var start = 0
        if count > 0, self[0] != 0x2F, let colon = firstIndex(of: 0x3A), colon + 2 < count,
            self[colon + 1] == 0x2F, self[colon + 2] == 0x2F
        {
            start = firstIndex(of: 0x2F, from: colon + 3) ?? count
        }
        var end = start
        while end < count, self[end] != 0x3F, self[end] != 0x23 { end += 1 }
        return start..<end
    }
}
