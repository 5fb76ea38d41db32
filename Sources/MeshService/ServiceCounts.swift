package import MeshDatabase

/// What a service has done since it started.
package struct ServiceCounts: Sendable {
    /// Answers by status code.
    package internal(set) var statuses: [Int: UInt64] = [:]
    /// How long answers took, by route, in seconds.
    package internal(set) var durations: [String: DurationHistogram] = [:]
    /// Deliveries that made a run.
    package internal(set) var accepted: UInt64 = 0
    /// Deliveries answered with the run of an earlier one.
    package internal(set) var repeated: UInt64 = 0
    /// Deliveries without a signature, with a wrong one, or with an old one.
    package internal(set) var badSignatures: UInt64 = 0
    /// Deliveries beyond the rate of a project.
    package internal(set) var rateLimited: [String: UInt64] = [:]
    /// Connections accepted, those refused included.
    package internal(set) var connections: UInt64 = 0
    package internal(set) var openConnections = 0
    package internal(set) var refusedConnections: UInt64 = 0
    /// Connections that sent what is not HTTP, or a body beyond any use.
    package internal(set) var brokenConnections: UInt64 = 0
    /// Connections closed because their reader took nothing for too long.
    package internal(set) var slowReaders: UInt64 = 0
    /// Event streams and sockets that are open.
    package internal(set) var openStreams = 0
    /// Failed signatures that the audit log has no room for.
    package internal(set) var auditsDropped: UInt64 = 0
    /// How late the last line of a feed was read, in seconds.
    package internal(set) var feedLag = 0.0
    /// Time spent answering on the event loop, in seconds.
    package internal(set) var loopBusy = 0.0
    /// The part of it that went into taking requests, by route.
    package internal(set) var routeBusy: [String: Double] = [:]

    package init() {}

    package var answers: UInt64 { statuses.values.reduce(0, &+) }
}
