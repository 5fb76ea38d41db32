import Correlation

extension ReplayMachine {
    /// Whether the answer to a transfer in flight is read for the values of later requests.
    package mutating func readsAnswer(of id: TransferID) -> Bool {
        correlation != nil && transfers[id]?.scheduled.ties.sources.isEmpty == false
    }

    /// Takes the answer to a transfer in flight, before its end is told; `nil` where none came whole.
    package mutating func answered(_ id: TransferID, with response: ObservedResponse?) {
        guard let response, let transfer = transfers[id] else { return }
        correlation?.live.take(
            transfer.scheduled.answerKey,
            head: response.head,
            body: response.body,
            sources: transfer.scheduled.ties.sources
        )
    }

    /// Keeps a due request where it waits for an answer; behind it a lane that keeps its order stands still.
    mutating func holds(
        _ scheduled: ScheduledRequest,
        on lane: Int,
        laneWait: UInt64,
        at now: MonotonicTime
    ) -> Bool {
        guard correlation?.hold(scheduled, lane: lane, laneWait: laneWait, at: now) == true else {
            return false
        }
        if policy == .strict { lanes[lane]?.isHeld = true }
        return true
    }

    /// Counts a request as skipped that is not to be sent without a value which did not come.
    mutating func refuses(_ scheduled: ScheduledRequest, on lane: Int) -> Bool {
        guard correlation?.refuses(scheduled) == true else { return false }
        correlation?.counts.skipped += 1
        loadedCount -= 1
        loadedBytes -= scheduled.cost
        metrics.requests.skipped += 1
        metrics.skips[.missingValue, default: 0] += 1
        settleAnswer(of: scheduled)
        if let behind = lanes[lane], !behind.isPrimaryBusy, !behind.waiting.isEmpty { ready.append(lane) }
        return true
    }

    /// Says that a request will be sent whose answer others wait for.
    mutating func expectAnswer(of scheduled: ScheduledRequest) {
        if scheduled.isAwaited { correlation?.live.expect(scheduled.answerKey) }
    }

    /// Says that the answer to a request is there, or will not come.
    mutating func settleAnswer(of scheduled: ScheduledRequest) {
        guard scheduled.isAwaited else { return }
        correlation?.settle(scheduled.answerKey)
    }
}
