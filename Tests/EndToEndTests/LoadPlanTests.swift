import Foundation
import LoopbackSockets
import Testing

/// Load plans with the built program: what a plan says is what happens, and its folder tells of it.
@Suite(.serialized) struct LoadPlanTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func write(_ yaml: String) throws -> String {
        try Data(yaml.utf8).write(to: scratch.url.appending(path: "load.yaml"))
        return scratch.path("load.yaml")
    }

    /// Two seconds of requests, 500 a second on ten connections.
    private func steadyTrace() throws {
        try CaptureBuilder.steady(count: 1_000, seconds: 2, connections: 10).file()
            .write(to: scratch.url.appending(path: "in.pcap"))
        let recorded = try Program.run(
            ["record", "-r", scratch.path("in.pcap"), "-w", scratch.path("in.trace.gz")]
        )
        #expect(recorded.status == 0, "\(recorded.errors)")
    }

    private func object(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func aRunLeavesAFolderFromWhichItCanBeRepeated() throws {
        let server = try NginxServer()
        try steadyTrace()
        let plan = try write(
            """
            plan: Steady
            target: http://127.0.0.1:\(server.port)
            scenarios:
              all: {traces: in.trace.gz}
            stages:
              smoke: {speed: 4x, check: false}
              peak: {speed: 10x, duration: 600ms, keep_observed: false}
            criteria:
              - success >= 100%
              - requests >= 1000 in smoke
              - requests >= 2500 in peak
              - p99 <= 10s
            """
        )
        let unread = try Program.run(["plan", "check", plan, "--set", "correlate=nowhere.yaml"])
        #expect(unread.status == 2 && unread.errors.contains("nowhere.yaml"), "\(unread.errors)")
        let checked = try Program.run(["plan", "check", plan, "--json"])
        #expect(checked.status == 0, "\(checked.errors)")
        let forecast = try checked.json()
        #expect(try server.requests().isEmpty)
        // Three passes of 200 ms; the last request of each is due at its end.
        let planned = try #require(forecast["requests"] as? Int)
        #expect((3_990...4_000).contains(planned))

        let folder = scratch.path("run")
        let run = try Program.run(["plan", "run", plan, "--out", folder, "--json"])
        #expect(run.status == 0, "\(run.text) \(run.errors)")
        let report = try run.json()
        #expect(report["accepted"] as? Bool == true && report["ended_early"] is NSNull)
        // What the target saw is what was planned and what the report says.
        let seen = try server.requests().count
        #expect(seen <= planned && seen > planned * 9 / 10)
        let stages = try #require(report["stages"] as? [[String: Any]])
        let totals = stages.compactMap { ($0["total"] as? [String: Any])?["requests"] as? Int }
        #expect(totals.reduce(0, +) == seen)
        for name in [
            "plan.yaml", "origin.json", "run.json", "report.md", "report.html", "stages/smoke/all.json",
            "stages/smoke/all.observed.trace.gz",
        ] {
            #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"), "\(name)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/stages/peak/all.observed.trace.gz"))
        #expect(try object("\(folder)/run.json")["plan"] as? String == "Steady")

        // From its folder, beside which the next run lies: what changed is told.
        let again = try Program.run(["plan", "run", folder, "--out", scratch.path("again")])
        #expect(again.status == 0, "\(again.text) \(again.errors)")
        let second = try object("\(scratch.path("again"))/run.json")["stages"] as? [[String: Any]]
        let sentAgain = second?.compactMap { ($0["total"] as? [String: Any])?["requests"] as? Int }.reduce(
            0,
            +
        )
        #expect(try server.requests().count - seen == sentAgain)
        let markdown = try Program.run(["plan", "report", scratch.path("again"), "--markdown"])
        #expect(markdown.status == 0 && !markdown.text.contains("no run of this plan to compare with"))
        // A folder holds one run.
        let third = try Program.run(["plan", "run", plan, "--out", folder])
        #expect(third.status == 2 && third.errors.contains("holds a run already"))
    }

    /// Where somebody looks, the stage, its load and the target are in sight, and nothing of it is left.
    @Test(arguments: [100, 50] as [UInt16]) func aTerminalShowsHowFarItIs(_ columns: UInt16) throws {
        let server = try NginxServer()
        try steadyTrace()
        let plan = try write(
            """
            plan: Watched
            target: http://127.0.0.1:\(server.port)
            scenarios: {all: {traces: in.trace.gz}}
            stages:
              first: {speed: 1x, duration: 3s}
              last: {speed: 1x, duration: 1s, pause: 100ms}
            observers: {interval: 200ms, processes: [nginx]}
            """
        )
        let terminal = try PseudoTerminal(columns: columns, rows: 24)
        let (text, status) = try terminal.run(["plan", "run", plan, "--out", scratch.path("run")])
        #expect(status == 0)
        var screen = Screen()
        var seen: [String] = []
        for frame in text.split(separator: "\u{1B}[?2026l") {
            screen.show(String(frame))
            seen.append(screen.text)
        }
        #expect(screen.unknown == [] && screen.widest < Int(columns))
        #expect(seen.last?.contains(" left") == false, "nothing of it is left")
        // A narrow window has one line, which is cut.
        let mark = columns == 100 ? "p95 " : " left"
        let full = try #require(seen.last { $0.contains("stage 1 of 2, first: ") && $0.contains(mark) })
        guard columns == 100 else { return }
        #expect(full.contains(" left; about 5 s to the end"), "\(full)")
        for word in [
            "█", "requests       ", " ended, 0 errors, ", "response time  p50 ", "processors     nginx ",
        ] {
            #expect(full.contains(word), "\(word): \(full)")
        }
        #expect(seen.contains { $0.contains("stage 2 of 2, last: ") && !$0.contains("to the end") })
    }

    /// A plan to begin with can be run as it is, and with all that it switches off.
    @Test func whatInitWritesCanBeRun() throws {
        let trace = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Captures/mesh.trace.gz").path
        let arguments = ["plan", "init", scratch.path("first.yaml"), "--trace", trace]
        let made = try Program.run(arguments)
        #expect(made.status == 0, "\(made.errors)")
        let text = try String(contentsOfFile: scratch.path("first.yaml"), encoding: .utf8)
        let first = try Program.run(["plan", "check", scratch.path("first.yaml")])
        #expect(first.status == 0 && first.errors.isEmpty, "\(first.errors)")
        let whole = try Program.run(["plan", "check", try write(text.replacing("#: ", with: ""))])
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(whole.text.contains("knee") && whole.text.contains("5 probes"), "\(whole.text)")
        // What is there is not written over.
        let again = try Program.run(arguments)
        #expect(again.status == 2 && again.errors.contains("is there already"), "\(again.errors)")
    }

    @Test func aBrokenCriterionFailsTheRun() throws {
        let server = try NginxServer()
        try steadyTrace()
        let plan = try write(
            """
            plan: Too much
            target: http://127.0.0.1:\(server.port)
            scenarios: {all: {traces: in.trace.gz}}
            stages: {peak: {speed: 20x}}
            criteria: [requests >= 5000, notice p95 <= 1s]
            """
        )
        let run = try Program.run(["plan", "run", plan, "--out", scratch.path("run"), "--json"])
        #expect(run.status == 1)
        let rows = try #require(try run.json()["acceptance"] as? [[String: Any]])
        #expect(rows.map { $0["verdict"] as? String } == ["fail", "unknown"])
        #expect(rows[0]["value"] as? Double == 1_000)
    }

    /// Nothing listens: the smoke stage ends the run.
    @Test func aSmokeStageThatGoesWrongEndsTheRun() throws {
        try steadyTrace()
        let port = try Loopback.freePort()
        let plan = try write(
            """
            plan: Nobody there
            target: http://127.0.0.1:\(port)
            scenarios: {all: {traces: in.trace.gz, filter: path=/hook*}}
            stages: {smoke: {speed: 20x}, peak: {speed: 20x}}
            """
        )
        let run = try Program.run(["plan", "run", plan, "--out", scratch.path("run"), "--json"])
        #expect(run.status == 1)
        let report = try run.json()
        #expect((report["stages"] as? [Any])?.count == 1)
        #expect((report["ended_early"] as? String)?.contains("smoke") == true)
        // Also where nothing comes behind it.
        let alone = try Program.run([
            "plan", "run", plan, "--stage", "smoke", "--out", scratch.path("alone"), "--json",
        ])
        #expect(alone.status == 1)
        #expect(try alone.json()["accepted"] as? Bool == false)
    }

    private let environment = ["STAGING": "a staging secret", "TOKEN": "any"]

    /// Records `in.trace.gz` from the capture of the demo, and starts a stand-in that takes what is signed anew.
    private func recordAndServe() throws -> (target: Program, port: UInt16) {
        let captures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Captures/demo.pcap")
        let recorded = try Program.run(["record", "-r", captures.path, "-w", scratch.path("in.trace.gz")])
        #expect(recorded.status == 0, "\(recorded.errors)")
        let port = try Loopback.freePort()
        let target = try Program(
            Program.tapedeck,
            ["target", "--listen", "127.0.0.1:\(port)", "--auth", "project", "--secret", "env:STAGING"],
            environment: environment
        )
        try Loopback.waitUntilOpen(port)
        return (target, port)
    }

    /// Deliveries of a recording against a fresh stand-in: every run is followed to its end.
    @Test func executionsAreFollowedToTheirEnd() throws {
        let (target, port) = try recordAndServe()
        let plan = try write(
            """
            plan: Runs
            target: http://127.0.0.1:\(port)
            sign: [mesh=env:STAGING, github=env:STAGING]
            tenants:
              harbor: {match: path=/api/hooks/harbor-*, token: env:TOKEN, headers: 'X-Project-Id: harbor'}
              meadow: {match: path=/api/hooks/meadow-*, token: env:TOKEN, headers: 'X-Project-Id: meadow'}
            scenarios:
              intake: {traces: in.trace.gz, filter: 'path=/api/hooks/harbor-*,/api/hooks/meadow-payments'}
            stages: {peak: {speed: 4x}}
            criteria:
              - lost = 0
              - duplicate runs = 0
              - stray runs = 0
              - accepted >= 50 of each
              - peak running >= 2
              - queue p95 <= 1s
            executions:
              of: POST /api/hooks/{slug}
              poll: /api/runs?limit=50
              interval: 50ms
            """
        )
        let run = try Program.run(
            ["plan", "run", plan, "--out", scratch.path("run"), "--json"],
            environment: environment
        )
        target.signal(SIGTERM)
        let ended = target.finish(within: 20)
        #expect(run.status == 0, "\(run.text) \(run.errors)")
        let stage = try #require((try run.json()["stages"] as? [[String: Any]])?.first)
        let executions = try #require(stage["executions"] as? [[String: Any]])
        let all = try #require(executions.first { $0["tenant"] as? String == "" })
        let finished = try #require(all["finished"] as? Int)
        #expect(finished == all["accepted"] as? Int && finished > 100)
        // The stand-in has counted them, too: harbor-charges fail on purpose.
        let failed = try #require(all["failed"] as? Int)
        #expect(
            failed > 0
                && ended.errors.contains("\(finished - failed) succeeded, \(failed) failed, 0 unfinished")
        )
        #expect((stage["method"] as? String)?.contains("2 readers") == true)
    }

    /// Streams of runs of a fresh stand-in: each line once, in order, and soon.
    @Test func liveLogsAreHeldAgainstTheirHistories() throws {
        let (target, port) = try recordAndServe()
        let plan = try write(
            """
            plan: Logs
            target: http://127.0.0.1:\(port)
            sign: [mesh=env:STAGING, github=env:STAGING]
            tenants:
              harbor: {match: path=/api/hooks/harbor-*, token: env:TOKEN, headers: 'X-Project-Id: harbor'}
              meadow: {match: path=/api/hooks/meadow-*, token: env:TOKEN, headers: 'X-Project-Id: meadow'}
            scenarios:
              intake: {traces: in.trace.gz, filter: 'path=/api/hooks/harbor-*,/api/hooks/meadow-payments'}
            stages: {peak: {speed: 4x}}
            criteria:
              - log lines missing = 0
              - log lines duplicated = 0 of each
              - log lines out of order = 0
              - log lines unknown = 0
              - log streams failed = 0
              - log lines checked >= 200
              - log streams >= 2
              - log reconnects >= 1
              - log lag p50 <= 5s
              - subscribe p95 <= 5s
              - first line p95 <= 10s
            executions:
              of: POST /api/hooks/{slug}
              poll: /api/runs?limit=50
              interval: 50ms
            logs:
              stream: /api/runs/{run}/logs/stream
              events: log
              time: /commit_timestamp
              history: /api/runs/{run}/logs?limit=3
              reconnect: 300ms
              slow: {streams: 1, bytes: 2000}
              linger: 200ms
            """
        )
        let run = try Program.run(
            ["plan", "run", plan, "--out", scratch.path("run"), "--json"],
            environment: environment
        )
        target.signal(SIGTERM)
        _ = target.finish(within: 20)
        #expect(run.status == 0, "\(run.text) \(run.errors)")
        let stage = try #require((try run.json()["stages"] as? [[String: Any]])?.first)
        let logs = try #require(stage["logs"] as? [[String: Any]])
        #expect(logs.map { $0["tenant"] as? String } == ["", "harbor", "meadow"])
        #expect((logs[0]["lines"] as? Int ?? 0) >= (logs[0]["checked"] as? Int ?? .max))
        let method = try #require(stage["log_method"] as? String)
        #expect(method.contains("differ by nothing"))
        let markdown = try Program.run(["plan", "report", scratch.path("run"), "--markdown"])
        #expect(markdown.text.contains("Live logs: a stream of events for each run"))
    }
}
