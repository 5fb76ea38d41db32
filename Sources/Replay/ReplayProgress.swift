/// A glance at a run that is under way.
package struct ReplayProgress: Hashable, Sendable {
    package enum Phase: String, Hashable, Sendable {
        case running
        /// Nothing more is sent; answers are awaited.
        case draining
        case done
    }

    package var phase: Phase
    /// Nanoseconds since the start.
    package var elapsed: UInt64
    /// Requests whose time has come, as far as they were loaded; without a schedule those sent.
    package var due: UInt64
    package var counts: RequestCounts
    package var outstanding: Int
    /// How long the oldest unanswered request has been due, in nanoseconds.
    package var oldest: UInt64
    package var statuses: [UInt16: UInt64]
    package var failures: [FailureKind: UInt64]
    /// The condition that has stopped the run.
    package var abortedBy: String?
    /// Nanoseconds until nothing more is due; `nil` where that is not known, or not in question any more.
    package var remaining: UInt64?

    package init() {
        phase = .running
        elapsed = 0
        due = 0
        counts = RequestCounts()
        outstanding = 0
        oldest = 0
        statuses = [:]
        failures = [:]
    }

    package var sent: UInt64 { counts.sent }
}

extension ReplayMachine {
    /// Where the run stands. O(requests in flight).
    package func progress(at now: MonotonicTime) -> ReplayProgress {
        var progress = ReplayProgress()
        progress.phase = isFinished ? .done : stopTime == nil ? .running : .draining
        progress.elapsed = max(now, start) - start
        progress.due = due(at: now)
        progress.counts = metrics.requests
        progress.outstanding = outstanding
        progress.oldest = oldest(at: now)
        progress.statuses = metrics.statuses
        progress.failures = metrics.failures
        progress.abortedBy = abortion?.condition.text
        return progress
    }

    /// Requests whose time has come.
    func due(at now: MonotonicTime) -> UInt64 {
        guard !isUnpaced else { return metrics.requests.sent }
        let later = pending.count - pending.due(at: now)
        return metrics.requests.sent + dueUnsent + UInt64(loadedCount - later)
    }

    private func oldest(at now: MonotonicTime) -> UInt64 {
        var oldest = now
        for index in transfers.indices where transfers[index]?.opened == nil {
            if let intended = transfers[index]?.intended { oldest = min(oldest, intended) }
        }
        return now - oldest
    }
}
