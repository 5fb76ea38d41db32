package import Replay
package import Transports

/// Replays over sockets of its own: HTTP/1.0 and HTTP/1.1 in clear text.
package typealias WireReplay = TransportReplay<WireConnections>

/// The connections of one replay in clear text, and the requests on them.
///
/// Only the thread of the event loop touches it. What it holds stands behind a pointer, since every look at a stored
/// property of a class costs a check for overlapping accesses, several dozen of them for a request.
package final class WireConnections: Transport {
    private let state: UnsafeMutablePointer<WireState>

    package init(_ setup: TransportSetup) throws {
        guard setup.plan.target.scheme == .http else {
            throw TransportError(
                .protocol,
                "the wire transport speaks HTTP in clear text only; use --transport curl for \(setup.plan.target.url)"
            )
        }
        let sources = try SourceAddresses(setup.plan.connection)
        state = .allocate(capacity: 1)
        state.initialize(to: WireState(setup, from: sources))
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }

    package static var takesPacked: Bool { true }

    package var lacks: TransportLacks { state.pointee.lacks }

    package var deadline: MonotonicTime? { state.pointee.deadline }

    package func start(_ request: PreparedRequest, on number: ConnectionID, as id: TransferID) {
        state.pointee.start(request, on: number, as: id)
    }

    package func act(on descriptor: Int32, events: UInt32) {
        state.pointee.act(on: descriptor, events: events)
    }

    package func actOnTime(_ now: MonotonicTime) { state.pointee.actOnTime(now) }

    package func nextSending() -> (id: TransferID, time: MonotonicTime)? { state.pointee.nextSending() }

    package func nextCompletion() -> (id: TransferID, outcome: Outcome)? { state.pointee.nextCompletion() }

    package func sendTime(of id: TransferID) -> MonotonicTime? { state.pointee.transfers[id].sentAt }

    package func openedConnections(for id: TransferID) -> Int {
        state.pointee.transfers[id].openedConnections
    }

    package func bodyLength(of id: TransferID) -> UInt64 {
        state.pointee.connections[state.pointee.transfers[id].slot].response.bodyLength
    }

    package func response(to id: TransferID, isWhole: Bool, clock: MonotonicClock) -> ObservedResponse? {
        state.pointee.response(to: id, isWhole: isWhole, clock: clock)
    }

    package func end(_ id: TransferID) { state.pointee.end(id) }

    package func expect(_ fault: ClientFault) { state.pointee.faults.next = fault }

    package func nextOpenedStream() -> (id: TransferID, head: MonotonicTime)? {
        state.pointee.streams.nextOpening()
    }

    package func noteSending(_ stage: SendingStage) { state.pointee.noteSending(stage) }

    package var streams: StreamSummary { state.pointee.streams.ledger.finish() }
}
