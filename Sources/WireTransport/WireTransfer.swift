import Replay

/// A request in flight, or one that has ended and was not given back yet.
struct WireTransfer {
    /// The slot of its connection.
    var slot: Int
    /// When its first byte was handed to the kernel.
    var sentAt: MonotonicTime?
    /// When it fails for want of an answer.
    var deadline: MonotonicTime
    var openedConnections = 0
    var hasEnded = false
}
