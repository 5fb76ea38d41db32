/// What a replay did, as plain values.
package struct ReplaySummary: Sendable {
    package var requests: RequestCounts = RequestCounts()
    package var connections: ConnectionCounts = ConnectionCounts()
    /// Skipped requests by reason.
    package var skips: [SkipReason: UInt64] = [:]
    /// Failed requests by kind.
    package var failures: [FailureKind: UInt64] = [:]
    package var statuses: [UInt16: UInt64] = [:]
    /// Of the answers, those that came in HTTP/2; the rest came in HTTP/1.
    package var answersInHTTP2: UInt64 = 0
    package var signatures: SignatureCounts = SignatureCounts()
    /// From the start of the run to the end of its last request.
    package var wallSeconds: Double = 0
    /// Requests per second the schedule asked for; `nil` where there is no schedule or no span.
    package var requestedRate: Double?
    /// Requests per second that were sent; `nil` where there is no span.
    package var achievedRate: Double?
    /// Times the recorded speed; `nil` where everything went out as fast as possible, or the speed changed.
    package var speed: Double?
    package var sendError: LatencySummary = LatencySummary()
    package var laneWait: LatencySummary = LatencySummary()
    package var serviceTime: LatencySummary = LatencySummary()
    package var responseTime: LatencySummary = LatencySummary()
    package var bottleneck: Bottleneck = .none
    /// The mean send error of the first and of the last hundred requests, in microseconds.
    package var driftFirst: Double = 0
    package var driftLast: Double = 0
    /// Of the very last request.
    package var driftFinal: Double = 0
    package var sendErrorBuckets = LatencyBuckets()
    /// The longest stretch without an answer although some were waited for; it starts so many nanoseconds into the run.
    package var silence = Silence()
    /// Names the run in the mark that its requests carry.
    package var run = ""
    /// What the schedule counts from, in nanoseconds since 1970.
    package var started: Int64 = 0
    /// The most requests that were ever unanswered at once.
    package var peakOutstanding: Int = 0
    /// Due requests held up by the limit of outstanding ones.
    package var limitWaits: UInt64 = 0
    /// Due requests that were not sent because of it.
    package var limitDrops: UInt64 = 0
    package var load = LoadSummary()
    package var habits = HabitCounts()
    package var lanesForgotten: UInt64 = 0
    /// Requests whose Content-Length was set to the length of the stored body.
    package var lengthsCorrected: UInt64 = 0
    /// Requests that the source gave later than its order allows; they were due at once.
    package var outOfOrder: UInt64 = 0
    /// For each of `Rhythm.widths`: how many requests were in another window than asked for, over all of them; a
    /// request in the wrong window counts where it is and where it is not. `nil` where there is no schedule.
    package var deviations: [Double]?
    /// Requests asked for and sent over time.
    package var rates = RateSeries()
    /// How the run went over time and how each route fared; `nil` where nobody asked.
    package var figures: ReplayFigures?
    /// What carried the requests.
    package var transport: TransportChoice = .auto
    package var wasInterrupted: Bool = false
    /// The condition that stopped the run, where one did.
    package var abortion: Abortion?
    /// What became of requests with a fault.
    package var faults = FaultSummary()
    /// What became of event streams and WebSocket sessions.
    package var streams = StreamSummary()
    /// What was put in the place of recorded values; `nil` where every request was sent as recorded.
    package var correlation: CorrelationSummary?

    /// What was ready before the first request went out, in a run as fast as possible.
    package var prepared = PreparedAhead()
    /// How hard the replayer itself had to work.
    package var replayer = ReplayerLoad()

    /// A run of nothing.
    package init() {}

    /// More requests failed than `limit`; aborted ones are no failures of the target.
    package func exceeds(maximumFailures limit: UInt64) -> Bool { requests.failed > limit }
}

extension ReplayMachine {
    /// The accounts of a finished run; traps where they do not add up, which no input can bring about.
    ///
    /// `idle` is the time that the transport spent waiting, in nanoseconds.
    package func summary(
        at now: MonotonicTime,
        idle: UInt64,
        feed: RequestFeed
    ) -> ReplaySummary {
        precondition(isFinished, "a summary of a replay that is under way")
        precondition(metrics.requests.addUp, "the accounts of the replay do not add up: \(metrics.requests)")
        let wall = max(now, start) - start
        let busyShare = wall == 0 ? 0 : 1 - Double(min(idle, wall)) / Double(wall)
        let sendError = metrics.sendError.summary
        let laneWait = metrics.laneWait.summary
        let serviceTime = metrics.serviceTime.summary
        var evidence = Bottleneck.Evidence(
            laneWait: laneWait,
            sendError: sendError,
            limitWaits: metrics.limitWaits,
            sent: metrics.requests.sent,
            handOver: metrics.handOver,
            opening: metrics.opening,
            busyShare: busyShare,
            isUnpaced: isUnpaced
        )
        evidence.silence = metrics.silence.longest
        let requested = ReplayMetrics.rate(
            metrics.sends,
            from: metrics.firstIntended,
            to: metrics.lastIntended
        )
        var summary = ReplaySummary()
        summary.requests = metrics.requests
        summary.connections = metrics.connections
        summary.skips = metrics.skips
        summary.failures = metrics.failures
        summary.statuses = metrics.statuses
        summary.answersInHTTP2 = metrics.answersInHTTP2
        summary.signatures = signer.counts
        summary.wallSeconds = Double(wall) / 1e9
        summary.requestedRate = isUnpaced ? nil : requested
        summary.achievedRate = ReplayMetrics.rate(
            metrics.sends,
            from: metrics.firstSend,
            to: metrics.lastSend
        )
        summary.speed = isUnpaced ? nil : feed.schedule.curve.constant
        summary.load = feed.load
        summary.habits = metrics.habits
        summary.habits.retries = retries?.counts ?? RetryCounts()
        summary.habits.crowded = feed.crowded
        summary.limitDrops = metrics.limitDrops
        summary.sendError = sendError
        summary.laneWait = laneWait
        summary.serviceTime = serviceTime
        summary.responseTime = metrics.responseTime.summary
        summary.bottleneck = Bottleneck(evidence)
        summary.silence = metrics.silence.since(start)
        summary.sendErrorBuckets = LatencyBuckets(metrics.sendError)
        summary.driftFinal = metrics.drift.final
        summary.run = run
        summary.started = epoch &+ Int64(clamping: start)
        summary.driftFirst = metrics.drift.first
        summary.driftLast = metrics.drift.last
        summary.peakOutstanding = metrics.peakOutstanding
        summary.limitWaits = metrics.limitWaits
        summary.lanesForgotten = metrics.lanesForgotten
        summary.lengthsCorrected = feed.preparation.lengthsCorrected
        summary.outOfOrder = feed.outOfOrder
        summary.deviations = isUnpaced ? nil : metrics.rhythm.deviations
        summary.rates = metrics.rhythm.rates
        summary.figures = metrics.figures
        summary.wasInterrupted = isInterrupted
        summary.faults = faultLedger.summary
        summary.abortion = abortion
        summary.correlation = correlationSummary(recorded: feed.correlationCounts)
        return summary
    }
}
