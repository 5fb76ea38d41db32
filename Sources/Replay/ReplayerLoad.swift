/// How hard the replayer itself had to work, and what it lacked.
package struct ReplayerLoad: Hashable, Sendable {
    /// Processor time of all its threads during the run, in seconds.
    package var cpuSeconds = 0.0
    /// The share of the run in which the event loop was not waiting, 0 to 1.
    package var busyShare = 0.0
    /// Turns of the event loop.
    package var turns: UInt64 = 0
    /// Turns that came more than ``lateTurn`` after the moment for which they were set.
    package var lateTurns: UInt64 = 0
    /// The most that a turn came too late, in nanoseconds.
    package var latestTurn: UInt64 = 0
    /// Connections that could not be opened because the process, or the machine, had no descriptor left.
    package var descriptorsLacked: UInt64 = 0
    /// Connections that could not be opened because no local port was left.
    package var portsLacked: UInt64 = 0
    /// The most memory that was resident at once since the process began, in bytes; `nil` where that is not known.
    package var peakResidentBytes: UInt64?
    /// Whether the event loop came before all that has no such priority (SCHED_FIFO).
    package var isRealtime = false

    package init() {}

    /// How much later than set a turn must be to count as late, in nanoseconds.
    package static let lateTurn: UInt64 = 1_000_000
}

/// What the replayer lacked, where it was the bottleneck.
package enum ReplayerLack: String, Hashable, Sendable, CaseIterable {
    case descriptors
    case ports
    /// The bound on requests in flight held others up.
    case inFlight = "in-flight"
    /// Processor time for its own work, all the time or when much was due at once.
    case cpu
    /// It was woken late: others had the processor.
    case turns = "late-turns"
}

extension ReplaySummary {
    /// Takes over how hard the replayer worked; what could not be opened for want of descriptors or ports makes it the
    /// bottleneck, whatever the times say.
    package mutating func take(_ load: ReplayerLoad) {
        replayer = load
        if load.descriptorsLacked + load.portsLacked > 0 { bottleneck = .replayer }
    }

    /// What the replayer lacked; `nil` where it was not the bottleneck.
    package var lack: ReplayerLack? {
        guard bottleneck == .replayer else { return nil }
        if replayer.descriptorsLacked > 0 { return .descriptors }
        if replayer.portsLacked > 0 { return .ports }
        if speed != nil, limitWaits * 100 > requests.sent { return .inFlight }
        return replayer.busyShare >= 0.8 || replayer.lateTurns == 0 ? .cpu : .turns
    }
}
