import Foundation
import LoopbackSockets
import MeshDatabase
import Testing

extension MeshDatabaseSuite {
    /// The program as it is started, in processes of its own.
    @Suite(.enabled(if: Program.isBuilt)) struct ProgramTests {
        /// A worker and the database are killed while deliveries come in: both are started again, and every run that was
        /// made comes to its end once.
        @Test func losesNothingWhenProcessesDie() throws {
            let up = try Program([
                "up", "--listen", "127.0.0.1:0", "--workers", "2", "--lock", "1s", "--retry-base", "5ms",
            ])
            defer { up.stop() }
            var state = try up.nextLine()
            let port = try #require(state.url?.port)
            var line = try RawConnection(port: port)
            var made: [String] = []
            for number in 0..<60 {
                made.append(try line.deliver("harbor-orders", ["X-Delivery-Id": "w\(number)"]))
                if number == 20 { kill(state.pids.workers[0], SIGKILL) }
            }
            let mended = try up.nextLine()
            #expect(mended.pids.workers[0] != state.pids.workers[0])
            #expect(mended.pids.workers[1] == state.pids.workers[1])

            // SIGQUIT is how the server crashes: sessions end at once, and recovery follows.
            kill(try #require(mended.pids.postgres), SIGQUIT)
            state = try up.nextLine()
            #expect(state.pids.postgres != mended.pids.postgres)
            #expect(state.pids.serve == mended.pids.serve)
            var refused = 0
            var number = 0
            while number < 30 {
                let answer = try line.ask(Ask.delivery("meadow-payments", ["Idempotency-Key": "k\(number)"]))
                guard answer.status == 202 else {
                    // The pool opens its connections again after a pause.
                    refused += 1
                    try #require(answer.status == 503 && refused < 10_000)
                    continue
                }
                number += 1
            }
            for run in made { #expect(try line.follow(run).status == "succeeded") }
            let figures = try Program.output(["accounting", "--database", state.database])
            let wrong = figures.matches(of: #/"(\w+)": (\d+)/#).filter {
                $0.1 != "runs" && $0.1 != "succeeded"
            }
            .filter { !["queued", "running", "jobs"].contains($0.1) && $0.2 != "0" }
            #expect(wrong.map { "\($0.1)" } == [])
            #expect(figures.contains(#""runs": 90"#))
            up.stop()
            #expect(!FileManager.default.fileExists(atPath: state.folder ?? ""))
            #expect(kill(state.pids.serve, 0) != 0)
        }

        @Test func runsACommandBesideADatabase() throws {
            let said = try Program.output([
                "db", "run", "--", "sh", "-c", #"psql "$MESH_DATABASE user=mesh_app" -Atc 'select 1'"#,
            ])
            #expect(said == "1\n")
        }

        /// Whoever records or replays needs no database.
        @Test func leavesTapedeckWithoutTheDatabase() throws {
            let program = try Data(contentsOf: Program.folder.appending(path: "tapedeck"))
            #expect(program.range(of: Data("libpq.so".utf8)) == nil)
            let stand = try Data(contentsOf: Program.url)
            #expect(stand.range(of: Data("libpq.so".utf8)) != nil)
        }
    }
}

/// The built program, which lies beside `tapedeck`.
final class Program {
    struct Line: Decodable {
        struct Processes: Decodable {
            var serve: Int32
            var workers: [Int32]
            var postgres: Int32?
        }

        var url: URL?
        var database: String
        var folder: String?
        var pids: Processes
    }

    static let folder = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["TAPEDECK_BINARY"] ?? "/nowhere/tapedeck"
    )
    .deletingLastPathComponent()
    static let url = folder.appending(path: "mesh-target")
    static var isBuilt: Bool {
        FileManager.default.isExecutableFile(atPath: url.path) && PrivateServer.isAvailable
    }

    private let process = Process()
    private let pipe = Pipe()

    init(_ arguments: [String]) throws {
        process.executableURL = Self.url
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Waits for the next line of JSON.
    func nextLine() throws -> Line {
        var line = Data()
        while let byte = try pipe.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A { line += byte }
        return try JSONDecoder().decode(Line.self, from: line)
    }

    func stop() {
        guard process.isRunning else { return }
        process.interrupt()
        process.waitUntilExit()
    }

    static func output(_ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = url
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: said, as: UTF8.self)
    }
}
