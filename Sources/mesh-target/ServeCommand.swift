import ArgumentParser
import Foundation
import MeshService
import MeshTarget

/// `mesh-target serve`: the service in the foreground, until it is interrupted.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer deliveries and readers; prints the address it listens on."
    )

    @Option(
        help: ArgumentHelp("Where the database is, as libpq takes it, without a user.", valueName: "conninfo")
    )
    var database: String

    @OptionGroup(title: "Service") var service: ServiceArguments
    @OptionGroup(title: "Planted") var planted: PlantedArguments

    @Flag(help: .hidden)
    var withParent = false

    func run() throws {
        let server = try ServiceServer.start(try service.options(planted, conninfo: database))
        Output.line("http://\(ListenAddress(host: server.host, port: server.port))")
        StopSignal.wait(withParent: withParent)
        server.stop()
        let counts = server.counts
        let statuses = counts.statuses.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        Output.complain(
            "mesh-target: \(counts.answers) answers (\(statuses.joined(separator: ", "))), \(counts.accepted) runs made"
        )
    }
}

/// `mesh-target worker`: one worker in the foreground, until it is interrupted.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Take due jobs and carry them on."
    )

    @Option(
        help: ArgumentHelp("Where the database is, as libpq takes it, without a user.", valueName: "conninfo")
    )
    var database: String

    @Option(help: "What the worker is called; unique among all.")
    var name = "worker-\(ProcessInfo.processInfo.processIdentifier)"

    @OptionGroup(title: "Worker") var worker: WorkerArguments
    @OptionGroup(title: "Planted") var planted: PlantedArguments

    @Flag(help: .hidden)
    var withParent = false

    func run() throws {
        let thread = try WorkerThread(worker.options(planted, conninfo: database, name: name))
        StopSignal.wait(withParent: withParent)
        thread.stop()
        let counts = thread.counts
        Output.complain(
            "mesh-target: \(name): \(counts.done) jobs, \(counts.succeeded) runs succeeded, \(counts.dead) dead letters"
        )
    }
}
