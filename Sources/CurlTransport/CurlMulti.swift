import CCurl
import Glibc
package import Replay
package import Transports

/// Replays through libcurl: HTTP/1.0, HTTP/1.1 and HTTP/2 over TCP or TLS.
package typealias CurlReplay = TransportReplay<CurlMulti>

/// Transfers of libcurl on an event loop.
///
/// Only the thread of the event loop touches it.
package final class CurlMulti: Transport {
    let poller: Poller
    private let multi: MultiHandle
    let options: CurlOptions
    /// Where the connections come from.
    let sources: SourceAddresses
    // Not watched for overlapping accesses, at every request: one thread acts, and what libcurl calls touches none of them
    // while they are changed.
    /// By the machine's number.
    @exclusivity(unchecked)
    var active: [CurlTransfer?] = []
    @exclusivity(unchecked)
    private var idleTransfers: [CurlTransfer] = []
    @exclusivity(unchecked)
    private var sendings = SendingQueue()
    /// By connection number, the one for HTTP/1 and the one for HTTP/2: whether libcurl knows what its name stands for.
    @exclusivity(unchecked)
    private var routed: [Bool] = []

    @exclusivity(unchecked)
    var streamDesk: CarriedStreams
    /// Transfers that the replay ends and not libcurl, in order.
    @exclusivity(unchecked)
    var endings: [(id: TransferID, outcome: Outcome)] = []
    @exclusivity(unchecked)
    private var nextEnding = 0

    /// Connections of sessions; none before the first.
    @exclusivity(unchecked)
    private(set) var sockets: CurlSockets?
    /// By the machine's number: requests that are no transfers of libcurl's.
    var sessions: [TransferID: CurlSession] = [:]
    /// Sessions so far.
    var sessionCount: UInt32 = 0
    private var ownLacks = TransportLacks()

    /// Connections that could not be opened for want of something of this machine's.
    package var lacks: TransportLacks {
        guard let sockets else { return ownLacks }
        var lacks = ownLacks
        lacks.descriptors += sockets.lacks.descriptors
        lacks.ports += sockets.lacks.ports
        return lacks
    }

    package static var putsHostFirst: Bool { true }

    package init(_ setup: TransportSetup) throws {
        options = try CurlOptions(setup)
        poller = setup.poller
        sources = try SourceAddresses(setup.plan.connection)
        streamDesk = CarriedStreams(setup)
        multi = try MultiHandle(poller: poller, connections: options.connections, isLimit: true)
    }

    deinit {
        for case let transfer? in active { multi.remove(transfer.easy) }
    }

    package var deadline: MonotonicTime? {
        var deadline = multi.deadline
        if let stream = streamDesk.timers.first { deadline = min(deadline ?? stream, stream) }
        if let socket = sockets?.deadline { deadline = min(deadline ?? socket, socket) }
        return deadline
    }

    func makeSockets() -> CurlSockets {
        let made = CurlSockets(poller: poller, sources: sources)
        // A descriptor may have been a session's before.
        multi.noteWatched = { [unowned made] descriptor in made.note(descriptor, group: -1) }
        sockets = made
        return made
    }

    /// Leaves as many connections to transfers as sessions do not have.
    func shareConnections() {
        multi.limit(connections: max(1, options.connections - (sockets?.count ?? 0)))
    }

    package func start(_ request: PreparedRequest, on connection: ConnectionID, as id: TransferID) throws {
        if request.asksForWebSocket {
            try startSession(request, as: id)
            return
        }
        let transfer = try idleTransfers.popLast() ?? CurlTransfer(options: options, multi: self)
        let place = 2 * Int(connection) + (request.offersHTTP2 ? 1 : 0)
        while routed.count <= place { routed.append(false) }
        transfer.prepare(request, as: id, on: connection, route: routed[place] ? nil : options.route)
        routed[place] = true
        while active.count <= id { active.append(nil) }
        active[id] = transfer
        try multi.add(transfer.easy)
    }

    /// Keeps the memory of the transfer for the next.
    package func end(_ id: TransferID) {
        guard id < active.count, let transfer = active[id].take() else {
            endSession(id)
            return
        }
        closeStream(of: transfer, as: nil)
        multi.remove(transfer.easy)
        idleTransfers.append(transfer)
    }

    package func act(on descriptor: Int32, events: UInt32) throws {
        if let sockets, try sockets.act(on: descriptor, events: events) { return }
        try multi.act(on: descriptor, events: events)
    }

    package func actOnTime(_ now: MonotonicTime) throws {
        try multi.actOnTime(now)
        try sockets?.actOnTime(now)
        actOnStreams(now)
    }

    /// A socket could not be made: `error` says why.
    func noteFailedSocket(_ error: Int32) {
        if error == EMFILE || error == ENFILE { ownLacks.descriptors += 1 }
    }

    package func nextSending() -> (id: TransferID, time: MonotonicTime)? { sendings.popFirst() }

    func noteSending(_ id: TransferID, _ time: MonotonicTime) { sendings.append(id, time) }

    package func nextCompletion() -> (id: TransferID, outcome: Outcome)? {
        if let ending = takeEnding() { return ending }
        while let (easy, code) = multi.nextEnd() {
            guard let transfer = HandleOwner.of(easy, as: CurlTransfer.self) else { continue }
            let outcome = transfer.outcome(CurlResult(rawValue: code.rawValue))
            transfer.intake.hasEnded = code == CURLE_OK
            closeStream(of: transfer, as: outcome)
            if outcome == .failed(.connect) {
                var error = 0
                tapedeck_curl_get_long(easy, CURLINFO_OS_ERRNO, &error)
                if error == Int(EADDRNOTAVAIL) { ownLacks.ports += 1 }
            }
            return (transfer.id, outcome)
        }
        return nil
    }

    private func takeEnding() -> (id: TransferID, outcome: Outcome)? {
        guard nextEnding < endings.count else {
            if nextEnding > 0 {
                endings.removeAll(keepingCapacity: true)
                nextEnding = 0
            }
            return nil
        }
        defer { nextEnding += 1 }
        return endings[nextEnding]
    }

    package func sendTime(of id: TransferID) -> MonotonicTime? {
        transfer(id)?.sentAt ?? sessions[id]?.sentAt
    }

    package func openedConnections(for id: TransferID) -> Int {
        transfer(id)?.openedConnections ?? sessions[id]?.openedConnections ?? 0
    }

    package func bodyLength(of id: TransferID) -> UInt64 {
        transfer(id)?.intake.bodyLength ?? sessions[id]?.response.bodyLength ?? 0
    }

    package func answersInHTTP2(_ id: TransferID) -> Bool { transfer(id)?.intake.isHTTP2 ?? false }

    package func response(to id: TransferID, isWhole: Bool, clock: MonotonicClock) -> ObservedResponse? {
        if let transfer = transfer(id) { return transfer.intake.response(isWhole: isWhole, clock: clock) }
        return sessions[id]?.response.response(isWhole: isWhole, clock: clock)
    }

    private func transfer(_ id: TransferID) -> CurlTransfer? { id < active.count ? active[id] : nil }
}
