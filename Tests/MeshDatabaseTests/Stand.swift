import Foundation
import Glibc
import LoopbackSockets
import MeshDatabase
import MeshService
import MeshTarget

/// One private PostgreSQL for all tests of the process, and services on it.
enum Stand {
    /// `nil` where no PostgreSQL is installed.
    nonisolated(unsafe) static let server: PrivateServer? = {
        guard PrivateServer.isAvailable else { return nil }
        do {
            let server = try PrivateServer()
            try server.start()
            // A test process ends without a word to its suites.
            atexit { Stand.server?.stop() }
            try server.createDatabase { try Migration.run(conninfo: $0, seed: 1) }
            return server
        } catch {
            fatalError("no private PostgreSQL: \(error)")
        }
    }()

    static var conninfo: String { server?.conninfo ?? "" }

    /// Empties what deliveries fill, so that each test counts its own.
    static func clear() throws {
        try AdminSession(conninfo: conninfo + " user=postgres").run(
            "truncate mesh.workflow_runs, mesh.workflow_events, mesh.logs, mesh.jobs, mesh.dead_letters, mesh.audit_log"
        )
    }

    /// Runs `test` with a service, and `workers` beside it.
    static func with(
        workers: Int = 1,
        _ change: (inout ServiceOptions, inout WorkerOptions) -> Void = { _, _ in },
        _ test: (ServiceServer) throws -> Void
    ) throws {
        try clear()
        var service = ServiceOptions()
        var work = WorkerOptions()
        service.conninfo = conninfo
        work.conninfo = conninfo
        work.retryBase = 5
        change(&service, &work)
        let server = try ServiceServer.start(service)
        defer { server.stop() }
        let threads = try (0..<workers).map { number in
            var options = work
            options.name = "test-\(number)"
            return try WorkerThread(options)
        }
        defer { threads.forEach { $0.stop() } }
        try test(server)
    }

    static func query(_ text: String, as user: String = "postgres", project: String? = nil) throws
        -> ResultTable
    {
        let session = try AdminSession(conninfo: conninfo + " user=\(user)")
        if let project {
            try session.run("select set_config('app.project_id', \(AdminSession.literal(project)), false)")
        }
        return try session.run(text)
    }
}

/// Requests as text.
enum Ask {
    static let tenants = MeshTenant.all(seed: 1)

    static func tenant(_ id: String) -> MeshTenant { tenants.first { $0.id == id } ?? tenants[0] }

    static func delivery(_ slug: String, body: String = "{}", _ fields: [String: String?] = [:]) -> String {
        let tenant = tenants.first { $0.hooks.contains { $0.slug == slug } } ?? tenants[0]
        var all: [String: String?] = [
            "Content-Type": "application/json",
            "X-Hub-Signature-256": SignatureCheck.signature(
                of: Array(body.utf8),
                secret: tenant.signingSecret
            ),
        ]
        for (name, value) in fields { all.updateValue(value, forKey: name) }
        let lines = all.compactMap { name, value in value.map { "\(name): \($0)\r\n" } }.sorted().joined()
        return
            "POST /api/hooks/\(slug) HTTP/1.1\r\nHost: a\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    static func reading(
        _ path: String,
        project: String = "harbor",
        token: String? = nil,
        _ fields: String = ""
    ) -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token ?? tenant(project).token)\r\n\(fields)\r\n"
    }
}

extension RawConnection {
    mutating func ask(_ request: String) throws -> Answer {
        try send(request)
        return try receive()
    }

    /// Delivers, and answers the run.
    mutating func deliver(_ slug: String, body: String = "{}", _ fields: [String: String?] = [:]) throws
        -> String
    {
        let answer = try ask(Ask.delivery(slug, body: body, fields))
        return answer.field("X-Run-Id") ?? "no run: \(answer.status) \(answer.body)"
    }

    /// Follows the log of a run until it is over: the ids of the lines, and the status.
    mutating func follow(_ run: String, project: String = "harbor", after last: Int64? = nil) throws
        -> Followed
    {
        let resume = last.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        return Followed(try ask(Ask.reading("/api/runs/\(run)/logs/stream", project: project, resume)).body)
    }
}

/// What an event stream said.
struct Followed {
    var ids: [Int64] = []
    var messages: [String] = []
    var status = ""

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            if line.hasPrefix("id: ") { ids += [Int64(line.dropFirst(4)) ?? -1] }
            if let message = line.firstMatch(of: #/"message":"([^"]*)"/#) {
                messages.append(String(message.1))
            }
            if let status = line.firstMatch(of: #/"status":"(\w+)"\}$/#) { self.status = String(status.1) }
        }
    }
}
