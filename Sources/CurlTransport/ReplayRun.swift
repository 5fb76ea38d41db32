import CCurl
import Glibc
import Replay

/// The event loop of one replay: asks the machine what to do, does it, and tells it what happened.
final class ReplayRun {
    private let plan: ReplayPlan
    private let multi: CurlMulti
    private var machine: ReplayMachine
    private var feed: RequestFeed
    private let clock = MonotonicClock()
    private let authority: String
    /// By the machine's number.
    private var active: [CurlTransfer?] = []
    private var nextProgress: MonotonicTime = 0

    init(plan: ReplayPlan, multi: CurlMulti, machine: consuming ReplayMachine, feed: RequestFeed) {
        self.plan = plan
        self.multi = multi
        self.machine = machine
        self.feed = feed
        authority = plan.target.authority
    }

    deinit {
        for case let transfer? in active { multi.end(transfer) }
    }

    func finish(
        source: inout some RequestSource,
        observer: inout some ObservedSink,
        stop: StopToken,
        progress: ((ReplayProgress) -> Void)?
    ) throws -> ReplaySummary {
        var now = MonotonicClock.now
        while true {
            try act(at: now, &observer)
            try multi.actOnTime(MonotonicClock.now)
            try complete(&observer)
            if machine.isFinished { break }
            let isLoading = try load(&source)
            now = MonotonicClock.now
            if let progress, now >= nextProgress {
                progress(machine.progress(at: now))
                nextProgress = now + CurlReplay.progressInterval
            }
            let deadline = isLoading ? now : self.deadline(hasProgress: progress != nil)
            let count = try multi.poller.wait(until: deadline, now: now)
            for index in 0..<count {
                guard let event = multi.poller.event(index) else { continue }
                if event.descriptor == stop.descriptor {
                    for _ in 0..<min(stop.takeRequests(), 2) { machine.interrupt(at: MonotonicClock.now) }
                } else {
                    try multi.act(on: event.descriptor, events: event.mask)
                }
            }
            try complete(&observer)
            now = MonotonicClock.now
        }
        let end = MonotonicClock.now
        progress?(machine.progress(at: end))
        return machine.summary(at: end, idle: multi.poller.idle, feed: feed)
    }

    private func deadline(hasProgress: Bool) -> MonotonicTime? {
        var deadline = machine.wakeTime
        if let wanted = multi.deadline { deadline = min(deadline ?? wanted, wanted) }
        if hasProgress { deadline = min(deadline ?? nextProgress, nextProgress) }
        return deadline
    }

    private func act(at now: MonotonicTime, _ observer: inout some ObservedSink) throws {
        var left = CurlReplay.startBatch
        while left > 0, let action = machine.nextAction(at: now) {
            left -= 1
            switch action {
            case .start(let id, let connection):
                while active.count <= id { active.append(nil) }
                let scheduled = machine.request(of: id)
                active[id] = try multi.start(scheduled.request, on: connection, as: id)
            case .abort(let id):
                try end(id, outcome: .aborted, at: now, &observer)
            }
        }
    }

    /// Loads a batch ahead where there is time for it; answers whether there is more to load at once.
    private func load(_ source: inout some RequestSource) throws -> Bool {
        var left = CurlReplay.loadBatch
        while left > 0, machine.canLoad {
            // What is due goes out before more is loaded; what is due soon, too, unless hardly any is left.
            let margin = machine.isStarving ? 0 : CurlReplay.quietMargin
            if let due = machine.wakeTime, due <= MonotonicClock.now + margin { return machine.isStarving }
            left -= 1
            switch try feed.next(from: &source) {
            case .request(let scheduled): machine.load(scheduled)
            case .skipped(let reason, let intended): machine.skip(reason, intended: intended)
            case nil: machine.endSource()
            }
        }
        return machine.canLoad
    }

    private func complete(_ observer: inout some ObservedSink) throws {
        while let (transfer, result) = multi.nextCompletion() {
            var outcome = Outcome.failed(result.failure)
            if result == .ok {
                var status = 0
                tapedeck_curl_get_long(transfer.easy, CURLINFO_RESPONSE_CODE, &status)
                outcome = .responded(status: UInt16(clamping: status))
            } else if transfer.wasResendRefused {
                outcome = .failed(.resendRefused)
            }
            try end(transfer.id, outcome: outcome, at: MonotonicClock.now, &observer)
        }
    }

    private func end(
        _ id: TransferID,
        outcome: Outcome,
        at now: MonotonicTime,
        _ observer: inout some ObservedSink
    ) throws {
        guard let transfer = active[id] else { preconditionFailure("transfer \(id) ended twice") }
        active[id] = nil
        var opened = 0
        tapedeck_curl_get_long(transfer.easy, CURLINFO_NUM_CONNECTS, &opened)
        machine.opened(connections: opened)
        if let sent = transfer.sentAt { machine.sent(id, at: sent) }
        let connection = machine.connection(of: id)
        let scheduled = machine.finish(id, outcome: outcome, at: now)
        defer { multi.end(transfer) }
        guard observer.isObserving else { return }
        let response = transfer.intake.response(isWhole: outcome.isWhole, clock: clock)
        try observer.observe(
            ObservedExchange(
                scheduled: scheduled,
                connection: connection,
                requestHead: scheduled.request.head(authority: authority),
                sent: clock.wall(transfer.sentAt ?? now),
                end: clock.wall(now),
                outcome: outcome,
                response: response
            )
        )
    }
}

extension Outcome {
    fileprivate var isWhole: Bool {
        if case .responded = self { true } else { false }
    }
}
