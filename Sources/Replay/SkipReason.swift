/// Why a selected request is not sent; each case is a bucket of the report.
package enum SkipReason: String, Hashable, Sendable, CaseIterable {
    /// Part of the body is not in the trace: truncated, never captured, or cut off with the connection.
    case incompleteBody = "incomplete-body"
    /// The head in the trace cannot be read.
    case unreadableHead = "unreadable-head"
    /// CONNECT, or a request after which the connection left HTTP for what cannot be replayed.
    case upgraded
    /// A version other than HTTP/1.0, HTTP/1.1 and HTTP/2, or a chunked body in HTTP/1.0.
    case version
    /// HTTP/2: the server spoke of the request, no client sent it.
    case pushed
    /// HTTP/2: fields of the head were sent before the capture began, or in a gap.
    case unknownFields = "unknown-fields"
    /// A NUL, or a line break, in the method, the target or a field.
    case unsendableHead = "unsendable-head"
    /// A body on a HEAD request, which the transport cannot send.
    case bodyOnHead = "body-on-head"
    /// The answer that a value of it is from did not come, or came without that value.
    case missingValue = "missing-value"
    /// It has a value for which the map of values has no other.
    case unmapped
    /// A method that may change something, where only safe ones are sent.
    case unsafeMethod = "unsafe-method"
}
