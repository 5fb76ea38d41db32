/// What a WebSocket message was on the wire; its bytes stand beside it.
package struct WebSocketMessage: Hashable, Sendable {
    /// Text, binary, close, ping or pong.
    package var opcode: WebSocketOpcode
    /// Frames of which it consists.
    package var frames: UInt32 = 0
    /// Payload bytes on the wire, compressed where it was compressed, gaps left out.
    package var wireLength: UInt64 = 0
    /// Of these, bytes past the limit for one message.
    package var truncatedBytes: UInt64 = 0
    /// Of these, bytes for which there was no memory.
    package var refusedBytes: UInt64 = 0
    /// Of these, bytes behind a place where they could not be inflated.
    package var undecodedBytes: UInt64 = 0
    package var isCompressed = false
    /// The bytes stand as they were on the wire: they could not be inflated, or an extension is not known.
    package var isUndecoded = false
    /// `truncated`, `gap`, `incomplete`.
    package var flags: MessageFlags = []

    package init(opcode: WebSocketOpcode) {
        self.opcode = opcode
    }

    /// Wire bytes of the payload that are in the message as it is kept.
    package var keptBytes: UInt64 { wireLength &- truncatedBytes &- refusedBytes &- undecodedBytes }
}

/// What was found on a WebSocket connection, in order for each direction.
///
/// A direction has at most one message and one control message under way, which may stand between the frames of the
/// other; their opcodes tell them apart.
package enum WebSocketEvent: Sendable {
    /// The first byte of a message, or of a control frame.
    case began(MessageKind, WebSocketOpcode)
    /// The header of a frame is whole.
    case frame(MessageKind, WebSocketFrame)
    /// A message is over; its bytes, unmasked and inflated, are beside the event.
    case message(MessageKind, WebSocketMessage)
    /// What began gave no whole header: no message will follow.
    case abandoned(MessageKind, WebSocketOpcode)
    case skipped(MessageKind, count: UInt64, SkippedBytes)
}

/// Takes what was found on a WebSocket connection; bytes are borrowed for the length of the call.
package protocol WebSocketSink: ~Copyable {
    /// `bytes` is empty for every event but `.message`.
    mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>)
}
