/// Decides when which request goes over which connection, and keeps the accounts.
///
/// A transport loads requests while ``canLoad`` holds, asks ``nextAction(at:)`` until it answers `nil`, sleeps until
/// ``wakeTime``, and reports what happened. Time only ever comes in as an argument. After ``isFinished`` every
/// request that was due while the run lasted is in exactly one bucket of ``RequestCounts``.
package struct ReplayMachine: ~Copyable {
    /// `running` → `draining` → `finished`; an interrupt or the end of the run time cuts `running` short, a second
    /// interrupt goes from either to `aborting`.
    enum Phase {
        case running
        /// Nothing more is sent; answers are awaited until the given time.
        case draining(until: MonotonicTime)
        case aborting
    }

    let limits: ReplayLimits
    let policy: LanePolicy
    /// Requests are due at once.
    package let isUnpaced: Bool
    let outstandingLimit: Int
    let timeout: UInt64
    let start: MonotonicTime
    let run: String
    /// When sending stops.
    let deadline: MonotonicTime

    var phase = Phase.running
    var isSourceOver = false
    /// When the newest loaded request is due.
    var lastLoaded: MonotonicTime = 0
    /// When sending stopped: what was due by then and could not even be loaded is counted, too.
    var stopTime: MonotonicTime?
    var killSwitch: KillSwitch?
    /// When ``killSwitch`` looks next.
    var nextWatch: MonotonicTime = .max
    /// Requests that came to their time and are not sent any more.
    var dueUnsent: UInt64 = 0
    /// What the kill switch found.
    package internal(set) var abortion: Abortion?
    package internal(set) var isInterrupted = false
    package internal(set) var metrics: ReplayMetrics
    package internal(set) var signer: RequestSigner
    /// What the time since 1970 was when the monotonic clock showed 0, in nanoseconds.
    let epoch: Int64

    /// Values that live; `nil` where every request is sent as recorded.
    var correlation: AwaitedAnswers?
    /// What stands before every recorded path.
    let pathPrefix: [UInt8]

    /// Loaded and not yet due, in order.
    var pending = RequestQueue()
    /// Requests and bytes in ``pending`` and in the lanes' queues.
    var loadedCount = 0
    var loadedBytes = 0
    var lanes: [Lane?] = []
    var laneNumbers: [LaneKey: Int] = [:]
    var freeLanes: [Int] = []
    /// Lanes with waiting requests whose connection has become free.
    var ready: [Int] = []
    var transfers: [Transfer?] = []
    var freeTransfers: [TransferID] = []
    var freeConnections: [ConnectionID] = []
    var nextConnection: ConnectionID = 0
    package internal(set) var outstanding = 0
    /// Whether the request at the front of ``pending`` is counted as held up by the limit.
    var isLimitNoted = false
    /// The faults that clients have; `nil` where the transport cannot inject them.
    let faults: ClientFaults?
    var faultLedger = FaultLedger()
    /// Transfers before this one have been given up.
    var abortCursor = 0
    /// `nil` where no sender tries again.
    var retries: RetryDesk?
    let crowding: Crowding

    /// `descriptors` is how many connections the process can hold open at once; `epoch` is what the time since 1970 was
    /// when the monotonic clock showed 0, in nanoseconds; `curve` is the speed by which senders' delays are scaled.
    package init(
        plan: ReplayPlan,
        start: MonotonicTime,
        descriptors: Int,
        epoch: Int64 = 0,
        curve: SpeedCurve = SpeedCurve(constant: 1)
    ) {
        limits = plan.limits
        signer = RequestSigner(plan: plan)
        correlation = plan.correlation.map { AwaitedAnswers(plan: $0) }
        pathPrefix = Array(plan.target.pathPrefix.utf8)
        self.epoch = epoch
        isUnpaced = plan.pacing == .maximum
        // Without a schedule every request of a busy lane would be due: the lane is what paces it.
        policy = isUnpaced ? .strict : plan.lanes
        let limit = isUnpaced ? plan.limits.outstandingAtMaximum : plan.limits.outstanding
        outstandingLimit = max(1, min(limit, descriptors))
        timeout = plan.timeout
        crowding = isUnpaced ? .wait : plan.crowding
        retries = plan.habits.retries.map { RetryDesk($0, plan: plan, curve: curve, start: start) }
        faults = plan.carrier == .wire ? plan.faults : nil
        self.start = start
        run = plan.run
        metrics = ReplayMetrics(
            start: start,
            keepsIntervals: plan.keepsIntervals,
            keepsFigures: plan.keepsFigures,
            parameters: plan.parameters
        )
        deadline = plan.duration.map { start.addingReportingOverflow($0) }.map { $1 ? .max : $0 } ?? .max
        if !plan.abortConditions.isEmpty {
            let killSwitch = KillSwitch(plan.abortConditions, start: start)
            nextWatch = killSwitch.nextCheck
            self.killSwitch = killSwitch
        }
    }

    /// Whether another request should be loaded now.
    package var canLoad: Bool {
        guard !isSourceOver else { return false }
        switch phase {
        case .running: return loadedCount < limits.window && loadedBytes < limits.windowBytes
        case .draining: return true
        case .aborting: return false
        }
    }

    /// Whether so little is loaded that loading must not wait for a quiet moment.
    package var isStarving: Bool { canLoad && pending.count < min(64, limits.window) }

    /// Whether another request should be loaded now, where that costs nothing and `limit` are enough that are not yet due.
    ///
    /// Changes nothing, like others that are asked at every request; one that could not would be handed a copy of the machine.
    package mutating func takesAnother(upTo limit: Int) -> Bool { canLoad && pending.count < limit }

    /// Takes a request; requests come in the order of their intended times.
    package mutating func load(_ scheduled: consuming ScheduledRequest) {
        precondition(!isSourceOver, "a request after the end of the source")
        guard isUnpaced || scheduled.intended < stopTime ?? deadline else {
            // What is due only after the run time was never part of this run.
            isSourceOver = true
            return
        }
        metrics.requests.scheduled += 1
        lastLoaded = max(lastLoaded, scheduled.intended)
        guard case .running = phase else {
            countUnsent(scheduled.intended)
            return
        }
        loadedCount += 1
        loadedBytes += scheduled.cost
        expectAnswer(of: scheduled)
        metrics.habits.note(scheduled.delivery.habits)
        pending.append(scheduled)
    }

    /// Counts a selected request that cannot be sent.
    package mutating func skip(_ reason: SkipReason, intended: MonotonicTime) {
        guard isUnpaced || intended < stopTime ?? deadline else {
            isSourceOver = true
            return
        }
        metrics.requests.scheduled += 1
        metrics.requests.skipped += 1
        lastLoaded = max(lastLoaded, intended)
        metrics.skips[reason, default: 0] += 1
    }

    /// Nothing more will be loaded.
    package mutating func endSource() {
        isSourceOver = true
    }

    /// Everything is accounted for; nothing more will happen.
    package var isFinished: Bool {
        guard outstanding == 0 else { return false }
        switch phase {
        case .running: return isSourceOver && loadedCount == 0 && retries?.count ?? 0 == 0
        case .draining: return isSourceOver
        case .aborting: return true
        }
    }

    /// Whether a request that waited can go on.
    private var hasReady: Bool { !ready.isEmpty || correlation?.hasReleased == true }

    /// When ``nextAction(at:)`` should be asked again although nothing has happened; `nil` for "not by time".
    package var wakeTime: MonotonicTime? {
        switch phase {
        case .running:
            var due: MonotonicTime?
            if outstanding < outstandingLimit || crowding == .drop {
                due = hasReady ? start : frontIntended
            }
            let other = min(deadline, nextWatch)
            guard other < .max else { return due }
            return min(due ?? other, other)
        case .draining(let until): return until
        case .aborting: return outstanding > 0 ? start : nil
        }
    }

    /// Stops sending: the first time answers are awaited up to the timeout, the second time not at all.
    package mutating func interrupt(at now: MonotonicTime) {
        if isInterrupted {
            stopSending(at: now)
            phase = .aborting
        } else {
            isInterrupted = true
            drain(at: now)
        }
    }

    mutating func drain(at now: MonotonicTime) {
        guard case .running = phase else { return }
        stopSending(at: now)
        // Each transfer has its own timeout; this one only catches a transport that forgets one.
        let patience = timeout.addingReportingOverflow(1_000_000_000)
        let end = now.addingReportingOverflow(patience.overflow ? .max : patience.partialValue)
        phase = .draining(until: end.overflow ? .max : end.partialValue)
    }

    private mutating func stopSending(at now: MonotonicTime) {
        guard stopTime == nil else { return }
        let end = min(now, deadline)
        stopTime = end
        while let intended = pending.popFirst()?.intended { countUnsent(intended) }
        for lane in lanes.indices {
            while let intended = lanes[lane]?.waiting.popFirst()?.intended { countUnsent(intended) }
        }
        for intended in correlation?.takeWaiting() ?? [] { countUnsent(intended) }
        while let intended = retries?.popFirst()?.intended { countUnsent(intended) }
        loadedCount = 0
        loadedBytes = 0
        ready.removeAll()
        // Where nothing held loading up, all that was due has been loaded.
        if isUnpaced || lastLoaded >= end { isSourceOver = true }
    }

    /// Notes a request that was part of the run and is not sent any more.
    private mutating func countUnsent(_ intended: MonotonicTime) {
        metrics.requests.notSent += 1
        // The schedule asked for it only if it had come to its time.
        guard !isUnpaced, let stopTime, intended <= stopTime else { return }
        dueUnsent += 1
        metrics.rhythm.note(intended: intended, sent: nil, settled: start)
        metrics.figures?.note(due: intended, sent: nil)
    }
}
