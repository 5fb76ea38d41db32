/// How much of WebSocket messages is kept; what goes past it is counted.
package struct WebSocketLimits: Hashable, Sendable {
    /// The most bytes kept of one message, inflated; the rest is counted and the message flagged `truncated`.
    package var messageBytes: Int
    /// The most bytes that are inflated past the limit of a message, only to know what later messages point back to;
    /// with more the window is given up, and later messages of the direction stay compressed.
    package var discardedBytes: Int

    package init(messageBytes: Int = 1_048_576, discardedBytes: Int = 16_777_216) {
        precondition(messageBytes >= 0 && discardedBytes >= 0, "limits are not negative")
        self.messageBytes = messageBytes
        self.discardedBytes = discardedBytes
    }

    package static let `default` = WebSocketLimits()
}
