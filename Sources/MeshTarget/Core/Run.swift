/// How far a run is.
package enum RunStatus: String, Sendable, CaseIterable {
    /// Becomes `running`.
    case queued
    /// Becomes `succeeded` or `failed`.
    case running
    case succeeded
    case failed

    var isFinal: Bool { self == .succeeded || self == .failed }
}

/// One execution of a workflow.
struct Run: Sendable {
    var id: RunID
    /// Position among all runs in the order they were made; the cursor of lists.
    var number: UInt64
    /// Index of the tenant.
    var tenant: Int
    var slug: String
    var workflow: Workflow
    var correlation: String?
    /// Under which idempotency key the run is found again.
    var idempotencyKey: IdempotencyKey?
    var status = RunStatus.queued
    /// Steps that are over.
    var finishedSteps = 0
    var created: MeshTime
    var started: MeshTime?
    var finished: MeshTime?
    /// When each log line was written; what it says follows from the workflow.
    var lineTimes: [MeshTime]
    /// The streams that follow the run.
    var streams: [MeshStreamID] = []

    /// Line `index` of the log, whose id is `index + 1`.
    func line(_ index: Int) -> (level: String, message: String) {
        switch index {
        case 0: return ("info", "run queued")
        case 1: return ("info", "run started")
        case ..<(workflow.steps.count + 2):
            let step = workflow.steps[index - 2]
            let isLast = index == workflow.steps.count + 1
            return workflow.fails && isLast
                ? ("error", "step \(step) failed: \(failure)") : ("info", "step \(step) finished")
        default: return workflow.fails ? ("error", "run failed") : ("info", "run succeeded")
        }
    }

    private var failure: String { "the payment provider refused" }

    func write(to text: inout JSONText, project: String) {
        text.member("id", id.text)
        text.member("project_id", project)
        text.member("workflow_id", workflow.id)
        text.member("slug", slug)
        text.member("status", status.rawValue)
        text.member("attempt", 1)
        text.member("correlation_id", correlation)
        text.member("created_at", created.iso8601)
        text.member("started_at", started?.iso8601)
        text.member("finished_at", finished?.iso8601)
        text.member("error", status == .failed ? failure : nil)
    }

    func writeLine(_ index: Int, to text: inout JSONText) {
        let (level, message) = line(index)
        text.member("id", index + 1)
        text.member("run_id", id.text)
        text.member("level", level)
        text.member("message", message)
        text.member("created_at", lineTimes[index].iso8601)
    }
}

/// A sender's promise that deliveries with the same key are the same delivery; keys belong to a tenant.
struct IdempotencyKey: Sendable, Hashable {
    var tenant: Int
    var key: String
}
