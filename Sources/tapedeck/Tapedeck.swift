import ArgumentParser

/// The command line: one subcommand per verb, composed through files and pipes.
@main
struct Tapedeck: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "tapedeck",
        abstract: "Record real webhook and API traffic, anonymized, and replay it at its own rhythm.",
        discussion: """
            A first round trip, on one machine:

              tapedeck target --listen 127.0.0.1:8080 &
              tapedeck record -i lo -p 8080 -w hooks.trace.gz --duration 30s
              tapedeck inspect hooks.trace.gz
              tapedeck replay hooks.trace.gz --target http://127.0.0.1:8080 --speed 2x
              tapedeck check hooks.trace.gz --target http://127.0.0.1:8080

            Exit codes: 0 done; 1 a check failed or requests failed; 2 usage or unusable input; 3 done, but \
            the input was damaged or the verdict is inconclusive; 130 interrupted.
            """,
        version: version,
        subcommands: [
            RecordCommand.self, ReplayCommand.self, CheckCommand.self, LearnCommand.self,
            LearnNoiseCommand.self, BaselineCommand.self, RunsCommand.self, CompareCommand.self,
            InspectCommand.self, CatCommand.self, AuditCommand.self, AnonymizersCommand.self,
            UICommand.self, RepairCommand.self, WhyCommand.self,
            TargetCommand.self, DemoCommand.self, PlanCommand.self,
            DoctorCommand.self,
        ]
    )

    static func main() {
        Interrupt.takeOver()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            CommandExit.leave(code.rawValue)
        } catch let failure as CommandFailure {
            StandardError.print("tapedeck: " + failure.message)
            CommandExit.leave(failure.code)
        } catch {
            // Help and version are "errors" of the parser with code 0; a usage error carries EX_USAGE,
            // which the contract spells 2.
            let message = fullMessage(for: error)
            if exitCode(for: error).isSuccess {
                StandardOutput.write(message + "\n")
                CommandExit.leave(0)
            }
            StandardError.print(message)
            CommandExit.leave(CommandExit.unusable)
        }
        CommandExit.leave(0)
    }
}
