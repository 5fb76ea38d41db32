import JSON
import LoadPlans
import Reports

extension PlanRunFolder {
    /// The report of the run in a folder, with what its other files say of how it went over time.
    static func report(_ run: PlanRun, in folder: String, against previous: PlanRun?) -> PlanReport {
        var report = PlanReport(run, previous: previous)
        report.series = TextFile.read("\(folder)/\(observationsName)", limit: 64 << 20)
            .map { SeriesTable(openMetrics: $0) }
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

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.contains("/") && name.first != "."
    }
}
