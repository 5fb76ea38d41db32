/// The part that event streams and WebSocket sessions have in common: what came when, against what is recorded.
struct StreamProgress {
    let ledger: StreamLedger
    let recorded: RecordedStream?
    /// When the request was sent.
    let start: MonotonicTime
    private let timeout: UInt64
    private var matcher: EventMatcher
    private var lastEvent: MonotonicTime?
    private(set) var lastSign: MonotonicTime
    private var isOver = false

    /// `timeout` is how long silence is borne that was not recorded.
    init(
        _ kind: RecordedStream.Kind,
        _ recorded: RecordedStream?,
        start: MonotonicTime,
        opened: MonotonicTime,
        timeout: UInt64,
        ledger: StreamLedger
    ) {
        // A recording of the other kind says nothing of this one.
        let recorded = recorded?.kind == kind ? recorded : nil
        self.ledger = ledger
        self.recorded = recorded
        self.start = start
        self.timeout = timeout
        matcher = EventMatcher(recorded)
        lastSign = opened
        ledger.noteOpened(kind, recorded)
    }

    mutating func receive(_ key: EventKey, at now: MonotonicTime) {
        let elapsed = now - min(now, start)
        if let lastEvent {
            ledger.noteGap(now - min(now, lastEvent))
        } else {
            ledger.noteFirst(after: elapsed)
        }
        lastEvent = now
        lastSign = max(lastSign, now)
        if case .matched(let place) = matcher.receive(key), let recorded {
            let due = ledger.scaled(recorded.events[place].offset)
            ledger.noteLag(elapsed - min(elapsed, due))
        }
    }

    mutating func noteSign(at now: MonotonicTime) { lastSign = max(lastSign, now) }

    var received: Int { Int(clamping: matcher.received) }
    var isComplete: Bool { matcher.isComplete }

    /// When silence has lasted too long.
    var silenceLimit: MonotonicTime {
        lastSign.adding(max(timeout, (recorded?.longestSilence ?? 0).addingCapped(timeout)))
    }

    /// When a stream that the recorded client left is left; later where recorded events have not come.
    var leaveTime: MonotonicTime? {
        guard let recorded, !recorded.endsAtServer else { return nil }
        // As fast as possible there is no rhythm to keep: what was recorded has come, and that is all.
        if ledger.factor == 0, isComplete { return lastSign }
        let end = start.adding(ledger.scaled(recorded.end))
        return isComplete ? end : end.adding(StreamLimits.lateness)
    }

    /// When the target should have ended the stream; it takes its own time, whatever the speed.
    var overdueTime: MonotonicTime? {
        guard let recorded, recorded.endsAtServer else { return nil }
        return start.adding(max(ledger.scaled(recorded.end), UInt64(recorded.end))).adding(timeout)
    }

    /// Closes the accounts; without effect where they are closed.
    mutating func end(_ end: StreamSummary.End, at now: MonotonicTime, messagesNotSent: Int = 0) {
        guard !isOver else { return }
        isOver = true
        var horizon = Int64.max
        if end == .cutShort {
            let elapsed = Double(now - min(now, start)) * (ledger.factor > 0 ? ledger.factor : 0)
            horizon = elapsed < 9e18 ? Int64(elapsed) : .max
        }
        let counts = matcher.finished(horizon: horizon)
        let judged = recorded?.events.count(where: { $0.offset <= horizon }) ?? 0
        ledger.noteEnd(end, counts: counts, recordedEvents: judged, messagesNotSent: messagesNotSent)
    }
}

extension UInt64 {
    func addingCapped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension MonotonicTime {
    /// A later moment; the end of time where it is beyond.
    func adding(_ span: UInt64) -> MonotonicTime { addingCapped(span) }
}
