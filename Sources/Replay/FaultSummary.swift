/// What became of the requests that were given a fault, apart from all others.
///
/// They are among the requests that were sent; what the target made of a fault is no failure of the target, so that none
/// of them counts as failed, and none of their times as a time of its answers.
package struct FaultSummary: Hashable, Sendable {
    /// Of one kind: `injected` = `responded` + `cut`, once the run is over.
    package struct Counts: Hashable, Sendable {
        package var injected: UInt64 = 0
        /// The target answered all the same.
        package var responded: UInt64 = 0
        /// The client left, or the target put an end to it, before there was an answer.
        package var cut: UInt64 = 0

        package init() {}
    }

    package var kinds: [ClientFault: Counts] = [:]
    /// Answers by status.
    package var statuses: [UInt16: UInt64] = [:]
    /// From the sending to the end of the answer.
    package var serviceTime = LatencySummary()

    package init() {}

    package var isEmpty: Bool { kinds.isEmpty }
}

/// Keeps the accounts of faults while a replay runs.
struct FaultLedger: Sendable {
    private var kinds: [ClientFault: FaultSummary.Counts] = [:]
    private var statuses: [UInt16: UInt64] = [:]
    private var serviceTime = Latencies()

    mutating func note(_ fault: ClientFault, _ outcome: Outcome, service: UInt64) {
        kinds[fault, default: FaultSummary.Counts()].injected += 1
        switch outcome {
        case .responded(let status):
            kinds[fault, default: FaultSummary.Counts()].responded += 1
            statuses[status, default: 0] += 1
            serviceTime.record(nanoseconds: service)
        case .failed, .aborted: kinds[fault, default: FaultSummary.Counts()].cut += 1
        }
    }

    var summary: FaultSummary {
        var summary = FaultSummary()
        summary.kinds = kinds
        summary.statuses = statuses
        summary.serviceTime = serviceTime.summary
        return summary
    }
}
