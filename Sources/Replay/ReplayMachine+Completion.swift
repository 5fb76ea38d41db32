extension ReplayMachine {
    /// The request of a transfer in flight; traps on any other number.
    package func request(of id: TransferID) -> ScheduledRequest {
        guard let transfer = transfers[id] else { preconditionFailure("transfer \(id) is not in flight") }
        return transfer.scheduled
    }

    /// What the client of a transfer in flight does on purpose.
    package mutating func fault(of id: TransferID) -> ClientFault? {
        faults == nil ? nil : transfers[id]?.fault
    }

    /// What a transfer in flight sends, without a copy of the rest of it; traps on any other number.
    package mutating func sending(_ id: TransferID) -> PreparedRequest {
        guard let request = transfers[id]?.prepared() else {
            preconditionFailure("transfer \(id) is not in flight")
        }
        return request
    }

    /// The connection that a transfer in flight goes over; traps on any other number.
    package func connection(of id: TransferID) -> ConnectionID {
        guard let transfer = transfers[id] else { preconditionFailure("transfer \(id) is not in flight") }
        return transfer.connection
    }

    /// The transport hands the request's first byte to the connection.
    package mutating func sent(_ id: TransferID, at time: MonotonicTime) {
        guard let (intended, started, laneWait, answerWait) = transfers[id]?.noteSent(at: time) else {
            preconditionFailure("transfer \(id) is not in flight")
        }
        let lateness = time - min(time, intended)
        let error = lateness - min(lateness, laneWait &+ answerWait)
        metrics.sendError.record(nanoseconds: error)
        metrics.interval?.sendError.record(nanoseconds: error)
        metrics.laneWait.record(nanoseconds: laneWait)
        metrics.drift.record(nanoseconds: error)
        metrics.figures?.note(sendError: error, due: intended)
        let opening = min(error, time - min(time, started))
        metrics.opening &+= opening
        metrics.handOver &+= error - opening
    }

    /// The transport opened a connection.
    package mutating func opened(connections: Int) {
        metrics.connections.opened += UInt64(clamping: connections)
    }

    /// A whole answer came in HTTP/2.
    package mutating func noteHTTP2() { metrics.answersInHTTP2 += 1 }

    /// The end of a transfer; gives the number back, which may be used again by the next action.
    ///
    /// `bodyBytes` are those of the answer's body that came, without transfer coding.
    @discardableResult
    package mutating func finish(
        _ id: TransferID,
        outcome: Outcome,
        at time: MonotonicTime,
        bodyBytes: UInt64 = 0
    ) -> ScheduledRequest {
        guard let transfer = transfers[id].take() else {
            preconditionFailure("transfer \(id) is not in flight")
        }
        freeTransfers.append(id)
        outstanding -= 1
        // How long a stream stays open after its head is no time of the target's.
        let answered = transfer.opened ?? time
        if transfer.opened == nil {
            let waiting = outstanding + 1 - metrics.openStreams
            metrics.silence.end(isAnswered: outcome.isAnswered, waiting: waiting, at: time)
            noteSend(of: transfer, outcome: outcome, at: time)
        } else {
            metrics.openStreams -= 1
        }
        var outcome = outcome
        if let fault = transfer.fault {
            faultLedger.note(
                fault,
                outcome,
                service: answered - min(answered, transfer.sent ?? transfer.started)
            )
            // Whatever the target made of it, it is the client that began.
            if case .failed = outcome { outcome = .aborted }
        } else if nextWatch < .max {
            killSwitch?.note(
                outcome,
                response: answered - min(answered, transfer.intended),
                service: answered - min(answered, transfer.sent ?? transfer.started),
                at: time
            )
        }
        switch outcome {
        case .responded(let status):
            metrics.requests.responded += 1
            metrics.statusCounts.note(status)
            if transfer.opened == nil, transfer.fault == nil { noteAnswer(to: transfer, at: time) }
        case .failed(let kind):
            metrics.requests.failed += 1
            metrics.failures[kind, default: 0] += 1
        case .aborted:
            metrics.requests.aborted += 1
        }
        metrics.figures?.noteEnd(
            route: transfer.route,
            due: transfer.intended,
            outcome: outcome,
            bodyBytes: bodyBytes
        )
        settleAnswer(of: transfer.scheduled)
        release(transfer, at: time)
        settleDelivery(transfer, outcome, at: time)
        return transfer.scheduled
    }

    /// Notes when a request went out, once nothing more is to be learnt of that.
    mutating func noteSend(of transfer: Transfer, outcome: Outcome, at time: MonotonicTime) {
        // How long a client took that behaves badly on purpose says nothing of the target.
        let outcome = transfer.fault == nil ? outcome : .aborted
        metrics.noteSend(transfer.sent ?? transfer.started, intended: transfer.intended)
        // A request that is still in flight was started within its timeout, but for a second that ending it may take.
        let patience = timeout.addingReportingOverflow(1_000_000_000)
        metrics.rhythm.note(
            intended: transfer.intended,
            sent: transfer.sent,
            settled: time - min(time, patience.overflow ? .max : patience.partialValue),
            isAnswered: outcome.isAnswered,
            waited: outcome.isWaitedFor ? time - min(time, transfer.intended) : nil
        )
        metrics.figures?.note(due: transfer.intended, sent: transfer.sent)
    }

    /// Notes how long an answer took that was there at `time`.
    mutating func noteAnswer(to transfer: Transfer, at time: MonotonicTime) {
        let sent = transfer.sent ?? transfer.started
        metrics.serviceTime.record(nanoseconds: time - min(time, sent))
        metrics.responseTime.record(nanoseconds: time - min(time, transfer.intended))
        metrics.interval?.serviceTime.record(nanoseconds: time - min(time, sent))
        metrics.interval?.responseTime.record(nanoseconds: time - min(time, transfer.intended))
        metrics.figures?.noteAnswer(
            route: transfer.route,
            due: transfer.intended,
            response: time - min(time, transfer.intended),
            service: time - min(time, sent)
        )
    }

    private mutating func release(_ transfer: Transfer, at time: MonotonicTime) {
        let number = transfer.lane
        let closes = transfer.scheduled.request.closesConnection
        guard let lane = lanes[number]?.end(on: transfer.connection, closes: closes, at: time)
        else { preconditionFailure("lane \(number) was forgotten with a request in flight") }
        if lane.isOver { remove(lane: number) }
        // A closed connection's number can be given to another; a primary's only once its lane is gone.
        if closes, lane.isOver || !lane.wasPrimary { freeConnections.append(transfer.connection) }
        if lane.wasPrimary, lane.isReady { ready.append(number) }
    }
}

extension Lane {
    mutating func begin(on connection: ConnectionID, at time: MonotonicTime) {
        inFlight += 1
        lastUse = time
        if connection == primary { isPrimaryBusy = true }
    }

    /// Ends a request, and answers whether it went over the primary connection, whether the next may go over that now, and
    /// whether the lane has come to its end: its recorded connection was closed after this request.
    ///
    /// All in one go: what is read of an optional in an array is a copy of all it holds.
    mutating func end(
        on connection: ConnectionID,
        closes: Bool,
        at time: MonotonicTime
    ) -> (wasPrimary: Bool, isReady: Bool, isOver: Bool) {
        inFlight -= 1
        lastUse = time
        if connection == primary {
            isPrimaryBusy = false
        } else if !closes {
            idleSpares.append(connection)
        }
        let isOver = closes && connection == primary && isIdle && idleSpares.isEmpty
        return (connection == primary, isReady, isOver)
    }

    /// How long after `intended` the lane's connection became free.
    func freed(since intended: MonotonicTime) -> UInt64 { lastUse - min(lastUse, intended) }
}
