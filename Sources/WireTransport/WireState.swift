import Bytes
import CEvents
import Glibc
import Messages
import Replay
import Transports

/// Sockets, what goes out over them, and what comes in.
///
/// A request costs one call of the kernel to send and one to receive; nothing is allocated for it once its connection
/// has carried a few. Answers are read by the parser that reads captures.
struct WireState: ~Copyable {
    /// Bytes taken from a socket at once.
    static let receiveCapacity = 256 << 10

    let poller: Poller
    private let addresses: [SocketAddress]
    private let sources: SourceAddresses
    private let authority: [UInt8]
    let timeout: UInt64
    let isObserving: Bool
    private let limits: ReplayLimits
    private let connectionLimit: Int
    private let buffer: UnsafeMutableBufferPointer<UInt8>

    /// By slot.
    var connections = ConnectionSlab()
    private var freeSlots: [Int] = []
    /// The slot of a connection number, -1 for none.
    private var slotOfNumber: [Int32] = []
    /// The slot that a descriptor belongs to, -1 for none.
    private var slotOfDescriptor: [Int32] = []
    private var openCount = 0
    /// Slots of connections without a request, the longest idle first.
    private var idle = IndexList()

    private(set) var transfers: [WireTransfer] = []
    /// Requests in flight; since all have the same time, the first one's ends first.
    var inFlight = IndexList()
    private var completions: [(id: TransferID, outcome: Outcome)] = []
    private var nextTold = 0
    private var sendings = SendingQueue()
    var streams: CarriedStreams
    /// Decides the masking keys of WebSocket sessions.
    let maskingSeed: UInt64
    private(set) var lacks = TransportLacks()
    var faults: WireFaults

    init(_ setup: TransportSetup, from sources: SourceAddresses) {
        self.sources = sources
        poller = setup.poller
        addresses =
            setup.plan.connection.settings.unixSocket.map { [$0].compactMap(SocketAddress.init(path:)) }
            ?? setup.addresses.compactMap { SocketAddress($0, port: setup.plan.target.port) }
        authority = Array(setup.plan.target.authority.utf8)
        timeout = setup.plan.timeout
        isObserving = setup.isObserving
        limits = setup.plan.limits
        connectionLimit = setup.connections
        buffer = .allocate(capacity: Self.receiveCapacity)
        streams = CarriedStreams(setup)
        maskingSeed = Array(setup.plan.run.utf8).span.number()
        faults = WireFaults(setup.plan.faults ?? ClientFaults())
    }

    deinit {
        for slot in connections.indices where connections[slot].descriptor >= 0 {
            Glibc.close(connections[slot].descriptor)
        }
        buffer.deallocate()
    }

    var deadline: MonotonicTime? {
        var deadline = inFlight.first.map { transfers[$0].deadline }
        if let stream = streams.timers.first { deadline = min(deadline ?? stream, stream) }
        if let fault = faults.timers.first { deadline = min(deadline ?? fault, fault) }
        return deadline
    }

    mutating func start(_ request: PreparedRequest, on number: ConnectionID, as id: TransferID) {
        let slot = slot(of: number)
        precondition(connections[slot].transfer == nil, "connection \(number) carries another request")
        let now = MonotonicClock.now
        let deadline = now.addingReportingOverflow(timeout)
        let transfer = WireTransfer(
            slot: slot,
            deadline: deadline.overflow ? .max : deadline.partialValue
        )
        if id < transfers.count { transfers[id] = transfer } else { transfers.append(transfer) }
        inFlight.append(id)
        connections[slot].transfer = id
        connections[slot].mayBeReused = !request.closesConnection
        if faults.next != nil { begin(faults.next.take(), on: slot) }
        if !streams.recorded.isEmpty || connections[slot].serial > 0 { expectStream(request, on: slot) }
        connections[slot].request.fill(request, authority: authority)
        if let fault = connections[slot].fault { connections[slot].request.cut(for: fault) }
        let isFresh = connections[slot].phase != .idle
        connections[slot].response.begin(answering: request.isHead ? .head : .other, isFresh: isFresh)
        if isFresh {
            connections[slot].address = 0
            open(slot)
        } else {
            idle.remove(slot)
            send(slot)
        }
    }

    mutating func act(on descriptor: Int32, events: UInt32) {
        let place = Int(descriptor)
        guard place < slotOfDescriptor.count, slotOfDescriptor[place] >= 0 else { return }
        let slot = Int(slotOfDescriptor[place])
        switch connections[slot].phase {
        case .closed: return
        case .connecting:
            establish(slot)
            return
        case .sending:
            // What has arrived says more than a failure to send.
            if events & ~EPOLLOUT.rawValue != 0 { receive(slot) }
            if connections[slot].phase == .sending, events & EPOLLOUT.rawValue != 0 {
                if connections[slot].stream == nil { send(slot) } else { flush(slot) }
            }
        case .idle, .awaiting: receive(slot)
        }
    }

