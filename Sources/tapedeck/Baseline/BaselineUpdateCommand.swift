import ArgumentParser
import Checks
import Replay
import Reports

/// `tapedeck baseline update`: shows what changed since the baseline, and takes it.
struct BaselineUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Show what changed since the baseline, and take it as the next revision.",
        discussion: """
            Example:
              tapedeck baseline update hooks.trace.gz --target http://127.0.0.1:8080 --note 'ids are UUIDs now'

            The same as 'tapedeck check --update', but for the exit code.

            Exit codes: 0 taken, or nothing changed; 1 not taken; 2 usage or unusable input; 130 interrupted.
            """
    )

    @Argument(help: "The recorded trace.")
    var trace: String

    @Argument(help: "What was observed, written by replay --observed; without it, --target is replayed to.")
    var observed: String?

    @OptionGroup
    var source: BaselineSource

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup(title: "Target options")
    var targetOptions: TargetOptions

    func validate() throws {
        try source.require(observed)
        if !yes, !Question.canBeAsked {
            throw ValidationError(
                "update asks before it writes, and there is no terminal to ask at; --yes takes all"
            )
        }
    }

    func run() throws {
        guard let stored = try StoredBaseline.load(beside: trace) else {
            throw CommandFailure("\(trace) has no baseline; 'tapedeck baseline set' takes a first one")
        }
        try OutputFile.requireWritable(StoredBaseline.path(of: trace))
        let noise = try CheckInputs.noise(source.noise, of: trace, quiet: source.quiet)
        var replay: ObservedReplay.Result?
        defer { withExtendedLifetime(replay) {} }
        if let target = try source.target?.value() {
            replay = try ObservedReplay(
                trace: trace,
                pacing: source.speed?.value,
                options: targetOptions,
                correlation: source.correlation,
                quiet: source.quiet
            ).run(to: target)
            if replay?.wasInterrupted == true { throw ExitCode(CommandExit.interrupted) }
        }
        let answers = replay?.path ?? observed ?? "-"
        let result = try source.compare(
            trace,
            with: answers,
            isReplay: observed == nil,
            noise: noise,
            stored: stored
        )
        let origin = try observed ?? source.target?.value().url ?? ""
        let report = CheckReport(result, subject: "\(trace) against \(origin)")
        StandardOutput.write(report.text(isStyled: StandardOutput.isTerminal))
        let taking = BaselineTaking(
            trace: trace,
            observed: answers,
            result: result,
            previous: stored,
            source: origin,
            note: source.note
        )
        let isTaken = try BaselineOffer(taking: taking, isConfirmed: yes, quiet: source.quiet).isTaken()
        if !isTaken, result.verdict == .fail { throw ExitCode(CommandExit.failed) }
    }
}
