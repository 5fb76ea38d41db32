/// The replayed twin of one recorded connection.
///
/// Its requests go over `primary`, one after the other. Under the overflow policy a request that is due while
/// `primary` waits for an answer goes over a spare connection, and a spare is used again before another is made.
struct Lane {
    let key: LaneKey
    let primary: ConnectionID
    /// Spare connections that wait for nothing.
    var idleSpares: [ConnectionID] = []
    var isPrimaryBusy = false
    /// Its next request waits for an answer on another lane, and all behind it wait for that.
    var isHeld = false
    /// Requests in flight on any of its connections.
    var inFlight = 0
    /// Requests that are due and wait for `primary`, oldest first.
    var waiting = RequestQueue()
    var lastUse: MonotonicTime

    init(key: LaneKey, primary: ConnectionID, at time: MonotonicTime) {
        self.key = key
        self.primary = primary
        lastUse = time
    }

    var isIdle: Bool { inFlight == 0 && waiting.isEmpty && !isHeld }

    /// Whether requests wait, and nothing is in their way.
    var isReady: Bool { !isPrimaryBusy && !isHeld && !waiting.isEmpty }

    /// The connection that a request which has just become due can take at once.
    var freePrimary: ConnectionID? { isPrimaryBusy || isHeld || !waiting.isEmpty ? nil : primary }
}

/// Which lane a request belongs to: a recorded connection, or its copy, in one pass over the trace.
struct LaneKey: Hashable {
    var connection: UInt64
    var loop: UInt32
    var copy: UInt32

    /// As one number, which costs a third; keys that differ seldom have the same.
    func hash(into hasher: inout Hasher) {
        hasher.combine(connection ^ UInt64(loop) &<< 48 ^ UInt64(copy) &<< 32)
    }
}
