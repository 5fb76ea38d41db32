import CEvents
import Replay

/// The event loop of one replay: asks the machine what to do, does it, and tells it what happened.
struct ReplayRun<Carrier: Transport, Source: RequestSource>: ~Copyable {
    private let carrier: Carrier
    private let poller: Poller
    /// Behind a pointer: for every question to a machine that is a part of this, all of it would be copied.
    private let machine: UnsafeMutablePointer<ReplayMachine>
    private let supply: RequestSupply<Source>
    private let clock = MonotonicClock()
    private let authority: String
    private let outlook: RunOutlook?
    private var nextProgress: MonotonicTime = 0
    private var nextInterval: MonotonicTime = 0
    private var stage = SendingStage.sending
    private let wantsRealtime: Bool
    /// How hard this run has to work.
    private var own = ReplayerLoad()

    init(
        plan: ReplayPlan,
        carrier: Carrier,
        poller: Poller,
        machine: consuming ReplayMachine,
        supply: RequestSupply<Source>
    ) {
        self.carrier = carrier
        self.poller = poller
        self.machine = .allocate(capacity: 1)
        self.machine.initialize(to: machine)
        self.supply = supply
        authority = plan.target.authority
        wantsRealtime = plan.isRealtime
        outlook = RunOutlook(plan, schedule: supply.feed.schedule)
    }

    deinit {
        machine.deinitialize(count: 1)
        machine.deallocate()
    }

    mutating func finish(
        observer: inout some ObservedSink,
        stop: StopToken,
        hooks: ReplayHooks
    ) throws -> ReplaySummary {
        defer { supply.stop() }
        try watchSupply()
        // After the other thread was started, which has no such hurry.
        let priority = wantsRealtime ? RealtimePriority() : nil
        own.isRealtime = priority != nil
        let cpuBefore = ProcessLoad.cpuSeconds
        let start = MonotonicClock.now
        var now = start
        while true {
            try act(at: now, &observer)
            if machine.pointee.sendingStage > stage {
                stage = machine.pointee.sendingStage
                carrier.noteSending(stage)
            }
            try carrier.actOnTime(MonotonicClock.now)
            try complete(&observer)
            if machine.pointee.isFinished { break }
            let isLoading = try load()
            now = MonotonicClock.now
            // The end of the source may be all that was missing, and nothing would wake the loop any more.
            if machine.pointee.isFinished { continue }
            try tell(hooks, at: now)
            let deadline = isLoading ? now : self.deadline(hooks)
            let count = try poller.wait(until: deadline, now: now)
            note(turnSetFor: deadline, at: now)
            for index in 0..<count {
                guard let event = poller.event(index) else { continue }
                if event.descriptor == stop.descriptor {
                    for _ in 0..<min(stop.takeRequests(), 2) {
                        machine.pointee.interrupt(at: MonotonicClock.now)
                    }
                } else if event.descriptor == supply.ahead?.descriptor {
                    supply.ahead?.acknowledge()
                } else {
                    try carrier.act(on: event.descriptor, events: event.mask)
                }
            }
            try complete(&observer)
            now = MonotonicClock.now
        }
        own.busyShare = 1 - Double(min(poller.idle, now - start)) / Double(max(1, now - start))
        own.cpuSeconds = ProcessLoad.cpuSeconds - cpuBefore
        let end = MonotonicClock.now
        if let interval = machine.pointee.takeInterval(at: end) {
            try hooks.interval?(interval, progress(at: end))
        }
        supply.stop()
        var summary = machine.pointee.summary(at: end, idle: poller.idle, feed: supply.feed)
        summary.streams = carrier.streams
        own.descriptorsLacked = carrier.lacks.descriptors
        own.portsLacked = carrier.lacks.ports
        own.peakResidentBytes = ProcessLoad.peakResidentBytes
        summary.take(own)
        return summary
    }

    /// Counts a turn of the loop, and whether it came later than `deadline`, for which it was set at `time`.
    private mutating func note(turnSetFor deadline: MonotonicTime?, at time: MonotonicTime) {
        own.turns += 1
        guard let deadline, deadline > time else { return }
        let now = MonotonicClock.now
        guard now > deadline else { return }
        own.latestTurn = max(own.latestTurn, now - deadline)
        if now - deadline > ReplayerLoad.lateTurn { own.lateTurns += 1 }
    }

    private mutating func tell(_ hooks: ReplayHooks, at now: MonotonicTime) throws {
        if let tell = hooks.progress, now >= nextProgress {
            tell(progress(at: now))
            nextProgress = now + ReplayRunLimits.progressInterval
        }
        if let tell = hooks.interval, now >= nextInterval {
            // The first one begins with the run.
            if nextInterval > 0, let interval = machine.pointee.takeInterval(at: now) {
                try tell(interval, progress(at: now))
            }
            nextInterval = now + ReplayRunLimits.measuredInterval
        }
    }

