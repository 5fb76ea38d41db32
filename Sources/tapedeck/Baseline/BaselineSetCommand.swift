import ArgumentParser
import Checks
import Configuration
import Glibc
import Replay
import Reports

/// `tapedeck baseline set`: takes a first baseline, or begins anew.
struct BaselineSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Take what a target answers, or what was observed, as the baseline of a recording.",
        discussion: """
            Example:
              tapedeck baseline set hooks.trace.gz --target http://127.0.0.1:8080 --runs 3
              tapedeck baseline set hooks.trace.gz observed.trace.gz --note 'release 4.2'

            With --runs, what varies between the runs is learned as well and written to NAME.noise.yaml, as \
            'tapedeck learn-noise' does. Kept are the answers that are not as recorded, beyond what rules and noise let \
            pass; --all keeps every one.

            Exit codes: 0 done; 2 usage or unusable input; 3 done, but not every request was answered, or something \
            could not be compared; 130 interrupted, with nothing written.
            """
    )

    @Argument(help: "The recorded trace.")
    var trace: String

    @Argument(help: "What was observed, written by replay --observed; without it, --target is replayed to.")
    var observed: String?

    @OptionGroup
    var source: BaselineSource

    @Option(parsing: .unconditional, help: "How often to replay; from 2 on, noise is learned.")
    var runs = 1

    @Flag(help: "Keep every answer, and not only those that are not as recorded.")
    var all = false

    @Flag(help: "Begin anew where there is a baseline; its history is lost.")
    var force = false

    @OptionGroup(title: "Target options")
    var targetOptions: TargetOptions

    func validate() throws {
        try source.require(observed)
        guard (1...1_000).contains(runs) else { throw ValidationError("--runs \(runs): 1 to 1000") }
        if runs > 1, observed != nil { throw ValidationError("--runs replays to a target; give --target") }
        if runs > 1, source.noise != nil {
            throw ValidationError("--runs learns the noise; leave --noise out")
        }
    }

    func run() throws {
        let path = StoredBaseline.path(of: trace)
        guard trace != "-" else {
            throw CommandFailure("a recording from standard input has no place for a baseline")
        }
        if !force, access(path, F_OK) == 0 {
            throw CommandFailure(
                "\(path) is there already; 'tapedeck baseline update' shows what changes, --force begins anew"
            )
        }
        let noisePath = NoisePath.beside(trace)
        if runs > 1, !force, access(noisePath, F_OK) == 0 {
            throw CommandFailure(
                "\(noisePath) is there already; leave --runs out to use it, --force learns it anew"
            )
        }
        try OutputFile.requireWritable(path)
        if runs > 1 { try OutputFile.requireWritable(noisePath) }
        var noise = runs > 1 ? nil : try CheckInputs.noise(source.noise, of: trace, quiet: source.quiet)
        var replays: [ObservedReplay.Result] = []
        defer { withExtendedLifetime(replays) {} }
        if let target = try source.target?.value() {
            let replay = ObservedReplay(
                trace: trace,
                pacing: source.speed?.value,
                options: targetOptions,
                correlation: source.correlation,
                quiet: source.quiet
            )
            for _ in 0..<runs {
                let result = try replay.run(to: target)
                if result.wasInterrupted { throw ExitCode(CommandExit.interrupted) }
                replays.append(result)
            }
            if runs > 1 {
                let lesson = try NoiseLesson(
                    trace: trace,
                    observed: replays.map(\.path),
                    target: target.authority,
                    isOfTargetAlone: true
                ).learn()
                noise = lesson.model
                try OutputFile.write(Array(NoiseFile.yaml(lesson.model).utf8), to: noisePath)
                if !source.quiet { StandardError.print(lesson.summary(path: noisePath)) }
            }
        }
        let answers = replays.last?.path ?? observed ?? "-"
        let result = try source.compare(
            trace,
            with: answers,
            isReplay: observed == nil,
            noise: noise,
            stored: nil
        )
        let taking = BaselineTaking(
            trace: trace,
            observed: answers,
            result: result,
            previous: nil,
            source: try observed ?? source.target?.value().url ?? "",
            note: source.note,
            keepsAll: all
        )
        let outcome = try taking.take()
        if !source.quiet {
            StandardError.print("tapedeck: \(outcome.sentence(of: trace))")
            for reason in result.reasons { StandardError.print("tapedeck: not complete: \(reason)") }
        }
        if !result.reasons.isEmpty || result.counts.noResponse > 0 || outcome.refused > 0 {
            throw ExitCode(CommandExit.damaged)
        }
    }
}
