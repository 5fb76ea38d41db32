package import Messages

/// A recorded message before it is anonymized, and after.
package struct RawMessage: Sendable {
    package var head: Head
    /// Without transfer coding; with the content coding that the head names.
    package var body: [UInt8]
    /// The lines of the trailer section as on the wire, without the empty line; empty where there was none.
    package var trailers: [UInt8]
    /// Whether the whole body is at hand; a body that was cut is replaced whole.
    package var isBodyComplete: Bool

    package init(head: Head, body: [UInt8], trailers: [UInt8] = [], isBodyComplete: Bool = true) {
        self.head = head
        self.body = body
        self.trailers = trailers
        self.isBodyComplete = isBodyComplete
    }
}
