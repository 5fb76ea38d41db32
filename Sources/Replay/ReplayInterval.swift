/// What was measured in one stretch of a run: of requests that ended in it, and send errors told in it.
package struct ReplayInterval: Sendable {
    /// Nanoseconds since the start of the run.
    package var start: UInt64
    package var end: UInt64
    package var sendError = Latencies()
    package var serviceTime = Latencies()
    package var responseTime = Latencies()

    init(start: UInt64) {
        self.start = start
        end = start
    }
}

extension ReplayMachine {
    /// What was measured since the last call, or since the start; `nil` where the plan does not ask for intervals.
    package mutating func takeInterval(at now: MonotonicTime) -> ReplayInterval? {
        guard var interval = metrics.interval else { return nil }
        interval.end = max(interval.start, now - min(now, start))
        metrics.interval = ReplayInterval(start: interval.end)
        return interval
    }
}
