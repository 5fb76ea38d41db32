import Replay

/// The proportions of the event loop.
enum ReplayRunLimits {
    /// How often progress is told, in nanoseconds.
    static let progressInterval: MonotonicTime = 200_000_000
    /// How long an interval of ``ReplayHooks/interval`` is, in nanoseconds.
    static let measuredInterval: MonotonicTime = 1_000_000_000
    /// Head start for loading the first requests before the first of them is due.
    static let lead: MonotonicTime = 20_000_000
    /// Requests started in one go between looks at the sockets: answers that are there free lanes for what is due.
    static let startBatch = 32
    /// Requests loaded in one go between looks at the sockets.
    static let loadBatch = 32
    /// Requests not yet due that are taken from the thread that reads ahead.
    static let pending = 512
    /// The same in a run as fast as possible.
    static let unpacedPending = 128
    /// How long it is waited at a time for what is drawn before a run as fast as possible begins, in nanoseconds; a stop
    /// that is requested meanwhile is seen after it.
    static let fillingTurn = 100_000_000
    /// Nothing is loaded so shortly before a request is due, unless hardly any is left.
    static let quietMargin: MonotonicTime = 1_000_000
}
