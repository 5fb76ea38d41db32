import ArgumentParser
import Replay
import Reports
import TraceFiles

/// What is told of a replay beside its figures as text.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write a report with charts in one HTML file.", valueName: "file"))
    var report: String?

    /// Whether somebody will look at how the run went over time.
    var keepsFigures: Bool { report != nil || StandardOutput.isSeen }

    /// Small plots, where the output is a terminal that is wide enough.
    func plots(of report: ReplayReport) -> String {
        StandardOutput.isSeen ? report.plots(columns: TerminalSize.current().columns) : ""
    }

    /// Writes the report, where one is asked for; the traces have been read as far as the replay needed.
    func write(_ replay: ReplayReport, traces: [TraceReader], target: ReplayTarget) throws {
        guard let report else { return }
        let subject = "\(traces.map(\.path).joined(separator: ", ")) to \(target.url)"
        let context = ReportContext.ofThisRun(recordings: traces.map { TraceInspection(of: $0) })
        try OutputFile.write(Array(replay.html(subject: subject, context: context).utf8), to: report)
    }
}
