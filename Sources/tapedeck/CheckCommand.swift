import ArgumentParser
import Checks
import Configuration
import Glibc
import Replay
import Reports
import TraceFiles
import Traces

/// `tapedeck check`: holds observed answers against recorded ones.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare answers with the recorded ones, and fail where they differ.",
        discussion: """
            Example:
              tapedeck check hooks.trace.gz --target http://127.0.0.1:8080 --junit report.xml
              tapedeck check hooks.trace.gz observed.trace.gz --rules checks.yaml --report report.html

            With --target the trace is replayed first. Status, chosen headers and bodies are compared, JSON by \
            structure; rules in YAML say what may differ (Documentation/check-rules.md).

            Exit codes: 0 all equal; 1 a difference; 2 usage or unusable input; 3 inconclusive, since something \
            could not be compared; 130 interrupted.
            """
    )

    @Argument(help: "The recorded trace.")
    var trace: String

    @Argument(help: "What was observed, written by replay --observed; without it, --target is replayed to.")
    var observed: String?

    @Option(
        help: ArgumentHelp("Replay to this server and compare its answers.", valueName: "url")
    )
    var target: TargetArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Speed of that replay.", valueName: "speed"),
        transform: Spelled<Pacing>.speed
    )
    var speed: Spelled<Pacing>?

    @OptionGroup(title: "Target options")
    var targetOptions: TargetOptions

    @OptionGroup(title: "Values that live")
    var correlation: CorrelationOptions

    @Option(help: ArgumentHelp("What is compared and what may differ.", valueName: "file"))
    var rules: String?

    @Option(
        help: ArgumentHelp(
            "What varies in an unchanged target, by learn-noise; NAME.noise.yaml beside the trace if it is there.",
            valueName: "file"
        )
    )
    var noise: String?

    @Flag(help: "Do not look for noise beside the trace.")
    var noNoise = false

    @Option(
        help: ArgumentHelp(
            "Replay to this server too, in turns with --target, and compare the two with each other.",
            valueName: "url"
        )
    )
    var against: TargetArgument?

    @Option(parsing: .unconditional, help: "How often to replay to each of the two.")
    var pairs = 3

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The least change of a route's median time that counts; twice as much at p90, four times at p99.",
            valueName: "share"
        )
    )
    var minEffect: ShareArgument = ShareArgument(value: 0.05)

    @Option(
        parsing: .unconditional,
        help: "What is drawn by chance is drawn from it: the same seed, the same verdict."
    )
    var seed: UInt64 = 1

    @Flag(help: "Do not compare how long answers took.")
    var noTiming = false

    @Option(help: ArgumentHelp("Write JUnit XML.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Write a report in one HTML file.", valueName: "file"))
    var report: String?

    @OptionGroup(title: "Baseline")
    var baselineOptions: BaselineOptions

    @OptionGroup(title: "Runs")
    var runOptions: RunOptions

    @OptionGroup(title: "For CI")
    var outputs: CheckOutputOptions

    @Flag(help: "One JSON object instead of text.")
    var json = false

    @Flag(help: "No progress and no warnings.")
    var quiet = false

    func validate() throws {
        guard (observed == nil) != (target == nil) else {
            throw ValidationError("give either an observed trace or --target URL")
        }
        if target == nil { try correlation.refuse() }
        if against != nil, target == nil {
            throw ValidationError("--against replays in turns with --target; give that too")
        }
        guard (1...1_000).contains(pairs) else { throw ValidationError("--pairs \(pairs): 1 to 1000") }
        if noNoise, noise != nil { throw ValidationError("--noise and --no-noise exclude each other") }
        if baselineOptions.update, against != nil {
            throw ValidationError(
                "--against compares two servers with each other; --update has no part in it"
            )
        }
    }

    func run() throws {
        for path in [junit, report] { if let path { try OutputFile.requireWritable(path) } }
        try outputs.requireWritable()
        var terms = TimingComparison.Terms()
        terms.minimumEffect = minEffect.value
        terms.seed = seed
        var comparison = Comparison(
            rules: try CheckInputs.rules(rules),
            noise: noNoise ? nil : try CheckInputs.noise(noise, of: trace, quiet: quiet),
            timing: noTiming ? nil : terms
        )
        if against == nil { comparison.stored = try baselineOptions.load(beside: trace) }
        comparison.judgesStoredTimes = baselineOptions.baselineTimes
        comparison.keepsUnlike = baselineOptions.update
        let folder = try runOptions.begin(trace)
        defer { folder?.leave() }
        let sides = try observe(for: folder)
        defer { withExtendedLifetime(sides.replays) {} }
        comparison.target = sides.target
        let result = try comparison.run(sides.pairs)
        let report = CheckReport(result, subject: sides.subject)
        try write(report)
        try folder?.finish(report, of: trace, target: sides.target, replay: sides.summary)
        if sides.wasInterrupted { throw ExitCode(CommandExit.interrupted) }
        if baselineOptions.update, let pair = sides.pairs.first {
            let taking = BaselineTaking(
                trace: trace,
                observed: pair.observed,
                result: result,
                previous: comparison.stored,
                source: sides.source,
                note: baselineOptions.note
            )
            if try BaselineOffer(taking: taking, isConfirmed: baselineOptions.yes, quiet: quiet).isTaken() {
                return
            }
        }
        switch result.verdict {
        case .pass: return
        case .fail: throw ExitCode(CommandExit.failed)
        case .inconclusive: throw ExitCode(CommandExit.damaged)
        }
    }

    /// What is compared with what.
    private struct Sides {
        var pairs: [Comparison.Pair] = []
        var subject: String
        /// The server that examples are to be sent to again.
        var target: String?
        /// Where the answers come from.
        var source: String
        var wasInterrupted = false
        /// Of the first replay to the target.
        var summary: ReplaySummary?
        /// What replays observed lives as long as these.
        var replays: [ObservedReplay.Result] = []
    }

    /// Replays where that is asked for; in a run that is kept, what is observed stays in its folder.
    private func observe(for folder: RunFolder?) throws -> Sides {
        guard let target = try target?.value() else {
            let observed = observed ?? "-"
            folder?.link(observed, RunCatalog.observedName)
            let pair = Comparison.Pair(recorded: trace, observed: observed)
            return Sides(pairs: [pair], subject: "\(trace) against \(observed)", source: observed)
        }
        let baseline = try against?.value()
        let place = "\(target.authority)\(target.pathPrefix)"
        var sides = Sides(
            subject: baseline.map { "\(trace): \(place) against \($0.authority)\($0.pathPrefix)" }
                ?? "\(trace) against \(target.authority)",
            target: target.url,
            source: target.url
        )
        let replay = ObservedReplay(
            trace: trace,
            pacing: speed?.value,
            options: targetOptions,
            correlation: correlation,
            quiet: quiet
        )
        for pair in 0..<(baseline == nil ? 1 : pairs) {
            // The order of the two alternates, so that what drifts meanwhile favours neither. They are told apart by
            // their part in it: two paths of one server are two targets.
            let parts: [(isBaseline: Bool, server: ReplayTarget)] =
                (baseline.map { [(true, $0)] } ?? []) + [(false, target)]
            var observed: (baseline: String?, candidate: String?)
            for part in pair % 2 == 0 ? parts : parts.reversed() where !sides.wasInterrupted {
                let name = RunCatalog.observedName(part.isBaseline ? "baseline" : "observed", pair + 1)
                let result = try replay.run(to: part.server, path: folder?.file(name))
                if !part.isBaseline, sides.summary == nil { sides.summary = result.summary }
                sides.replays.append(result)
                if part.isBaseline {
                    observed.baseline = result.path
                } else {
                    observed.candidate = result.path
                }
                sides.wasInterrupted = result.wasInterrupted
            }
            guard let candidate = observed.candidate, baseline == nil || observed.baseline != nil else {
                break
            }
            sides.pairs.append(
                Comparison.Pair(
                    recorded: observed.baseline ?? trace,
                    observed: candidate,
                    isReplay: baseline == nil
                )
            )
        }
        return sides
    }

    private func write(_ check: CheckReport) throws {
        if let junit {
            try OutputFile.write(Array(JUnitReport.xml(check.result, name: trace).utf8), to: junit)
        }
        if let report {
            let context = ReportContext.ofThisRun(recordings: TraceInspection.all(of: [trace]))
            try OutputFile.write(Array(check.html(context: context).utf8), to: report)
        }
        try outputs.write(check, trace: trace, rules: rules)
        if json {
            StandardOutput.write(check.json())
        } else {
            StandardOutput.write(outputs.harmless(check.text(isStyled: StandardOutput.isTerminal)))
        }
    }
}

extension TraceReader {
    /// Calls `body` with every message, in the order in which they ended; an answer that opened a WebSocket session has
    /// ended when the session has.
    @discardableResult
    func forEachMessage(_ body: (RecordedMessage) -> Void) throws -> MessageAssembler.Counts {
        var assembler = SessionAssembler()
        while let record = try nextRecord() { assembler.receive(record, body) }
        assembler.finish(body)
        return assembler.counts
    }
}
