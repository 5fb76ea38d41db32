import ArgumentParser
import Checks
import Configuration
import Glibc
import Replay
import Reports
import TraceFiles
import Traces

/// `tapedeck learn-noise`: learns what varies in the answers of an unchanged target.
struct LearnNoiseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn-noise",
        abstract: "Learn what varies in the answers of an unchanged target, so that a check lets it pass.",
        discussion: """
            Example:
              tapedeck learn-noise hooks.trace.gz --target http://127.0.0.1:8080 --runs 3
              tapedeck check hooks.trace.gz --target http://127.0.0.1:8080

            The trace is replayed several times to a target that does not change meanwhile; what differs between \
            the answers is noise: identifiers, moments, counters, the order of lists, fields that are not always \
            there. For each route and field the file names how it varies, in YAML that can be read and edited. It \
            lies beside the trace, as NAME.noise.yaml, where 'tapedeck check' finds it.

            Exit codes: 0 done; 2 usage or unusable input; 3 done, but the last run still differed from what the \
            ones before it had shown (more runs will tell), or something could not be compared; 130 interrupted.
            """
    )

    @Argument(help: "The recorded trace.")
    var trace: String

    @Option(help: ArgumentHelp("The server to replay to, which does not change meanwhile.", valueName: "url"))
    var target: TargetArgument

    @Option(parsing: .unconditional, help: "How often to replay; at least 2.")
    var runs = 3

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where to write the noise; NAME.noise.yaml beside the trace; - for standard output.",
            valueName: "file"
        )
    )
    var write: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Speed of the replays.", valueName: "speed"),
        transform: Spelled<Pacing>.speed
    )
    var speed: Spelled<Pacing>?

    @OptionGroup(title: "Target options")
    var targetOptions: TargetOptions

    @OptionGroup(title: "Values that live")
    var correlation: CorrelationOptions

    @Flag(help: "Overwrite the file if it is there.")
    var force = false

    @Flag(help: "No progress and no warnings.")
    var quiet = false

    func validate() throws {
        guard (2...1_000).contains(runs) else {
            throw ValidationError("--runs \(runs): what varies shows from 2 runs on; at most 1000 are kept")
        }
    }

    func run() throws {
        let path = write ?? NoisePath.beside(trace)
        if !force, path != "-", access(path, F_OK) == 0 {
            throw CommandFailure("\(path) is there already; --force overwrites it")
        }
        if path != "-" { try OutputFile.requireWritable(path) }
        let target = try target.value()
        var replay = ObservedReplay(
            trace: trace,
            pacing: speed?.value,
            options: targetOptions,
            correlation: correlation,
            quiet: quiet
        )
        var replays: [ObservedReplay.Result] = []
        defer { withExtendedLifetime(replays) {} }
        for run in 1...runs {
            let result = try replay.run(to: target)
            let summary = result.summary
            if result.wasInterrupted { throw ExitCode(CommandExit.interrupted) }
            // What is said of the trace was said.
            replay.quiet = true
            guard summary.requests.responded > 0 else {
                throw CommandFailure(
                    "run \(run): \(target.authority) answered nothing, so nothing can be learned"
                )
            }
            replays.append(result)
            if !quiet {
                StandardError.print(
                    "tapedeck: run \(run) of \(runs): \(Quantity.count(summary.requests.responded)) answers"
                )
            }
        }
        let lesson = try NoiseLesson(trace: trace, observed: replays.map(\.path), target: target.authority)
            .learn()
        let yaml = NoiseFile.yaml(lesson.model)
        if path == "-" {
            StandardOutput.write(yaml)
        } else {
            try OutputFile.write(Array(yaml.utf8), to: path)
        }
        if !quiet { StandardError.print(lesson.summary(path: path)) }
        if lesson.heldOut?.verdict != .pass { throw ExitCode(CommandExit.damaged) }
    }
}

/// Where the noise of a trace lies unless it is said.
enum NoisePath {
    static func beside(_ trace: String) -> String { TraceCompanion.path(of: trace, ".noise.yaml") }
}

/// Learns from a recording and what several replays of it observed.
struct NoiseLesson {
    var trace: String
    /// At least two.
    var observed: [String]
    var target: String
    /// The first run stands in the place of the recording, whose answers nothing is held against: what the target always
    /// answers otherwise than was recorded is no noise then.
    var isOfTargetAlone = false

    struct Result {
        var model: NoiseModel
        /// What a check of the last run says by the noise of the runs before it; `nil` where there is but one before it to
        /// hold it against.
        var heldOut: CheckResult?

        func summary(path: String) -> String {
            let fields = model.routes.reduce(0) { $0 + $1.fields.count }
            var text =
                "tapedeck: \(Quantity.count(fields)) fields of \(Quantity.count(model.routes.count)) routes vary; "
                + "written to \(path == "-" ? "standard output" : path)\n"
            switch heldOut?.verdict {
            case nil: text += "tapedeck: from two runs only; whether there is other noise, a third would tell"
            case .pass: text += "tapedeck: the last run showed nothing that the ones before it had not"
            case .fail:
                text +=
                    "tapedeck: \(Quantity.count(heldOut?.counts.differences ?? 0)) differences of the last run were new "
                text += "after the ones before it: more --runs will tell whether there are still others"
            case .inconclusive: text += "tapedeck: \(heldOut?.reasons.joined(separator: "; ") ?? "")"
            }
            return text
        }
    }

    func learn() throws -> Result {
        do {
            return try learnFromTraces()
        } catch let error as TraceReadError {
            throw CommandFailure(error.description)
        }
    }

    private func learnFromTraces() throws -> Result {
        var headers = NoiseHeaders()
        for path in [trace] + observed {
            let reader = try TraceOpening.open(path)
            try reader.forEachMessage { headers.note($0) }
        }
        let id = try TraceOpening.open(trace).header.traceID
        var learner = NoiseLearner(
            headers: headers.names,
            parameters: TraceRoutes.parameters(of: trace),
            trace: id,
            target: target
        )
        let expected = isOfTargetAlone ? observed[0] : trace
        let runs = isOfTargetAlone ? observed.dropFirst() : observed[...]
        if isOfTargetAlone { learner.beginRun() }
        try TraceOpening.open(expected).forEachMessage { learner.expect($0) }
        for path in runs.dropLast() { try add(path, to: &learner) }
        var heldOut: CheckResult?
        if runs.count > 1, let last = runs.last {
            let rules = CheckRules(headers: headers.names, rules: CheckRules.defaultRules)
            heldOut = try Comparison(rules: rules, noise: learner.model(trace: id.description))
                .run([Comparison.Pair(recorded: expected, observed: last)])
        }
        if let last = runs.last { try add(last, to: &learner) }
        var model = learner.model(trace: id.description)
        var tally = NoiseTally()
        for run in runs {
            var comparator = Comparator(
                rules: CheckRules(headers: headers.names, rules: CheckRules.defaultRules),
                noise: model,
                trace: id,
                target: target
            )
            try TraceOpening.open(expected).forEachMessage { comparator.expect($0) }
            try TraceOpening.open(run).forEachMessage { comparator.observe($0) }
            tally.add(comparator)
        }
        model.recount(by: tally)
        return Result(model: model, heldOut: heldOut)
    }

    private func add(_ path: String, to learner: inout NoiseLearner) throws {
        learner.beginRun()
        try TraceOpening.open(path).forEachMessage { learner.observe($0) }
    }
}
