import Bytes
import Messages
import Replay
import Transports

/// A request to go over to WebSocket, its answer, and the session behind that, on a connection of their own.
///
/// libcurl opens the connection and carries bytes; what these are is decided by what reads and writes them over the wire
/// transport, too.
final class CurlSession: SocketSpeaker {
    let id: TransferID
    /// Tells its timers from those of an earlier one with its number.
    let serial: UInt32
    private unowned let multi: CurlMulti
    private var socket: CurlSocket?
    private var request: [UInt8]
    private var requestSent = 0
    private(set) var response: IncomingResponse
    private(set) var sentAt: MonotonicTime?
    private(set) var openedConnections = 0
    /// When it fails for want of an answer.
    private let deadline: MonotonicTime
    /// When it is to be looked at; the end of time where nobody has to.
    var timer = MonotonicTime.max
    private var recorded: RecordedStream?
    /// What the answer has become, where it goes on.
    private var stream: LiveStream?
    private var hasEnded = false

    init(
        _ request: PreparedRequest,
        as id: TransferID,
        serial: UInt32,
        multi: CurlMulti,
        at now: MonotonicTime
    ) {
        self.id = id
        self.serial = serial
        self.multi = multi
        let deadline = now.addingReportingOverflow(multi.options.timeout)
        self.deadline = deadline.overflow ? .max : deadline.partialValue
        recorded = multi.streamDesk.recorded.isEmpty ? nil : multi.streamDesk.recorded[request.exchange]
        response = IncomingResponse(isKeeping: multi.options.isObserving, limits: multi.options.limits)
        response.begin(answering: request.isHead ? .head : .other, isFresh: true)
        self.request = request.message(authority: multi.options.authority)
    }

    func begin(_ sockets: CurlSockets) throws {
        let socket = try CurlSocket(multi.options.socketTarget, owner: sockets, speaker: self)
        self.socket = socket
        arm()
        try sockets.open(socket)
    }

    // MARK: The connection

    func connected() {
        openedConnections = socket?.openedConnections ?? 0
        let now = MonotonicClock.now
        sentAt = now
        multi.noteSending(id, now)
        send()
    }

    func failed(_ result: CurlResult) {
        openedConnections = socket?.openedConnections ?? 0
        fail(multi.options.openingFailure(result))
    }

    func receive(_ bytes: Span<UInt8>) {
        if case .session(let session)? = stream {
            take(bytes, in: session)
        } else {
            settle(response.receive(bytes), bytes)
        }
    }

    func ended(_ failure: CurlResult?) {
        if case .session(let session)? = stream {
            session.finish(at: MonotonicClock.now)
            complete(session.end == .broken ? .failed(failure?.failure ?? .closed) : session.outcome)
            return
        }
        guard response.hasBegun else {
            fail(failure?.failure ?? .closed)
            return
        }
        switch response.finish(failure == nil ? .closed : .reset) {
        case .whole(let status, _): complete(.responded(status: status))
        case .incomplete, .refused, .eventStream, .webSocket: fail(failure?.failure ?? .protocolError)
        }
    }

    /// Hands what is to be sent to the connection, as far as that takes it, and ends the session where it is over.
    func send() {
        guard !hasEnded, let socket, sendRequest(over: socket) else { return }
        guard case .session(let session)? = stream else { return }
        guard let taken = taken(session.outgoing.withUnsafeBytes { socket.send($0) }) else { return }
        session.removeOutgoing(taken)
        // Past its patience nothing is waited for any more.
        let isStuck = socket.isBlocked && session.wakeTime > MonotonicClock.now
        if session.end != nil, !isStuck { complete(session.outcome) } else { arm() }
    }

    /// Sends what is left of the request, and what was held back of it; `false` where that ended it.
    private func sendRequest(over socket: CurlSocket) -> Bool {
        guard requestSent < request.count || stream == nil && socket.isBlocked else { return true }
        let sending = request.withUnsafeBytes { bytes in
            socket.send(UnsafeRawBufferPointer(rebasing: bytes[requestSent...]))
        }
        guard let taken = taken(sending) else { return false }
        requestSent += taken
        return true
    }

    /// How many bytes a connection has taken; `nil` where it is broken, and all is over.
    private func taken(_ sending: CurlSocket.Sending) -> Int? {
        switch sending {
        case .taken(let count): return count
        case .failed(let result):
            if case .session(let session)? = stream {
                session.finish(at: MonotonicClock.now)
                complete(session.end == .broken ? .failed(result.failure) : session.outcome)
            } else {
                fail(result.failure)
            }
            return nil
        }
    }

