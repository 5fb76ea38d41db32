import ArgumentParser
import Configuration
import Correlation
import Glibc
import Reports
import TraceFiles

/// `tapedeck learn`: which values of answers appear in later requests.
struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract:
            "Find the values of answers that appear in later requests, for replays to put live ones there.",
        discussion: """
            Example:
              tapedeck learn hooks.trace.gz -w edges.yaml
              tapedeck replay hooks.trace.gz --target http://127.0.0.1:8080 --correlate edges.yaml

            Each edge says which answers have the value and where, which requests have it and where, and how often \
            that held. The file can be edited; replay --correlate auto does both at once.
            """
    )

    @Argument(help: "Traces to learn from, merged by time; - is standard input.")
    var traces: [String]

    @Option(name: .customShort("w"), help: ArgumentHelp("Write the edges to this file.", valueName: "file"))
    var write: String?

    @Flag(help: "One JSON object instead of YAML.")
    var json = false

    @Flag(help: "Overwrite the file if it is there.")
    var force = false

    @Flag(help: "No warnings.")
    var quiet = false

    func run() throws {
        if let write, let trace = traces.first(where: { SameFile.isOne($0, write) }) {
            throw CommandFailure("\(trace) is learned from; choose another name for the edges")
        }
        if let write, !force, access(write, F_OK) == 0 {
            throw CommandFailure("cannot write \(write): it is there already; --force overwrites it")
        }
        let readers = try traces.map { try TraceOpening.openForUse($0, quiet: quiet) }
        let learner = try LearningPass.learn(from: readers)
        let report = LearnReport(edges: learner.edges(), counts: learner.counts)
        let text = CorrelationFile.yaml(edges: report.edges, comment: report.sentence)
        if let write { try OutputFile.write(Array(text.utf8), to: write) }
        if json {
            StandardOutput.write(report.json())
        } else if write == nil {
            StandardOutput.write(text)
        } else if !quiet {
            StandardError.print("tapedeck: \(report.edges.count) edges written to \(write ?? "")")
        }
        if !readers.filter({ TraceOpening.reportDamage(of: $0) }).isEmpty {
            throw ExitCode(CommandExit.damaged)
        }
    }
}
