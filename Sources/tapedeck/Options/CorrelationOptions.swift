import ArgumentParser
import Configuration
import Correlation
import TraceFiles

/// Which recorded values a replay puts others in the place of.
struct CorrelationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Put values of the target's answers where recorded ones stood: by a file of `tapedeck learn`, or as the trace "
                + "itself shows (auto).",
            valueName: "file|auto"
        )
    )
    var correlate: String?

    /// Throws where values are to be put although nothing is replayed.
    func refuse() throws {
        guard correlate != nil else { return }
        throw ValidationError(
            "--correlate is for what is sent to a --target, and what was observed is there already"
        )
    }

    /// The plan of the file, or of a first look at the traces, which are at their start again afterwards; `planned` is what
    /// counts where the option is not given.
    func plan(_ readers: [TraceReader], planned: String?, quiet: Bool) throws -> CorrelationPlan? {
        guard let correlate = correlate ?? planned else { return nil }
        guard correlate == "auto" else {
            do {
                return try CorrelationFile.load(path: correlate)
            } catch {
                throw CommandFailure(error.description)
            }
        }
        guard readers.allSatisfy({ $0.fileSize != nil }) else {
            throw CommandFailure(
                "--correlate auto takes two passes, and a trace from standard input can be read only once; "
                    + "save it to a file first"
            )
        }
        let learner = try LearningPass.learn(from: readers)
        for reader in readers { try reader.rewind() }
        let edges = learner.edges()
        if edges.isEmpty, !quiet {
            StandardError.print("tapedeck: no value of an answer appears in a later request of the trace")
        }
        return CorrelationPlan(edges: edges)
    }
}
