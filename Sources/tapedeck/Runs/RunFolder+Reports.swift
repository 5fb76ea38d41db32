import Checks
import Replay
import Reports

extension RunFolder {
    /// Keeps what is known of a replay, and ends the run.
    func finish(_ report: ReplayReport, of traces: [String], target: ReplayTarget, maximumFailures: UInt64)
        throws
    {
        try write(report.json(), RunCatalog.replayName)
        let page = report.html(
            subject: "\(traces.joined(separator: ", ")) to \(target.url)",
            context: .ofThisRun(recordings: TraceInspection.all(of: traces))
        )
        try write(Array(page.utf8), RunCatalog.pageName)
        let summary = report.summary
        let outcome =
            summary.wasInterrupted
            ? "interrupted"
            : summary.abortion != nil
                ? "aborted" : summary.exceeds(maximumFailures: maximumFailures) ? "failed" : "done"
        try finish(
            command: "replay",
            traces: traces,
            target: target.url,
            outcome: outcome,
            requests: summary.requests.sent,
            failed: summary.requests.failed
        )
    }

    /// Keeps what a check found, and ends the run; `replay` is the summary of the first replay to the target.
    func finish(_ report: CheckReport, of trace: String, target: String?, replay: ReplaySummary?) throws {
        try write(report.json(), RunCatalog.checkName)
        if let replay { try write(ReplayReport(replay).json(), RunCatalog.replayName) }
        let page = report.html(context: .ofThisRun(recordings: TraceInspection.all(of: [trace])))
        try write(Array(page.utf8), RunCatalog.pageName)
        let counts = report.result.counts
        try finish(
            command: "check",
            traces: [trace],
            target: target,
            outcome: report.result.verdict.rawValue,
            requests: UInt64(counts.compared + counts.noResponse),
            failed: UInt64(counts.different + counts.noResponse)
        )
    }
}
