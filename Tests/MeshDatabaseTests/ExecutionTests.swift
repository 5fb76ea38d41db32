import MeshService
import MeshTarget
import Testing

/// Workflows without a database, a clock or a network.
@Suite struct ExecutionTests {
    static let job = Job(id: 1, lock: 1, project: "harbor", run: "bcdfghjklmnpqrstvwxzbcdf", workflow: "w")
    static let execution = Execution(retryBase: 1000)

    static func definition(_ steps: WorkflowDefinition.Step...) -> WorkflowDefinition {
        WorkflowDefinition(steps: steps)
    }

    @Test func goesOnUntilItHasToWait() {
        let definition = Self.definition(
            .init(type: .transform, name: "a"),
            .init(type: .delay, name: "b", milliseconds: [40, 40]),
            .init(type: .transform, name: "c")
        )
        let first = Self.execution.advance(Self.job, definition)
        #expect(first.standing == .waiting(40))
        #expect(first.job.step == 2)
        #expect(first.events.map(\.type) == ["step_started", "step_succeeded", "step_succeeded"])
        let second = Self.execution.advance(first.job, definition)
        #expect(second.standing == .succeeded)
        #expect(second.events.map(\.type) == ["step_succeeded", "run_completed"])
        #expect(second.lines.map(\.message) == ["step c finished", "run succeeded"])
    }

    @Test func endsWhereAStepSaysSo() {
        let definition = Self.definition(
            .init(type: .terminate, name: "end"),
            .init(type: .fail, name: "never")
        )
        #expect(Self.execution.advance(Self.job, definition).standing == .succeeded)
    }

    /// Attempts double their pauses, and the last one buries the job.
    @Test func failsUntilNoAttemptIsLeft() {
        let definition = Self.definition(.init(type: .fail, name: "charge"))
        var job = Self.job
        var pauses: [Double] = []
        for _ in 1..<job.maxAttempts {
            let progress = Self.execution.advance(job, definition)
            guard case .waiting(let pause) = progress.standing else { break }
            pauses.append(pause)
            job = progress.job
        }
        #expect(pauses.count == 4)
        for (place, pause) in pauses.enumerated() {
            let base = 1000 * Double(1 << place)
            #expect((base...2 * base).contains(pause))
        }
        #expect(Self.execution.advance(job, definition).standing == .dead("the payment provider refused"))
        #expect(Self.execution.pause(after: 40, run: job.run) == Execution.longestRetry)
    }

    /// A worker may die at a job as often as an attempt may fail.
    @Test func givesUpAJobAtWhichWorkersDie() {
        var job = Self.job
        job.attempt = job.maxAttempts
        let progress = Self.execution.advance(job, Self.definition(.init(type: .transform, name: "a")))
        #expect(progress.standing == .dead("no attempt is left"))
    }

    @Test(arguments: [(200, true), (204, true), (302, false), (500, false), (0, false)])
    func takesTheAnswerOfACallAsItIs(status: Int, isOver: Bool) {
        let definition = Self.definition(.init(type: .call, name: "notify"))
        let asked = Self.execution.advance(Self.job, definition)
        #expect(asked.standing == .calling(url: nil))
        let answered = Self.execution.advance(asked.job, definition, answer: CallAnswer(status: status))
        #expect((answered.standing == .succeeded) == isOver)
        // What was written when the call was made is not written again.
        #expect(!answered.events.contains { $0.type == "step_started" })
    }

    @Test func failsARunWhoseWorkflowIsGone() {
        #expect(Self.execution.advance(Self.job, nil).standing == .dead("the workflow w is unknown"))
    }

    @Test func readsWhatItWrites() {
        let written = WorkflowDefinition.of(.long)
        #expect(WorkflowDefinition(json: String(decoding: written.json, as: UTF8.self)) == written)
        #expect(written.steps.map(\.type) == [.transform, .delay, .call])
        #expect(WorkflowDefinition(json: "{}") == nil)
    }
}
