import Bytes
import Compression
package import Messages
import Traces

/// What can be told of an exchange only from its messages: terms about its request, and a text in any of them.
package struct SearchTerms: Hashable, Sendable {
    /// About method, path, host and header fields.
    package var filter: RequestFilter?
    package var text: FoldedText?

    package init(filter: RequestFilter? = nil, text: FoldedText? = nil) {
        self.filter = filter
        self.text = text
    }

    package var isEmpty: Bool { filter == nil && text == nil }

    /// Whether the text stands in a message: in its head, its trailers, or its body without content coding.
    func hasText(_ message: borrowing RecordedMessage, head: Head?, decodedLimit: Int) -> Bool {
        guard let text else { return true }
        if text.isIn(message.head.bytes.span) || text.isIn(message.end.trailers.span) { return true }
        guard !message.body.isEmpty else { return false }
        if let codings = head?.contentCodings, !codings.isIdentity, codings.isKnown {
            if let decoded = try? codings.decode(message.body.span, limit: decodedLimit) {
                return text.isSpelled(in: decoded.span)
            }
        }
        return text.isSpelled(in: message.body.span)
    }
}
