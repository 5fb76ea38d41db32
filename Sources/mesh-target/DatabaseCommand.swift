import ArgumentParser
import Foundation
import Glibc
import MeshDatabase
import MeshService

/// `mesh-target db`: a private PostgreSQL with the tables in it.
struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db",
        abstract: "Start and stop a private PostgreSQL.",
        subcommands: [Start.self, Stop.self, Run.self]
    )

    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start one that goes on after this command."
        )

        @Option(
            help: ArgumentHelp("Where it is kept; else a new folder below TMPDIR or /tmp.", valueName: "dir")
        )
        var folder: String?

        @Option(parsing: .unconditional, help: "Whose tenants are in it.")
        var seed: UInt64 = 1

        private struct Report: Encodable {
            let schema = "mesh-target.db/1"
            var database: String
            var folder: String
            var pid: Int32?
            var port: Int
        }

        func run() throws {
            let server = try PrivateServer(folder: folder)
            try server.start(isDetached: true)
            try server.createDatabase { try Migration.run(conninfo: $0, seed: seed) }
            Output.json(
                Report(
                    database: server.conninfo,
                    folder: server.folder,
                    pid: server.processIdentifier,
                    port: server.port
                )
            )
        }
    }

    struct Stop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop the one in a folder, and remove what is in it."
        )

        @Argument(help: "What db start called its folder.")
        var folder: String

        @Flag(help: "Leave the data where they are.")
        var keep = false

        func run() throws {
            guard let text = try? String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8),
                let pid = text.split(separator: "\n").first.flatMap({ Int32($0) }), pid > 1
            else { throw Failure("nothing runs in \(folder)") }
            kill(pid, SIGINT)
            for _ in 0..<300 where kill(pid, 0) == 0 { usleep(50_000) }
            guard kill(pid, 0) != 0 else { throw Failure("process \(pid) does not end") }
            if !keep { try FileManager.default.removeItem(atPath: folder) }
        }
    }

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run a command with MESH_DATABASE set, and stop the database after it."
        )

        @Option(parsing: .unconditional, help: "Whose tenants are in it.")
        var seed: UInt64 = 1

        @Argument(parsing: .captureForPassthrough, help: "The command.")
        var command: [String]

        func run() throws {
            let server = try PrivateServer()
            defer { server.stop() }
            try server.start()
            try server.createDatabase { try Migration.run(conninfo: $0, seed: seed) }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = command.first == "--" ? Array(command.dropFirst()) : command
            process.environment = ProcessInfo.processInfo.environment.merging(
                ["MESH_DATABASE": server.conninfo, "PGPASSFILE": server.folder + "/pgpass"]
            ) { $1 }
            try process.run()
            process.waitUntilExit()
            server.stop()
            throw ExitCode(process.terminationStatus)
        }
    }
}

/// `mesh-target migrate`: roles, tables, functions and tenants in a database that is there.
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Make roles, tables and tenants in a database; may be repeated."
    )

    @Option(
        help: ArgumentHelp("Where the database is, as libpq takes it, without a user.", valueName: "conninfo")
    )
    var database: String

    @Option(parsing: .unconditional, help: "Whose tenants are in it.")
    var seed: UInt64 = 1

    func run() throws {
        try Migration.run(conninfo: database, seed: seed)
    }
}

/// `mesh-target accounting`: what became of every run.
struct AccountingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounting",
        abstract: "Print what became of every run, as one JSON object."
    )

    @Option(
        help: ArgumentHelp("Where the database is, as libpq takes it, without a user.", valueName: "conninfo")
    )
    var database: String

    func run() throws {
        let session = try AdminSession(conninfo: database + " user=mesh_observer")
        let table = try session.run(
            "select jsonb_build_object('schema', 'mesh-target.accounting/1') || mesh.accounting()"
        )
        Output.line(table.string(0, 0))
    }
}
