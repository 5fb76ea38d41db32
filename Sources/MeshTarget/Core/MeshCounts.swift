/// What a stand-in has done so far; every number only grows, but for those said to be current.
public struct MeshCounts: Sendable, Equatable {
    /// Answers by status code.
    public internal(set) var statuses: [Int: UInt64] = [:]
    /// Deliveries that made a run.
    public internal(set) var accepted: UInt64 = 0
    /// Deliveries answered with the run of an earlier one, by `Idempotency-Key`.
    public internal(set) var repeated: UInt64 = 0
    /// Deliveries without a signature, or with a wrong one.
    public internal(set) var badSignatures: UInt64 = 0
    /// Runs that ended well.
    public internal(set) var succeeded: UInt64 = 0
    /// Runs that ended with an error.
    public internal(set) var failed: UInt64 = 0
    /// Runs that are queued or running: current.
    public internal(set) var unfinished = 0
    /// The most runs that were queued or running at once.
    public internal(set) var peakUnfinished = 0
    /// Finished runs that were forgotten to keep memory bounded.
    public internal(set) var forgotten: UInt64 = 0
    /// Deliveries and streams refused because a limit was reached.
    public internal(set) var refused: UInt64 = 0
    /// Event streams opened.
    public internal(set) var streams: UInt64 = 0
    /// Event streams that are open: current.
    public internal(set) var openStreams = 0
    /// Connections accepted, those refused included.
    public internal(set) var connections: UInt64 = 0
    /// Connections closed because too many were open.
    public internal(set) var refusedConnections: UInt64 = 0
    /// Connections closed because their reader took nothing for too long.
    public internal(set) var slowReaders: UInt64 = 0
    /// Connections that sent what is not HTTP, or a body beyond any use.
    public internal(set) var brokenConnections: UInt64 = 0

    /// Answers of any status.
    public var answers: UInt64 { statuses.values.reduce(0, &+) }
}
