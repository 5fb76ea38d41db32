extension ReplayMachine {
    /// When the next request is due, loaded or to be tried again.
    var frontIntended: MonotonicTime? {
        guard let again = retries?.frontIntended else { return pending.frontIntended }
        return min(again, pending.frontIntended ?? .max)
    }

    /// The request that is due first, and at `now`.
    mutating func takeDue(at now: MonotonicTime) -> ScheduledRequest? {
        if let again = retries?.frontIntended, again <= now,
            again <= pending.frontIntended ?? .max || isUnpaced
        {
            return retries?.popFirst()
        }
        guard let intended = pending.frontIntended, isUnpaced || intended <= now else { return nil }
        return pending.popFirst()
    }

    /// Gives up what is due while no more may be outstanding.
    mutating func dropDue(at now: MonotonicTime) {
        while let intended = frontIntended, intended <= now, let scheduled = takeDue(at: now) {
            if scheduled.delivery.attempt == 0 {
                loadedCount -= 1
                loadedBytes -= scheduled.cost
            }
            metrics.requests.notSent += 1
            metrics.limitDrops += 1
            settleAnswer(of: scheduled)
            metrics.rhythm.note(intended: intended, sent: nil, settled: start)
            metrics.figures?.note(due: intended, sent: nil)
        }
    }

    /// Sees to what a sender does about how a delivery ended.
    mutating func settleDelivery(_ transfer: Transfer, _ outcome: Outcome, at now: MonotonicTime) {
        let isAccepted = outcome.isAccepted
        if isAccepted, transfer.scheduled.delivery.habits.contains(.duplicate) {
            metrics.habits.duplicatesAccepted += 1
        }
        guard retries != nil, outcome != .aborted, let request = transfer.unsigned else { return }
        retries?.noteEnd(of: transfer.scheduled, isAccepted: isAccepted)
        guard !isAccepted else { return }
        guard case .running = phase else {
            retries?.noteBeyond(request)
            return
        }
        let isPlanned = retries?.consider(
            transfer.scheduled,
            request: request,
            intended: transfer.intended,
            at: now,
            deadline: deadline
        )
        if isPlanned == true { metrics.requests.scheduled += 1 }
    }
}

extension Outcome {
    /// Whether a webhook sender is content: any 2xx.
    fileprivate var isAccepted: Bool {
        if case .responded(let status) = self { return (200...299).contains(status) }
        return false
    }
}
