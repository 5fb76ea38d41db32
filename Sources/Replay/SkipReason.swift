/// Why a selected request is not sent; each case is a bucket of the report.
package enum SkipReason: String, Hashable, Sendable, CaseIterable {
    /// Part of the body is not in the trace: truncated, never captured, or cut off with the connection.
    case incompleteBody = "incomplete-body"
    /// The head in the trace cannot be read.
    case unreadableHead = "unreadable-head"
    /// CONNECT, or a request after which the connection left HTTP.
    case upgraded
    /// A version other than HTTP/1.0 and HTTP/1.1, or a chunked body in HTTP/1.0.
    case version
    /// A NUL, or a line break, in the method, the target or a field.
    case unsendableHead = "unsendable-head"
    /// A body on a HEAD request, which the transport cannot send.
    case bodyOnHead = "body-on-head"
}
