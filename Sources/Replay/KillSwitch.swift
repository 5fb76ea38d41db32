/// Watches a replay for the conditions under which it is to be stopped.
///
/// A condition is looked at twenty times in its duration, over a stretch that reaches back a fifth of the duration, or, where
/// hardly anything ended in that, to as many requests as its limit can be told from, and never further than half of it.
/// It has to hold at every look for the whole duration: a burst shorter than half of it stops nothing, and a
/// target that stays bad is found when it has been bad for so long. An unanswered request counts as slow as soon as it
/// is older than a time's limit, and where nothing else happens any more as long as it is, so a target that answers
/// nothing is found as well.
package struct KillSwitch: Sendable {
    private var watches: [Watch]

    /// `start` is the beginning of the run.
    package init(_ conditions: [AbortCondition], start: MonotonicTime) {
        watches = conditions.map { Watch($0, start: start) }
    }

    /// When ``check(at:outstanding:overdue:)`` is to be called next; `.max` where nothing is watched.
    package var nextCheck: MonotonicTime { watches.map(\.nextCheck).min() ?? .max }

    /// Takes the end of a request; the times are nanoseconds from the intended time and from the sending.
    package mutating func note(_ outcome: Outcome, response: UInt64, service: UInt64, at now: MonotonicTime) {
        for index in watches.indices {
            watches[index].note(outcome, response: response, service: service, at: now)
        }
    }

    /// What has come true, or `nil`; the first of several by their order.
    ///
    /// `overdue` answers which requests in flight are older than so many nanoseconds, new ones being those that were not
    /// at a time.
    package mutating func check(
        at now: MonotonicTime,
        outstanding: Int,
        overdue: (AbortCondition.Clock, UInt64, _ since: MonotonicTime) -> Overdue
    ) -> (condition: AbortCondition, measured: Double)? {
        var first: (condition: AbortCondition, measured: Double)?
        for index in watches.indices where watches[index].nextCheck <= now {
            let measured = watches[index].look(at: now, outstanding: outstanding, overdue: overdue)
            if let measured, first == nil { first = (watches[index].condition, measured) }
        }
        return first
    }

    /// Requests in flight that are older than a limit.
    package struct Overdue: Sendable {
        package var count: UInt64 = 0
        /// Those that were not at the last look.
        package var new: UInt64 = 0
        /// The ages of all together, in nanoseconds.
        package var sum = 0.0

        package init() {}
    }
}

/// One condition and what has been seen of it.
private struct Watch: Sendable {
    /// Requests that ended between two looks.
    struct Slice: Sendable {
        var end: MonotonicTime
        /// Those that count for the condition.
        var total: UInt64 = 0
        /// Those beyond the limit, or the bad ones.
        var bad: UInt64 = 0
        /// Nanoseconds, for a mean.
        var sum = 0.0
    }

    static let looks: UInt64 = 20
    /// Requests from which a share is told at most.
    static let mostSamples: UInt64 = 1_000

    let condition: AbortCondition
    private let step: UInt64
    /// The share of bad ones above which the condition holds.
    private let share: Double
    /// Requests that are looked back to.
    private let samples: UInt64
    private(set) var nextCheck: MonotonicTime
    /// The oldest first; reaches back over half of the duration.
    private var slices: [Slice] = []
    private var current: Slice
    private var lastLook: MonotonicTime
    private var heldSince: MonotonicTime?

    init(_ condition: AbortCondition, start: MonotonicTime) {
        self.condition = condition
        step = max(1, condition.duration / Self.looks)
        share =
            switch condition.measure {
            case .errors, .failures, .statuses: condition.limit
            case .percentile(let percent, _): (100 - percent) / 100
            case .mean, .inFlight: 0
            }
        samples = UInt64(min(Double(Self.mostSamples), 4 / max(share, 1e-6) + 1))
        nextCheck = start.addingReportingOverflow(step).partialValue
        lastLook = start
        current = Slice(end: start)
    }

