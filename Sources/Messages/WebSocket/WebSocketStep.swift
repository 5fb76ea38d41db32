package import Bytes

/// What a parser of WebSocket frames found next.
package enum WebSocketStep: Sendable {
    /// All bytes are used up.
    case more
    /// The first byte of a message: of its first frame, or of a control frame.
    case began(WebSocketOpcode)
    /// The header of a frame is whole.
    case frame(WebSocketFrame)
    /// Payload bytes as on the wire, masked where the frame says so; `position` counts from the start of the payload.
    case payload(ByteRange, position: UInt64)
    /// `count` bytes of the payload were never captured.
    case payloadGap(UInt64)
    /// The frame is over.
    case end(WebSocketFrame)
    /// Track of the frames is lost, or the direction is over: whatever is under way will have no end.
    case interrupted
    case skipped(UInt64, SkippedBytes)
}
