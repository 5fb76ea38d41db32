/// What was measured in one stretch of a run: of requests that ended in it, and send errors told in it.
package struct ReplayInterval: Sendable {
    /// Nanoseconds since the start of the run.
    package var start: UInt64
    package var end: UInt64
    /// Requests whose time came in it.
    package var due: UInt64 = 0
    package var sent: UInt64 = 0
    package var responded: UInt64 = 0
    package var failed: UInt64 = 0
    package var sendError = Latencies()
    package var serviceTime = Latencies()
    package var responseTime = Latencies()

    package init(start: UInt64) {
        self.start = start
        end = start
    }

    /// Of `count` events; `nil` where the stretch is too short to tell.
    package func rate(_ count: UInt64) -> Double? {
        end - start < 1_000_000 ? nil : Double(count) * 1e9 / Double(end - start)
    }
}

extension ReplayMachine {
    /// What was measured since the last call, or since the start; `nil` where the plan does not ask for intervals.
    package mutating func takeInterval(at now: MonotonicTime) -> ReplayInterval? {
        guard var interval = metrics.interval else { return nil }
        interval.end = max(interval.start, now - min(now, start))
        let counts = metrics.requests
        let due = due(at: now)
        interval.due = due - min(due, metrics.told.due)
        interval.sent = counts.sent - metrics.told.sent
        interval.responded = counts.responded - metrics.told.responded
        interval.failed = counts.failed - metrics.told.failed
        metrics.told = (due, counts.sent, counts.responded, counts.failed)
        metrics.interval = ReplayInterval(start: interval.end)
        return interval
    }
}