    mutating func note(_ outcome: Outcome, response: UInt64, service: UInt64, at now: MonotonicTime) {
        var isBad = false
        switch (condition.measure, outcome) {
        case (_, .aborted), (.inFlight, _), (.statuses, .failed): return
        case (.errors, .responded(let status)): isBad = status >= 500
        case (.errors, .failed), (.failures, .failed): isBad = true
        case (.failures, .responded): break
        case (.statuses(let range), .responded(let status)): isBad = range.contains(status)
        // It was waited for as long as that; what failed otherwise was not waited for at all.
        case (.percentile(_, let clock), .responded), (.percentile(_, let clock), .failed(.timeout)):
            let time = clock == .response ? response : service
            let limit = UInt64(condition.limit)
            isBad = time > limit
            // It was counted when it was still in flight.
            if isBad, now - min(now, time - limit) < lastLook { return }
        case (.mean(let clock), .responded), (.mean(let clock), .failed(.timeout)):
            current.sum += Double(clock == .response ? response : service)
        case (.percentile, .failed), (.mean, .failed): return
        }
        current.total += 1
        if isBad { current.bad += 1 }
    }

    /// The measured value where the condition has come true.
    mutating func look(
        at now: MonotonicTime,
        outstanding: Int,
        overdue: (AbortCondition.Clock, UInt64, MonotonicTime) -> KillSwitch.Overdue
    ) -> Double? {
        let begin = lastLook
        var waiting = KillSwitch.Overdue()
        switch condition.measure {
        case .percentile(_, let clock):
            waiting = overdue(clock, UInt64(condition.limit), begin)
            current.total += waiting.new
            current.bad += waiting.new
        case .mean(let clock): waiting = overdue(clock, UInt64(condition.limit), begin)
        default: break
        }
        current.end = now
        slices.append(current)
        current = Slice(end: now)
        lastLook = now
        nextCheck = now.addingReportingOverflow(step).partialValue
        slices.removeAll { $0.end + condition.duration / 2 <= now }
        guard let value = measure(at: now, outstanding: outstanding, waiting), value.isBeyond else {
            heldSince = nil
            return nil
        }
        let since = heldSince ?? begin
        heldSince = since
        return now - since >= condition.duration && value.isFresh ? value.shown : nil
    }

    private struct Value {
        var shown: Double
        var isBeyond: Bool
        /// Something ended, or was waited for, in the last fifth of the duration.
        var isFresh: Bool
    }

    private func measure(
        at now: MonotonicTime,
        outstanding: Int,
        _ waiting: KillSwitch.Overdue
    ) -> Value? {
        if case .inFlight = condition.measure {
            let count = Double(outstanding)
            return Value(shown: count, isBeyond: count > condition.limit, isFresh: true)
        }
        var sum = Slice(end: now)
        var isFresh = false
        for slice in slices.reversed() {
            let isRecent = slice.end + condition.duration / 5 > now
            guard isRecent || sum.total < samples else { break }
            sum.total += slice.total
            sum.bad += slice.bad
            sum.sum += slice.sum
            if isRecent, slice.total > 0 { isFresh = true }
        }
        // Nothing happens any more: what waits says it all.
        if !isFresh, waiting.count > 0 {
            sum = Slice(end: now, total: waiting.count, bad: waiting.count, sum: waiting.sum)
            isFresh = true
        }
        guard sum.total > 0 else { return nil }
        if case .mean = condition.measure {
            let mean = sum.sum / Double(sum.total)
            return Value(shown: mean, isBeyond: mean > condition.limit, isFresh: isFresh)
        }
        // The 99th percentile is over its limit where more than 1 % of the requests are. The product rounds.
        return Value(
            shown: Double(sum.bad) / Double(sum.total),
            isBeyond: Double(sum.bad) > share * Double(sum.total) + 1e-6,
            isFresh: isFresh
        )
    }
}
