import Correlation

/// What became of values that requests take from earlier answers.
package struct CorrelationCounts: Sendable {
    /// Values that were put in the place of recorded ones.
    package internal(set) var uses: UInt64 = 0
    /// Values whose answer did not come, or came without them.
    package internal(set) var misses: UInt64 = 0
    /// Values of identities, maps and moved dates that were put in.
    package internal(set) var replaced: UInt64 = 0
    /// Requests that were not sent for want of a value.
    package internal(set) var skipped: UInt64 = 0
    /// Requests that waited for an answer after they were due.
    package internal(set) var waits: UInt64 = 0
    /// How long these waited.
    package internal(set) var wait = Latencies()
}

/// What a machine knows of answers, and the requests that are due and wait for some.
///
/// A request waits only for answers to requests before it, so that one of them can always go on.
struct AwaitedAnswers: Sendable {
    /// A request that waits.
    struct Waiting {
        var scheduled: ScheduledRequest
        var lane: Int
        var laneWait: UInt64
        /// When it would have been sent.
        var since: MonotonicTime
        /// Answers that are still to come.
        var missing: Int
    }

    let edges: Int
    let whenMissing: CorrelationPlan.MissingPolicy
    var live: LiveValues
    var counts = CorrelationCounts()
    private var slots: [Waiting?] = []
    private var freeSlots: [Int] = []
    private var waiters: [AnswerKey: [Int]] = [:]
    /// Slots of requests that wait no longer, in order; those before `nextReleased` have been taken.
    private var released: [Int] = []
    private var nextReleased = 0

    init(plan: CorrelationPlan) {
        edges = plan.edges.count
        whenMissing = plan.whenMissing
        live = LiveValues(plan)
    }

    var hasReleased: Bool { nextReleased < released.count }

    /// Keeps a request where an answer that it needs is still to come.
    mutating func hold(_ scheduled: ScheduledRequest, lane: Int, laneWait: UInt64, at now: MonotonicTime)
        -> Bool
    {
        var keys: [AnswerKey] = []
        for exchange in scheduled.ties.after {
            let key = scheduled.key(of: exchange)
            if live.isAwaited(key) { keys.append(key) }
        }
        for case .answer(let exchange, _, _) in scheduled.ties.bindings.map(\.origin) {
            let key = scheduled.key(of: exchange)
            if !keys.contains(key), live.isAwaited(key) { keys.append(key) }
        }
        guard !keys.isEmpty else { return false }
        let waiting = Waiting(
            scheduled: scheduled,
            lane: lane,
            laneWait: laneWait,
            since: now,
            missing: keys.count
        )
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            slots[slot] = waiting
        } else {
            slot = slots.count
            slots.append(waiting)
        }
        for key in keys { waiters[key, default: []].append(slot) }
        return true
    }

    /// Lets go on what waited for an answer alone, which came or will not come.
    mutating func settle(_ key: AnswerKey) {
        live.settle(key)
        guard let slots = waiters.removeValue(forKey: key) else { return }
        for slot in slots {
            self.slots[slot]?.missing -= 1
            if self.slots[slot]?.missing == 0 { released.append(slot) }
        }
    }

    /// The next request that waits no longer.
    mutating func takeReleased() -> Waiting? {
        guard hasReleased else { return nil }
        let slot = released[nextReleased]
        nextReleased += 1
        if nextReleased == released.count {
            released.removeAll(keepingCapacity: true)
            nextReleased = 0
        }
        freeSlots.append(slot)
        return slots[slot].take()
    }

    mutating func noteWait(_ nanoseconds: UInt64) {
        counts.waits += 1
        counts.wait.record(nanoseconds: nanoseconds)
    }

    /// Whether a value is missing that the request is not to be sent without.
    func refuses(_ scheduled: ScheduledRequest) -> Bool {
        guard whenMissing == .skip else { return false }
        return scheduled.ties.bindings.contains { binding in
            guard case .answer(let exchange, let source, let number) = binding.origin else { return false }
            return live.value(scheduled.key(of: exchange), source: source, number: number) == nil
        }
    }

    /// Gives up the requests that wait and answers when they were due.
    mutating func takeWaiting() -> [MonotonicTime] {
        let intended = slots.compactMap { $0?.scheduled.intended }
        slots.removeAll()
        freeSlots.removeAll()
        waiters.removeAll()
        released.removeAll()
        nextReleased = 0
        return intended
    }
}

extension ScheduledRequest {
    /// The answer to an exchange in the pass and the copy that the request belongs to.
    func key(of exchange: UInt64) -> AnswerKey {
        AnswerKey(exchange: exchange, pass: UInt64(copy) << 32 | UInt64(loop))
    }

    /// Its own answer.
    var answerKey: AnswerKey { key(of: request.exchange) }
}
