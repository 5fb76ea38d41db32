import ArgumentParser
import Configuration
import JSON
import LoadPlans
import Replay
import Reports

/// `tapedeck plan check`: whether a plan can be run, and what it would send.
struct PlanCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read a plan, open its traces, and say what would be sent; nothing is.",
        discussion: """
            Example:
              tapedeck plan check plan.yaml

            Every request is drawn as a run would draw it, and none is signed: secrets may be missing. For each stage, and each \
            of several scenarios in it: how many requests, how many at most in a second, how long it takes at least, and what \
            may come on top; the routes of each scenario with --routes.

            Exit codes: 0 the plan can be run; 1 a target would be refused, or a stage would send nothing; 2 usage or an \
            unusable plan.
            """
    )

    @Argument(help: "The plan, or the folder of a run.")
    var plan: String

    @Option(
        help: ArgumentHelp("Where requests would be sent, in place of what the plan says.", valueName: "url")
    )
    var target: TargetArgument?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Put a value into the plan: stages.peak.speed=8x; may be repeated.",
            valueName: "key=value"
        )
    )
    var set: [String] = []

    @Flag(help: "The routes of each scenario in each stage, too.")
    var routes = false

    @Flag(help: "One JSON object instead of text.")
    var json = false

    func run() throws {
        let loaded = try LoadedPlan(plan, settings: set, target: try target?.value())
        var chosen = loaded.plan
        chosen.stages = try loaded.stages(named: [])
        var forecast = PlanForecast(plan: chosen)
        let known = ScenarioRoutes(of: chosen, in: chosen.stages)
        for stage in chosen.stages {
            _ = try loaded.rules(of: stage)
            for name in stage.scenarios {
                guard let scenario = chosen.scenario(name) else { continue }
                try loaded.requireCorrelation(of: name, in: stage)
                let readers = try loaded.readers(of: scenario, quiet: json)
                var replay = try loaded.replay(of: name, in: stage, signs: false)
                replay.parameters = known.parameters(of: scenario)
                forecast.add(try DryRun(plan: replay).run(readers), of: name, in: stage)
            }
        }
        let files = loaded.origin.repeated == nil ? [] : loaded.files(of: chosen.stages)
        for warning in loaded.unreadableSecrets + loaded.changes(files) + loaded.file.remarks {
            StandardError.print("tapedeck: warning: \(warning)")
        }
        StandardOutput.write(json ? forecast.json() : Array(forecast.text(showsRoutes: routes).utf8))
        if !forecast.problems.isEmpty {
            for problem in forecast.problems { StandardError.print("tapedeck: \(problem)") }
            throw ExitCode(CommandExit.failed)
        }
    }
}
