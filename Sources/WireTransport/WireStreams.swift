import Bytes
import Replay
import Transports

/// What the connections of a replay keep of streams in common.
struct WireStreams {
    /// Of the traces.
    let recorded: RecordedStreams
    let ledger: StreamLedger
    /// Decides the masking keys.
    let seed: UInt64
    var timers = DeadlineHeap()
    var stage = SendingStage.sending
    private var openings: [(id: TransferID, head: MonotonicTime)] = []
    private var nextTold = 0

    init(_ setup: TransportSetup) {
        recorded = setup.plan.streams
        ledger = StreamLedger(factor: setup.factor)
        seed = Array(setup.plan.run.utf8).span.number()
    }

    mutating func noteOpening(_ id: TransferID, at time: MonotonicTime) { openings.append((id, time)) }

    /// Each is told once.
    mutating func nextOpening() -> (id: TransferID, head: MonotonicTime)? {
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
