import Bytes
package import Messages

/// Tells which rules apply to one request after another.
///
/// Most requests have a method and a path that came a moment ago. What the tests make of those is remembered, in tables of
/// fixed size of about 40 KB, and only the fields are looked at anew. It changes how long a scope takes and never what it is.
package struct ScopeFinder: Sendable {
    private let tests: RuleTests
    /// By the start line up to the end of the path.
    private var known = TextMemory<UInt64>(places: 256, longestText: 127)

    package init(_ tests: RuleTests) {
        self.tests = tests
    }

    /// Which tests hold for a request, and for the response to it; O(head), without an allocation.
    package mutating func scope(of head: borrowing Head) -> RuleScope {
        guard tests.asksForTarget, let line = head.startOfRequestLine else { return tests.scope(of: head) }
        let text = head.bytes.span.extracting(line.bounds)
        if let bits = known.recall(text) { return tests.scope(of: head, bits) }
        let bits = tests.bitsOfTarget(in: head)
        known.remember(text, bits)
        return tests.scope(of: head, bits)
    }
}

extension Head {
    /// Method, blank and target of a request line; of a target that is a path without its query, which no test asks for.
    /// `nil` where they do not stand in one line.
    fileprivate var startOfRequestLine: ByteRange? {
        guard version.major < 2, case .request(let method, let target) = start, !target.isEmpty,
            method.end &+ 1 == target.offset
        else { return nil }
        let bytes = bytes.span
        var end = target.end
        // In the absolute form a path may begin behind the mark.
        if bytes[target.offset] == 0x2F,
            let mark = bytes.extracting(target.bounds).firstIndex(of: 0x3F)
        {
            end = target.offset &+ mark
        }
        return ByteRange(method.offset..<end)
    }
}
