import Foundation
import Testing

/// Probes with the built program, against a service of two tenants with one thing wrong: each is caught, and by what is
/// there for it; a sound service keeps them all.
@Suite(.serialized) struct ProbeTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A second of deliveries, 50 for each tenant.
    private func record() throws {
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000 * 1_000_000_000
        var lanes = [builder.open(port: 20_000, at: start), builder.open(port: 20_001, at: start)]
        for number in 0..<100 {
            let time = start + Int64(number + 1) * 10_000_000
            let body = #"{"number":\#(number)}"#
            builder.send(
                &lanes[number % 2],
                fromClient: true,
                "POST /hooks/\(number % 2 == 0 ? "a" : "b") HTTP/1.1\r\nHost: hooks\r\nX-Signature: sha256=00ff\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)",
                at: time
            )
            builder.send(
                &lanes[number % 2],
                fromClient: false,
                "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                at: time + 300_000
            )
        }
        for lane in lanes.indices { builder.close(&lanes[lane], at: start + 2_000_000_000) }
        try builder.file().write(to: scratch.url.appending(path: "in.pcap"))
        let recorded = try Program.run(
            ["record", "-r", scratch.path("in.pcap"), "-w", scratch.path("in.trace.gz")]
        )
        #expect(recorded.status == 0, "\(recorded.errors)")
    }

    /// Those who ask for what came last take other turns than those who plant it, so that each meets what is the other's.
    private static let plan = """
        plan: Tenants
        target: http://127.0.0.1:1
        tenants:
          a: {match: path=/hooks/a, headers: 'X-Tenant: a'}
          b: {match: path=/hooks/b, headers: 'X-Tenant: b'}
        scenarios: {all: {traces: in.trace.gz}}
        stages: {peak: {speed: 1x}}
        criteria: [crossed runs = 0, lost = 0, stray runs = 0]
        executions: {of: 'POST /hooks/{tenant}', poll: /runs, interval: 50ms, deadline: 5s}
        logs: {stream: '/runs/{run}/logs/stream', history: '/runs/{run}/logs', linger: 200ms}
        probes:
          planted:
            ask: [POST /hooks/a, POST /hooks/b]
            headers: ['X-Signature: any', 'X-Key: {secret}']
            body: '{"planted":"{data}"}'
            expect: 202
            every: 20ms
          unsigned: {ask: POST /hooks/a, body: '{}', expect: 401, every: 50ms}
          mine: {ask: '/runs/{run}', as: owner, expect: 200, every: 20ms}
          others: {ask: '/runs/{run}', as: other, expect: 404, every: 20ms}
          recent: {ask: /recent, as: each, expect: 200, every: 30ms}
          late: {ask: /recent, as: a, token: env:OLD_TOKEN, expect: 401, every: 50ms}
        canaries: {commands: {nothing: 'true'}}
        """

    /// What is wrong, and what is not kept then.
    private static let broken: [(TenantService.Defect, Set<String>)] = [
        (.none, []),
        (.unsigned, ["probe unsigned: 401"]),
        (.readable, ["probe others: 404"]),
        (.secretEchoed, ["planted values found = 0"]),
        (.secretInBase64, ["planted values found = 0"]),
        (.dataShared, ["planted values found = 0"]),
        (.dataEscaped, ["planted values found = 0"]),
        (.crossed, ["crossed runs = 0"]),
        (.secretInHead, ["planted values found = 0"]),
        (.secretInStream, ["planted values found = 0"]),
        (.dataInStream, ["planted values found = 0"]),
        (.secretInHistory, ["planted values found = 0"]),
        (.anyToken, ["probe late: 401"]),
    ]

    @Test func eachDefectIsCaughtAndNothingElse() throws {
        try record()
        try Data(Self.plan.utf8).write(to: scratch.url.appending(path: "load.yaml"))
        for (defect, criteria) in Self.broken {
            let rows = try run(against: defect)
            let failed = rows.filter { $0.value != "pass" }
            #expect(Set(failed.keys) == criteria, "\(defect): \(failed)")
            #expect(failed.values.allSatisfy { $0 == "fail" }, "\(defect): \(failed)")
        }
    }

    /// Whoever answers probes with 503 has shown nothing, and passes nothing.
    @Test func silenceIsNoPass() throws {
        try record()
        try Data(Self.plan.utf8).write(to: scratch.url.appending(path: "load.yaml"))
        let rows = try run(against: .silent)
        for (criterion, verdict) in rows where criterion.hasPrefix("probe") {
            #expect(verdict == "unknown", "\(criterion)")
        }
        #expect(rows["crossed runs = 0"] == "pass")
    }

    /// What cannot be read is told before anything is sent.
    @Test func aTokenThatIsNotThereIsAnError() throws {
        try record()
        try Data(Self.plan.utf8).write(to: scratch.url.appending(path: "load.yaml"))
        let run = try Program.run(["plan", "run", scratch.path("load.yaml"), "--out", scratch.path("run")])
        #expect(run.status == 2)
        #expect(
            run.errors.contains("has no OLD_TOKEN, which is to hold the token of probe late"),
            "\(run.errors)"
        )
    }

    /// The verdicts of a run by criterion; what was planted stands nowhere in its folder.
    private func run(against defect: TenantService.Defect) throws -> [String: String] {
        let service = try TenantService(defect)
        defer { service.stop() }
        let folder = scratch.path("run-\(defect.rawValue)")
        let run = try Program.run(
            [
                "plan", "run", scratch.path("load.yaml"), "--target", "http://127.0.0.1:\(service.port)",
                "--out",
                folder, "--json",
            ],
            environment: ["OLD_TOKEN": "out-of-date"]
        )
        let report = try run.json()
        #expect(run.status == (report["accepted"] as? Bool == true ? 0 : 1), "\(run.errors)")
        let planted = service.planted
        #expect(planted.count >= 10 || defect == .silent)
        let text = run.text + (try String(contentsOfFile: "\(folder)/report.md", encoding: .utf8))
        #expect((planted + ["out-of-date"]).allSatisfy { !text.contains($0) })
        let rows = try #require(report["acceptance"] as? [[String: Any]])
        return Dictionary(
            rows.map { ($0["criterion"] as? String ?? "", $0["verdict"] as? String ?? "") },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
