/// Keeps the accounts of a replay's streams while it runs; a reference that the streams of one event loop share.
///
/// Recorded times are scaled by the speed of the replay, so that they can be held against measured ones.
package final class StreamLedger {
    private var summary = StreamSummary()
    private var openCount = 0
    private var timeToFirst = Latencies()
    private var recordedTimeToFirst = Latencies()
    private var gap = Latencies()
    private var recordedGap = Latencies()
    private var lag = Latencies()
    private var messageError = Latencies()
    /// Times as fast as recorded; 0 for as fast as possible.
    let factor: Double

    package init(factor: Double) {
        self.factor = factor
    }

    /// A recorded span in nanoseconds as the replay has it; as fast as possible nothing is scaled.
    func scaled(_ span: Int64) -> UInt64 {
        guard span > 0 else { return 0 }
        guard factor > 0, factor != 1 else { return UInt64(span) }
        let scaled = Double(span) / factor
        return scaled < 9e18 ? UInt64(scaled) : .max / 2
    }

    func noteOpened(_ kind: RecordedStream.Kind, _ recorded: RecordedStream?) {
        switch kind {
        case .serverSentEvents: summary.serverSent += 1
        case .webSocket: summary.webSocket += 1
        }
        openCount += 1
        summary.peakOpen = max(summary.peakOpen, openCount)
        guard let recorded else {
            summary.unrecorded += 1
            return
        }
        summary.eventsNotCompared += recorded.eventsLeftOut
        summary.recordedMessages += UInt64(recorded.messages.count) + recorded.messagesLeftOut
        summary.messagesLeftOut += recorded.messagesLeftOut
        var last: Int64?
        for event in recorded.events {
            if let last {
                recordedGap.record(nanoseconds: scaled(event.offset - last))
            } else {
                recordedTimeToFirst.record(nanoseconds: scaled(event.offset))
            }
            last = event.offset
        }
    }

    /// A recorded stream that was not opened.
    package func noteRefused() { summary.refused += 1 }

    func noteSignOfLife() { summary.signsOfLife += 1 }

    func noteFirst(after time: UInt64) { timeToFirst.record(nanoseconds: time) }
    func noteGap(_ time: UInt64) { gap.record(nanoseconds: time) }
    func noteLag(_ time: UInt64) { lag.record(nanoseconds: time) }

    func noteMessage(error: UInt64, wasHeldBack: Bool) {
        summary.sentMessages += 1
        if wasHeldBack { summary.messagesHeldBack += 1 }
        messageError.record(nanoseconds: error)
    }

    func noteEnd(
        _ end: StreamSummary.End,
        counts: EventMatcher.Counts,
        recordedEvents: Int,
        messagesNotSent: Int
    ) {
        openCount -= 1
        summary.ends[end, default: 0] += 1
        summary.recordedEvents += UInt64(recordedEvents)
        summary.messagesNotSent += UInt64(messagesNotSent)
        summary.events.add(counts)
    }

    /// The accounts so far.
    package func finish() -> StreamSummary {
        var summary = summary
        summary.timeToFirst = timeToFirst.summary
        summary.recordedTimeToFirst = recordedTimeToFirst.summary
        summary.gap = gap.summary
        summary.recordedGap = recordedGap.summary
        summary.lag = lag.summary
        summary.messageError = messageError.summary
        return summary
    }
}

extension EventMatcher.Counts {
    mutating func add(_ other: EventMatcher.Counts) {
        received += other.received
        matched += other.matched
        outOfOrder += other.outOfOrder
        duplicated += other.duplicated
        changed += other.changed
        missing += other.missing
        unexpected += other.unexpected
    }
}
