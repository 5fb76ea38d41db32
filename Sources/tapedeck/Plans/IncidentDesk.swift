import Dispatch
import LoadPlans
import Reports
import Synchronization

/// Runs the commands that break something, each at its time in the stage.
final class IncidentDesk: Sendable {
    private let incidents: [StageIncident]
    private let quiet: Bool
    private let stopped = DispatchSemaphore(value: 0)
    private let done = DispatchSemaphore(value: 0)
    private let remarks = Mutex<[String]>([])

    init(_ incidents: [StageIncident], quiet: Bool) {
        self.incidents = incidents
        self.quiet = quiet
    }

    func start() {
        guard !incidents.isEmpty else { return }
        let start = DispatchTime.now()
        ReplayThread.start {
            for incident in self.incidents {
                let due = start + .nanoseconds(Int(clamping: incident.after))
                if self.stopped.wait(timeout: due) == .success { break }
                self.run(incident)
            }
            self.done.signal()
        }
    }

    /// Stops what has not begun, waits for what has, and says what happened.
    func finish() -> [String] {
        guard !incidents.isEmpty else { return [] }
        stopped.signal()
        done.wait()
        let remarks = remarks.withLock { $0 }
        guard remarks.count < incidents.count else { return remarks }
        return remarks + ["the stage was over before \(incidents.count - remarks.count) of its incidents"]
    }

    private func run(_ incident: StageIncident) {
        let after = Quantity.duration(nanoseconds: Int64(clamping: incident.after))
        if !quiet { StandardError.print("tapedeck: incident \(incident.name), after \(after)") }
        let outcome: String
        do {
            let code = try ChildProcess(incident.command).wait()
            outcome = code == 0 ? "done" : "its command ended with \(code)"
        } catch let failure as CommandFailure {
            outcome = failure.message
        } catch {
            outcome = "\(error)"
        }
        remarks.withLock { $0.append("incident \(incident.name) after \(after): \(outcome)") }
    }
}
