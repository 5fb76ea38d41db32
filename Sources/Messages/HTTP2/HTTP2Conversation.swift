import Bytes
import HeaderCompression

/// Reads both directions of an HTTP/2 connection in clear text (RFC 9113) and says which response answers which request.
///
/// It is fed as ``HTTPConversation`` is, which owns it, and gives the same events. The messages of a connection are
/// under way at the same time: those of different ordinals interleave.
///
/// - Each stream is an exchange. An interim response is a message of its own, as in HTTP/1.
/// - A PUSH_PROMISE frame is a request with the flag `pushed`, on the stream that it opens.
/// - Bytes of header blocks that begin messages are heads; DATA without padding is body; everything else that belongs
///   to frames is framing.
/// - A message that a reset of its stream cuts short is `incomplete` and `reset`.
/// - Where the beginning is not there, or frames are lost, fields that the header compression refers to and that were
///   not seen are not known: see ``FieldListBuilder``; the message has the flag `unknownFields`.
package struct HTTP2Conversation: Sendable {
    let limits: HTTPLimits
    /// By kind. Two properties would need an accessor that yields one of them, and such a one is never inlined:
    /// what it hands out was seen to be read after its frame was gone.
    private var directions: [2 of Direction]
    var streams = StreamTable()
    var nextOrdinal: ExchangeOrdinal
    /// The highest stream that a client opened.
    var highestRequest: UInt32 = 0
    /// Requests on streams that are over of which no final response was read.
    var unanswered: UInt64 = 0
    /// Requests that were given up because more than the limit waited.
    var forgottenRequests: UInt64 = 0

    /// One direction: its frames, and the table that its header blocks refer to.
    struct Direction: Sendable {
        var frames: FrameReader
        var decoder: HPACKDecoder
        var list: FieldListBuilder
        var head: Head
        /// The next message is the first one since the capture joined the connection.
        var nextIsJoined: Bool
        /// Frames may be missing: requests that were not seen are no surprise.
        var isPartial: Bool
        /// How often the table was given up.
        var forgotten = 0

        /// How often a table is begun anew; on a connection that is damaged more often, no more heads are read.
        static let mostForgotten = 256

        init(_ kind: MessageKind, limits: HTTPLimits, beginning: FrameReader.Beginning) {
            frames = FrameReader(limits: limits, beginning: beginning)
            let isJoined = beginning == .anywhere
            decoder = HPACKDecoder(isJoined: isJoined)
            list = FieldListBuilder(limits: limits)
            head = .empty(kind)
            nextIsJoined = isJoined
            isPartial = isJoined
        }
    }

    /// `joined`: the capture began in the middle of the connection; a direction that begins as a whole one does is
    /// taken for whole nevertheless. Exchanges are counted from `first` on.
    init(limits: HTTPLimits, joined: Bool, first: ExchangeOrdinal = 0) {
        self.limits = limits
        nextOrdinal = first
        directions = [
            Direction(.request, limits: limits, beginning: joined ? .anywhere : .preface),
            Direction(.response, limits: limits, beginning: joined ? .anywhere : .frame),
        ]
    }

    /// Continues a connection that went over to HTTP/2 by `Upgrade: h2c` (RFC 7540, section 3.2): the request that
    /// asked for it, of exchange `ordinal`, is stream 1.
    init(
        limits: HTTPLimits,
        upgradedBy ordinal: ExchangeOrdinal,
        method: RequestMethod,
        requestWasSeen: Bool,
        first: ExchangeOrdinal
    ) {
        self.init(limits: limits, joined: false, first: first)
        var stream = StreamTable.Stream(id: 1, ordinal: ordinal, method: method)
        if requestWasSeen { stream.request.phase = .ended }
        _ = streams.append(stream)
        highestRequest = 1
    }

    var requests: Direction {
        @inline(__always)
        _read { yield directions[0] }
        @inline(__always)
        _modify { yield &directions[0] }
    }

    var responses: Direction {
        @inline(__always)
        _read { yield directions[1] }
        @inline(__always)
        _modify { yield &directions[1] }
    }

    subscript(kind: MessageKind) -> Direction {
        @inline(__always)
        _read { yield directions[Int(kind.rawValue)] }
        @inline(__always)
        _modify { yield &directions[Int(kind.rawValue)] }
    }

    /// Requests of which no final response was read.
    var unansweredRequests: UInt64 {
        streams.streams.reduce(unanswered) { count, stream in
            stream.isUnanswered ? count &+ 1 : count
        }
    }

    var pendingBytes: UInt64 { requests.frames.pendingBytes &+ responses.frames.pendingBytes }

    mutating func receive(
        _ bytes: Span<UInt8>,
        from kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        var offset = 0
        while !read(bytes, at: &offset, from: kind, into: &sink) {
            // Frames were found in bytes given before, and may be lost and found again in these.
            var found = self[kind].frames.takeFound()
            var place = 0
            while !read(found.span, at: &place, from: kind, into: &sink) {
                found = self[kind].frames.takeFound() + found[place...]
                place = 0
            }
        }
    }

    /// Takes the steps in `bytes`, from `offset` on; false where others have to be read first.
    private mutating func read(
        _ bytes: Span<UInt8>,
        at offset: inout Int,
        from kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) -> Bool {
        while true {
            let step = self[kind].frames.next(bytes, at: &offset)
            switch step {
            case .more: return true
            case .found: return false
            case .blockBegan(let frame): beginBlock(frame, kind, into: &sink)
            case .block(let block): takeBlock(block, kind, into: &sink)
            case .blockLost(let frame): loseBlock(frame, kind, into: &sink)
            case .data(let id, let range):
                takeData(bytes.extracting(range.bounds), of: id, kind, into: &sink)
            case .dataGap(let id, let count): takeGap(count, of: id, kind, into: &sink)
            case .endStream(let id): endStream(id, kind, into: &sink)
            case .reset(let id): reset(id, by: kind, into: &sink)
            case .lost: loseFrames(kind)
            case .skipped(let count, let reason):
                sink.receive(.skipped(kind, count: count, reason), bytes: Span())
            }
        }
    }

    mutating func gap(_ count: UInt64, from kind: MessageKind, into sink: inout some MessageSink & ~Copyable)
    {
        guard count > 0 else { return }
        self[kind].frames.gap(count)
        receive(Span(), from: kind, into: &sink)
    }

    mutating func finish(
        _ kind: MessageKind,
        _ end: DirectionEnd,
        into sink: inout some MessageSink & ~Copyable
    ) {
        // What is found at the very end may leave something again, but less each time.
        repeat {
            self[kind].frames.finish()
            receive(Span(), from: kind, into: &sink)
        } while self[kind].frames.isUnderWay
        var index = 0
        while index < streams.count {
            if streams[index][kind].phase == .body {
                cutShort(index, kind, end == .reset ? [.incomplete, .reset] : .incomplete, into: &sink)
            }
            index &+= 1
        }
    }

    mutating func takeOrdinal() -> ExchangeOrdinal {
        defer { nextOrdinal &+= 1 }
        return nextOrdinal
    }
}
