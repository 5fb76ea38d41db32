import Bytes

/// What ``FrameReader/next(_:at:)`` found.
enum FrameStep: Hashable {
    /// All bytes given are used up.
    case more
    /// A header block begins: the first frame of it is a HEADERS frame, or a PUSH_PROMISE frame.
    case blockBegan(FrameHeader)
    /// `block` of the reader holds a whole header block.
    case block(HeaderBlock)
    /// The header block that began will not be whole.
    case blockLost(FrameHeader)
    /// Bytes of a DATA frame without padding, as a range of the span given.
    case data(UInt32, ByteRange)
    /// `count` bytes of a DATA frame were never captured.
    case dataGap(UInt32, count: UInt64)
    /// The last frame of a stream in this direction is over.
    case endStream(UInt32)
    case reset(UInt32)
    /// Frames were lost: nobody can tell which.
    case lost
    /// Frames were found in bytes that are held: give what ``FrameReader/takeFound()`` answers before going on.
    case found
    case skipped(UInt64, SkippedBytes)
}

/// The frames of a header block, put together.
struct HeaderBlock: Hashable {
    /// The HEADERS or PUSH_PROMISE frame.
    var frame: FrameHeader
    /// The stream that a PUSH_PROMISE frame opens.
    var promised: UInt32

    var endsStream: Bool { frame.type == .headers && frame.flags.contains(.endStream) }
}
