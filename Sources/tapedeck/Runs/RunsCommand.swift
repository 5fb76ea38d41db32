import ArgumentParser
import Reports

/// `tapedeck runs`: the runs that were kept.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs that were kept, or remove old ones.",
        discussion: """
            Example:
              tapedeck replay hooks.trace.gz --target http://127.0.0.1:8080 --run before
              tapedeck runs
              tapedeck compare last~1 last

            A run is kept with --run, or by itself where there is a folder .tapedeck (Documentation/runs.md).
            """,
        subcommands: [RunsListCommand.self, RunsPruneCommand.self],
        defaultSubcommand: RunsListCommand.self
    )
}

/// `tapedeck runs list`
struct RunsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the runs, the latest last."
    )

    @Flag(help: "One JSON object instead of text.")
    var json = false

    func run() throws {
        let list = RunList(try RunCatalog.names().map(RunCatalog.entry))
        if json {
            StandardOutput.write(list.json())
        } else {
            StandardOutput.write(list.text(isStyled: StandardOutput.isTerminal))
        }
    }
}

/// `tapedeck runs prune`
struct RunsPruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove all runs but the latest."
    )

    @Option(parsing: .unconditional, help: "How many to keep.")
    var keep: Int

    func validate() throws {
        guard keep >= 0 else { throw ValidationError("--keep \(keep): 0 or more") }
    }

    func run() throws {
        let old = try RunCatalog.names().dropLast(keep)
        for name in old {
            try RunCatalog.remove(name)
            StandardOutput.write("removed \(name)\n")
        }
        if old.isEmpty { StandardError.print("tapedeck: no more than \(keep) runs are there") }
    }
}
