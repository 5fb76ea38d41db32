import ArgumentParser
import Reports
import TraceFiles
import Traces

/// `tapedeck repair`: finishes a trace that was not finished, or that is damaged.
struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Finish an unfinished or damaged trace, keeping every whole block.",
        discussion: """
            Example:
              tapedeck repair hooks.trace.gz.partial

            NAME.partial becomes NAME. Nothing is replaced before the new file is whole and on the disk; a file \
            that had damage inside is kept beside it as NAME.damaged. The exit code is 3 when something could not \
            be kept. A repaired trace says so, and does not count as lossless.
            """
    )

    @Argument(help: "The trace to finish.")
    var trace: String

    @Flag(help: "Replace a finished file of the same name.")
    var force = false

    func run() throws {
        let repair: TraceRepair
        do {
            repair = try TraceRepair.repair(trace, force: force)
        } catch {
            throw CommandFailure(error.description)
        }
        switch repair.outcome {
        case .nothingToDo:
            StandardOutput.write("\(trace) is whole; nothing to do\n")
        case .repaired(let path, let damaged):
            StandardOutput.write(
                "\(path): \(Quantity.count(repair.totals.requests)) requests, "
                    + "\(Quantity.count(repair.totals.responses)) responses in "
                    + "\(Quantity.count(repair.blocksKept)) blocks\n"
            )
            if repair.messagesWithoutEnd > 0 {
                StandardError.print(
                    "tapedeck: \(repair.messagesWithoutEnd) messages have a beginning and no end"
                )
            }
            if repair.damage.bytesSkipped > 0 {
                StandardError.print(
                    "tapedeck: \(Quantity.bytes(repair.damage.bytesSkipped)) could not be read and were left out"
                )
            }
            if let damaged { StandardError.print("tapedeck: the damaged file is kept as \(damaged)") }
            if damaged != nil || repair.damage.bytesSkipped > 0 { throw ExitCode(CommandExit.damaged) }
        }
    }
}
