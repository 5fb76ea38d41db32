import CEvents
import Glibc
import Messages
import Replay
import Transports

/// Answers that go on after their heads: event streams and WebSocket sessions.
///
/// They leave the list of requests in flight, whose time is the same for all, and have timers of their own.
extension WireState {
    mutating func noteSending(_ stage: SendingStage) {
        streams.stage = stage
        let now = MonotonicClock.now
        for slot in connections.indices where connections[slot].stream != nil {
            noteSending(on: slot, at: now)
        }
    }

    private mutating func noteSending(on slot: Int, at now: MonotonicTime) {
        guard streams.stage > .sending, let stream = connections[slot].stream else { return }
        switch stream {
        case .events(let events) where streams.stage == .cut:
            events.end(.cutShort, at: now)
            complete(slot, .responded(status: connections[slot].response.finalStatus), reusable: false)
        case .events(let events):
            events.noteEndOfSending(at: now)
            arm(slot)
        case .session(let session) where streams.stage == .cut:
            session.cutShort(at: now)
            flush(slot)
        case .session: break
        }
    }

    /// Makes ready for a request whose recorded answer may have been a stream.
    mutating func expectStream(_ request: PreparedRequest, on slot: Int) {
        connections[slot].recorded = streams.recorded[request.exchange]
        connections[slot].stream = nil
        connections[slot].streamTimer = .max
        connections[slot].serial &+= 1
    }

    mutating func openEventStream(on slot: Int, _ rest: Span<UInt8>) {
        guard let id = connections[slot].transfer else { return }
        let now = MonotonicClock.now
        let events = ReplayedEventStream(
            connections[slot].recorded,
            isReadable: connections[slot].response.isReadable,
            start: transfers[id].sentAt ?? now,
            opened: now,
            timeout: timeout,
            ledger: streams.ledger,
            keepsLog: isObserving
        )
        connections[slot].response.events = events
        begin(.events(events), on: slot, of: id, at: now)
        if connections[slot].isBusy { settle(slot, connections[slot].response.receive(rest), rest) }
    }

    mutating func openSession(on slot: Int, _ rest: Span<UInt8>) {
        guard let id = connections[slot].transfer else { return }
        let now = MonotonicClock.now
        let session = WebSocketSession(
            connections[slot].recorded,
            extensions: connections[slot].response.webSocketExtensions,
            seed: maskingSeed &+ UInt64(connections[slot].serial) << 32 ^ UInt64(slot),
            start: transfers[id].sentAt ?? now,
            opened: now,
            timeout: timeout,
            ledger: streams.ledger,
            keepsLog: isObserving
        )
        begin(.session(session), on: slot, of: id, at: now)
        if connections[slot].isBusy { take(rest, in: session, on: slot) }
    }

    private mutating func begin(_ stream: LiveStream, on slot: Int, of id: TransferID, at now: MonotonicTime)
    {
        connections[slot].stream = stream
        // Where nothing was expected, no request of the slot has had a number yet.
        if connections[slot].serial == 0 { connections[slot].serial = 1 }
        inFlight.remove(id)
        streams.noteOpening(id, at: now)
        arm(slot)
        noteSending(on: slot, at: now)
    }

    /// Takes bytes of a session, and sends what they ask for.
    mutating func take(_ bytes: Span<UInt8>, in session: WebSocketSession, on slot: Int) {
        let now = MonotonicClock.now
        session.receive(bytes, at: now)
        session.act(at: now)
        flush(slot)
    }

    /// Takes the end of a session's connection from the target's side.
    mutating func finish(_ session: WebSocketSession, on slot: Int) {
        session.finish(at: MonotonicClock.now)
        complete(slot, session.end == .broken ? .failed(.closed) : session.outcome, reusable: false)
    }

    /// Hands the frames of a session to the kernel, as far as it takes them, and ends the session where it is over.
    mutating func flush(_ slot: Int) {
        guard case .session(let session)? = connections[slot].stream, connections[slot].isBusy else { return }
        let descriptor = connections[slot].descriptor
        while !session.outgoing.isEmpty {
            let count = session.outgoing.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                session.removeOutgoing(count)
            } else if errno == EAGAIN {
                break
            } else if errno != EINTR {
                session.finish(at: MonotonicClock.now)
                complete(slot, session.end == .broken ? .failed(.reset) : session.outcome, reusable: false)
                return
            }
        }
        if session.end != nil {
            complete(slot, session.outcome, reusable: false)
            return
        }
        let isBlocked = !session.outgoing.isEmpty
        if isBlocked != (connections[slot].phase == .sending) {
            connections[slot].phase = isBlocked ? .sending : .awaiting
            let mask = isBlocked ? EPOLLIN.rawValue | EPOLLOUT.rawValue : EPOLLIN.rawValue
            guard poller.watch(descriptor, mask) else {
                fail(slot, .other)
                return
            }
        }
        arm(slot)
    }

    /// Sees to it that a stream is looked at when it wants to be.
    mutating func arm(_ slot: Int) {
        guard let wake = connections[slot].stream?.wakeTime, wake < connections[slot].streamTimer else {
            return
        }
        connections[slot].streamTimer = wake
        streams.timers.insert(DeadlineHeap.Entry(time: wake, slot: slot, serial: connections[slot].serial))
    }

    /// Looks at every stream whose time has come; one that has been heard of since then only waits anew.
    mutating func actOnStreams(_ now: MonotonicTime) {
        while let due = streams.timers.popDue(now) {
            let slot = due.slot
            guard connections[slot].serial == due.serial, connections[slot].streamTimer == due.time,
                let stream = connections[slot].stream
            else { continue }
            connections[slot].streamTimer = .max
            switch stream {
            case .events(let events):
                switch events.verdict(at: now) {
                case .leave:
                    let status = connections[slot].response.finalStatus
                    complete(slot, .responded(status: status), reusable: false)
                case .giveUp: fail(slot, .timeout)
                case nil: arm(slot)
                }
            case .session(let session):
                session.act(at: now)
                flush(slot)
            }
        }
    }

    /// Closes the accounts of a connection's stream, or counts that there was none; `outcome` is `nil` for a request
    /// that is given up.
    mutating func endStream(on slot: Int, as outcome: Outcome?) {
        // Most requests have nothing to do with streams.
        guard connections[slot].serial > 0 else { return }
        let end: StreamSummary.End =
            switch outcome {
            case .responded: .target
            case .failed: .broken
            case .aborted, nil: .cutShort
            }
        switch connections[slot].stream {
        case .events(let events)?:
            events.end(end, at: MonotonicClock.now)
            connections[slot].response.log = events.log
        case .session(let session)?:
            session.close(as: end, at: MonotonicClock.now)
            connections[slot].response.log = session.log
        case nil: if connections[slot].recorded != nil { streams.ledger.noteRefused() }
        }
        connections[slot].recorded = nil
        connections[slot].stream = nil
        connections[slot].response.events = nil
    }
}
