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

    @Option(help: ArgumentHelp("Write JUnit XML.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Write a report in one HTML file.", valueName: "file"))
    var report: String?

    @Flag(help: "One JSON object instead of text.")
    var json = false

    @Flag(help: "No progress and no warnings.")
    var quiet = false

    func validate() throws {
        guard (observed == nil) != (target == nil) else {
            throw ValidationError("give either an observed trace or --target URL")
        }
        if noNoise, noise != nil { throw ValidationError("--noise and --no-noise exclude each other") }
    }

    func run() throws {
        let rules = try loadRules()
        let noise = try loadNoise()
        let result: CheckResult
        let subject: String
        var wasInterrupted = false
        if let target = try target?.value() {
            let scratch = try ScratchFile(suffix: ".trace.gz")
            var plan = ReplayPlan(target: target, run: RunName.new())
            plan.pacing = speed?.value ?? .speed(.recorded)
            // Answers repeat the identifiers that they were asked with.
            plan.renewsDeliveries = false
            try targetOptions.apply(to: &plan)
            let session = ReplaySession(plan: plan, observed: scratch.path, quiet: quiet)
            let summary = try session.run([try TraceOpening.openForUse(trace, quiet: quiet)])
            wasInterrupted = summary.wasInterrupted
            subject = "\(trace) against \(target.authority)"
            result = try Comparison(rules: rules, noise: noise).run(recorded: trace, observed: scratch.path)
        } else {
            let observed = observed ?? "-"
            subject = "\(trace) against \(observed)"
            result = try Comparison(rules: rules, noise: noise).run(recorded: trace, observed: observed)
        }
        try write(CheckReport(result, subject: subject))
        if wasInterrupted { throw ExitCode(CommandExit.interrupted) }
        switch result.verdict {
        case .pass: return
        case .fail: throw ExitCode(CommandExit.failed)
        case .inconclusive: throw ExitCode(CommandExit.damaged)
        }
    }

    private func loadRules() throws -> CheckRules {
        guard let rules else { return .default }
        do {
            return try CheckRulesFile.load(path: rules)
        } catch {
            throw CommandFailure(error.description)
        }
    }

    /// The noise that is named, or that lies beside the trace.
    private func loadNoise() throws -> NoiseModel? {
        guard !noNoise else { return nil }
        let path = noise ?? NoisePath.beside(trace)
        guard noise != nil || access(path, F_OK) == 0 else { return nil }
        do {
            let model = try NoiseFile.load(path: path)
            if noise == nil, !quiet { StandardError.print("tapedeck: with the noise in \(path)") }
            return model
        } catch {
            throw CommandFailure(error.description)
        }
    }

    private func write(_ check: CheckReport) throws {
        if let junit {
            try OutputFile.write(Array(JUnitReport.xml(check.result, name: trace).utf8), to: junit)
        }
        if let report { try OutputFile.write(Array(check.html().utf8), to: report) }
        if json {
            StandardOutput.write(check.json())
        } else {
            StandardOutput.write(check.text(isStyled: StandardOutput.isTerminal))
        }
    }
}

/// Feeds two traces to a comparator.
struct Comparison {
    var rules: CheckRules
    var noise: NoiseModel?

    func run(recorded: String, observed: String) throws -> CheckResult {
        do {
            let recorded = try TraceOpening.open(recorded)
            let observed = try TraceOpening.open(observed)
            var comparator = Comparator(rules: rules, noise: noise, trace: recorded.header.traceID)
            for (reader, counts) in [
                (recorded, try recorded.forEachMessage { comparator.expect($0) }),
                (observed, try observed.forEachMessage { comparator.observe($0) }),
            ] where counts.overLimit + counts.withoutHead + counts.withoutEnd > 0 {
                comparator.note(damage: "\(reader.path): some messages could not be put together whole")
            }
            for reader in [recorded, observed] {
                for sentence in TraceOpening.damage(of: reader) {
                    comparator.note(damage: "\(reader.path): \(sentence)")
                }
            }
            return comparator.finish()
        } catch let error as TraceReadError {
            throw CommandFailure(error.description)
        }
    }
}

extension TraceReader {
    /// Calls `body` with every message, in the order in which they ended, and `event` with every event.
    @discardableResult
    func forEachMessage(
        _ body: (RecordedMessage) -> Void,
        event: (EventRecord) -> Void = { _ in }
    ) throws -> MessageAssembler.Counts {
        var assembler = MessageAssembler()
        while let record = try nextRecord() {
            if case .event(let found) = record { event(found) }
            if let message = assembler.receive(record) { body(message) }
        }
        for message in assembler.finish() { body(message) }
        return assembler.counts
    }
}
