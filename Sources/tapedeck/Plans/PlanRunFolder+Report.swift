import Glibc
import JSON
import LoadPlans
import Reports

extension PlanRunFolder {
    /// The report of the run in a folder, with what its other files say of how it went over time; `series` is what was seen in
    /// its course, read from its file where nobody has it.
    static func report(
        _ run: PlanRun,
        in folder: String,
        against previous: PlanRun?,
        series: SeriesTable? = nil
    ) -> PlanReport {
        var report = PlanReport(run, previous: previous)
        report.series = series ?? observations(in: folder)
        for stage in run.stages {
            let place = stage.folder ?? "\(stagesName)/\(stage.name)"
            for scenario in stage.scenarios {
                guard isPlace(place), isName(scenario.name),
                    let text = TextFile.read("\(folder)/\(place)/\(scenario.name).json"),
                    let json = try? JSONValue(parsing: Array(text.utf8).span),
                    let figures = RunFigures(replay: json, name: scenario.name)
                else { continue }
                report.figures[PlanReport.Part(stage: stage.name, scenario: scenario.name)] = figures
            }
        }
        report.context = ReportContext(
            command: run.command,
            tool: "tapedeck \(run.version)",
            made: run.end
        )
        return report
    }

    /// Names that came from a file are names, and no ways to others: `stages/STAGE`, or a step within it.
    private static func isPlace(_ place: String) -> Bool {
        let names = place.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return (2...3).contains(names.count) && names[0] == stagesName && names.allSatisfy(isName)
    }

    /// Writes what was seen, a row at a time: all of it may be hundreds of megabytes.
    func write(_ series: SeriesTable) throws {
        try OutputFile.write(to: "\(path)/\(Self.observationsName)") { put in
            try series.openMetrics { try put(Array($0.utf8)) }
        }
    }

    private static func observations(in folder: String) -> SeriesTable? {
        let descriptor = open("\(folder)/\(observationsName)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var reader = SeriesReader()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            reader.take(buffer.span.extracting(0..<count))
        }
        return reader.table
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.contains("/") && name.first != "."
    }
}
