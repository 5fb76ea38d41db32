import MeshTarget
import SeededRandom

/// Carries a job on, step after step, until it has to wait: time, answers and failures are arguments.
package struct Execution: Sendable {
    /// In milliseconds before the second attempt; doubles, at most `longestRetry`.
    package var retryBase: Double
    package static let longestRetry = 300_000.0

    package init(retryBase: Double) { self.retryBase = retryBase }

    /// Goes on from where the job stands.
    ///
    /// - Parameters:
    ///   - answer: what the call that the job's step is was answered; `nil` before it is made.
    package func advance(_ job: Job, _ definition: WorkflowDefinition?, answer: CallAnswer? = nil)
        -> JobProgress
    {
        var progress = JobProgress(job: job)
        guard let definition else {
            giveUp(&progress, "the workflow \(job.workflow) is unknown")
            return progress
        }
        var answer = answer
        if !job.isStarted { start(&progress, definition) }
        if job.attempt >= job.maxAttempts {
            giveUp(&progress, "no attempt is left")
            return progress
        }
        while progress.job.step < definition.steps.count {
            let step = definition.steps[progress.job.step]
            if step.type == .terminate { break }
            let isOver = carryOut(step, &progress, answer: answer)
            answer = nil
            guard isOver else { return progress }
            progress.job.step += 1
            progress.job.attempt = 0
            progress.error = nil
        }
        progress.events.append(event("run_completed") { $0.member("status", "succeeded") })
        progress.lines.append(JobProgress.Line(level: "info", message: "run succeeded"))
        progress.standing = .succeeded
        return progress
    }

    private func start(_ progress: inout JobProgress, _ definition: WorkflowDefinition) {
        progress.events.append(
            event("step_started") {
                $0.member("step", definition.steps.first?.name ?? "")
                $0.member("status", "running")
            }
        )
        progress.lines.append(JobProgress.Line(level: "info", message: "run started"))
        progress.job.isStarted = true
    }

    /// Whether the step is over, and the next one is to follow at once.
    private func carryOut(
        _ step: WorkflowDefinition.Step,
        _ progress: inout JobProgress,
        answer: CallAnswer?
    ) -> Bool {
        switch step.type {
        case .transform, .terminate:
            break
        case .log:
            for line in 0..<max(0, min(step.lines ?? 1, 1000)) {
                progress.lines.append(
                    JobProgress.Line(level: "info", message: "\(step.name) says \(line + 1)")
                )
            }
        case .delay:
            // The job is due again with the step after it: waiting takes neither thread nor connection.
            succeed(step, &progress)
            progress.job.step += 1
            progress.job.attempt = 0
            progress.standing = .waiting(delay(of: step, run: progress.job.run))
            return false
        case .call:
            guard let answer else {
                progress.standing = .calling(url: step.url)
                return false
            }
            progress.events.append(event("http_attempted") { $0.member("status_code", answer.status) })
            guard (200..<300).contains(answer.status) else {
                fail(step, &progress, "the call was answered \(answer.status)")
                return false
            }
        case .fail:
            var draw = SeededGenerator(
                seed: UInt64(RunID(text: progress.job.run).number(below: 1 << 40) + progress.job.attempt)
            )
            guard !draw.chance(step.probability ?? 1) else {
                fail(step, &progress, "the payment provider refused")
                return false
            }
        }
        succeed(step, &progress)
        return true
    }

    /// The same for a run whenever it is asked.
    private func delay(of step: WorkflowDefinition.Step, run: String) -> Double {
        let bounds = step.milliseconds ?? [0]
        let low = max(0, bounds.min() ?? 0)
        let high = max(low, min(bounds.max() ?? 0, 86_400_000))
        return Double(low + RunID(text: run).number(below: high - low + 1))
    }

    private func succeed(_ step: WorkflowDefinition.Step, _ progress: inout JobProgress) {
        let next = progress.job.step + 1
        progress.events.append(
            event("step_succeeded") {
                $0.member("step", step.name)
                $0.member("next", next)
            }
        )
        progress.lines.append(JobProgress.Line(level: "info", message: "step \(step.name) finished"))
    }

    private func fail(_ step: WorkflowDefinition.Step, _ progress: inout JobProgress, _ reason: String) {
        progress.job.attempt += 1
        let attempt = progress.job.attempt
        progress.error = reason
        progress.events.append(
            event("step_failed") {
                $0.member("step", step.name)
                $0.member("attempt", attempt)
                $0.member("error", reason)
            }
        )
        progress.lines.append(
            JobProgress.Line(level: "error", message: "step \(step.name) failed: \(reason)")
        )
        if attempt >= progress.job.maxAttempts {
            giveUp(&progress, reason)
        } else {
            progress.standing = .waiting(pause(after: attempt, run: progress.job.run))
        }
    }

    private func giveUp(_ progress: inout JobProgress, _ reason: String) {
        progress.error = reason
        progress.events.append(
            event("run_completed") {
                $0.member("status", "failed")
                $0.member("error", reason)
            }
        )
        progress.lines.append(JobProgress.Line(level: "error", message: "run failed"))
        progress.standing = .dead(reason)
    }

    /// Doubles with each attempt, and up to as much again, so that what failed together is not tried together.
    package func pause(after attempt: Int, run: String) -> Double {
        var draw = SeededGenerator(
            seed: UInt64(RunID(text: run).number(below: 1 << 40)) &+ UInt64(attempt) &* 7919
        )
        let doubled = retryBase * Double(1 << min(attempt - 1, 30))
        return min(doubled * (1 + draw.unit()), Self.longestRetry)
    }

    private func event(_ type: String, _ fill: (inout JSONText) -> Void) -> JobProgress.Event {
        JobProgress.Event(type: type, payload: JSONText.object(fill))
    }
}

/// What a call out was answered; 0 where there was no answer.
package struct CallAnswer: Sendable, Equatable {
    package var status: Int

    package init(status: Int) { self.status = status }
}
