/// Who kept a replay from its schedule.
package enum Bottleneck: String, Hashable, Sendable, CaseIterable {
    case none, replayer, target, lanes

    /// Lateness below this is not worth naming a culprit, in microseconds.
    static let tolerated: UInt64 = 10_000
    /// A target that answers nothing for so long hangs, in nanoseconds.
    static let hang: UInt64 = 1_000_000_000

    /// What the rule looks at.
    package struct Evidence: Sendable {
        package var laneWait: LatencySummary
        package var sendError: LatencySummary
        /// Requests that waited because too many were outstanding.
        package var limitWaits: UInt64
        package var sent: UInt64
        /// Lateness at the hand-over to the transport, in nanoseconds in all; lane wait excluded.
        package var handOver: UInt64
        /// From the hand-over to the sending, in nanoseconds in all: opening connections, for the most part.
        package var opening: UInt64
        /// The share of the wall time in which the replayer was not waiting, 0 to 1.
        package var busyShare: Double
        package var isUnpaced: Bool
        /// The longest stretch without an answer although some were waited for, in nanoseconds.
        package var silence: UInt64 = 0

        package init(
            laneWait: LatencySummary,
            sendError: LatencySummary,
            limitWaits: UInt64,
            sent: UInt64,
            handOver: UInt64,
            opening: UInt64,
            busyShare: Double,
            isUnpaced: Bool
        ) {
            self.laneWait = laneWait
            self.sendError = sendError
            self.limitWaits = limitWaits
            self.sent = sent
            self.handOver = handOver
            self.opening = opening
            self.busyShare = busyShare
            self.isUnpaced = isUnpaced
        }
    }

    /// The rule:
    ///
    /// 1. As fast as possible: the replayer when it was busy for 90 % of the time, else the target.
    /// 2. The 99th percentiles of lane wait and of send error are both within 10 ms: none.
    /// 3. Lane wait weighs more than send error in the mean: the lanes.
    /// 4. The limit of outstanding requests held up one in a hundred, and nothing was answered for a second or more: the
    ///    target, which hung.
    /// 5. The replayer was busy for 80 % of the time, its limit of outstanding requests held up one in a hundred, or
    ///    most of the lateness was there before it opened a connection: the replayer, or who takes its processor.
    /// 6. Else the target: connections were slow to open.
    package init(_ evidence: Evidence) {
        if evidence.isUnpaced {
            self = evidence.sent == 0 ? .none : evidence.busyShare >= 0.9 ? .replayer : .target
        } else if evidence.laneWait.p99 <= Self.tolerated, evidence.sendError.p99 <= Self.tolerated {
            self = .none
        } else if evidence.laneWait.mean > evidence.sendError.mean {
            self = .lanes
        } else if evidence.limitWaits * 100 > evidence.sent, evidence.silence >= Self.hang {
            self = .target
        } else if evidence.busyShare >= 0.8 || evidence.limitWaits * 100 > evidence.sent
            || evidence.handOver > evidence.opening
        {
            self = .replayer
        } else {
            self = .target
        }
    }
}
