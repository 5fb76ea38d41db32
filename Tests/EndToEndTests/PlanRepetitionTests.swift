import Foundation
import LoopbackSockets
import Testing

/// What a run of a plan leaves with the built program: enough to do it again, also where it came to no end.
@Suite(.serialized) struct PlanRepetitionTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func write(_ yaml: String, _ name: String = "load.yaml") throws -> String {
        try Data(yaml.utf8).write(to: scratch.url.appending(path: name))
        return scratch.path(name)
    }

    /// A second of requests, 100 of them.
    private func record(_ name: String = "in.trace.gz", count: Int = 100) throws {
        try CaptureBuilder.steady(count: count, seconds: 1, connections: 4).file()
            .write(to: scratch.url.appending(path: "in.pcap"))
        let recorded = try Program.run(
            ["record", "-r", scratch.path("in.pcap"), "-w", scratch.path(name), "--force"]
        )
        #expect(recorded.status == 0, "\(recorded.errors)")
    }

    private func object(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func stages(_ run: [String: Any]) -> [String] {
        (run["stages"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test func aRepetitionRunsTheSameAndTellsWhatIsAnother() throws {
        let server = try NginxServer()
        try record()
        let plan = try write(
            """
            plan: Again
            target: http://127.0.0.1:\(server.port)
            scenarios: {all: {traces: in.trace.gz}}
            stages: {first: {speed: 10x}, second: {speed: 10x}, third: {speed: 10x}}
            criteria: [requests >= 1]
            """
        )
        let first = scratch.path("first")
        let run = try Program.run([
            "plan", "run", plan, "--stage", "third", "--stage", "first", "--set", "stages.first.speed=20x",
            "--out",
            first,
        ])
        #expect(run.status == 0, "\(run.text) \(run.errors)")
        let origin = try object("\(first)/origin.json")
        #expect(origin["stages"] as? [String] == ["first", "third"])
        #expect(origin["settings"] as? [String] == ["stages.first.speed=20x"])
        let files = try #require(origin["files"] as? [[String: Any]])
        let trace = try Data(contentsOf: scratch.url.appending(path: "in.trace.gz"))
        #expect(files.count == 1 && files[0]["bytes"] as? Int == trace.count)
        #expect((files[0]["sha256"] as? String)?.count == 64 && files[0]["use"] as? String == "trace")

        // The dry run is about what would run, and so is the run.
        let forecast = try Program.run(["plan", "check", first, "--json"])
        let rows = try #require(try forecast.json()["by_stage"] as? [[String: Any]])
        #expect(rows.compactMap { $0["stage"] as? String } == ["first", "third"])
        let again = try Program.run(["plan", "run", first, "--out", scratch.path("again"), "--json"])
        #expect(again.status == 0 && !again.errors.contains("warning"), "\(again.errors)")
        let repeated = try again.json()
        #expect(stages(repeated) == ["first", "third"] && repeated["repeats"] as? String == first)

        // Another trace in the place of the one of then.
        try record(count: 50)
        let changed = try Program.run(["plan", "run", first, "--out", scratch.path("changed"), "--json"])
        let words = "in.trace.gz (trace) is another than in the run that is repeated"
        #expect(changed.status == 0 && changed.errors.contains(words), "\(changed.errors)")
        #expect((try changed.json()["repeats"] as? String)?.contains(words) == true)
        let checked = try Program.run(["plan", "check", first])
        #expect(checked.status == 0 && checked.errors.contains(words), "\(checked.errors)")

        // Neither there, nor the same under another name.
        try FileManager.default.createDirectory(
            at: scratch.url.appending(path: "elsewhere"),
            withIntermediateDirectories: true
        )
        try FileManager.default.removeItem(at: scratch.url.appending(path: "in.trace.gz"))
        try trace.write(to: scratch.url.appending(path: "elsewhere/moved.trace.gz"))
        let missing = try Program.run(["plan", "run", first, "--out", scratch.path("missing")])
        #expect(missing.status == 2, "\(missing.text)")
        #expect(missing.errors.contains("plan.yaml:3:") && missing.errors.contains("put the file back"))
        #expect(missing.errors.contains("--set scenarios.all.traces=/PATH"), "\(missing.errors)")
        let moved = try Program.run([
            "plan", "run", first, "--out", scratch.path("moved"), "--stage", "second", "--set",
            "scenarios.all.traces=\(scratch.path("elsewhere/moved.trace.gz"))", "--json",
        ])
        #expect(moved.status == 0 && !moved.errors.contains("warning"), "\(moved.errors)")
        // What is said beside the folder counts more.
        #expect(stages(try moved.json()) == ["second"])
        // The folder of a run is where it is.
        try FileManager.default.moveItem(atPath: scratch.path("moved"), toPath: scratch.path("elsewhere/run"))
        let away = try Program.run(["plan", "check", scratch.path("elsewhere/run")])
        #expect(away.status == 0 && !away.errors.contains("warning"), "\(away.errors)")
    }

    /// What there is of a run stays where an error ends it in the middle.
    @Test func anErrorInTheMiddleLeavesAReport() throws {
        let server = try NginxServer()
        try record()
        let plan = try write(
            """
            plan: Cut off
            target: http://127.0.0.1:\(server.port)
            scenarios: {all: {traces: in.trace.gz}, other: {traces: in.trace.gz}}
            # Nothing can be observed into a folder.
            stages:
              first:
                speed: 10x
                incidents: {block: {after: 0s, run: [mkdir, -p, \(scratch.path("run/stages/second/other.observed.trace.gz"))]}}
              second: {speed: 10x}
              third: {speed: 10x}
            criteria: [requests >= 1]
            """
        )
        let folder = scratch.path("run")
        let run = try Program.run(["plan", "run", plan, "--out", folder, "--json"])
        #expect(run.status == 2 && run.errors.contains("other.observed.trace.gz"), "\(run.errors)")
        let report = try object("\(folder)/run.json")
        #expect(stages(report) == ["first", "second"] && report["accepted"] as? Bool == false)
        #expect((report["ended_early"] as? String)?.hasPrefix("stage second did not come to its end") == true)
        // The scenario beside it was sent, and is told of.
        let second = try #require((report["stages"] as? [[String: Any]])?.last)
        #expect(second["sound"] as? Bool == false)
        #expect((second["total"] as? [String: Any])?["requests"] as? Int ?? 0 >= 90)
        for name in ["report.md", "report.html", "observations.om", "stages/second/all.json"] {
            #expect(exists("\(folder)/\(name)"), "\(name)")
        }
        let again = try Program.run(["plan", "report", folder, "--markdown"])
        #expect(again.status == 1 && again.text.contains("other did not come to its end"))
    }

    /// Every step keeps what was observed in it, and the report says which is which.
    @Test func everyStepOfASearchIsKept() throws {
        let server = try NginxServer()
        try record()
        let plan = try write(
            """
            plan: Steps
            target: http://127.0.0.1:\(server.port)
            scenarios: {all: {traces: in.trace.gz}}
            stages:
              smoke: {speed: 10x, duration: 200ms}
              knee: {rate: 50/s, duration: 300ms, knee: {from: 1x, up_to: 2x}}
            criteria: [p95 <= 60s]
            """
        )
        let folder = scratch.path("run")
        let run = try Program.run(
            ["plan", "run", plan, "--stage", "smoke", "--find-knee", "--out", folder, "--json"],
            within: 120
        )
        #expect(run.status == 0, "\(run.text) \(run.errors)")
        let report = try run.json()
        #expect(stages(report) == ["smoke", "knee"])
        let steps = try #require((report["knee"] as? [String: Any])?["steps"] as? [[String: Any]])
        let folders = steps.compactMap { $0["folder"] as? String }
        #expect(!steps.isEmpty && folders.count == steps.count && Set(folders).count == steps.count)
        for place in folders {
            #expect(place.hasPrefix("stages/knee/"))
            for name in ["all.json", "all.log", "all.observed.trace.gz"] {
                #expect(exists("\(folder)/\(place)/\(name)"), "\(place)/\(name)")
            }
        }
        let knee = try #require((report["stages"] as? [[String: Any]])?.last)
        let shown = try #require(knee["folder"] as? String)
        #expect(folders.contains(shown))
        #expect((knee["remarks"] as? [String])?.contains { $0.hasSuffix(shown) } == true)
        // The stage has the charts of that step.
        let page = try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8)
        #expect(page.contains(shown) && page.contains("id=\"stage-2-0-rate\""))
        let smoke = try #require((report["stages"] as? [[String: Any]])?.first)
        #expect(smoke["folder"] as? String == "stages/smoke")
    }

    /// Places of secrets, and the words of the warning about each; what they hold is never shown.
    @Test func everySecretThatCannotBeReadIsNamed() throws {
        try record()
        let plan = try write(
            """
            plan: Secrets
            target: http://127.0.0.1:9
            sign: [github=env:GITHUB_SECRET]
            tenants:
              harbor: {match: path=/hook*, token: env:HARBOR_TOKEN}
              meadow: {match: path=/other*, token: file:\(scratch.path("no-token"))}
            scenarios: {all: {traces: in.trace.gz, proxy: 'http://127.0.0.1:9', proxy_credentials: env:PROXY_USER}}
            stages: {smoke: {speed: 1x}}
            criteria: [requests >= 1]
            executions:
              of: POST /hook
              sql: {connection: env:RUNS_DATABASE, query: 'select id, status from runs where at >= {since}'}
            logs: {realtime: {apikey: env:ANON_KEY}}
            probes:
              forged: {ask: POST /hook, body: '{}', sign: mesh=env:PROBE_SECRET, signature: forged, expect: 401}
              expired: {ask: /hooks, token: env:EXPIRED_TOKEN, expect: 401}
            observers: {postgres: env:WATCH_DATABASE}
            """
        )
        let words = [
            "GITHUB_SECRET", "tenants.harbor.token: ", "HARBOR_TOKEN", "tenants.meadow.token: ", "no-token",
            "PROXY_USER", "executions.sql.connection: ", "RUNS_DATABASE", "logs.realtime.apikey: ",
            "ANON_KEY",
            "'sign' of probe forged", "PROBE_SECRET", "observers.postgres: ", "WATCH_DATABASE",
            "probes.expired.token: ", "EXPIRED_TOKEN",
            "without which a run does not see the database",
        ]
        let checked = try Program.run(["plan", "check", plan])
        #expect(checked.status == 0, "\(checked.errors)")
        for word in words { #expect(checked.errors.contains(word), "\(word) in \(checked.errors)") }

        // Those that are there and cannot be used are named by their places, too.
        let values = [
            "GITHUB_SECRET": "geheim", "HARBOR_TOKEN": "geheim with blanks",
            "PROXY_USER": "geheim-user",
            "RUNS_DATABASE": "geheim-database", "ANON_KEY": "geheim-key", "PROBE_SECRET": "geheim",
            "WATCH_DATABASE": "geheim=database",
        ]
        let unusable = try Program.run(["plan", "check", plan], environment: values)
        #expect(unusable.status == 0, "\(unusable.errors)")
        for place in [
            "tenants.harbor.token: ", "executions.sql.connection: ", "observers.postgres: ",
            "--proxy-credentials",
        ] {
            #expect(unusable.errors.contains(place), "\(place) in \(unusable.errors)")
        }
        #expect(!unusable.errors.contains("ANON_KEY") && !unusable.errors.contains("PROBE_SECRET"))
        #expect(!unusable.errors.contains("geheim") && !unusable.text.contains("geheim"))
    }

    /// What is asked is told: the version of the stand-in, which the load asks how it is, and that of its database.
    @Test(.enabled(if: MeshStand.isBuilt)) func versionsAreTold() throws {
        let captures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Captures/demo.pcap")
        let recorded = try Program.run(["record", "-r", captures.path, "-w", scratch.path("in.trace.gz")])
        #expect(recorded.status == 0, "\(recorded.errors)")
        let stand = try MeshStand([])
        defer { stand.stop() }
        let plan = try write(
            """
            plan: Versions
            target: \(stand.url)
            scenarios: {health: {traces: in.trace.gz, filter: path=/health}}
            stages: {smoke: {speed: 10x}}
            criteria: [success >= 100%]
            observers: {postgres: env:DATABASE}
            """
        )
        let run = try Program.run(
            ["plan", "run", plan, "--out", scratch.path("run"), "--json"],
            environment: ["DATABASE": stand.database]
        )
        #expect(run.status == 0, "\(run.text) \(run.errors)")
        let notes = try #require(try run.json()["versions"] as? [[String: String]])
        let versions = Dictionary(notes.map { ($0["name"] ?? "", $0["text"] ?? "") }) { first, _ in first }
        #expect(versions["the target"] == "1")
        // As in 17.2, with what its packager adds.
        #expect(
            versions["PostgreSQL"]?.first?.isNumber == true && versions["PostgreSQL"]?.contains(".") == true
        )
    }
}
