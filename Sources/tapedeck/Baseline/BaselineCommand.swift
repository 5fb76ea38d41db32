import ArgumentParser

/// `tapedeck baseline`: keeps beside a recording how an approved target answers it.
struct BaselineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Keep beside a recording how an approved target answers it, for checks to compare with.",
        discussion: """
            Example:
              tapedeck baseline set hooks.trace.gz --target http://127.0.0.1:8080 --runs 3
              tapedeck check hooks.trace.gz --target http://127.0.0.1:8080
              tapedeck check hooks.trace.gz --target http://127.0.0.1:8080 --update

            NAME.baseline.json says how the baseline came to be, how long answers took, and what changed with each \
            revision; NAME.baseline.trace.gz holds the answers that are not as recorded. 'tapedeck check' finds both \
            beside the trace (Documentation/baselines.md).
            """,
        subcommands: [BaselineSetCommand.self, BaselineUpdateCommand.self, BaselineShowCommand.self]
    )
}
