package import Replay

/// Carries requests over numbered connections to one target, on the thread of the event loop.
///
/// The loop starts requests, tells the transport of events and of time, and takes what has ended. Requests of one
/// connection are started one after the other; each goes out at most once. A transfer that has been taken as ended, or
/// that is no longer wanted, is given back by ``end(_:)``, and its number may then be used again.
package protocol Transport: AnyObject {
    init(_ setup: TransportSetup) throws

    /// Whether Host goes first, wherever it was recorded.
    static var putsHostFirst: Bool { get }
    /// Whether a request whose head is ready for the wire is sent by its bytes alone, and its lines are not asked for.
    static var takesPacked: Bool { get }
    /// When ``actOnTime(_:)`` is to be called although nothing has happened.
    var deadline: MonotonicTime? { get }
    /// Starts a request; throws only where the run cannot go on.
    func start(_ request: PreparedRequest, on connection: ConnectionID, as id: TransferID) throws
    /// Takes events of a descriptor that the transport watches, as epoll reports them.
    func act(on descriptor: Int32, events: UInt32) throws
    /// Acts on every deadline that has passed.
    func actOnTime(_ now: MonotonicTime) throws
    /// The next request whose first byte was handed to its connection, and when; each is told once, before its end.
    func nextSending() -> (id: TransferID, time: MonotonicTime)?
    /// The next transfer that has come to its end, and how; each is told once.
    func nextCompletion() -> (id: TransferID, outcome: Outcome)?
    /// When the request was handed to its connection; `nil` where it never was.
    func sendTime(of id: TransferID) -> MonotonicTime?
    /// How many connections were opened for a transfer.
    func openedConnections(for id: TransferID) -> Int
    /// What has arrived of the answer, or `nil` where its final head has not as a whole.
    func response(to id: TransferID, isWhole: Bool, clock: MonotonicClock) -> ObservedResponse?
    /// Whether the answer that has arrived came in HTTP/2.
    func answersInHTTP2(_ id: TransferID) -> Bool
    /// Bytes of the body of a whole answer, kept or not; without transfer coding.
    func bodyLength(of id: TransferID) -> UInt64
    /// Gives a transfer back, ended or not; one in flight is cut off.
    func end(_ id: TransferID)
    /// Says what the client of the request that is started next does on purpose.
    func expect(_ fault: ClientFault)
    /// The next transfer whose answer goes on as a stream after its head, and when the head was there; each is told once,
    /// and before its end.
    func nextOpenedStream() -> (id: TransferID, head: MonotonicTime)?
    /// Says how far the sending is: from ``SendingStage/over`` on streams of unknown length end, from
    /// ``SendingStage/cut`` on all.
    func noteSending(_ stage: SendingStage)
    /// What became of streams.
    var streams: StreamSummary { get }
    /// Connections that could not be opened so far for want of something of this machine's.
    var lacks: TransportLacks { get }
}

/// A transport that knows no streams and no faults: each answer is like another.
extension Transport {
    package func expect(_ fault: ClientFault) {}
    package func nextOpenedStream() -> (id: TransferID, head: MonotonicTime)? { nil }
    package func noteSending(_ stage: SendingStage) {}
    package var streams: StreamSummary { StreamSummary() }
}

/// What connections could not be opened for want of.
package struct TransportLacks {
    package var descriptors: UInt64 = 0
    package var ports: UInt64 = 0

    package init() {}
}

extension Transport {
    package static var putsHostFirst: Bool { false }
    package static var takesPacked: Bool { false }
    package func bodyLength(of id: TransferID) -> UInt64 { 0 }
    package func answersInHTTP2(_ id: TransferID) -> Bool { false }
    package var lacks: TransportLacks { TransportLacks() }
}

/// What a transport is made with.
package struct TransportSetup {
    package let plan: ReplayPlan
    /// Of the target, in textual form, at least one.
    package let addresses: [String]
    /// Whether heads and bodies of answers are to be kept.
    package let isObserving: Bool
    /// Most connections open at once.
    package let connections: Int
    package let poller: Poller
    /// Times as fast as recorded, at the start of the run; 0 for as fast as possible.
    package let factor: Double
}
