import Foundation
import LoopbackSockets
import MeshDatabase
import MeshService
import Testing

extension MeshDatabaseSuite {
    /// Live logs: each line once, in order, whatever happens.
    @Suite struct StreamTests {
        @Test func resumesAfterAnyLine() throws {
            try Stand.with { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-orders")
                let whole = try line.follow(run)
                for (place, id) in whole.ids.enumerated() {
                    let rest = try line.follow(run, after: id)
                    #expect(rest.ids == Array(whole.ids.dropFirst(place + 1)))
                    #expect(rest.status == "succeeded")
                }
                let history = try line.ask(Ask.reading("/api/runs/\(run)/logs")).body
                #expect(history.matches(of: #/"message":"([^"]*)"/#).map { String($0.1) } == whole.messages)
            }
        }

        /// A reader that takes nothing for a while, and more than any buffer holds: it misses nothing, and the service
        /// keeps nothing for it.
        @Test func goesOnFromTheDatabaseForASlowReader() throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-orders")
                var reader = try RawConnection(port: server.port)
                try reader.send(Ask.reading("/api/runs/\(run)/logs/stream"))
                try reader.receiveHead()
                // The first line is there: what follows is told as it comes.
                var followed = try reader.receiveChunk()
                let lines = """
                    insert into mesh.logs (project_id, run_id, level, message)
                    select 'harbor', '\(run)', 'info', repeat('x', 2000) from generate_series(1, 1000)
                    """
                let end = """
                    insert into mesh.workflow_events (project_id, run_id, type, payload)
                    values ('harbor', '\(run)', 'run_completed', '{"status":"succeeded"}')
                    """
                for _ in 0..<8 {
                    _ = try Stand.query(lines, as: "mesh_app", project: "harbor")
                    _ = try Stand.query("notify mesh_logs, 'harbor'", as: "mesh_app")
                    // Meanwhile others are served.
                    for _ in 0..<5 { #expect(try line.ask(Ask.reading("/health")).status == 200) }
                }
                _ = try Stand.query(
                    "update mesh.workflow_runs set status = 'succeeded'",
                    as: "mesh_app",
                    project: "harbor"
                )
                _ = try Stand.query(end, as: "mesh_app", project: "harbor")
                while true {
                    let chunk = try reader.receiveChunk()
                    if chunk.isEmpty { break }
                    followed += chunk
                }
                let seen = Followed(followed)
                #expect(seen.ids.count == 8001)
                #expect(zip(seen.ids, seen.ids.dropFirst()).allSatisfy { $0 < $1 })
                #expect(seen.status == "succeeded")
            }
        }

        /// A transaction that began first and commits last holds back what others wrote meanwhile: a reader that went on
        /// would never see its line.
        @Test func readsNothingBeforeWhatMayStillCome() throws {
            try Stand.clear()
            let insert =
                "insert into mesh.logs (project_id, run_id, level, message) values ('harbor', 'r', 'info', '%') "
            let slow = try AdminSession(conninfo: Stand.conninfo + " user=mesh_app")
            let feed = """
                select message from mesh.logs where project_id = 'harbor' and made < mesh.oldest_writer()
                order by made, id
                """
            try slow.run("begin")
            try slow.run("select set_config('app.project_id', 'harbor', false)")
            try slow.run(insert.replacing("%", with: "began first"))
            _ = try Stand.query(
                insert.replacing("%", with: "committed first"),
                as: "mesh_app",
                project: "harbor"
            )
            #expect(try Stand.query(feed, as: "mesh_app", project: "harbor").rowCount == 0)
            try slow.run("commit")
            let seen = try Stand.query(feed, as: "mesh_app", project: "harbor")
            #expect((0..<seen.rowCount).map { seen.string($0, 0) } == ["began first", "committed first"])
        }

        /// The project's stream says every line and state of its runs and of nobody else's; resumed anywhere, it goes on.
        @Test func followsAProject() throws {
            try Stand.with { server in
                var reader = try RawConnection(port: server.port)
                try reader.send(Ask.reading("/api/logs/stream"))
                #expect(try reader.receiveHead().field("Content-Type") == "text/event-stream")
                var line = try RawConnection(port: server.port)
                // Only once it has begun does the stream owe anything.
                var events: [ProjectEvent] = []
                while events.isEmpty {
                    _ = try line.deliver("harbor-orders")
                    _ = try line.deliver("meadow-payments")
                    events += ProjectEvent.all(in: try reader.receiveChunk())
                }
                let run = try line.deliver("harbor-orders", ["X-Correlation-Id": "last"])
                while !events.contains(where: { $0.run == run && $0.status == "succeeded" }) {
                    events += ProjectEvent.all(in: try reader.receiveChunk())
                }
                #expect(Set(events.map(\.project).compactMap { $0 }) == ["harbor"])
                let states = events.filter { $0.run == run }.compactMap(\.status)
                #expect(states == ["queued", "running", "succeeded"])

                let place = events.count / 2
                var second = try RawConnection(port: server.port)
                try second.send(Ask.reading("/api/logs/stream", "Last-Event-ID: \(events[place].cursor)\r\n"))
                try second.receiveHead()
                var rest: [ProjectEvent] = []
                while rest.count < events.count - place - 1 {
                    rest += ProjectEvent.all(in: try second.receiveChunk())
                }
                #expect(
                    rest.prefix(events.count - place - 1).map(\.cursor)
                        == events.dropFirst(place + 1).map(\.cursor)
                )
            }
        }
    }
}

/// An event of a project's stream.
struct ProjectEvent {
    var cursor = ""
    var run = ""
    var project: String?
    var status: String?

    static func all(in text: String) -> [ProjectEvent] {
        text.components(separatedBy: "\n\n").filter { $0.hasPrefix("event:") }.map { text in
            var event = ProjectEvent()
            event.cursor = text.firstMatch(of: #/\nid: (\S+)/#).map { String($0.1) } ?? ""
            event.project = text.firstMatch(of: #/"project_id":"(\w+)"/#).map { String($0.1) }
            event.status = text.firstMatch(of: #/"status":"(\w+)"/#).map { String($0.1) }
            event.run = text.firstMatch(of: #/"(?:run_id|id)":"(\w+)"/#).map { String($0.1) } ?? ""
            return event
        }
    }
}
