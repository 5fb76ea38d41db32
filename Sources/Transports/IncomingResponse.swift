import Bytes
package import Messages
package import Replay

/// What has arrived of the answer to one request; the storage serves one answer after another.
package struct IncomingResponse {
    /// How far the answer is after the bytes given.
    package enum Progress: Equatable {
        case incomplete
        /// It is there as a whole; `reusable`: nothing forbids another request on the connection.
        case whole(status: UInt16, reusable: Bool)
        /// Its head begins server-sent events; what stands behind `offset` has not been looked at.
        case eventStream(offset: Int)
        /// The connection has gone over to WebSocket; what stands behind `offset` belongs to it.
        case webSocket(offset: Int)
        /// It is not HTTP, or goes over a limit.
        case refused
    }

    private let isKeeping: Bool
    private let bodyLimit: Int
    private let headLimit: Int
    private var parser: HTTPParser
    private var method = RequestMethod.other
    private var headBytes = 0
    private var status: UInt16 = 0
    private var isInterim = false
    private var reusable = true
    private var isChunked = false
    private var hasFinalHead = false
    private var firstByte: MonotonicTime?
    private var head: [UInt8] = []
    private var body: [UInt8] = []
    private var trailers: [UInt8] = []
    /// Bytes of the body; of one that nobody keeps only once it is whole.
    package private(set) var bodyLength: UInt64 = 0
    /// The body is server-sent events.
    private var isEventStream = false
    private var isWebSocket = false
    /// The body is there to its end.
    private var hasEnded = false
    /// The parts of a stream that is over, where they are kept.
    package var log: StreamLog?
    /// Takes the body, where that is server-sent events.
    package var events: ReplayedEventStream?
    /// Whether a byte of it is there.
    package private(set) var hasBegun = false
    /// The head of an earlier answer: most answers of a target have the same for a second or for ever.
    private var known = KnownHead()

    package init(isKeeping: Bool, limits: ReplayLimits) {
        self.isKeeping = isKeeping
        bodyLimit = limits.responseBody
        headLimit = limits.responseHead
        parser = Self.parser(isKeeping: isKeeping, limits: limits)
        self.limits = limits
    }

    private let limits: ReplayLimits

    private static func parser(isKeeping: Bool, limits: ReplayLimits) -> HTTPParser {
        var bounds = HTTPLimits.default
        bounds.headBytes = max(1, limits.responseHead)
        // Bytes that nobody keeps are counted by the parser and not told.
        bounds.bodyBytes = isKeeping ? .max : 0
        return HTTPParser(kind: .response, limits: bounds)
    }

    /// Makes ready for the answer to a request on a connection; `isFresh` where it is the first one there.
    package mutating func begin(answering method: RequestMethod, isFresh: Bool) {
        self.method = method
        headBytes = 0
        status = 0
        isInterim = false
        reusable = true
        isChunked = false
        hasFinalHead = false
        firstByte = nil
        hasBegun = false
        bodyLength = 0
        if isEventStream {
            isEventStream = false
            parser.setBodyLimit(isKeeping ? .max : 0)
        }
        isWebSocket = false
        hasEnded = false
        log = nil
        if isFresh { parser = Self.parser(isKeeping: isKeeping, limits: limits) }
        guard isKeeping else { return }
        head.removeAll(keepingCapacity: true)
        body.removeAll(keepingCapacity: body.capacity <= 1 << 16)
        trailers.removeAll(keepingCapacity: true)
    }

    /// Takes bytes from the connection; bytes behind the end of the answer make it not reusable.
    package mutating func receive(_ bytes: Span<UInt8>) -> Progress {
        if !hasBegun {
            hasBegun = true
            if isKeeping { firstByte = MonotonicClock.now }
            if let progress = takeKnown(bytes) { return progress }
        }
        return advance(bytes)
    }

    /// Takes the end of the connection; an answer whose end it is becomes whole.
    package mutating func finish(_ end: DirectionEnd) -> Progress {
        parser.finish(end)
        return advance(Span())
    }

    private mutating func advance(_ bytes: Span<UInt8>) -> Progress {
        var offset = 0
        while true {
            switch parser.next(bytes, at: &offset) {
            case .more: return .incomplete
            case .began, .bodyGap: break
            case .head:
                guard takeHead() else { return .refused }
                if isEventStream { return .eventStream(offset: offset) }
            case .body(let range):
                let part = bytes.extracting(range.bounds)
                events?.receive(part, at: MonotonicClock.now)
                keep(part)
            case .heldBody:
                let held = parser.trailers
                keep(held.span)
            case .trailers: if isKeeping { trailers.append(contentsOf: parser.trailers) }
            case .end(let end):
                if isInterim { continue }
                if isWebSocket { return .webSocket(offset: offset) }
                bodyLength = end.bodyLength
                hasEnded = true
                if end.flags.contains(.incomplete) { return .refused }
                return .whole(status: status, reusable: reusable && offset == bytes.count)
            case .abandoned, .skipped: return .refused
            }
        }
    }

    private mutating func takeHead() -> Bool {
        parser.decideFraming(answering: method)
        headBytes += parser.head.bytes.count
        guard headBytes <= headLimit else { return false }
        status = parser.head.status ?? 0
        // Interim responses are over with their head (RFC 9110, section 15.2); the final one follows.
        isInterim = (100...199).contains(status) && status != 101
        guard !isInterim else { return true }
        hasFinalHead = true
        isChunked = parser.head.framing == .chunked
        reusable = status != 101 && parser.head.framing != .untilClose && parser.head.keepsConnection
        if isKeeping { head.append(contentsOf: parser.head.bytes) }
        noteStream()
        if !isEventStream, method == .other, case .length(let count) = parser.head.framing,
            count <= KnownHead.bodyLimit
        {
            known.take(parser.head.bytes, status: status, bodyCount: Int(count), reusable: reusable)
        }
        return true
    }

    /// Learns from the head whether the answer goes on as a stream.
    private mutating func noteStream() {
        isWebSocket = parser.head.opensWebSocket
        isEventStream = parser.head.framing != .none && parser.head.isEventStream
        if isEventStream { parser.setBodyLimit(.max) }
    }

    /// The status of the final head; 0 before it.
    package var finalStatus: UInt16 { hasFinalHead ? status : 0 }

    /// Whether the body has no content coding.
    package var isReadable: Bool { parser.head.hasNoContentCoding }

    /// What the answer to a WebSocket handshake agreed on.
    package var webSocketExtensions: WebSocketExtensions { WebSocketExtensions(parser.head) }

    /// Takes an answer that is there as a whole and begins with the known head; the parser need not see it.
    private mutating func takeKnown(_ bytes: Span<UInt8>) -> Progress? {
        guard method == .other, known.begins(bytes) else { return nil }
        let end = known.bytes.count + known.bodyCount
        hasFinalHead = true
        status = known.status
        bodyLength = UInt64(known.bodyCount)
        if isKeeping {
            head.append(contentsOf: known.bytes)
            let kept = min(known.bodyCount, bodyLimit)
            body.append(contentsOf: bytes.extracting(known.bytes.count..<known.bytes.count + kept))
        }
        return .whole(status: status, reusable: known.reusable && end == bytes.count)
    }

    private mutating func keep(_ bytes: Span<UInt8>) {
        guard isKeeping else { return }
        bodyLength &+= UInt64(bytes.count)
        guard body.count < bodyLimit else { return }
        body.append(contentsOf: bytes.extracting(first: min(bytes.count, bodyLimit - body.count)))
    }

    /// The response so far, or `nil` where its final head has not arrived as a whole.
    package func response(isWhole: Bool, clock: MonotonicClock) -> ObservedResponse? {
        guard hasFinalHead, let firstByte else { return nil }
        var flags: MessageFlags = []
        if UInt64(body.count) < bodyLength { flags.insert(.truncated) }
        // An event stream that was left went on.
        if !isWhole || isEventStream && !hasEnded { flags.insert(.incomplete) }
        if isChunked { flags.insert(.chunked) }
        if isWebSocket {
            flags.insert(.upgraded)
            if log?.isCut == true { flags.insert(.truncated) }
        }
        return ObservedResponse(
            head: head,
            body: body,
            bodyLength: bodyLength,
            trailers: trailers,
            flags: flags,
            start: clock.wall(firstByte),
            parts: log?.parts { clock.wall($0) } ?? []
        )
    }
}
