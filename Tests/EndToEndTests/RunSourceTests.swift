import Foundation
import LoopbackSockets
import Testing

/// Each way in which a target tells what becomes of its runs, with the built program against the stand-in on PostgreSQL:
/// all of them come to the same.
@Suite(.serialized, .enabled(if: MeshStand.isBuilt)) struct RunSourceTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// One run of `sources` against `stand`, beside criteria that hold of a sound target.
    private func run(
        _ sources: String,
        against stand: MeshStand,
        _ criteria: [String],
        folder: String? = nil
    ) throws -> [String: Any] {
        let captures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Captures/demo.pcap")
        let recorded = try Program.run([
            "record", "-r", captures.path, "-w", scratch.path("in.trace.gz"), "--force",
        ])
        #expect(recorded.status == 0, "\(recorded.errors)")
        let lines =
            (["lost = 0", "duplicate runs = 0", "accepted >= 50 of each", "peak running >= 2"] + criteria)
            .map { "  - \($0)" }.joined(separator: "\n")
        let plan = """
            plan: Sources
            target: \(stand.url)
            sign: [mesh=env:STAGING, github=env:STAGING]
            tenants:
              harbor: {match: path=/api/hooks/harbor-*, token: env:TOKEN, headers: 'X-Project-Id: harbor'}
              meadow: {match: path=/api/hooks/meadow-*, token: env:TOKEN, headers: 'X-Project-Id: meadow'}
            scenarios:
              intake: {traces: in.trace.gz, filter: 'path=/api/hooks/harbor-orders,/api/hooks/meadow-payments'}
            stages: {peak: {speed: 4x}}
            executions:
              of: POST /api/hooks/{slug}
              deadline: 20s
              interval: 100ms
            \(sources)
            criteria:
            \(lines)
            """
        try Data(plan.utf8).write(to: scratch.url.appending(path: "load.yaml"))
        let run = try Program.run(
            [
                "plan", "run", scratch.path("load.yaml"), "--out", folder ?? scratch.path("run-\(UUID())"),
                "--json",
            ],
            environment: MeshStand.environment.merging(["DATABASE": stand.database]) { $1 }
        )
        let report = try run.json()
        #expect(run.status == 0, "\(report["acceptance"] ?? "") \(report["stages"] ?? "") \(run.errors)")
        #expect(!run.text.contains("user=postgres"))
        #expect(!run.errors.contains("ERROR:"), "\(run.errors)")
        return try #require((report["stages"] as? [[String: Any]])?.first)
    }

    /// What the target's processes and its database did in the meantime is on the axis of time and in the report; the client
    /// that asks has nothing to complain of.
    @Test func theTargetIsWatchedMeanwhile() throws {
        let stand = try MeshStand([])
        defer { stand.stop() }
        let folder = scratch.path("watched")
        let stage = try run(
            """
              poll: /api/runs?limit=1000&changed_after={cursor}
            observers: {interval: 200ms, processes: [mesh-target, postgres], postgres: env:DATABASE}
            """,
            against: stand,
            [],
            folder: folder
        )
        let series = try String(contentsOfFile: "\(folder)/observations.om", encoding: .utf8)
        for name in [
            "process_tcp_connections{process=\"mesh-target\"} ",
            "process_tcp_unaccepted{process=\"mesh-target\"} ",
            "process_namespace_loopback_bytes_per_second{process=\"postgres\"} ", "postgres_dead_tuples ",
            "postgres_checkpoints_per_second ", "postgres_commits_per_second ", "load_errors_per_second ",
        ] { #expect(series.contains("\n\(name)"), "\(name)") }
        // Deliveries came over loopback, and so did their answers.
        #expect(
            series.contains(/\nprocess_namespace_loopback_bytes_per_second\{process="mesh-target"\} [1-9]/)
        )
        #expect(series.contains(/\nprocess_tcp_connections\{process="mesh-target"\} [1-9]/))
        let statements = try #require(stage["statements"] as? [[String: Any]])
        guard MeshStand.countsStatements else { return }
        #expect(series.contains("\npostgres_statement_seconds_per_second{statement=\""))
        #expect((1...10).contains(statements.count))
        // What every delivery calls is among those with the most time.
        let taken = try #require(
            statements.first { ($0["text"] as? String)?.contains("take_delivery") ?? false },
            "\(statements)"
        )
        #expect(taken["calls"] as? Int ?? 0 > 0 && taken["total_us"] as? Int ?? 0 > 0)
        let shares = statements.compactMap { $0["share"] as? Double }
        #expect(
            shares.count == statements.count && shares == shares.sorted(by: >) && shares.reduce(0, +) <= 1.001
        )
    }

    /// What the database says of runs, as its owner sees it.
    private static let sql = """
          sql:
            connection: env:DATABASE
            query: >-
              select id, status, correlation_id, created_at, started_at, finished_at, delay_ms from mesh.workflow_runs
              where created_at >= {since} or finished_at >= {since}
        """

    @Test func callbacksTellOfEnds() throws {
        let port = try Loopback.freePort()
        // The stand-in as MeshHook is: its answers name no run, and what comes back is the mark of the request.
        let stand = try MeshStand(["--sink", "http://127.0.0.1:\(port)/done?from=mesh"])
        defer { stand.stop() }
        let stage = try run(
            "  callback: {listen: 127.0.0.1:\(port), path: /done}",
            against: stand,
            ["overhead p95 <= 20s"]
        )
        #expect(
            (stage["method"] as? String)?.contains("callbacks to 127.0.0.1:\(port), by the clock here")
                == true
        )
        // By their marks alone, where an answer that names a run is not looked at.
        let marked = try run(
            "  run_id: header:X-Nowhere\n  callback: {listen: 127.0.0.1:\(port), run_id: header:X-Nowhere}",
            against: stand,
            []
        )
        #expect((marked["executions"] as? [Any])?.count == 3)
        // Beside a list, whose moments they are then.
        let both = try run(
            "  callback: 127.0.0.1:\(port)\n  poll: /api/runs?limit=1000&changed_after={cursor}",
            against: stand,
            ["queue p95 <= 20s", "stray runs = 0", "crossed runs = 0"]
        )
        let method = try #require(both["method"] as? String)
        #expect(method.contains("callbacks") && method.contains("2 readers"))
    }

    @Test func aStreamTellsOfChanges() throws {
        let stand = try MeshStand([])
        defer { stand.stop() }
        let stage = try run(
            "  stream: {path: /api/logs/stream, events: run, run: /record}\n  delay: delay_ms",
            against: stand,
            [
                "queue p95 <= 20s", "execution p95 <= 20s", "notice p50 <= 5s", "stray runs = 0",
                "crossed runs = 0",
            ]
        )
        #expect((stage["method"] as? String)?.contains("stream of changes for each of 2 readers") == true)
    }

    @Test func aDatabaseTellsOfRuns() throws {
        let stand = try MeshStand([])
        defer { stand.stop() }
        let stage = try run(
            Self.sql + "\n  delay: delay_ms",
            against: stand,
            ["queue p95 <= 20s", "execution p95 <= 20s", "notice p50 <= 5s", "stray runs = 0"]
        )
        #expect((stage["method"] as? String)?.contains("a query of its database, put every 100 ms") == true)
        // What would change something is refused by the database, and told by its code.
        let plan = scratch.path("load.yaml")
        let broken = try Program.run(
            [
                "plan", "run", plan, "--out", scratch.path("broken"), "--json", "--set",
                "executions.sql.query=select id, status from mesh.workflow_runs for update",
                "--set", "executions.deadline=100ms",
            ],
            environment: MeshStand.environment.merging(["DATABASE": stand.database]) { $1 }
        )
        #expect(broken.status == 1 && broken.text.contains("(25006)"))
    }
}

