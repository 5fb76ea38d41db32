import ArgumentParser

/// What a check does with the baseline of its recording.
struct BaselineOptions: ParsableArguments {
    @Flag(help: "Check against the recording, whatever baseline lies beside it.")
    var noBaseline = false

    @Flag(help: "Let a route that is slower than in the baseline fail the check; otherwise it is only said.")
    var baselineTimes = false

    @Flag(help: "Show what changed, ask, and take the new answers as the baseline.")
    var update = false

    @Flag(help: "Take them without asking.")
    var yes = false

    @Option(
        help: ArgumentHelp("What the history of the baseline is to say of the change.", valueName: "text")
    )
    var note = ""

    func validate() throws {
        if update, noBaseline { throw ValidationError("--update and --no-baseline exclude each other") }
        if baselineTimes, noBaseline {
            throw ValidationError("--baseline-times and --no-baseline exclude each other")
        }
        if yes, !update { throw ValidationError("--yes belongs to --update") }
        if update, !yes, !Question.canBeAsked {
            throw ValidationError(
                "--update asks before it writes, and there is no terminal to ask at; --yes takes all"
            )
        }
    }

    /// The baseline beside a trace, unless it is to be left out.
    func load(beside trace: String) throws -> StoredBaseline? {
        if noBaseline { return nil }
        if update, trace == "-" {
            throw CommandFailure("--update: a recording from standard input has no baseline")
        }
        if update { try OutputFile.requireWritable(StoredBaseline.path(of: trace)) }
        return try StoredBaseline.load(beside: trace)
    }
}
