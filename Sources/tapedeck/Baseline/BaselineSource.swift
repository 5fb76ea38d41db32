import ArgumentParser
import Checks
import Replay

/// Where the answers of a baseline come from, and how they are held against what was there before.
struct BaselineSource: ParsableArguments {
    @Option(help: ArgumentHelp("Replay to this server, and take its answers.", valueName: "url"))
    var target: TargetArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Speed of the replay.", valueName: "speed"),
        transform: Spelled<Pacing>.speed
    )
    var speed: Spelled<Pacing>?

    @OptionGroup
    var correlation: CorrelationOptions

    @Option(help: ArgumentHelp("What is compared and what may differ, as for check.", valueName: "file"))
    var rules: String?

    @Option(
        help: ArgumentHelp("What varies; NAME.noise.yaml beside the trace if it is there.", valueName: "file")
    )
    var noise: String?

    @Option(help: ArgumentHelp("What the history of the baseline is to say.", valueName: "text"))
    var note = ""

    @Flag(help: "No progress and no warnings.")
    var quiet = false

    /// Throws unless there is just one source.
    func require(_ observed: String?) throws {
        guard (observed == nil) != (target == nil) else {
            throw ValidationError("give either an observed trace or --target URL")
        }
        if target == nil { try correlation.refuse() }
    }

    /// Compares what was observed at `path` with what was expected so far.
    func compare(
        _ trace: String,
        with path: String,
        isReplay: Bool,
        noise: NoiseModel?,
        stored: StoredBaseline?
    ) throws -> CheckResult {
        var comparison = Comparison(
            rules: try CheckInputs.rules(rules),
            noise: noise,
            timing: TimingComparison.Terms()
        )
        comparison.stored = stored
        comparison.keepsUnlike = true
        let pair = Comparison.Pair(recorded: trace, observed: path, isReplay: isReplay)
        let result = try comparison.run([pair])
        guard result.counts.compared + result.counts.unexpected > 0 else {
            let reason =
                result.counts.foreign > 0
                ? "\(path) answers another recording than \(trace)"
                : "there is no answer to \(trace) in \(path)"
            throw CommandFailure("\(reason); nothing was written")
        }
        return result
    }
}
