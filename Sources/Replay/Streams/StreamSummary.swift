/// What became of the event streams and WebSocket sessions of a replay, as plain values.
package struct StreamSummary: Hashable, Sendable {
    /// How streams ended; each stream has one end.
    package enum End: String, Hashable, Sendable, CaseIterable {
        /// The target ended it.
        case target = "by_target"
        /// The replay ended it when the recorded client did.
        case client = "by_client"
        /// No event and no other sign of life came for longer than the timeout and any recorded silence.
        case silent
        /// The target did not end it within the timeout after the recorded end.
        case overdue
        /// The connection broke, or what came is no such stream.
        case broken
        /// The run came to its end before.
        case cutShort = "cut_short"
    }

    package var serverSent: UInt64 = 0
    package var webSocket: UInt64 = 0
    /// Recorded as streams, and answered otherwise or not at all.
    package var refused: UInt64 = 0
    /// Opened ones of which nothing is recorded, so that only what came is counted.
    package var unrecorded: UInt64 = 0
    package var ends: [End: UInt64] = [:]
    /// The most that were open at once.
    package var peakOpen = 0

    /// Recorded events of the streams that were opened, as far as the streams were not cut short.
    package var recordedEvents: UInt64 = 0
    package var events = EventMatcher.Counts()
    /// Recorded events behind a limit of ``RecordedStreams/Limits``.
    package var eventsNotCompared: UInt64 = 0
    /// Comments and other signs of life of event streams, and pings.
    package var signsOfLife: UInt64 = 0

    /// Recorded messages of WebSocket clients, in the sessions that were opened.
    package var recordedMessages: UInt64 = 0
    package var sentMessages: UInt64 = 0
    /// Not recorded as a whole, or behind a limit.
    package var messagesLeftOut: UInt64 = 0
    /// Not due any more when their session ended.
    package var messagesNotSent: UInt64 = 0
    /// Messages that waited for the answer to the one before, as the recorded client had.
    package var messagesHeldBack: UInt64 = 0

    /// From the sending of the request to the first event.
    package var timeToFirst = LatencySummary()
    package var recordedTimeToFirst = LatencySummary()
    /// Between one event and the next of the same stream.
    package var gap = LatencySummary()
    package var recordedGap = LatencySummary()
    /// How much later than recorded a matched event came, both reckoned from the sending of the request.
    package var lag = LatencySummary()
    /// How much later than it was due a client's message was handed over, waiting for an answer left out.
    package var messageError = LatencySummary()

    package init() {}

    package var opened: UInt64 { serverSent + webSocket }
    package var isEmpty: Bool { opened == 0 && refused == 0 }
}
