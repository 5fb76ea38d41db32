import CEvents
import Glibc
import Messages
package import Replay
package import Transports

/// Replays over sockets of its own: HTTP/1.0 and HTTP/1.1 in clear text.
package typealias WireReplay = TransportReplay<WireConnections>

/// The connections of one replay in clear text, and the requests on them.
///
/// A request costs one call of the kernel to send and one to receive; nothing is allocated for it once its connection
/// has carried a few. Answers are read by the parser that reads captures. Only the thread of the event loop touches it.
package final class WireConnections: Transport {
    /// Bytes taken from a socket at once.
    static let receiveCapacity = 256 << 10

    private let poller: Poller
    private let addresses: [SocketAddress]
    private let authority: [UInt8]
    private let timeout: UInt64
    private let isObserving: Bool
    private let limits: ReplayLimits
    private let connectionLimit: Int
    private let buffer: UnsafeMutableBufferPointer<UInt8>

    /// By slot.
    private var connections: [WireConnection] = []
    private var freeSlots: [Int] = []
    /// The slot of a connection number, -1 for none.
    private var slotOfNumber: [Int32] = []
    /// The slot that a descriptor belongs to, -1 for none.
    private var slotOfDescriptor: [Int32] = []
    private var openCount = 0
    /// Slots of connections without a request, the longest idle first.
    private var idle = IndexList()

    private var transfers: [WireTransfer] = []
    /// Requests in flight; since all have the same time, the first one's ends first.
    private var inFlight = IndexList()
    private var completions: [(id: TransferID, outcome: Outcome)] = []
    private var nextTold = 0
    private var sendings = SendingQueue()

    package init(_ setup: TransportSetup) throws {
        guard setup.plan.target.scheme == .http else {
            throw TransportError(
                .protocol,
                "the wire transport speaks HTTP in clear text only; use --transport curl for \(setup.plan.target.url)"
            )
        }
        poller = setup.poller
        addresses = setup.addresses.compactMap { SocketAddress($0, port: setup.plan.target.port) }
        authority = Array(setup.plan.target.authority.utf8)
        timeout = setup.plan.timeout
        isObserving = setup.isObserving
        limits = setup.plan.limits
        connectionLimit = setup.connections
        buffer = .allocate(capacity: Self.receiveCapacity)
    }

    deinit {
        for connection in connections where connection.descriptor >= 0 {
            Glibc.close(connection.descriptor)
        }
        buffer.deallocate()
    }

    package var deadline: MonotonicTime? { inFlight.first.map { transfers[$0].deadline } }

    package func start(_ request: PreparedRequest, on number: ConnectionID, as id: TransferID) {
        let connection = connection(number)
        precondition(connection.transfer == nil, "connection \(number) carries another request")
        let now = MonotonicClock.now
        let deadline = now.addingReportingOverflow(timeout)
        let transfer = WireTransfer(
            slot: connection.slot,
            deadline: deadline.overflow ? .max : deadline.partialValue
        )
        if id < transfers.count { transfers[id] = transfer } else { transfers.append(transfer) }
        inFlight.append(id)
        connection.transfer = id
        connection.mayBeReused = !request.closesConnection
        connection.request.fill(request, authority: authority)
        let isFresh = connection.phase != .idle
        connection.response.begin(answering: request.isHead ? .head : .other, isFresh: isFresh)
        if isFresh {
            connection.address = 0
            open(connection)
        } else {
            idle.remove(connection.slot)
            send(connection)
        }
    }

    package func act(on descriptor: Int32, events: UInt32) {
        let place = Int(descriptor)
        guard place < slotOfDescriptor.count, slotOfDescriptor[place] >= 0 else { return }
        let connection = connections[Int(slotOfDescriptor[place])]
        switch connection.phase {
        case .closed: return
        case .connecting:
            establish(connection)
            return
        case .sending:
            // What has arrived says more than a failure to send.
            if events & ~EPOLLOUT.rawValue != 0 { receive(connection) }
            if connection.phase == .sending, events & EPOLLOUT.rawValue != 0 { send(connection) }
        case .idle, .awaiting: receive(connection)
        }
    }

    package func actOnTime(_ now: MonotonicTime) {
        while let id = inFlight.first, transfers[id].deadline <= now {
            fail(connections[transfers[id].slot], .timeout)
        }
    }

    package func nextSending() -> (id: TransferID, time: MonotonicTime)? { sendings.popFirst() }

    package func nextCompletion() -> (id: TransferID, outcome: Outcome)? {
        guard nextTold < completions.count else {
            completions.removeAll(keepingCapacity: true)
            nextTold = 0
            return nil
        }
        defer { nextTold += 1 }
        return completions[nextTold]
    }

    package func sendTime(of id: TransferID) -> MonotonicTime? { transfers[id].sentAt }

    package func openedConnections(for id: TransferID) -> Int { transfers[id].openedConnections }

    package func response(to id: TransferID, isWhole: Bool, clock: MonotonicClock) -> ObservedResponse? {
        connections[transfers[id].slot].response.response(isWhole: isWhole, clock: clock)
    }

    package func end(_ id: TransferID) {
        let connection = connections[transfers[id].slot]
        precondition(connection.transfer == id, "transfer \(id) ended twice")
        inFlight.remove(id)
        if !transfers[id].hasEnded { close(connection) }
        connection.request.clear()
        connection.transfer = nil
        if connection.phase == .closed { release(connection) }
    }
}

