import ArgumentParser
import Checks
import Reports

/// `tapedeck baseline show`: what the baseline of a recording is, and how it came to be.
struct BaselineShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the baseline of a recording: its routes, its revisions, what changed with each.",
        discussion: """
            Example:
              tapedeck baseline show hooks.trace.gz

            Exit codes: 0 done; 2 there is none, or it cannot be used.
            """
    )

    @Argument(help: "The recorded trace.")
    var trace: String

    @Flag(help: "One JSON object instead of text.")
    var json = false

    func run() throws {
        guard let stored = try StoredBaseline.load(beside: trace) else {
            throw CommandFailure("\(trace) has no baseline; 'tapedeck baseline set' takes one")
        }
        if json {
            StandardOutput.write(stored.baseline.json())
        } else {
            StandardOutput.write(BaselineReport(stored.baseline, trace: trace).text())
        }
    }
}
