import Dispatch
import LoadPlans
import Reports
import Synchronization

/// Runs the commands that break something, each at its time in the stage, and at its end those that mend what was broken.
final class IncidentDesk: Sendable {
    /// What became of them: a sentence each, and how many did not take place or were not mended.
    struct Outcome {
        var remarks: [String] = []
        var failures = 0
    }

    private let incidents: [StageIncident]
    private let quiet: Bool
    private let stopped = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)
    private let outcome = Mutex<Outcome>(Outcome())
    /// When the load was over.
    private let end = Atomic<UInt64>(.max)

    /// Nanoseconds that a command may go on when the load is over, and that one that mends may take.
    private static let patience: UInt64 = 30_000_000_000

    init(_ incidents: [StageIncident], quiet: Bool) {
        self.incidents = incidents
        self.quiet = quiet
    }

    func start() {
        guard !incidents.isEmpty else { return }
        let start = DispatchTime.now()
        ReplayThread.start {
            self.run(from: start)
            self.done.signal()
        }
    }

    /// Stops what has not begun, waits for what has, mends it, and says what happened.
    func finish() -> Outcome {
        guard !incidents.isEmpty else { return Outcome() }
        end.store(Clock.monotonic(), ordering: .relaxed)
        stopped.signal()
        done.wait()
        return outcome.withLock { $0 }
    }

    private func run(from start: DispatchTime) {
        var begun: [StageIncident] = []
        var isStopped = false
        for incident in incidents {
            isStopped = stopped.wait(timeout: start + .nanoseconds(Int(clamping: incident.after))) == .success
            guard !isStopped, !Interrupt.isRequested else { break }
            begun.append(incident)
            run(incident)
        }
        if !isStopped { stopped.wait() }
        let left = incidents.count - begun.count
        if left > 0 { note("the stage was over before \(left) of its incidents", failures: left) }
        // One that did not go well may have broken something as well. The last to break is the first to be mended.
        for incident in begun.reversed() where !incident.mend.isEmpty { mend(incident) }
    }

    private func run(_ incident: StageIncident) {
        let after = Quantity.duration(nanoseconds: Int64(clamping: incident.after))
        if !quiet { StandardError.print("tapedeck: incident \(incident.name), after \(after)") }
        let failure = Self.failure(of: incident.command) {
            let end = self.end.load(ordering: .relaxed)
            let now = Clock.monotonic()
            return Interrupt.isOverdue || now > end && now - end > Self.patience
        }
        note(
            "incident \(incident.name) after \(after): \(failure ?? "done")",
            failures: failure == nil ? 0 : 1
        )
    }

    /// Mends what an incident broke; an interrupt does not keep it from that.
    private func mend(_ incident: StageIncident) {
        if !quiet { StandardError.print("tapedeck: incident \(incident.name) is being mended") }
        let end = Clock.monotonic() + Self.patience
        let failure = Self.failure(of: incident.mend) { Clock.monotonic() > end }
        note(
            "incident \(incident.name) \(failure.map { "was not mended: \($0)" } ?? "was mended")",
            failures: failure == nil ? 0 : 1
        )
    }

    /// What went wrong with a command that is waited for until `isDue`; `nil` where nothing did.
    private static func failure(of command: [String], until isDue: () -> Bool) -> String? {
        do {
            guard let code = try ChildProcess(command, isAlone: true).wait(until: isDue) else {
                return "its command did not end, and was stopped"
            }
            return code == 0 ? nil : "its command ended with \(code)"
        } catch {
            return CommandFailure.message(of: error)
        }
    }

    private func note(_ remark: String, failures: Int) {
        outcome.withLock {
            $0.remarks.append(remark)
            $0.failures += failures
        }
    }
}
