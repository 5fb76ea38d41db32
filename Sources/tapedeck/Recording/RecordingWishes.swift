import Synchronization

/// What signals ask of a recording; it is done between two batches of packets.
final class RecordingWishes: Sendable {
    private let rotation = Atomic<Bool>(false)
    private let ledger = Atomic<Bool>(false)

    /// Asks for the next part to begin.
    func requestRotation() { rotation.store(true, ordering: .releasing) }

    /// Asks for the ledger on standard error.
    func requestLedger() { ledger.store(true, ordering: .releasing) }

    func takeRotationRequest() -> Bool { Self.take(rotation) }

    func takeLedgerRequest() -> Bool { Self.take(ledger) }

    private static func take(_ request: borrowing Atomic<Bool>) -> Bool {
        guard request.load(ordering: .relaxed) else { return false }
        return request.exchange(false, ordering: .acquiringAndReleasing)
    }
}
