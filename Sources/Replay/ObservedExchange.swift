package import Messages

/// One replayed exchange as it went over the wire, for a trace of what was observed.
package struct ObservedExchange: Sendable {
    package var scheduled: ScheduledRequest
    /// The replay's own connection.
    package var connection: ConnectionID
    /// The head as sent; of HTTP/2, as it would be in HTTP/1.1.
    package var requestHead: [UInt8]
    /// When the request was sent, or handed over where it never was; nanoseconds since 1970.
    package var sent: Int64
    /// When the exchange ended; nanoseconds since 1970.
    package var end: Int64
    package var outcome: Outcome
    /// `nil` where no final response head arrived.
    package var response: ObservedResponse?
    /// The request went out in HTTP/2, as far as can be told: as the answer came, or as was offered.
    package var isHTTP2: Bool {
        scheduled.request.offersHTTP2 && response?.isHTTP2 ?? true
    }

    package init(
        scheduled: ScheduledRequest,
        connection: ConnectionID,
        requestHead: [UInt8],
        sent: Int64,
        end: Int64,
        outcome: Outcome,
        response: ObservedResponse?
    ) {
        self.scheduled = scheduled
        self.connection = connection
        self.requestHead = requestHead
        self.sent = sent
        self.end = end
        self.outcome = outcome
        self.response = response
    }
}

/// A response as received.
package struct ObservedResponse: Sendable {
    /// The final head, its empty line included; of HTTP/2, as it would be in HTTP/1.1.
    package var head: [UInt8]
    /// Without transfer coding, with content coding.
    package var body: [UInt8]
    /// Body bytes received, kept or not.
    package var bodyLength: UInt64
    /// The trailer section, fields only.
    package var trailers: [UInt8]
    /// `truncated` where the body went on past its limit, `incomplete` where the connection ended first, `chunked`.
    package var flags: MessageFlags
    /// When its first byte arrived; nanoseconds since 1970.
    package var start: Int64
    /// Of a stream, its parts in order; of one with very many of them, the first.
    package var parts: [StreamPart]
    package var isHTTP2: Bool

    package init(
        head: [UInt8],
        body: [UInt8],
        bodyLength: UInt64,
        trailers: [UInt8],
        flags: MessageFlags,
        start: Int64,
        parts: [StreamPart] = [],
        isHTTP2: Bool = false
    ) {
        self.head = head
        self.body = body
        self.bodyLength = bodyLength
        self.trailers = trailers
        self.flags = flags
        self.start = start
        self.parts = parts
        self.isHTTP2 = isHTTP2
    }
}

/// Takes what a replay observes, exchange by exchange in order of completion.
package protocol ObservedSink {
    /// Whether response bodies and heads are worth keeping; asked once, before the start.
    var isObserving: Bool { get }
    /// Throwing ends the replay.
    mutating func observe(_ exchange: consuming ObservedExchange) throws
}

/// Keeps nothing.
package struct NoObserver: ObservedSink {
    package init() {}
    package var isObserving: Bool { false }
    package mutating func observe(_ exchange: consuming ObservedExchange) {}
}
