import Bytes

/// Reads both directions of a connection and says which response answers which request.
///
/// Give the bytes in the order in which they were captured: responses are paired with requests by order
/// (RFC 9112, section 9.3.2), and whether a request was pipelined is seen from what had been answered when it began.
/// Both directions go into one sink; the events of one message are in order, those of the two directions interleave
/// as the bytes do.
///
/// - An interim response gives `began`, `head`, `end` of its own, with the ordinal of its exchange and the flag
///   `interim`; the final response follows with the same ordinal.
/// - A response without a request has an ordinal of its own and the flag `noRequest`, and so has one to a request
///   whose head could not be read.
/// - After 101, and after 2xx to CONNECT, both directions are `skipped(.upgraded)`.
/// - After a gap outside a body, a response is paired only where one request alone can be meant: a client that waits
///   for each response before its next request leaves no doubt. On a connection on which requests were pipelined,
///   responses whose place is in doubt stand alone, flagged `noRequest`, and so do all after them.
package struct HTTPConversation: Sendable {
    package var requests: HTTPParser
    package var responses: HTTPParser
    /// Requests that were given up because more than the limit waited for a response.
    package internal(set) var forgottenRequests: UInt64 = 0

    var queue = RequestQueue()
    /// Requests that will have no response any more, besides those in the queue.
    var passedOver: [ExchangeOrdinal] = []
    var nextOrdinal: ExchangeOrdinal = 0
    var requestOrdinal: ExchangeOrdinal = 0
    /// Bytes of requests before those at hand, missing ones included.
    var requestOffset: UInt64 = 0
    /// How many of them the server had not received when it sent what is at hand of its side.
    var unreadRequestBytes: UInt64 = 0
    /// How many bytes given of responses the client had not received when it sent what is at hand of its side.
    var unreadResponseBytes: UInt64 = 0
    /// Where the requests stood when the last final response began.
    var answeredOffset: UInt64?
    var answer = Answer()
    /// Reads the connection once it is HTTP/2.
    var http2: HTTP2Connection?
    /// What may be the start of HTTP/2 in a tunnel, of the client's side.
    var tunnelStart: [UInt8]?
    var pairing: Pairing
    let mayLackRequests: Bool

    /// The response under way, or the one that is next.
    struct Answer: Sendable {
        var ordinal: ExchangeOrdinal = 0
        /// Its request is not known: no queue entry is used up by it.
        var hasNoEntry = false
        /// Where the requests stood when it began.
        var requestOffset: UInt64 = 0
        /// An interim response of this exchange was seen.
        var followsInterim = false
        var isInterim = false
        var isUpgrade = false
        /// What follows is HTTP/2.
        var isHTTP2 = false
    }

    /// `joined`: the capture began in the middle of the connection.
    /// `mayLackRequests`: the capture may hold the responses alone.
    package init(limits: HTTPLimits = .default, joined: Bool, mayLackRequests: Bool = false) {
        requests = HTTPParser(kind: .request, limits: limits, joined: joined)
        responses = HTTPParser(kind: .response, limits: limits, joined: joined)
        pairing = Pairing(isSure: !joined)
        self.mayLackRequests = mayLackRequests
    }

    /// Takes the next bytes of a direction.
    package mutating func receive(
        _ bytes: Span<UInt8>,
        from kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        if let http2 { return http2.conversation.receive(bytes, from: kind, into: &sink) }
        if tunnelStart != nil, !bytes.isEmpty { return receiveInTunnel(bytes, from: kind, into: &sink) }
        switch kind {
        case .request:
            readRequests(bytes, into: &sink)
            requestOffset &+= UInt64(bytes.count)
        case .response: readResponses(bytes, into: &sink)
        }
    }

    /// Says that the bytes of a direction given next begin a segment, and that its sender had not received yet the last
    /// `unread` bytes given of the other one; of use after gaps only.
    @inline(__always)
    package mutating func beginSegment(from kind: MessageKind, unread: UInt64 = 0) {
        switch kind {
        case .request:
            requests.beginSegment()
            unreadResponseBytes = unread
        case .response:
            responses.beginSegment()
            unreadRequestBytes = unread
        }
    }

    /// Takes the next bytes of a direction, of which the first begins a segment; see ``beginSegment(from:unread:)``.
    package mutating func receive(
        segment bytes: Span<UInt8>,
        from kind: MessageKind,
        unread: UInt64 = 0,
        into sink: inout some MessageSink & ~Copyable
    ) {
        beginSegment(from: kind, unread: unread)
        receive(bytes, from: kind, into: &sink)
    }

    /// Says that messages of a direction were lost before the first bytes given.
    package mutating func lose(_ kind: MessageKind) {
        switch kind {
        case .request: pairing.loseRequests(.certain)
        case .response: pairing.loseResponses(.certain)
        }
    }

    /// Says that the next `count` bytes of a direction were never captured.
    package mutating func gap(
        _ count: UInt64,
        from kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        if let http2 { return http2.conversation.gap(count, from: kind, into: &sink) }
        leaveTunnelAlone(into: &sink)
        guard count > 0 else { return }
        switch kind {
        case .request:
            let loss = requests.loss(inGapOf: count)
            pairing.loseRequests(loss, waiting: queue.count)
            requests.gap(count)
            requestOffset &+= count
        case .response:
            pairing.loseResponses(responses.loss(inGapOf: count))
            responses.gap(count)
        }
        receive(Span(), from: kind, into: &sink)
    }

    /// Says that a direction is over: closed in order, or reset.
    package mutating func finish(
        _ kind: MessageKind,
        reset: Bool,
        into sink: inout some MessageSink & ~Copyable
    ) {
        finish(kind, reset ? .reset : .closed, into: &sink)
    }

    /// Says that a direction is over, and why.
    package mutating func finish(
        _ kind: MessageKind,
        _ end: DirectionEnd,
        into sink: inout some MessageSink & ~Copyable
    ) {
        if let http2 { return http2.conversation.finish(kind, end, into: &sink) }
        leaveTunnelAlone(into: &sink)
        switch kind {
        case .request: requests.finish(end)
        case .response: responses.finish(end)
        }
        receive(Span(), from: kind, into: &sink)
    }

    /// Requests of which no final response was read, oldest first; those in `forgottenRequests` are not among them.
    package var unansweredRequests: [ExchangeOrdinal] {
        passedOver + queue.entries.filter { !$0.isAbandoned }.map(\.ordinal)
    }

    /// How many requests have no final response, those in `forgottenRequests` and those of HTTP/2 included.
    package var unansweredCount: UInt64 {
        let http2 = http2.map { $0.conversation.unansweredRequests &+ $0.conversation.forgottenRequests } ?? 0
        return UInt64(unansweredRequests.count) &+ forgottenRequests &+ http2
    }

    /// Where the bytes of a direction went.
    package func counts(of kind: MessageKind) -> ByteCounts {
        let counts = kind == .request ? requests.counts : responses.counts
        guard let http2 else { return counts }
        return counts + http2.conversation[kind].frames.counts
    }

    /// Adds where the bytes of both directions went, and answers how many are in no bucket yet.
    package func addCounts(to sum: inout ByteCounts) -> UInt64 {
        sum += requests.counts
        sum += responses.counts
        if let http2 {
            sum += http2.conversation[.request].frames.counts
            sum += http2.conversation[.response].frames.counts
        }
        return pendingBytes
    }

    /// Whether what comes of a direction is no longer HTTP.
    package func hasLeftHTTP(_ kind: MessageKind) -> Bool {
        guard http2 == nil else { return false }
        if case .upgraded = kind == .request ? requests.state : responses.state { return true }
        return false
    }

    /// Bytes of both directions that were taken in and are in no bucket yet.
    package var pendingBytes: UInt64 {
        let held = UInt64(tunnelStart?.count ?? 0) &+ (http2?.conversation.pendingBytes ?? 0)
        return requests.pendingBytes &+ responses.pendingBytes &+ held
    }

    /// Whether messages of the connection may be under way at the same time, and not only one a direction.
    package var isMultiplexed: Bool { http2 != nil }

    mutating func takeOrdinal() -> ExchangeOrdinal {
        defer { nextOrdinal &+= 1 }
        return nextOrdinal
    }
}