    mutating func actOnTime(_ now: MonotonicTime) {
        while let id = inFlight.first, transfers[id].deadline <= now {
            fail(transfers[id].slot, .timeout)
        }
        actOnStreams(now)
        actOnFaults(now)
    }

    mutating func nextSending() -> (id: TransferID, time: MonotonicTime)? { sendings.popFirst() }

    mutating func nextCompletion() -> (id: TransferID, outcome: Outcome)? {
        guard nextTold < completions.count else {
            completions.removeAll(keepingCapacity: true)
            nextTold = 0
            return nil
        }
        defer { nextTold += 1 }
        return completions[nextTold]
    }

    mutating func response(to id: TransferID, isWhole: Bool, clock: MonotonicClock) -> ObservedResponse? {
        connections[transfers[id].slot].response.response(isWhole: isWhole, clock: clock)
    }

    mutating func end(_ id: TransferID) {
        let slot = transfers[id].slot
        precondition(connections[slot].transfer == id, "transfer \(id) ended twice")
        inFlight.remove(id)
        if !transfers[id].hasEnded {
            endStream(on: slot, as: nil)
            connections[slot].fault = nil
            close(slot)
        }
        connections[slot].request.clear()
        connections[slot].transfer = nil
        if connections[slot].phase == .closed { release(slot) }
    }
}

