package import Replay

/// What is told of a replay that is under way: where it stands, and what its last second was like.
package struct ReplayStatus: Sendable {
    package private(set) var progress = ReplayProgress()
    package private(set) var recent: Recent?
    /// Of the whole run so far: how many requests, and their times together in microseconds.
    package private(set) var sendError = Sum()
    package private(set) var serviceTime = Sum()
    package private(set) var responseTime = Sum()

    /// The last stretch that was measured, about a second.
    package struct Recent: Sendable {
        package var seconds: Double
        /// Requests a second that came to their time, and that were sent.
        package var requestedRate: Double?
        package var achievedRate: Double?
        /// Requests that ended.
        package var responded: UInt64
        package var failed: UInt64
        package var sendError: LatencySummary
        package var serviceTime: LatencySummary
        package var responseTime: LatencySummary
    }

    package struct Sum: Hashable, Sendable {
        package var count: UInt64 = 0
        package var microseconds: UInt64 = 0

        mutating func add(_ latencies: Latencies, _ summary: LatencySummary) {
            count += summary.count
            microseconds &+= latencies.total
        }
    }

    /// Whether there is a schedule that asks for a rate.
    private let isPaced: Bool

    package init(isPaced: Bool) {
        self.isPaced = isPaced
    }

    package mutating func take(_ progress: ReplayProgress) {
        self.progress = progress
    }

    package mutating func take(_ interval: ReplayInterval, _ progress: ReplayProgress) {
        self.progress = progress
        let recent = Recent(
            seconds: Double(interval.end - interval.start) / 1e9,
            requestedRate: isPaced ? interval.rate(interval.due) : nil,
            achievedRate: interval.rate(interval.sent),
            responded: interval.responded,
            failed: interval.failed,
            sendError: interval.sendError.summary,
            serviceTime: interval.serviceTime.summary,
            responseTime: interval.responseTime.summary
        )
        sendError.add(interval.sendError, recent.sendError)
        serviceTime.add(interval.serviceTime, recent.serviceTime)
        responseTime.add(interval.responseTime, recent.responseTime)
        self.recent = recent
    }
}
