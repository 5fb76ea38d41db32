extension ReplayMachine {
    /// The next thing to do at `now`, or `nil` when there is nothing before ``wakeTime`` or the next event.
    package mutating func nextAction(at now: MonotonicTime) -> ReplayAction? {
        switch phase {
        case .running:
            if now >= deadline || now >= nextWatch && mustStop(at: now) {
                drain(at: now)
                return nil
            }
            return nextStart(at: now)
        case .draining(let until):
            guard now >= until else { return nil }
            phase = .aborting
            return nextAbort()
        case .aborting:
            return nextAbort()
        }
    }

    private mutating func nextStart(at now: MonotonicTime) -> ReplayAction? {
        while outstanding < outstandingLimit {
            if let waiting = correlation?.takeReleased() {
                if let action = startReleased(waiting, at: now) { return action }
                continue
            }
            if let lane = ready.popLast() {
                if let action = startWaiting(on: lane, at: now) { return action }
                continue
            }
            guard let scheduled = takeDue(at: now) else { return nil }
            if let action = admit(scheduled, at: now) { return action }
        }
        if crowding == .drop {
            dropDue(at: now)
        } else if !isUnpaced, let intended = pending.frontIntended, intended <= now, !isLimitNoted {
            isLimitNoted = true
            metrics.limitWaits += 1
        }
        return nil
    }

    /// Sends a due request at once where its lane allows and its answers are there, and queues it otherwise.
    private mutating func admit(_ scheduled: consuming ScheduledRequest, at now: MonotonicTime)
        -> ReplayAction?
    {
        isLimitNoted = false
        let number = laneNumber(of: scheduled, at: now)
        precondition(lanes[number] != nil, "lane \(number) is numbered but not there")
        if policy == .strict, lanes[number]?.freePrimary == nil {
            lanes[number]?.waiting.append(scheduled)
            return nil
        }
        if scheduled.takesValues,
            holds(scheduled, on: number, laneWait: 0, at: now) || refuses(scheduled, on: number)
        {
            return nil
        }
        return start(scheduled, on: number, answerWait: 0, at: now)
    }

    /// Sends a request on the primary connection of its lane, or on another where that is busy.
    private mutating func start(
        _ scheduled: consuming ScheduledRequest,
        on number: Int,
        answerWait: UInt64,
        at now: MonotonicTime
    ) -> ReplayAction {
        if let primary = lanes[number]?.freePrimary {
            return begin(scheduled, on: primary, of: number, answerWait: answerWait, at: now)
        }
        if let spare = lanes[number]?.idleSpares.popLast() {
            return begin(scheduled, on: spare, of: number, answerWait: answerWait, at: now)
        }
        metrics.connections.overflow += 1
        return begin(scheduled, on: takeConnection(), of: number, answerWait: answerWait, at: now)
    }

    private mutating func startWaiting(on number: Int, at now: MonotonicTime) -> ReplayAction? {
        guard lanes[number]?.isReady ?? false, let primary = lanes[number]?.primary,
            let scheduled = lanes[number]?.waiting.popFirst()
        else { return nil }
        let wait = isUnpaced ? 0 : lanes[number]?.freed(since: scheduled.intended) ?? 0
        if scheduled.takesValues,
            holds(scheduled, on: number, laneWait: wait, at: now) || refuses(scheduled, on: number)
        {
            return nil
        }
        return begin(scheduled, on: primary, of: number, laneWait: wait, at: now)
    }

    /// Sends a request that waited for an answer, which is settled now.
    private mutating func startReleased(_ waiting: AwaitedAnswers.Waiting, at now: MonotonicTime)
        -> ReplayAction?
    {
        let scheduled = waiting.scheduled
        let wait = now - min(now, waiting.since)
        correlation?.noteWait(wait)
        guard policy == .strict else {
            // Its lane may have been forgotten meanwhile.
            let number = laneNumber(of: scheduled, at: now)
            if refuses(scheduled, on: number) { return nil }
            return start(scheduled, on: number, answerWait: isUnpaced ? 0 : wait, at: now)
        }
        let number = waiting.lane
        lanes[number]?.isHeld = false
        guard let lane = lanes[number], !lane.isPrimaryBusy else {
            preconditionFailure("lane \(number) was held, and another request went over it")
        }
        if refuses(scheduled, on: number) { return nil }
        return begin(
            scheduled,
            on: lane.primary,
            of: number,
            laneWait: waiting.laneWait,
            answerWait: isUnpaced ? 0 : wait,
            at: now
        )
    }

    private mutating func begin(
        _ scheduled: consuming ScheduledRequest,
        on connection: ConnectionID,
        of number: Int,
        laneWait: UInt64 = 0,
        answerWait: UInt64 = 0,
        at now: MonotonicTime
    ) -> ReplayAction {
        // A further attempt was never loaded.
        if scheduled.delivery.attempt == 0 {
            loadedCount -= 1
            loadedBytes -= scheduled.cost
        }
        lanes[number]?.begin(on: connection, at: now)
        let wallTime = epoch &+ Int64(clamping: now)
        if scheduled.takesValues {
            correlation?.fill(&scheduled, pathPrefix: pathPrefix, at: wallTime)
        }
        let unsigned = retries == nil ? nil : scheduled.request
        signer.sign(&scheduled.request, pass: scheduled.loop, at: wallTime)
        let intended = isUnpaced ? now : scheduled.intended
        var transfer = Transfer(
            scheduled: scheduled,
            lane: number,
            connection: connection,
            started: now,
            laneWait: laneWait,
            answerWait: answerWait,
            intended: intended,
            unsigned: unsigned
        )
        if let faults {
            let request = transfer.scheduled.request
            transfer.fault = faults.fault(
                exchange: request.exchange,
                loop: transfer.scheduled.loop,
                hasBody: request.bodyCount > 0
            )
        }
        outstanding += 1
        if metrics.figures != nil { transfer.route = noteStart(of: transfer.scheduled.request, at: now) }
        metrics.silence.begin(at: now)
        metrics.peakOutstanding = max(metrics.peakOutstanding, outstanding)
        metrics.requests.sent += 1
        guard let free = freeTransfers.popLast() else {
            transfers.append(consume transfer)
            return .start(transfers.count - 1, on: connection)
        }
        transfers[free] = consume transfer
        return .start(free, on: connection)
    }

    /// The place of the request's route among the figures.
    private mutating func noteStart(of request: PreparedRequest, at now: MonotonicTime) -> Int {
        guard let route = metrics.figures?.route(of: request, prefixCount: pathPrefix.count) else { return 0 }
        metrics.figures?.noteStart(
            route: route,
            bodyBytes: request.bodyCount,
            inFlight: outstanding,
            at: now
        )
        return route
    }

    private mutating func nextAbort() -> ReplayAction? {
        while abortCursor < transfers.count {
            defer { abortCursor += 1 }
            if transfers[abortCursor] != nil { return .abort(abortCursor) }
        }
        return nil
    }
}
