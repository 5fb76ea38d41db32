import Correlation
import Signatures

/// The failed requests of a run that their senders will send again.
struct RetryDesk: Sendable {
    private struct Entry: Sendable {
        var due: MonotonicTime
        var serial: UInt64
        var scheduled: ScheduledRequest
    }

    private let policy: RetryPolicy
    /// By the place of the scheme in the directory; empty where all senders are alike.
    private let byScheme: [RetrySchedule?]
    private let curve: SpeedCurve
    private let start: MonotonicTime
    private let limits: ReplayLimits
    /// A heap by due time.
    private var entries: [Entry] = []
    private var serial: UInt64 = 0
    private var bytes = 0
    private(set) var counts = RetryCounts()

    init(_ policy: RetryPolicy, plan: ReplayPlan, curve: SpeedCurve, start: MonotonicTime) {
        self.policy = policy
        byScheme =
            policy.choice == .bySender
            ? plan.schemes.schemes.map { RetrySchedule.named($0.name) ?? RetrySchedule.named($0.family) } : []
        self.curve = curve
        self.start = start
        limits = plan.limits
    }

    var count: Int { entries.count }

    var frontIntended: MonotonicTime? { entries.first?.due }

    /// Takes a request that failed at a moment, where its sender will send it again before `deadline`; answers whether
    /// it does.
    ///
    /// `request` is the request as it was before it was signed.
    mutating func consider(
        _ scheduled: ScheduledRequest,
        request: PreparedRequest,
        intended: MonotonicTime,
        at now: MonotonicTime,
        deadline: MonotonicTime
    ) -> Bool {
        guard let schedule = schedule(of: request) else { return false }
        let attempt = Int(scheduled.delivery.attempt)
        guard attempt < schedule.delays.count else {
            if !schedule.delays.isEmpty { counts.exhausted += 1 }
            return false
        }
        let first = attempt == 0 ? intended : scheduled.delivery.firstIntended
        let due = now.addingReportingOverflow(scaled(schedule.delays[attempt], at: now))
        guard !due.overflow, due.partialValue < deadline,
            due.partialValue - min(first, due.partialValue) <= policy.within
        else {
            counts.beyond += 1
            return false
        }
        guard entries.count < limits.retries, bytes + request.cost <= limits.retryBytes else {
            counts.dropped += 1
            return false
        }
        var again = scheduled
        again.request = request
        again.intended = due.partialValue
        // It has its values already, and nothing waits for it any more.
        again.ties = .none
        again.delivery.attempt += 1
        again.delivery.firstIntended = first
        bytes += request.cost
        counts.scheduled += 1
        insert(Entry(due: again.intended, serial: serial, scheduled: again))
        serial += 1
        return true
    }

    /// Notes how an attempt ended that was not the first.
    mutating func noteEnd(of scheduled: ScheduledRequest, isAccepted: Bool) {
        guard scheduled.delivery.attempt > 0 else { return }
        counts.sent += 1
        if isAccepted { counts.recovered += 1 }
    }

    /// Notes a failure of which nothing comes since the run is ending.
    mutating func noteBeyond(_ request: PreparedRequest) {
        if let schedule = schedule(of: request), !schedule.delays.isEmpty { counts.beyond += 1 }
    }

    mutating func popFirst() -> ScheduledRequest? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        bytes -= first.scheduled.request.cost
        return first.scheduled
    }

    mutating func removeAll() {
        entries.removeAll()
        bytes = 0
    }

    private func schedule(of request: PreparedRequest) -> RetrySchedule? {
        switch policy.choice {
        case .schedule(let schedule): schedule
        case .bySender: request.signing.flatMap { byScheme[$0.scheme] }
        }
    }

    private func scaled(_ delay: UInt64, at now: MonotonicTime) -> UInt64 {
        let factor =
            switch policy.clock {
            case .run: 1.0
            case .trace: curve.factor(at: Double(now - min(start, now)))
            case .scaled(let factor): factor
            }
        // As fast as possible is no speed; a sender's patience is then what it says.
        guard factor > 0 else { return delay }
        return UInt64(min(Double(delay) / factor, 9e18))
    }

    private mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var place = entries.count - 1
        while place > 0, Self.isBefore(entries[place], entries[(place - 1) / 2]) {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < entries.count && Self.isBefore(entries[child], entries[least]) {
                least = child
            }
            guard least != place else { return }
            entries.swapAt(place, least)
            place = least
        }
    }

    private static func isBefore(_ left: Entry, _ right: Entry) -> Bool {
        left.due != right.due ? left.due < right.due : left.serial < right.serial
    }
}

/// What became of failed requests whose senders try again.
package struct RetryCounts: Hashable, Sendable {
    /// Further attempts that were planned; each is a scheduled request of the run.
    package var scheduled: UInt64 = 0
    /// Further attempts that were made and came to an end.
    package var sent: UInt64 = 0
    /// Of those, accepted ones.
    package var recovered: UInt64 = 0
    /// Requests that failed as often as their sender tries.
    package var exhausted: UInt64 = 0
    /// Requests whose next attempt would come after the end of the run, or after the patience of the plan.
    package var beyond: UInt64 = 0
    /// Requests that were not kept for another attempt because too many were.
    package var dropped: UInt64 = 0

    package init() {}
}

/// The requests of a run that senders' habits touched, those that the run was to send.
package struct HabitCounts: Hashable, Sendable {
    /// Second deliveries; each is a scheduled request of the run.
    package var duplicates: UInt64 = 0
    /// Second deliveries that were accepted.
    package var duplicatesAccepted: UInt64 = 0
    package var late: UInt64 = 0
    package var reordered: UInt64 = 0
    /// Held back and sent together with others.
    package var burst: UInt64 = 0
    /// Left at its old time because too many waited.
    package var crowded: UInt64 = 0
    package var retries = RetryCounts()

    package init() {}

    package mutating func note(_ habits: Delivery.Habits) {
        guard !habits.isEmpty else { return }
        if habits.contains(.duplicate) { duplicates += 1 }
        if habits.contains(.late) { late += 1 }
        if habits.contains(.reordered) { reordered += 1 }
        if habits.contains(.burst) { burst += 1 }
    }
}
