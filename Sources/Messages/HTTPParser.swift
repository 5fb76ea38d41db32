import Bytes

/// Reads the messages of one direction of a connection (RFC 9112), from bytes in any cut.
///
/// The caller gives bytes and asks for one step after the other until the answer is ``ParserStep/more``; the steps
/// are the same however the bytes are cut, but for the cuts of body and skipped bytes. Then it may give more bytes,
/// a gap, or the end. Each byte is copied at most once (heads and trailers) and searched once. After the first
/// messages nothing is allocated: `head` and `trailers` are the same storage every time.
package struct HTTPParser: Sendable {
    package let kind: MessageKind
    package private(set) var limits: HTTPLimits
    /// Complete from the step `head` until the step `end`, but for what a ``MessageSink`` takes out of it.
    package internal(set) var head: Head
    /// The trailer section at the step `trailers`, the body bytes at the step `heldBody`, and what is skipped as
    /// `upgraded` of bytes given before.
    package internal(set) var trailers: [UInt8] = []
    package internal(set) var counts = ByteCounts()
    /// Everything known of the current message so far.
    package internal(set) var flags: MessageFlags = []
    /// Whether the message that began last was found by searching after a gap.
    package internal(set) var followsGap = false

    /// Whether a message has begun.
    var hasBegun = false

    var state: State
    /// What becomes of the direction when the current message has ended.
    var resume = Resume.idle
    var due = DueSteps()
    var finder = BlankLineFinder()
    var sniffer: StartLineSniffer
    var startLineIsChecked = false
    var framingFields = FramingFields()
    var lines = RepeatedLines()
    var framingIsDecided = false
    /// The body that the head announces may not be there.
    var bodyIsInDoubt = false
    var bodyLength: UInt64 = 0
    var trailersAreTooLong = false
    var searchFollowsGap = false
    var nextIsJoined: Bool

    /// What the next byte is.
    enum State {
        /// The first byte of a message, or of an empty line before it → head, searching, upgraded
        case idle
        /// Inside a head; what is there of it is in `head.bytes` → framed, searching, upgraded, idle (finish)
        case head
        /// The head is out, its framing may still be decided → length, chunkLine, untilClose, ended
        case framed
        /// A body that the sender may keep back, of which nothing came yet; what is there of a start line in its place
        /// is in `trailers` → length, chunkLine, ended
        case unsent
        /// In a body of known length; 1… bytes are left → unsent, ended
        case length(UInt64)
        /// In a chunk-size line → unsent, chunkData, trailers, ended
        case chunkLine(ChunkLine)
        /// In a chunk; 1… bytes are left → chunkEnd, ended
        case chunkData(UInt64)
        /// In the line end after a chunk → chunkLine, ended
        case chunkEnd(sawCarriageReturn: Bool)
        /// In the trailer section → ended
        case trailers
        /// In a body that lasts until close → ended (finish)
        case untilClose
        /// The message is over; its end is the next step → as `resume` says
        case ended
        /// Looking for a start line; what is there of a candidate is in `head.bytes` → head, upgraded, idle (finish)
        case searching(SkippedBytes, atLineStart: Bool)
        /// No longer HTTP; for good
        case upgraded
        /// Began as no direction of HTTP does; for good
        case refused
    }

    enum Resume {
        case idle
        /// A start line is in `trailers` already.
        case held
        case searching(SkippedBytes, atLineStart: Bool)
        case upgraded
    }

    /// `joined`: the capture began in the middle of the connection, so the parser looks for a start line first and
    /// flags the first message.
    package init(kind: MessageKind, limits: HTTPLimits = .default, joined: Bool = false) {
        self.kind = kind
        self.limits = limits
        head = .empty(kind)
        sniffer = StartLineSniffer(kind)
        nextIsJoined = joined
        state = joined ? .searching(.beforeJoin, atLineStart: true) : .idle
    }

    /// Bytes that were taken in and belong to no bucket yet: those of an unfinished head or candidate.
    package var pendingBytes: UInt64 {
        switch state {
        case .head, .searching: UInt64(head.bytes.count)
        case .unsent: UInt64(trailers.count)
        case .idle, .framed, .length, .chunkLine, .chunkData, .chunkEnd, .trailers, .untilClose, .ended,
            .upgraded, .refused:
            0
        }
    }

    /// Takes the next step in `bytes`, from `offset` on, and moves `offset` past what it used.
    package mutating func next(_ bytes: Span<UInt8>, at offset: inout Int) -> ParserStep {
        while true {
            if let step = takeDueStep() { return step }
            let step: ParserStep? =
                switch state {
                case .idle: beginMessage(bytes, at: &offset)
                case .head: readHead(bytes, at: &offset)
                case .framed: enterBody()
                case .unsent: awaitBody(bytes, at: &offset)
                case .length(let left): readBody(bytes, at: &offset, left: left)
                case .chunkLine(let line): readChunkLine(line, bytes, at: &offset)
                case .chunkData(let left): readChunk(bytes, at: &offset, left: left)
                case .chunkEnd(let sawCR): readChunkEnd(bytes, at: &offset, sawCarriageReturn: sawCR)
                case .trailers: readTrailers(bytes, at: &offset)
                case .untilClose: readUntilClose(bytes, at: &offset)
                case .ended: endMessage()
                case .searching(let reason, let atLineStart):
                    search(bytes, at: &offset, for: reason, atLineStart: atLineStart)
                case .upgraded: skipRest(bytes, at: &offset, as: .upgraded)
                case .refused: skipRest(bytes, at: &offset, as: .unparsable)
                }
            if let step { return step }
        }
    }

    /// Delivers up to `count` bytes of bodies from here on.
    package mutating func setBodyLimit(_ count: UInt64) { limits.bodyBytes = count }

    /// Says more about the current message: what only both directions together tell.
    package mutating func mark(_ more: MessageFlags) {
        flags.formUnion(more)
        head.flags.formUnion(more)
    }
}
