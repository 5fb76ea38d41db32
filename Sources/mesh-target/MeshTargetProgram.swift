import ArgumentParser
import Foundation
import MeshDatabase
import MeshService

/// The command line of the stand-in on PostgreSQL.
@main
struct MeshTargetProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mesh-target",
        abstract: "A webhook and workflow server on PostgreSQL, to be recorded, loaded and broken.",
        discussion: """
            Everything at once, until it is interrupted:

              mesh-target up --seed 1 --listen 127.0.0.1:8080

            Exit codes: 0 done, also after an interrupt; 1 it could not go on; 2 usage.
            """,
        subcommands: [
            UpCommand.self, ServeCommand.self, WorkerCommand.self, DatabaseCommand.self, MigrateCommand.self,
            TokenCommand.self, CredentialsCommand.self, AccountingCommand.self,
        ]
    )

    static func main() {
        StopSignal.takeOver()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch let error where exitCode(for: error) == .validationFailure || exitCode(for: error).isSuccess {
            let message = fullMessage(for: error)
            if exitCode(for: error).isSuccess {
                print(message)
                Foundation.exit(0)
            }
            Output.complain(message)
            Foundation.exit(2)
        } catch {
            Output.complain("mesh-target: \(error)")
            Foundation.exit(1)
        }
    }
}

/// Standard output a line at a time, and standard error.
enum Output {
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// One line of JSON with its members in the order of their names.
    static func json(_ object: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(object) else { return }
        line(String(decoding: data, as: UTF8.self))
    }
}