    // MARK: The answer

    /// Acts on how far the answer has come; `bytes` are those that brought it there.
    private func settle(_ progress: IncomingResponse.Progress, _ bytes: Span<UInt8>) {
        switch progress {
        case .incomplete: arm()
        case .whole(let status, _): complete(.responded(status: status))
        case .refused: fail(.protocolError)
        case .eventStream(let offset): openEvents(bytes.extracting(offset...))
        case .webSocket(let offset): openSession(bytes.extracting(offset...))
        }
    }

    private func openEvents(_ rest: Span<UInt8>) {
        let now = MonotonicClock.now
        let events = ReplayedEventStream(
            recorded,
            isReadable: response.isReadable,
            start: sentAt ?? now,
            opened: now,
            timeout: multi.options.timeout,
            ledger: multi.streamDesk.ledger,
            keepsLog: multi.options.isObserving
        )
        response.events = events
        begin(.events(events), at: now)
        if !hasEnded { settle(response.receive(rest), rest) }
    }

    private func openSession(_ rest: Span<UInt8>) {
        let now = MonotonicClock.now
        let session = WebSocketSession(
            recorded,
            extensions: response.webSocketExtensions,
            seed: multi.options.maskingSeed &+ UInt64(serial) << 32 ^ UInt64(id),
            start: sentAt ?? now,
            opened: now,
            timeout: multi.options.timeout,
            ledger: multi.streamDesk.ledger,
            keepsLog: multi.options.isObserving
        )
        begin(.session(session), at: now)
        if !hasEnded { take(rest, in: session) }
    }

    private func begin(_ stream: LiveStream, at now: MonotonicTime) {
        self.stream = stream
        multi.streamDesk.noteOpening(id, at: now)
        arm()
        noteSending(multi.streamDesk.stage, at: now)
    }

    private func take(_ bytes: Span<UInt8>, in session: WebSocketSession) {
        let now = MonotonicClock.now
        session.receive(bytes, at: now)
        session.act(at: now)
        send()
    }

    // MARK: Time

    private func arm() {
        let wake = stream?.wakeTime ?? deadline
        guard wake < timer, !hasEnded else { return }
        timer = wake
        multi.streamDesk.timers.insert(DeadlineHeap.Entry(time: wake, slot: id, serial: serial))
    }

    /// Looks at it, its time having come.
    func act(at now: MonotonicTime) {
        timer = .max
        guard !hasEnded else { return }
        switch stream {
        case nil: if deadline <= now { fail(.timeout) } else { arm() }
        case .session(let session)?:
            session.act(at: now)
            send()
        case .events(let events)?:
            switch events.verdict(at: now) {
            case .leave: complete(.responded(status: response.finalStatus))
            case .giveUp: fail(.timeout)
            case nil: arm()
            }
        }
    }

    /// Learns how far the sending of the run is.
    func noteSending(_ stage: SendingStage, at now: MonotonicTime) {
        guard stage > .sending, !hasEnded, let stream else { return }
        switch stream {
        case .events(let events) where stage == .cut:
            events.end(.cutShort, at: now)
            complete(.responded(status: response.finalStatus))
        case .events(let events):
            events.noteEndOfSending(at: now)
            arm()
        case .session(let session) where stage == .cut:
            session.cutShort(at: now)
            send()
        case .session: break
        }
    }

    // MARK: The end

    private func fail(_ kind: FailureKind) { complete(.failed(kind)) }

    private func complete(_ outcome: Outcome) {
        guard !hasEnded else { return }
        end(outcome)
        multi.endings.append((id, outcome))
    }

    /// Closes the connection and the accounts of the stream, or counts that there was none; `outcome` is `nil` where it is
    /// given up. Without effect the second time.
    func end(_ outcome: Outcome?) {
        guard !hasEnded else { return }
        hasEnded = true
        let end: StreamSummary.End =
            switch outcome {
            case .responded: .target
            case .failed: .broken
            case .aborted, nil: .cutShort
            }
        switch stream {
        case .events(let events)?:
            events.end(end, at: MonotonicClock.now)
            response.log = events.log
        case .session(let session)?:
            session.close(as: end, at: MonotonicClock.now)
            response.log = session.log
        case nil: if recorded != nil { multi.streamDesk.ledger.noteRefused() }
        }
        recorded = nil
        stream = nil
        response.events = nil
        if let socket { multi.closeSocket(socket) }
    }
}
