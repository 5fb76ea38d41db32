/// How a worker is started.
package struct WorkerOptions: Sendable {
    package var name = "worker"
    /// What libpq takes, without a user.
    package var conninfo = ""
    /// Jobs that are taken at once.
    package var batch = 64
    /// In seconds.
    package var lock = 30.0
    /// In milliseconds.
    package var retryBase = 1000.0
    /// Where steps that call out post to.
    package var sink: String?
    /// One job a second.
    package var isSlowQueue = false
    /// The queue is in memory: what was queued before is lost.
    var forgetsJobs = false
    package var defects = Defects()
    package var bottlenecks = Bottlenecks()

    package init() {}

    /// Jobs that are taken at once: MeshHook's workers take one after another, and the planted slow one what it has work
    /// with until the next are there.
    var most: Int {
        if isSlowQueue { return 1 }
        return bottlenecks.slowWorker.map { max(1, min(batch, Int(Self.ahead / max(1, $0)))) } ?? batch
    }

    /// Jobs that may be in hand.
    var mostInHand: Int { isSlowQueue ? 1 : 2 * most }

    /// Nanoseconds within which more jobs can be had.
    private static let ahead: Int64 = 250_000_000
}

/// What a worker has done.
package struct WorkerCounts: Sendable {
    package internal(set) var done: UInt64 = 0
    package internal(set) var succeeded: UInt64 = 0
    package internal(set) var dead: UInt64 = 0
    package internal(set) var lost: UInt64 = 0
    package internal(set) var calls: UInt64 = 0
    /// In seconds.
    package internal(set) var callWait = 0.0
}