extension WireState {
    /// The slot of a connection number, made where there is none.
    private mutating func slot(of number: ConnectionID) -> Int {
        let place = Int(number)
        while slotOfNumber.count <= place { slotOfNumber.append(-1) }
        if slotOfNumber[place] >= 0 { return Int(slotOfNumber[place]) }
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
        } else {
            slot = connections.count
            connections.append(
                WireConnection(response: IncomingResponse(isKeeping: isObserving, limits: limits))
            )
        }
        connections[slot].number = number
        slotOfNumber[place] = Int32(slot)
        return slot
    }

    /// Gives the slot of a closed connection back.
    private mutating func release(_ slot: Int) {
        guard let number = connections[slot].number, connections[slot].transfer == nil else { return }
        slotOfNumber[Int(number)] = -1
        connections[slot].number = nil
        freeSlots.append(slot)
    }

    /// Opens a socket to the first address, from the connection's own on, that takes it.
    private mutating func open(_ slot: Int) {
        if openCount >= connectionLimit, let oldest = idle.first { drop(oldest) }
        while connections[slot].address < addresses.count {
            let address = addresses[connections[slot].address]
            let kind =
                Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let descriptor = socket(address.family, kind, 0)
            guard descriptor >= 0 else {
                if errno == EMFILE || errno == ENFILE { lacks.descriptors += 1 }
                break
            }
            var yes: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
            attach(descriptor, to: slot)
            let isBound = sources.bind(descriptor, family: address.family)
            if isBound, address.connect(descriptor) == 0 {
                established(slot)
                return
            }
            if isBound, errno == EINPROGRESS {
                connections[slot].phase = .connecting
                if poller.watch(descriptor, EPOLLOUT.rawValue) { return }
            } else if errno == EADDRNOTAVAIL {
                lacks.ports += 1
            }
            close(slot)
            connections[slot].address += 1
        }
        fail(slot, .connect)
    }

    private mutating func attach(_ descriptor: Int32, to slot: Int) {
        let place = Int(descriptor)
        while slotOfDescriptor.count <= place { slotOfDescriptor.append(-1) }
        slotOfDescriptor[place] = Int32(slot)
        connections[slot].descriptor = descriptor
        connections[slot].isReused = false
        connections[slot].phase = .connecting
        openCount += 1
        poller.opened(descriptor)
    }

    /// Learns what became of a connection that was being opened.
    private mutating func establish(_ slot: Int) {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        if getsockopt(connections[slot].descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0, error == 0 {
            established(slot)
            return
        }
        close(slot)
        connections[slot].address += 1
        open(slot)
    }

    private mutating func established(_ slot: Int) {
        guard let id = connections[slot].transfer,
            poller.watch(connections[slot].descriptor, EPOLLIN.rawValue)
        else {
            fail(slot, .connect)
            return
        }
        transfers[id].openedConnections += 1
        send(slot)
    }

    private mutating func send(_ slot: Int) {
        guard let id = connections[slot].transfer else { return }
        if transfers[id].sentAt == nil {
            let now = MonotonicClock.now
            transfers[id].sentAt = now
            sendings.append(id, now)
        }
        let wasSending = connections[slot].phase == .sending
        switch connections[slot].request.send(to: connections[slot].descriptor) {
        case .whole:
            connections[slot].phase = .awaiting
            if connections[slot].fault != nil, !actOnFaultySending(on: slot) { return }
            if wasSending, !poller.watch(connections[slot].descriptor, EPOLLIN.rawValue) {
                fail(slot, .other)
            }
        case .blocked:
            connections[slot].phase = .sending
            let mask = EPOLLIN.rawValue | EPOLLOUT.rawValue
            if !wasSending, !poller.watch(connections[slot].descriptor, mask) { fail(slot, .other) }
        case .broken:
            connections[slot].phase = .sending
            // A target that refuses a long body answers and closes.
            receive(slot)
            if connections[slot].phase == .sending { breakOff(slot, .reset) }
        }
    }

    mutating func receive(_ slot: Int) {
        while true {
            let room = connections[slot].fault == .slowReader ? slowRoom(on: slot) : buffer.count
            let count = recv(connections[slot].descriptor, buffer.baseAddress, room, 0)
            if count > 0 {
                guard connections[slot].isBusy else {
                    // Nothing was asked, so nothing can be answered.
                    drop(slot)
                    return
                }
                let bytes = UnsafeBufferPointer(rebasing: buffer[..<count]).span
                if case .session(let session)? = connections[slot].stream {
                    take(bytes, in: session, on: slot)
                } else {
                    settle(slot, connections[slot].response.receive(bytes), bytes)
                }
                // What is left in the socket makes it readable again.
                if !connections[slot].isBusy || count < room { return }
                if room < buffer.count {
                    pause(slot)
                    return
                }
            } else if count == 0 {
                finish(slot, .closed)
                return
            } else if errno != EINTR {
                if errno != EAGAIN { finish(slot, .reset) }
                return
            }
        }
    }

    /// Takes the end of the connection from the target's side.
    private mutating func finish(_ slot: Int, _ end: DirectionEnd) {
        guard connections[slot].isBusy else {
            drop(slot)
            return
        }
        if case .session(let session)? = connections[slot].stream {
            finish(session, on: slot)
            return
        }
        guard connections[slot].response.hasBegun else {
            breakOff(slot, end)
            return
        }
        switch connections[slot].response.finish(end) {
        case .whole(let status, _): complete(slot, .responded(status: status), reusable: false)
        case .incomplete, .refused, .eventStream, .webSocket:
            fail(slot, end == .reset ? .reset : .protocolError)
        }
    }

    /// Acts on how far an answer has come; `bytes` are those that brought it there.
    mutating func settle(_ slot: Int, _ progress: IncomingResponse.Progress, _ bytes: Span<UInt8>) {
        switch progress {
        case .incomplete: if connections[slot].stream != nil { arm(slot) }
        case .whole(let status, let reusable):
            let isReusable = reusable && connections[slot].mayBeReused && connections[slot].request.isSent
            complete(slot, .responded(status: status), reusable: isReusable)
        case .refused: fail(slot, .protocolError)
        case .eventStream(let offset): openEventStream(on: slot, bytes.extracting(offset...))
        case .webSocket(let offset): openSession(on: slot, bytes.extracting(offset...))
        }
    }

    /// Ends a request whose connection broke before any byte of an answer.
    ///
    /// A connection that has served before may have been closed while the request was on its way: what other clients
    /// send a second time then is not sent again here.
    private mutating func breakOff(_ slot: Int, _ end: DirectionEnd) {
        fail(slot, connections[slot].isReused ? .resendRefused : end == .reset ? .reset : .closed)
    }

    mutating func fail(_ slot: Int, _ kind: FailureKind) {
        complete(slot, .failed(kind), reusable: false)
    }

    mutating func complete(_ slot: Int, _ outcome: Outcome, reusable: Bool) {
        guard let id = connections[slot].transfer, !transfers[id].hasEnded else { return }
        transfers[id].hasEnded = true
        inFlight.remove(id)
        endStream(on: slot, as: outcome)
        connections[slot].fault = nil
        completions.append((id, outcome))
        if reusable {
            connections[slot].phase = .idle
            connections[slot].isReused = true
            idle.append(slot)
        } else {
            close(slot)
        }
    }

    /// Closes a connection that carries no request.
    private mutating func drop(_ slot: Int) {
        close(slot)
        release(slot)
    }

    private mutating func close(_ slot: Int) {
        connections[slot].phase = .closed
        idle.remove(slot)
        guard connections[slot].descriptor >= 0 else { return }
        slotOfDescriptor[Int(connections[slot].descriptor)] = -1
        poller.opened(connections[slot].descriptor)
        Glibc.close(connections[slot].descriptor)
        connections[slot].descriptor = -1
        openCount -= 1
    }
}
