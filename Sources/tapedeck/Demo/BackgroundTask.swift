import Dispatch
import Synchronization

/// Work on another thread whose result is waited for.
final class BackgroundTask<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let finished = DispatchSemaphore(value: 0)

    init(_ work: @escaping @Sendable () throws -> Value) {
        DispatchQueue(label: "tapedeck.background").async { [self] in
            let outcome = Result { try work() }
            result.withLock { $0 = outcome }
            finished.signal()
        }
    }

    /// Waits for the end; may be asked once.
    func value() throws -> Value {
        finished.wait()
        guard let outcome = result.withLock({ $0 }) else {
            preconditionFailure("a task that has finished has a result")
        }
        return try outcome.get()
    }
}
