import ArgumentParser
import LoadPlans
import Replay
import Reports

/// `tapedeck plan run`: the stages one after the other, and a report of them.
struct PlanRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a plan, or repeat the run in a folder, and report.",
        discussion: """
            Example:
              tapedeck plan run plan.yaml --target http://127.0.0.1:8080
              tapedeck plan run plan.yaml --set stages.peak.speed=8x --stage smoke --stage peak
              tapedeck plan run runs/my-service-at-peak/20260102-030405

            Everything that was measured goes into a folder: run.json, report.md, report.html, and for each stage what its \
            replays reported and observed. A folder is repeated with the stages and the --set of its run, and a warning names \
            traces and rules that are others than they were.

            Exit codes: 0 every criterion is kept; 1 one is not, or a stage was stopped; 2 usage, an unusable plan, or an error \
            in the middle of a stage, after reporting what there is; 130 interrupted, after reporting.
            """
    )

    @Argument(help: "The plan, or the folder of a run to repeat.")
    var plan: String

    @Option(help: ArgumentHelp("Where requests are sent, in place of what the plan says.", valueName: "url"))
    var target: TargetArgument?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Put a value into the plan: stages.peak.speed=8x; may be repeated.",
            valueName: "key=value"
        )
    )
    var set: [String] = []

    @Option(
        help: ArgumentHelp(
            "Run this stage alone; may be repeated. Of a run that is repeated those that it ran, unless said.",
            valueName: "name"
        )
    )
    var stage: [String] = []

    @Flag(help: "Look for the load at which the target breaks its criteria, after the stages.")
    var findKnee = false

    @Option(
        help: ArgumentHelp(
            "The run that 'against last run' means; the one before in the same place unless said.",
            valueName: "folder"
        )
    )
    var against: String?

    @Option(help: ArgumentHelp("The folder of the run; runs/PLAN/TIME unless said.", valueName: "folder"))
    var out: String?

    @Flag(help: "One JSON object instead of text.")
    var json = false

    @Flag(help: "No progress and no warnings.")
    var quiet = false

    func run() throws {
        let settings = set + (findKnee ? ["stages.\(Self.kneeName).kind=knee"] : [])
        var loaded = try LoadedPlan(plan, settings: settings, target: try target?.value())
        // Who asks for a search means it, whatever is left out besides.
        let stages = try loaded.stages(named: stage, besides: findKnee ? Self.kneeName : nil)
        loaded.origin.stages = stages.count == loaded.plan.stages.count ? nil : stages.map(\.name)
        let files = loaded.files(of: stages)
        let changes = loaded.changes(files)
        if !quiet { for change in changes { StandardError.print("tapedeck: warning: \(change)") } }
        loaded.origin.files = files
        let start = Clock.wall()
        let folder = try PlanRunFolder(out, plan: loaded.plan.name, start: start)
        let named = try against.map { try PlanRunFolder.run(in: $0) }
        let previous =
            named ?? PlanRunFolder.previous(to: loaded.plan.name, before: start, beside: folder.path)
        var session = PlanSession(loaded: loaded, stages: stages, folder: folder, quiet: quiet)
        session.last = previous?.acceptance ?? []
        session.repeats = loaded.origin.repeated.map { ([$0] + changes).joined(separator: "; ") }
        let run = try session.run(start: start)
        let report = PlanRunFolder.report(run, in: folder.path, against: previous, series: session.series)
        let writing = Result { try session.write(report) }
        // What is told needs no file.
        if json {
            StandardOutput.write(run.json())
        } else {
            StandardOutput.write(report.text(isStyled: StandardOutput.isTerminal))
            if case .success = writing {
                StandardOutput.write("\nThe report is \(folder.path)/report.html\n")
            }
        }
        if session.wasInterrupted { throw ExitCode(CommandExit.interrupted) }
        if let failure = session.failure { throw failure }
        try writing.get()
        if !run.isAccepted { throw ExitCode(CommandExit.failed) }
    }

    private static let kneeName = "knee"
}
