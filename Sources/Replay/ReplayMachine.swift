/// Decides when which request goes over which connection, and keeps the accounts.
///
/// A transport loads requests while ``canLoad`` holds, asks ``nextAction(at:)`` until it answers `nil`, sleeps until
/// ``wakeTime``, and reports what happened. Time only ever comes in as an argument. After ``isFinished`` every
/// request is in exactly one bucket of ``RequestCounts``.
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
    let isUnpaced: Bool
    let outstandingLimit: Int
    let timeout: UInt64
    let start: MonotonicTime
    /// When sending stops.
    let deadline: MonotonicTime

    var phase = Phase.running
    var isSourceOver = false
    package internal(set) var isInterrupted = false
    package internal(set) var metrics: ReplayMetrics
    package internal(set) var signer: RequestSigner
    /// What the time since 1970 was when the monotonic clock showed 0, in nanoseconds.
    let epoch: Int64

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
    /// Transfers before this one have been given up.
    var abortCursor = 0

    /// `descriptors` is how many connections the process can hold open at once; `epoch` is what the time since 1970 was
    /// when the monotonic clock showed 0, in nanoseconds.
    package init(plan: ReplayPlan, start: MonotonicTime, descriptors: Int, epoch: Int64 = 0) {
        limits = plan.limits
        signer = RequestSigner(plan: plan)
        self.epoch = epoch
        isUnpaced = plan.pacing == .maximum
        // Without a schedule every request of a busy lane would be due: the lane is what paces it.
        policy = isUnpaced ? .strict : plan.lanes
        let limit = isUnpaced ? plan.limits.outstandingAtMaximum : plan.limits.outstanding
        outstandingLimit = max(1, min(limit, descriptors))
        timeout = plan.timeout
        self.start = start
        metrics = ReplayMetrics(start: start, keepsIntervals: plan.keepsIntervals)
        deadline = plan.duration.map { start.addingReportingOverflow($0) }.map { $1 ? .max : $0 } ?? .max
    }

    /// Whether another request should be loaded now.
    package var canLoad: Bool {
        guard case .running = phase, !isSourceOver else { return false }
        return loadedCount < limits.window && loadedBytes < limits.windowBytes
    }

    /// Whether so little is loaded that loading must not wait for a quiet moment.
    package var isStarving: Bool { canLoad && pending.count < min(64, limits.window) }

    /// Takes a request; requests come in the order of their intended times.
    package mutating func load(_ scheduled: ScheduledRequest) {
        precondition(!isSourceOver, "a request after the end of the source")
        guard case .running = phase, isUnpaced || scheduled.intended < deadline else {
            // What is due only after the run time was never part of this run.
            isSourceOver = true
            return
        }
        metrics.requests.scheduled += 1
        loadedCount += 1
        loadedBytes += scheduled.request.cost
        pending.append(scheduled)
    }

    /// Counts a selected request that cannot be sent.
    package mutating func skip(_ reason: SkipReason, intended: MonotonicTime) {
        guard isUnpaced || intended < deadline else {
            isSourceOver = true
            return
        }
        metrics.requests.scheduled += 1
        metrics.requests.skipped += 1
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
        case .running: return isSourceOver && loadedCount == 0
        case .draining, .aborting: return true
        }
    }

    /// When ``nextAction(at:)`` should be asked again although nothing has happened; `nil` for "not by time".
    package var wakeTime: MonotonicTime? {
        switch phase {
        case .running:
            var due: MonotonicTime?
            if outstanding < outstandingLimit { due = ready.isEmpty ? pending.frontIntended : start }
            guard deadline < .max else { return due }
            return min(due ?? deadline, deadline)
        case .draining(let until): return until
        case .aborting: return outstanding > 0 ? start : nil
        }
    }

    /// Stops sending: the first time answers are awaited up to the timeout, the second time not at all.
    package mutating func interrupt(at now: MonotonicTime) {
        if isInterrupted {
            stopSending()
            phase = .aborting
        } else {
            isInterrupted = true
            drain(at: now)
        }
    }

    mutating func drain(at now: MonotonicTime) {
        guard case .running = phase else { return }
        stopSending()
        // Each transfer has its own timeout; this one only catches a transport that forgets one.
        let patience = timeout.addingReportingOverflow(1_000_000_000)
        let end = now.addingReportingOverflow(patience.overflow ? .max : patience.partialValue)
        phase = .draining(until: end.overflow ? .max : end.partialValue)
    }

    private mutating func stopSending() {
        metrics.requests.notSent += UInt64(loadedCount)
        loadedCount = 0
        loadedBytes = 0
        pending = RequestQueue()
        ready.removeAll()
        for lane in lanes.indices { lanes[lane]?.waiting = RequestQueue() }
    }
}
