import Bytes
import CurlTransport
import Dispatch
import JSON
import LoadPlans
import Replay

/// Reads how many executions the target has given up, and compares that with how many failed.
final class DeadLetterCount: Sendable {
    private let rule: ExecutionRule.DeadLetters
    private let url: String
    private let headers: [String]
    private let connection: TargetConnection

    init(_ rule: ExecutionRule.DeadLetters, replay: ReplayPlan, headers: [String]) {
        self.rule = rule
        url =
            "\(replay.target.scheme.rawValue)://\(replay.target.authority)\(replay.target.pathPrefix)\(rule.path)"
        self.headers = headers
        connection = replay.connection
    }

    /// The number now; `nil` where it is not to be had.
    func read() -> Double? {
        guard
            let fetch = try? CurlFetch(
                headers: headers,
                timeoutSeconds: 5,
                connection: connection,
                isCancelled: { Interrupt.isOverdue }
            ),
            let answer = try? fetch.get(url), answer.status == 200
        else { return nil }
        return rule.number(in: answer.body.span)
    }

    /// Waits until the number has grown by `failed` since `before`, for a while; puts what is missing into the record.
    func settle(since before: Double?, into record: inout StageRecord) {
        guard let before, let failed = record.count(.failedRuns, tenant: nil) else { return }
        let deadline = Clock.monotonic() + ExecutionRule.DeadLetters.patience
        let wait = DispatchSemaphore(value: 0)
        var grown: Double?
        repeat {
            if let now = read() { grown = max(0, now - before) }
            if let grown, grown >= Double(failed) { break }
            _ = wait.wait(timeout: .now() + .milliseconds(100))
        } while Clock.monotonic() < deadline && !Interrupt.isRequested
        guard let grown else { return }
        record.set(.missingDeadLetters, failed - min(failed, UInt64(min(grown, 1e15))), tenant: "")
    }
}
