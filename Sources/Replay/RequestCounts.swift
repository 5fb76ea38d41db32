/// Where every request of a replay ended up.
///
/// `scheduled = sent + skipped + notSent` and `sent = responded + failed + aborted`, always once the run is over.
package struct RequestCounts: Hashable, Sendable {
    /// Selected from the trace while the run lasted, their copies, duplicates and further attempts included.
    package var scheduled: UInt64 = 0
    /// Handed to the transport.
    package var sent: UInt64 = 0
    package var skipped: UInt64 = 0
    /// Still waiting when the run was stopped or its time was over, or due while too many were unanswered.
    package var notSent: UInt64 = 0
    package var responded: UInt64 = 0
    package var failed: UInt64 = 0
    package var aborted: UInt64 = 0

    package init() {}

    package var addUp: Bool {
        scheduled == sent + skipped + notSent && sent == responded + failed + aborted
    }
}

/// The connections of a replay.
package struct ConnectionCounts: Hashable, Sendable {
    /// Recorded connections of which requests were replayed, each pass counted anew.
    package var recorded: UInt64 = 0
    /// Connections that the transport opened.
    package var opened: UInt64 = 0
    /// Connections beyond a lane's first, for requests due while it still waited for an answer.
    package var overflow: UInt64 = 0

    package init() {}
}
