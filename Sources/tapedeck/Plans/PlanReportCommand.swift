import ArgumentParser
import LoadPlans
import Reports

/// `tapedeck plan report`: the report of a run from its folder, again.
struct PlanReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Show the report of a run, made from its folder.",
        discussion: """
            Example:
              tapedeck plan report runs/my-service-at-peak/20260102-030405
              tapedeck plan report runs/a --against runs/b --markdown > report.md

            Exit codes: 0 every criterion is kept; 1 one is not; 2 there is no run in the folder.
            """
    )

    @Argument(help: "The folder of the run.")
    var folder: String

    @Option(
        help: ArgumentHelp(
            "The run to compare with; the one before in the same place unless said.",
            valueName: "folder"
        )
    )
    var against: String?

    @Flag(help: "Markdown instead of text.")
    var markdown = false

    @Flag(help: "A page of HTML instead of text.")
    var html = false

    @Flag(help: "One JSON object instead of text.")
    var json = false

    func validate() throws {
        guard [markdown, html, json].filter({ $0 }).count <= 1 else {
            throw ValidationError("--markdown, --html and --json exclude each other")
        }
    }

    func run() throws {
        let run = try PlanRunFolder.run(in: folder)
        let previous =
            try against.map { try PlanRunFolder.run(in: $0) } ?? PlanRunFolder.previous(to: run, in: folder)
        let report = PlanRunFolder.report(run, in: folder, against: previous)
        if markdown {
            StandardOutput.write(report.markdown())
        } else if html {
            StandardOutput.write(report.html())
        } else if json {
            StandardOutput.write(run.json())
        } else {
            StandardOutput.write(report.text(isStyled: StandardOutput.isTerminal))
        }
        if !run.isAccepted { throw ExitCode(CommandExit.failed) }
    }
}
