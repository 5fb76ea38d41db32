package import Messages

/// Counts and distributions of a running replay.
package struct ReplayMetrics: Sendable {
    package internal(set) var requests = RequestCounts()
    package internal(set) var connections = ConnectionCounts()
    package internal(set) var skips: [SkipReason: UInt64] = [:]
    package internal(set) var failures: [FailureKind: UInt64] = [:]
    var statusCounts = StatusCounts()
    var answersInHTTP2: UInt64 = 0
    /// Responses by status, 0 to 999.
    package var statuses: [UInt16: UInt64] { statusCounts.byStatus }
    /// Send time − intended time − lane wait.
    package internal(set) var sendError = Latencies()
    /// Time a due request spent behind an unanswered one of its lane; 0 for those that did not wait.
    package internal(set) var laneWait = Latencies()
    /// Completion − send time, of requests that were answered.
    package internal(set) var serviceTime = Latencies()
    /// Completion − intended time, of requests that were answered.
    package internal(set) var responseTime = Latencies()
    package internal(set) var drift = Drift()
    package internal(set) var rhythm: Rhythm
    /// Of the interval under way, where intervals are asked for.
    var interval: ReplayInterval?
    /// What was counted when the interval began.
    var told: (due: UInt64, sent: UInt64, responded: UInt64, failed: UInt64) = (0, 0, 0, 0)
    package internal(set) var silence = Silence()
    /// Where a report is asked for.
    var figures: ReplayFigures?
    /// Streams of which the head is there: they are in flight, and not waited for.
    var openStreams = 0
    /// Due requests that had to wait because too many were outstanding.
    package internal(set) var limitWaits: UInt64 = 0
    /// Due requests that were not sent because too many were outstanding.
    package internal(set) var limitDrops: UInt64 = 0
    package internal(set) var habits = HabitCounts()
    package internal(set) var lanesForgotten: UInt64 = 0
    package internal(set) var peakOutstanding = 0

    /// The two parts of the send error in all: until the hand-over to the transport, and from then on.
    var handOver: UInt64 = 0
    var opening: UInt64 = 0
    var firstIntended: MonotonicTime?
    var lastIntended: MonotonicTime = 0
    var firstSend: MonotonicTime?
    var lastSend: MonotonicTime = 0
    /// Requests behind ``firstSend`` and ``lastSend``.
    var sends: UInt64 = 0

    /// `start` is the beginning of the run; `parameters` are those of the paths of what is replayed.
    package init(
        start: MonotonicTime,
        keepsIntervals: Bool,
        keepsFigures: Bool = false,
        parameters: PathParameters = PathParameters()
    ) {
        rhythm = Rhythm(start: start)
        if keepsIntervals { interval = ReplayInterval(start: 0) }
        if keepsFigures { figures = ReplayFigures(start: start, parameters: parameters) }
    }

    mutating func noteSend(_ time: MonotonicTime, intended: MonotonicTime) {
        firstSend = min(firstSend ?? time, time)
        lastSend = max(lastSend, time)
        firstIntended = min(firstIntended ?? intended, intended)
        lastIntended = max(lastIntended, intended)
        sends += 1
    }

    /// Requests per second between the first and the last of `count` moments; `nil` where there is no span.
    static func rate(_ count: UInt64, from first: MonotonicTime?, to last: MonotonicTime) -> Double? {
        guard let first, last > first, count > 1 else { return nil }
        return Double(count - 1) * 1e9 / Double(last - first)
    }
}
