/// How a condition brought a run to its end.
package struct Abortion: Hashable, Sendable {
    /// The condition as it was given.
    package var condition: AbortCondition
    /// A share for a percentile and for shares, nanoseconds for a mean, a number for what is in flight.
    package var measured: Double
    /// Nanoseconds since the start of the run.
    package var at: UInt64

    package init(condition: AbortCondition, measured: Double, at: UInt64) {
        self.condition = condition
        self.measured = measured
        self.at = at
    }
}

extension ReplayMachine {
    /// Whether a condition has come true; notes which.
    mutating func mustStop(at now: MonotonicTime) -> Bool {
        guard var killSwitch = killSwitch.take() else { return false }
        let found = killSwitch.check(at: now, outstanding: outstanding) { clock, age, since in
            overdue(at: now, clock, age, since: since)
        }
        nextWatch = killSwitch.nextCheck
        self.killSwitch = killSwitch
        guard let found else { return false }
        abortion = Abortion(
            condition: found.condition,
            measured: found.measured,
            at: now - min(now, start)
        )
        nextWatch = .max
        return true
    }

    /// Requests in flight that are older than `age` nanoseconds, told apart by whether they were at `since`.
    /// O(requests in flight).
    private func overdue(
        at now: MonotonicTime,
        _ clock: AbortCondition.Clock,
        _ age: UInt64,
        since: MonotonicTime
    ) -> KillSwitch.Overdue {
        var overdue = KillSwitch.Overdue()
        for index in transfers.indices where transfers[index]?.opened == nil {
            let begin =
                clock == .response
                ? transfers[index]?.intended : transfers[index]?.sent ?? transfers[index]?.started
            guard let begin else { continue }
            let waited = now - min(now, begin)
            guard waited > age else { continue }
            overdue.count += 1
            if begin + age >= since { overdue.new += 1 }
            overdue.sum += Double(waited)
        }
        return overdue
    }
}