extension WireConnections {
    /// The connection of a number, made where there is none.
    private func connection(_ number: ConnectionID) -> WireConnection {
        let place = Int(number)
        while slotOfNumber.count <= place { slotOfNumber.append(-1) }
        if slotOfNumber[place] >= 0 { return connections[Int(slotOfNumber[place])] }
        let connection: WireConnection
        if let slot = freeSlots.popLast() {
            connection = connections[slot]
        } else {
            let response = IncomingResponse(isKeeping: isObserving, limits: limits)
            connection = WireConnection(slot: connections.count, response: response)
            connections.append(connection)
        }
        connection.number = number
        slotOfNumber[place] = Int32(connection.slot)
        return connection
    }

    /// Gives the slot of a closed connection back.
    private func release(_ connection: WireConnection) {
        guard let number = connection.number, connection.transfer == nil else { return }
        slotOfNumber[Int(number)] = -1
        connection.number = nil
        freeSlots.append(connection.slot)
    }

    /// Opens a socket to the first address, from the connection's own on, that takes it.
    private func open(_ connection: WireConnection) {
        if openCount >= connectionLimit, let oldest = idle.first { drop(connections[oldest]) }
        while connection.address < addresses.count {
            let address = addresses[connection.address]
            let kind =
                Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let descriptor = socket(address.family, kind, 0)
            guard descriptor >= 0 else { break }
            var yes: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
            attach(descriptor, to: connection)
            if address.connect(descriptor) == 0 {
                established(connection)
                return
            }
            if errno == EINPROGRESS {
                connection.phase = .connecting
                if poller.watch(descriptor, EPOLLOUT.rawValue) { return }
            }
            close(connection)
            connection.address += 1
        }
        fail(connection, .connect)
    }

    private func attach(_ descriptor: Int32, to connection: WireConnection) {
        let place = Int(descriptor)
        while slotOfDescriptor.count <= place { slotOfDescriptor.append(-1) }
        slotOfDescriptor[place] = Int32(connection.slot)
        connection.descriptor = descriptor
        connection.isReused = false
        connection.phase = .connecting
        openCount += 1
        poller.opened(descriptor)
    }

