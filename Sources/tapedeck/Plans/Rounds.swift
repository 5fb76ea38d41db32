import Dispatch
import Reports
import Synchronization

/// The same work done again and again on a thread of its own, an interval apart, and once more when it is stopped.
final class Rounds: Sendable {
    private struct State {
        var isRunning = false
        var failures: UInt64 = 0
        var lastFailure = ""
        var longest: UInt64 = 0
    }

    private let interval: UInt64
    private let state = Mutex<State>(State())
    private let stopped = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)

    /// `interval` is in nanoseconds, from the beginning of a round to that of the next.
    init(every interval: UInt64) {
        self.interval = interval
    }

    /// Begins anew. `prepare` is called on the thread and gives what a round does, which is told whether it is the last
    /// one; a round that throws is noted, and the next one comes in its time.
    func start(_ prepare: @escaping @Sendable () -> (_ isLast: Bool) throws -> Void) {
        state.withLock { $0 = State(isRunning: true) }
        ReplayThread.start {
            self.run(prepare())
            self.done.signal()
        }
    }

    /// Has a last round done, for what changed meanwhile, and waits for it.
    func stop() {
        let wasRunning = state.withLock { state in
            defer { state.isRunning = false }
            return state.isRunning
        }
        guard wasRunning else { return }
        stopped.signal()
        done.wait()
    }

    /// What went wrong since the start, or took longer than the interval, a sentence each: `failure` is what a round that
    /// failed comes to, and `work` is what takes long.
    func remarks(failure: String, work: String) -> [String] {
        let state = state.withLock { $0 }
        var remarks: [String] = []
        if state.failures > 0 {
            remarks.append("\(failure) \(Quantity.count(state.failures)) times: \(state.lastFailure)")
        }
        if state.longest > interval {
            let longest = Quantity.duration(nanoseconds: Int64(clamping: state.longest))
            remarks.append("\(work) took up to \(longest), which is how late an end may be noticed")
        }
        return remarks
    }

    private func run(_ round: (_ isLast: Bool) throws -> Void) {
        var isLast = false
        while true {
            let start = Clock.monotonic()
            do {
                try round(isLast)
            } catch {
                let message = CommandFailure.message(of: error)
                state.withLock {
                    $0.lastFailure = message
                    $0.failures += 1
                }
            }
            let took = Clock.monotonic() - start
            state.withLock { $0.longest = max($0.longest, took) }
            if isLast { return }
            let rest = interval - min(interval, took)
            isLast = stopped.wait(timeout: .now() + .nanoseconds(Int(clamping: rest))) == .success
        }
    }
}
