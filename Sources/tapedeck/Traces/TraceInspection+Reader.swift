import Glibc
import Recording
import Reports
import TraceFiles
import Traces

extension TraceInspection {
    /// What the header and the index of a trace tell, and what has been read of it; without its routes.
    init(of reader: TraceReader) {
        let summary = TraceSummary(readToEnd: reader)
        self.init(
            path: reader.path,
            header: summary.header,
            totals: reader.index?.totals ?? summary.totals,
            compressedBytes: summary.compressedBytes,
            ledger: summary.ledger,
            anonymized: summary.anonymized,
            isFinished: summary.isFinished,
            damage: TraceOpening.damage(of: reader),
            routes: [],
            endpoints: EndpointLedgers(summary.endpoints)
        )
        anonymizedByRule = summary.anonymizedByRule
    }

    /// The same of those among `paths` that are files, which can be opened once more.
    static func all(of paths: [String]) -> [TraceInspection] {
        paths.compactMap { path in
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return (try? TraceOpening.open(path)).map { TraceInspection(of: $0) }
        }
    }
}

extension ReportContext {
    /// What a report of this command line says of itself.
    static func ofThisRun(recordings: [TraceInspection]) -> ReportContext {
        ReportContext(
            command: RepeatedCommand.line(CommandLine.arguments),
            tool: "tapedeck \(Tapedeck.version)",
            made: Clock.wall(),
            recordings: recordings
        )
    }
}
