import ArgumentParser
import Configuration
import Replay

/// `tapedeck plan`: a load test as a document that runs.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Run a load test from a plan: stages, criteria, a report.",
        discussion: """
            Example:
              tapedeck plan init > plan.yaml
              tapedeck plan check plan.yaml
              tapedeck plan run plan.yaml --target http://127.0.0.1:8080
              tapedeck plan report runs/my-plan/20260102-030405

            A plan says which traces are replayed, in which stages and at which load, and what the target has to show; \
            Documentation/load-plans.md describes it. A run leaves a folder with all figures, from which it can be \
            repeated: plan run FOLDER.
            """,
        subcommands: [
            PlanInitCommand.self, PlanCheckCommand.self, PlanRunCommand.self, PlanReportCommand.self,
        ]
    )
}

/// `tapedeck plan init`: a plan to begin with.
struct PlanInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a plan to begin with, each of its parts explained.",
        discussion: """
            Example:
              tapedeck plan init > plan.yaml
              tapedeck plan init plan.yaml --trace hooks.trace.gz --target http://127.0.0.1:8080

            Parts that a first run does without begin with '#: ', each with a line on what it is for.
            """
    )

    @Argument(help: "Where to write it; standard output unless said.")
    var path: String?

    @Option(help: "The trace it replays.")
    var trace = "hooks.trace.gz"

    @Option(help: ArgumentHelp("The target it names.", valueName: "url"))
    var target: TargetArgument?

    @Flag(help: "Overwrite the file if it is there.")
    var force = false

    func run() throws {
        let target = try target?.value()
        let url = target.map { "\($0.scheme.rawValue)://\($0.authority)\($0.pathPrefix)" }
        let plan = LoadPlanTemplate.yaml(trace: trace, target: url ?? "http://127.0.0.1:8080")
        guard let path else {
            StandardOutput.write(plan)
            return
        }
        if !force, OutputFile.isThere(path) {
            throw CommandFailure("\(path) is there already; --force overwrites it")
        }
        try OutputFile.write(Array(plan.utf8), to: path)
    }
}