    /// Learns what became of a connection that was being opened.
    private func establish(_ connection: WireConnection) {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        if getsockopt(connection.descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0, error == 0 {
            established(connection)
            return
        }
        close(connection)
        connection.address += 1
        open(connection)
    }

    private func established(_ connection: WireConnection) {
        guard let id = connection.transfer, poller.watch(connection.descriptor, EPOLLIN.rawValue) else {
            fail(connection, .connect)
            return
        }
        transfers[id].openedConnections += 1
        send(connection)
    }

    private func send(_ connection: WireConnection) {
        guard let id = connection.transfer else { return }
        if transfers[id].sentAt == nil {
            let now = MonotonicClock.now
            transfers[id].sentAt = now
            sendings.append(id, now)
        }
        let wasSending = connection.phase == .sending
        switch connection.request.send(to: connection.descriptor) {
        case .whole:
            connection.phase = .awaiting
            if wasSending, !poller.watch(connection.descriptor, EPOLLIN.rawValue) { fail(connection, .other) }
        case .blocked:
            connection.phase = .sending
            let mask = EPOLLIN.rawValue | EPOLLOUT.rawValue
            if !wasSending, !poller.watch(connection.descriptor, mask) { fail(connection, .other) }
        case .broken:
            connection.phase = .sending
            // A target that refuses a long body answers and closes.
            receive(connection)
            if connection.phase == .sending { breakOff(connection, .reset) }
        }
    }

    private func receive(_ connection: WireConnection) {
        while true {
            let count = recv(connection.descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 {
                guard connection.isBusy else {
                    // Nothing was asked, so nothing can be answered.
                    drop(connection)
                    return
                }
                let bytes = UnsafeBufferPointer(rebasing: buffer[..<count]).span
                settle(connection, connection.response.receive(bytes))
                // What is left in the socket makes it readable again.
                if !connection.isBusy || count < buffer.count { return }
            } else if count == 0 {
                finish(connection, .closed)
                return
            } else if errno != EINTR {
                if errno != EAGAIN { finish(connection, .reset) }
                return
            }
        }
    }

    /// Takes the end of the connection from the target's side.
    private func finish(_ connection: WireConnection, _ end: DirectionEnd) {
        guard connection.isBusy else {
            drop(connection)
            return
        }
        guard connection.response.hasBegun else {
            breakOff(connection, end)
            return
        }
        switch connection.response.finish(end) {
        case .whole(let status, _): complete(connection, .responded(status: status), reusable: false)
        case .incomplete, .refused: fail(connection, end == .reset ? .reset : .protocolError)
        }
    }

    private func settle(_ connection: WireConnection, _ progress: IncomingResponse.Progress) {
        switch progress {
        case .incomplete: break
        case .whole(let status, let reusable):
            let isReusable = reusable && connection.mayBeReused && connection.request.isSent
            complete(connection, .responded(status: status), reusable: isReusable)
        case .refused: fail(connection, .protocolError)
        }
    }

    /// Ends a request whose connection broke before any byte of an answer.
    ///
    /// A connection that has served before may have been closed while the request was on its way: what other clients
    /// send a second time then is not sent again here.
    private func breakOff(_ connection: WireConnection, _ end: DirectionEnd) {
        fail(connection, connection.isReused ? .resendRefused : end == .reset ? .reset : .closed)
    }

    private func fail(_ connection: WireConnection, _ kind: FailureKind) {
        complete(connection, .failed(kind), reusable: false)
    }

    private func complete(_ connection: WireConnection, _ outcome: Outcome, reusable: Bool) {
        guard let id = connection.transfer, !transfers[id].hasEnded else { return }
        transfers[id].hasEnded = true
        inFlight.remove(id)
        completions.append((id, outcome))
        if reusable {
            connection.phase = .idle
            connection.isReused = true
            idle.append(connection.slot)
        } else {
            close(connection)
        }
    }

    /// Closes a connection that carries no request.
    private func drop(_ connection: WireConnection) {
        close(connection)
        release(connection)
    }

    private func close(_ connection: WireConnection) {
        connection.phase = .closed
        idle.remove(connection.slot)
        guard connection.descriptor >= 0 else { return }
        slotOfDescriptor[Int(connection.descriptor)] = -1
        poller.opened(connection.descriptor)
        Glibc.close(connection.descriptor)
        connection.descriptor = -1
        openCount -= 1
    }
}
