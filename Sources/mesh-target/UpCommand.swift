import ArgumentParser
import Foundation
import Glibc
import MeshDatabase
import MeshService
import MeshTarget

/// `mesh-target up`: database, service and workers, each a process of its own, kept alive until it is interrupted.
struct UpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract:
            "A private PostgreSQL, the service and its workers; prints one line of JSON when deliveries are taken.",
        discussion: "What dies is started again after a second, and the line is printed once more."
    )

    @Option(help: "Worker processes.")
    var workers = 2

    @Option(
        help: ArgumentHelp(
            "Where the private database is kept; else a folder that is removed.",
            valueName: "dir"
        )
    )
    var folder: String?

    @Option(
        help: ArgumentHelp(
            "A database that is there already, in place of a private one.",
            valueName: "conninfo"
        )
    )
    var database: String?

    @OptionGroup(title: "Service") var service: ServiceArguments
    @OptionGroup(title: "Worker") var worker: WorkerArguments
    @OptionGroup(title: "Planted") var planted: PlantedArguments

    func validate() throws {
        guard (0...64).contains(workers) else { throw ValidationError("--workers is 0 to 64") }
    }

    /// The line that says what runs where.
    private struct Report: Encodable {
        struct Processes: Encodable {
            var serve: Int32
            var workers: [Int32]
            var postgres: Int32?
        }

        let schema = "mesh-target.up/1"
        var url: String
        var database: String
        var folder: String?
        var seed: UInt64
        var pids: Processes
    }

    func run() throws {
        let server = database == nil ? try PrivateServer(folder: folder) : nil
        defer { server?.stop() }
        try server?.start()
        try server?.createDatabase { try Migration.run(conninfo: $0, seed: service.seed) }
        let conninfo = database ?? server?.conninfo ?? ""
        if database != nil { try Migration.run(conninfo: conninfo, seed: service.seed) }

        let serving = Child(["serve", "--database", conninfo, "--with-parent"] + planted.commandLine)
        serving.listen = { service.commandLine(listen: $0) }
        let address = try serving.startServing(service.listen)
        // The planted slow worker is the only one; those of MeshHook live in the process of the service.
        let count =
            planted.habits.contains(.processQueue)
            ? 0 : planted.bottlenecks.slowWorker != nil ? min(1, workers) : workers
        let working = (0..<count).map { number in
            Child(
                ["worker", "--database", conninfo, "--with-parent", "--name", "worker-\(number + 1)"]
                    + worker.commandLine + planted.commandLine
            )
        }
        for child in working { try child.start() }
        defer { for child in [serving] + working { child.stop() } }
        while true {
            Output.json(
                Report(
                    url: "http://\(address)",
                    database: conninfo,
                    folder: server?.folder,
                    seed: service.seed,
                    pids: Report.Processes(
                        serve: serving.identifier,
                        workers: working.map(\.identifier),
                        postgres: server?.processIdentifier
                    )
                )
            )
            var isChanged = false
            while !isChanged {
                if StopSignal.wait(milliseconds: 200) { return }
                isChanged = mend(server, serving, working, address: address)
            }
        }
    }

    /// Starts again what has died; whether something had, and all of it runs again.
    private func mend(
        _ server: PrivateServer?,
        _ serving: Child,
        _ working: [Child],
        address: ListenAddress
    ) -> Bool {
        let isServerDown = server.map { !$0.isRunning } ?? false
        let dead = working.filter { !$0.isRunning }
        guard isServerDown || !serving.isRunning || !dead.isEmpty else { return false }
        if StopSignal.wait(milliseconds: 1000) { return false }
        do {
            if isServerDown { try server?.start() }
            if !serving.isRunning { _ = try serving.startServing(address) }
            for child in dead { try child.start() }
        } catch {
            // A full disk or sessions of a server that crashed are in the way for a while.
            Output.complain("mesh-target: not yet started again: \(error)")
            return false
        }
        return true
    }
}

/// This program as a process of its own.
final class Child {
    private let arguments: [String]
    private var process: Process?
    /// The options that depend on where it listens.
    var listen: (ListenAddress) -> [String] = { _ in [] }

    init(_ arguments: [String]) {
        self.arguments = arguments
    }

    var isRunning: Bool { process?.isRunning ?? false }
    var identifier: Int32 { process?.processIdentifier ?? 0 }

    func start() throws {
        _ = try launch(arguments, output: FileHandle.standardError)
    }

    /// Starts it listening on `address`, and answers where it does once it does.
    func startServing(_ address: ListenAddress) throws -> ListenAddress {
        let pipe = Pipe()
        let process = try launch(arguments + listen(address), output: pipe)
        var line = Data()
        while let byte = try pipe.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A { line += byte }
        guard let said = ListenAddress(String(decoding: line.dropFirst("http://".count), as: UTF8.self))
        else {
            process.waitUntilExit()
            throw Failure("the service did not start")
        }
        return said
    }

    private func launch(_ arguments: [String], output: Any) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        self.process = process
        return process
    }

    /// Asks it to end, and waits.
    func stop() {
        guard let process, process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }
}
