import Foundation
import LoopbackSockets
import Testing

/// Live logs over Realtime with the built program: what is wrong with them is what the plan finds.
@Suite(.serialized) struct RealtimeLogTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private let environment = ["TOKEN": "a.tenants.token", "ANON": "an&apikey"]

    /// Runs a plan against a service, with `criteria` and how its channels are told.
    private func run(
        _ service: RealtimeService,
        topic: String,
        criteria: [String],
        overTLS: Bool = false,
        probes: String = ""
    ) throws -> Run {
        let server = try AnsweringServer(speech: { service.speak($0, $1) }, { service.answer($0) })
        defer { server.stop() }
        let front = overTLS ? try NginxServer(overTLS: true, behind: server.port) : nil
        let target =
            front.map { "https://127.0.0.1:\($0.port)\ncacert: \($0.certificate?.path ?? "")" }
            ?? "http://127.0.0.1:\(server.port)"
        let captures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Captures/demo.pcap")
        let recorded = try Program.run(["record", "-r", captures.path, "-w", scratch.path("in.trace.gz")])
        #expect(recorded.status == 0, "\(recorded.errors)")
        let plan = """
            plan: Realtime
            target: \(target)
            tenants:
              harbor: {match: path=/api/hooks/harbor-*, token: env:TOKEN, headers: 'X-Project-Id: harbor'}
              meadow: {match: path=/api/hooks/meadow-*, token: env:TOKEN, headers: 'X-Project-Id: meadow'}
            scenarios:
              intake: {traces: in.trace.gz, filter: 'path=/api/hooks/harbor-*,/api/hooks/meadow-payments'}
            stages: {peak: {speed: 4x}}
            criteria: [\(criteria.joined(separator: ", "))]
            executions:
              of: POST /api/hooks/{slug}
              poll: /api/runs?limit=50
              interval: 250ms
            logs:
              realtime: {topic: '\(topic)', apikey: env:ANON, heartbeat: 1s, channels: 30}
              history: /api/runs/{run}/logs
              linger: 2500ms
            \(probes)
            """
        try Data(plan.utf8).write(to: scratch.url.appending(path: "load.yaml"))
        let arguments = ["plan", "run", scratch.path("load.yaml"), "--out", scratch.path("run"), "--json"]
        let ended = try Program.run(arguments, environment: environment)
        // No credential is told: not in what is printed, and nowhere in the folder.
        let folder = try #require(FileManager.default.enumerator(atPath: scratch.path("run")))
        var texts = [ended.text, ended.errors]
        for case let name as String in folder where name.hasSuffix(".json") || name.hasSuffix(".md") {
            texts.append(try String(contentsOfFile: scratch.path("run/\(name)"), encoding: .utf8))
        }
        for text in texts { #expect(!text.contains("tenants.token") && !text.contains("apikey=")) }
        return ended
    }

    private static let whole = [
        "log lines missing = 0", "log lines duplicated = 0", "log lines out of order = 0",
        "log lines unknown = 0",
        "log streams failed = 0", "log streams cut = 0", "log lines checked >= 50",
    ]

    /// A channel of each run, and one for all; and over TLS, where the sockets trust whom the plan does.
    @Test(arguments: [("realtime:run-logs-{run}", false), ("realtime:all", false), ("realtime:all", true)])
    func aCleanServiceKeepsEveryCriterion(_ topic: String, overTLS: Bool) throws {
        let service = RealtimeService(.none)
        let ended = try run(
            service,
            topic: topic,
            criteria: Self.whole + ["log lines in gaps = 0", "log lag p50 <= 5s"],
            overTLS: overTLS
        )
        #expect(ended.status == 0, "\(ended.text) \(ended.errors)")
        #expect(service.shown.tokens == ["a.tenants.token"])
        #expect(service.shown.targets == ["/realtime/v1/websocket?apikey=an%26apikey&vsn=1.0.0"])
        let stage = try #require((try ended.json()["stages"] as? [[String: Any]])?.first)
        #expect((stage["log_method"] as? String)?.contains("over Realtime's WebSocket") == true)
        let times = try #require((stage["logs"] as? [[String: Any]])?.first?["times_us"] as? [[String: Any]])
        #expect(
            Set(times.compactMap { $0["name"] as? String }).isSuperset(of: [
                "subscribe", "first line", "log lag",
            ])
        )
    }

    /// What was compared in part alone keeps no criterion, whatever the part was like.
    @Test func historiesThatAreNotShownLeaveCriteriaOpen() throws {
        let service = RealtimeService(.historiesRefused)
        let ended = try run(service, topic: "realtime:run-logs-{run}", criteria: Self.whole)
        #expect(ended.status == 1, "\(ended.text) \(ended.errors)")
        let json = try ended.json()
        let rows = try #require(json["acceptance"] as? [[String: Any]])
        for row in rows {
            let criterion = row["criterion"] as? String ?? ""
            let isOpen = ["missing", "duplicated", "out of order", "unknown"].contains {
                criterion.contains($0)
            }
            #expect(row["verdict"] as? String == (isOpen ? "unknown" : "pass"), "\(row)")
        }
        let remarks = (json["stages"] as? [[String: Any]])?.first?["remarks"] as? [String]
        #expect(remarks?.contains { $0.contains("histories of logs") } == true, "\(remarks ?? [])")
    }

    /// What is wrong with the service, and the first criterion that it breaks.
    @Test(arguments: [
        (RealtimeService.Fault.lineDropped, "log lines missing = 0"),
        (.lineTwice, "log lines duplicated = 0"),
        (.linesTurned, "log lines out of order = 0"),
        (.upgradeRefused, "log streams failed = 0"),
        (.joinRefused, "log streams failed = 0"),
        (.socketsClosed, "log streams cut = 0"),
    ])
    func aFaultBreaksItsCriterion(_ fault: RealtimeService.Fault, _ broken: String) throws {
        let ended = try run(RealtimeService(fault), topic: "realtime:run-logs-{run}", criteria: Self.whole)
        #expect(ended.status == 1, "\(ended.text) \(ended.errors)")
        let rows = try #require(try ended.json()["acceptance"] as? [[String: Any]])
        let failed = rows.filter { $0["verdict"] as? String == "fail" }.compactMap {
            $0["criterion"] as? String
        }
        #expect(failed.contains(broken), "\(rows)")
        // What was told while nobody listened is no line that is missing.
        if fault == .socketsClosed { #expect(!failed.contains("log lines missing = 0")) }
    }

    /// A secret that a probe has planted, and a service that keeps it to itself or shows it over a channel alone.
    @Test(arguments: [(RealtimeService.Fault.none, Int32(0)), (.keyTold, 1)])
    func aPlantedSecretIsFoundInWhatAChannelTells(_ fault: RealtimeService.Fault, _ status: Int32) throws {
        let probes = """
            probes:
              planted:
                ask: POST /api/hooks/harbor-orders
                headers: ['X-Key: {secret}']
                body: '{}'
                expect: 202
                every: 50ms
            """
        let ended = try run(
            RealtimeService(fault),
            topic: "realtime:run-logs-{run}",
            criteria: Self.whole,
            probes: probes
        )
        #expect(ended.status == status, "\(ended.text) \(ended.errors)")
        let rows = try #require(try ended.json()["acceptance"] as? [[String: Any]])
        let failed = rows.filter { $0["verdict"] as? String != "pass" }
        #expect(
            failed.map { $0["criterion"] as? String } == (status == 0 ? [] : ["planted values found = 0"])
        )
    }
}