    private func progress(at now: MonotonicTime) -> ReplayProgress {
        var progress = machine.pointee.progress(at: now)
        progress.remaining = outlook?.remaining(progress, at: now)
        return progress
    }

    private func deadline(_ hooks: ReplayHooks) -> MonotonicTime? {
        var deadline = machine.pointee.wakeTime
        if let wanted = carrier.deadline { deadline = min(deadline ?? wanted, wanted) }
        if hooks.progress != nil { deadline = min(deadline ?? nextProgress, nextProgress) }
        if hooks.interval != nil { deadline = min(deadline ?? nextInterval, nextInterval) }
        return deadline
    }

    private mutating func act(at now: MonotonicTime, _ observer: inout some ObservedSink) throws {
        var left = ReplayRunLimits.startBatch
        while left > 0, let action = machine.pointee.nextAction(at: now) {
            left -= 1
            switch action {
            case .start(let id, let connection):
                if let fault = machine.pointee.fault(of: id) { carrier.expect(fault) }
                try carrier.start(machine.pointee.sending(id), on: connection, as: id)
                noteSendings()
            case .abort(let id):
                try end(id, outcome: .aborted, at: now, &observer)
            }
        }
    }

    /// Listens to the thread that draws requests ahead, where there is one.
    private func watchSupply() throws {
        guard let ahead = supply.ahead else { return }
        guard poller.watch(ahead.descriptor, EPOLLIN.rawValue) else {
            throw TransportError.system("epoll_ctl")
        }
    }

    /// How many requests that are not yet due are taken from the thread that reads ahead.
    private var wantedPending: Int {
        machine.pointee.isUnpaced ? ReplayRunLimits.unpacedPending : ReplayRunLimits.pending
    }

    /// Loads a batch ahead where there is time for it; answers whether there is more to load at once.
    private mutating func load() throws -> Bool {
        var left = ReplayRunLimits.loadBatch
        // The queue holds what comes later; what is at hand should fit into the processor's cache.
        let limit = supply.ahead == nil ? Int.max : wantedPending
        while left > 0, machine.pointee.takesAnother(upTo: limit) {
            // What is due goes out before more is loaded; what is due soon, too, unless hardly any is left, or another
            // thread has done what takes its time.
            if supply.ahead == nil {
                let margin = machine.pointee.isStarving ? 0 : ReplayRunLimits.quietMargin
                if let due = machine.pointee.wakeTime, due <= MonotonicClock.now + margin {
                    return machine.pointee.isStarving
                }
            }
            left -= 1
            switch try supply.next() {
            case .item(.request(let scheduled)): machine.pointee.load(scheduled)
            case .item(.skipped(let reason, let intended)): machine.pointee.skip(reason, intended: intended)
            case .item(.nothingYet): break
            case .notYet: return false
            case .end: machine.pointee.endSource()
            }
        }
        return machine.pointee.takesAnother(upTo: limit)
    }

    private mutating func noteSendings() {
        while let (id, time) = carrier.nextSending() { machine.pointee.sent(id, at: time) }
    }

    private mutating func complete(_ observer: inout some ObservedSink) throws {
        noteSendings()
        while let (id, head) = carrier.nextOpenedStream() { machine.pointee.streamOpened(id, at: head) }
        while let (id, outcome) = carrier.nextCompletion() {
            try end(id, outcome: outcome, at: MonotonicClock.now, &observer)
        }
    }

    private mutating func end(
        _ id: TransferID,
        outcome: Outcome,
        at now: MonotonicTime,
        _ observer: inout some ObservedSink
    ) throws {
        machine.pointee.opened(connections: carrier.openedConnections(for: id))
        let sent = carrier.sendTime(of: id)
        let connection = observer.isObserving ? machine.pointee.connection(of: id) : 0
        if machine.pointee.readsAnswer(of: id), outcome.isWhole {
            machine.pointee.answered(id, with: carrier.response(to: id, isWhole: true, clock: clock))
        }
        if outcome.isWhole, carrier.answersInHTTP2(id) { machine.pointee.noteHTTP2() }
        let scheduled = machine.pointee.finish(
            id,
            outcome: outcome,
            at: now,
            bodyBytes: outcome.isWhole ? carrier.bodyLength(of: id) : 0
        )
        defer { carrier.end(id) }
        guard observer.isObserving else {
            supply.recycle(scheduled.request)
            return
        }
        try observer.observe(
            ObservedExchange(
                scheduled: scheduled,
                connection: connection,
                requestHead: scheduled.request.head(
                    authority: authority,
                    hostComesFirst: Carrier.putsHostFirst
                ),
                sent: clock.wall(sent ?? now),
                end: clock.wall(now),
                outcome: outcome,
                response: carrier.response(to: id, isWhole: outcome.isWhole, clock: clock)
            )
        )
    }
}

extension Outcome {
    fileprivate var isWhole: Bool {
        if case .responded = self { true } else { false }
    }
}
