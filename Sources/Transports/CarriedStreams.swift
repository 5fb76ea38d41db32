package import Replay

/// What the transfers of a replay keep of streams in common.
package struct CarriedStreams {
    /// Of the traces.
    package let recorded: RecordedStreams
    package let ledger: StreamLedger
    package var timers = DeadlineHeap()
    package var stage = SendingStage.sending
    private var openings: [(id: TransferID, head: MonotonicTime)] = []
    private var nextTold = 0

    package init(_ setup: TransportSetup) {
        recorded = setup.plan.streams
        ledger = StreamLedger(factor: setup.factor)
    }

    package mutating func noteOpening(_ id: TransferID, at time: MonotonicTime) {
        openings.append((id, time))
    }

    /// Each is told once.
    package mutating func nextOpening() -> (id: TransferID, head: MonotonicTime)? {
        guard nextTold < openings.count else {
            if nextTold > 0 {
                openings.removeAll(keepingCapacity: true)
                nextTold = 0
            }
            return nil
        }
        defer { nextTold += 1 }
        return openings[nextTold]
    }
}
