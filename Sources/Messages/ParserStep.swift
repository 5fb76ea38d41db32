package import Bytes

/// What ``HTTPParser/next(_:at:)`` found.
package enum ParserStep: Hashable, Sendable {
    /// All bytes given are used up.
    case more
    /// The first byte of a message.
    case began
    /// `head` of the parser is complete; call ``HTTPParser/decideFraming(answering:)`` before the next step.
    case head
    /// Body bytes, as a range of the span given.
    case body(ByteRange)
    /// Body bytes, held back by the parser until it was clear that they are body: all of `trailers`.
    case heldBody
    /// `count` body bytes were never captured.
    case bodyGap(UInt64)
    /// `trailers` of the parser holds a trailer section.
    case trailers
    case end(MessageEnd)
    /// The message that began has no head after all. `answerable`: a peer may have read it as a message even so.
    case abandoned(answerable: Bool)
    case skipped(UInt64, SkippedBytes)
}

extension MessageEnd: Hashable {
    package static func == (left: MessageEnd, right: MessageEnd) -> Bool {
        left.bodyLength == right.bodyLength && left.flags == right.flags
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(bodyLength)
        hasher.combine(flags)
    }
}
