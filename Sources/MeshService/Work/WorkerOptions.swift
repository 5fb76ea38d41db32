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
    /// How many workers share the planted dependency.
    package var share = 1
    /// Where steps that call out post to.
    package var sink: String?
    /// MeshHook's queue: in the process, one job a second.
    package var isSlowQueue = false
    package var defects = Defects()
    package var bottlenecks = Bottlenecks()

    package init() {}

    /// MeshHook's workers, and the planted slow one, take one job after another.
    var takesOne: Bool { isSlowQueue || bottlenecks.slowWorker != nil }
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
