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

    package init(_ text: String) throws(CheckRuleError) {
        let words = text.split(separator: " ")
        guard let path = words.last, words.count <= 2, path.first == "/" || path == "*" else {
            throw CheckRuleError(
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
            throw CheckRuleError("'\(text)': '**' stands for the rest of a path and can only come last")
        }
        segments = parts.map { part in
            part == "*" || part.first == "{" && part.last == "}" ? .any : .literal(Array(part.utf8))
        }
    }

    /// Whether a request with this method and this target, query included or not, is meant; O(n).
    package func matches(method: Span<UInt8>, target: Span<UInt8>) -> Bool {
        if let wanted = self.method, !wanted.span.isIdentical(to: method) { return false }
        let path = target.extracting(RouteTemplate.path(of: target))
        guard path.count > 0, path[0] == 0x2F else { return segments.isEmpty && hasOpenEnd }
        var start = 1
        for segment in segments {
            guard start <= path.count else { return false }
            let end = path.firstIndex(of: 0x2F, from: start) ?? path.count
            if case .literal(let bytes) = segment, !bytes.span.isIdentical(to: path.extracting(start..<end)) {
                return false
            }
            if case .any = segment, end == start { return false }
            start = end + 1
        }
        return hasOpenEnd || start > path.count
    }
}

extension Span where Element == UInt8 {
    /// Whether both hold the same bytes.
    func isIdentical(to other: Span<UInt8>) -> Bool { firstDifference(from: other) == nil }

    /// The first index at which the two differ, the end of the shorter one included.
    func firstDifference(from other: Span<UInt8>) -> Int? {
        let common = Swift.min(count, other.count)
        for index in 0..<common where self[index] != other[index] { return index }
        return count == other.count ? nil : common
    }
}