/// The stand-in on a private PostgreSQL, in processes of its own.
final class MeshStand {
    static let environment = ["STAGING": "a staging secret", "TOKEN": "any"]

    private static let binary = URL(fileURLWithPath: Program.tapedeck).deletingLastPathComponent()
        .appending(path: "mesh-target").path

    /// Whether the program and PostgreSQL's are there.
    static var isBuilt: Bool {
        let servers = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        return FileManager.default.isExecutableFile(atPath: binary) && !servers.isEmpty
    }

    /// Whether its database has pg_stat_statements.
    static var countsStatements: Bool {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        return versions.contains {
            FileManager.default.fileExists(atPath: "/usr/lib/postgresql/\($0)/lib/pg_stat_statements.so")
        }
    }

    let url: String
    /// Of its superuser, whom row security does not bind.
    let database: String
    private let program: Program

    init(_ options: [String]) throws {
        program = try Program(
            Self.binary,
            [
                "up", "--listen", "127.0.0.1:0", "--auth", "project", "--secret", "env:STAGING", "--workers",
                "1",
            ]
                + options,
            environment: Self.environment
        )
        let deadline = Date(timeIntervalSinceNow: 60)
        while !program.outputSoFar.contains("\n"), program.process.isRunning, Date() < deadline {
            usleepUntilNextLook()
        }
        let object = try JSONSerialization.jsonObject(with: Data(program.outputSoFar.utf8)) as? [String: Any]
        url = try #require(object?["url"] as? String)
        database = try #require(object?["database"] as? String) + " user=postgres"
    }

    func stop() {
        program.signal(SIGTERM)
        _ = program.finish(within: 30)
    }
}
