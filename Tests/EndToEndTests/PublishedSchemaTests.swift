import Foundation
import JSONSchemas
import Testing

/// What the commands write as JSON is what the published schemas describe, and nothing else.
@Suite(.serialized) struct PublishedSchemaTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func verdicts(_ runs: [Run], _ name: String) throws -> [String]? {
        let lines = runs.flatMap { $0.text.split(separator: "\n").map { Array($0.utf8) } }
        #expect(!lines.isEmpty)
        let verdicts = try JSONSchema.verdicts(lines, "Documentation/schemas/\(name).json", isClosed: true)
        return verdicts.map { $0.filter { $0 != "ok" } }
    }

    /// A recording of webhooks, event streams and WebSocket sessions, and what a replay of it observed.
    @Test func recordingsAndReplays() throws {
        let channels = ChannelService(seed: 1)
        let noisy = NoisyService(seed: 1)
        let server = try AnsweringServer(speech: { channels.speak($0, $1) }) { request in
            request.headers["upgrade"] == nil ? noisy.answer(request) : channels.answer(request)
        }
        defer { server.stop() }
        let traces = [try noisy.record(24, in: scratch), try ChannelCheckTests(scratch: scratch).record()]
        let target = ["--target", "http://127.0.0.1:\(server.port)", "--json", "--quiet"]
        let observed = scratch.path("seen.trace.gz")
        var replays: [Run] = []
        for options in [
            ["--speed", "4x", "--observed", observed], ["--max"], ["--rate", "500/s", "--transport", "curl"],
            ["--speed", "4x", "--copies", "2"], ["--speed", "4x", "--correlate", "auto"],
            // Nobody answers there.
            ["--max", "--max-failures", "10000", "--target", "http://127.0.0.1:1"],
        ] {
            let base = options.contains("--target") ? ["--json", "--quiet"] : target
            replays.append(try Program.run(["replay"] + traces + base + options))
        }
        #expect(replays.allSatisfy { $0.status == 0 }, "\(replays.map(\.errors))")
        guard let wrong = try verdicts(replays, "replay") else { return }
        #expect(wrong.isEmpty, "\(wrong.prefix(3))")
        let all = traces + [observed]
        let inspections = try verdicts(try all.map { try Program.run(["inspect", $0, "--json"]) }, "inspect")
        #expect(inspections?.isEmpty == true, "\(inspections?.prefix(3) ?? [])")
        let entries = try verdicts(try all.map { try Program.run(["cat", $0, "--json", "--quiet"]) }, "cat")
        #expect(entries?.isEmpty == true, "\(entries?.prefix(3) ?? [])")
    }

    /// What a plan would send, and what a run of it came to.
    @Test func loadPlans() throws {
        let noisy = NoisyService(seed: 1)
        let server = try AnsweringServer { noisy.answer($0) }
        defer { server.stop() }
        let plan = scratch.path("load.yaml")
        try Data(
            """
            plan: Published
            target: http://127.0.0.1:\(server.port)
            environment: {data: none}
            tenants: {all: {match: path=/*}}
            scenarios: {all: {traces: '\(try noisy.record(24, in: scratch))'}}
            stages:
              baseline: {speed: 4x}
              peak: {max: true}
              knee: {rate: 20/s, duration: 200ms, knee: {up_to: 2x}}
            criteria: [p95 <= 10s of each, p99 <= 2x + 10s against baseline in peak, queue p95 <= 1s]
            probes: {there: {ask: '/items?{number}', every: 10ms}}
            """.utf8
        ).write(to: URL(fileURLWithPath: plan))
        let checks = [[], ["--target", "http://192.0.2.1"]].map { ["plan", "check", plan, "--json"] + $0 }
        let forecasts = try checks.map { try Program.run($0) }
        // The other target is a public one.
        #expect(forecasts.map(\.status) == [0, 1], "\(forecasts.map(\.errors))")
        // Nothing sets a run going, so that nothing is known of the queue.
        let folder = scratch.path("run")
        let run = try Program.run(["plan", "run", plan, "--out", folder, "--json", "--quiet"])
        let report = try Program.run(["plan", "report", folder, "--json"])
        #expect(run.status == 1 && report.status == 1, "\(run.errors)")
        #expect((try run.json()["stages"] as? [Any])?.count == 3)
        guard let wrong = try verdicts(forecasts, "plan-forecast") else { return }
        #expect(wrong.isEmpty, "\(wrong)")
        #expect(try verdicts([run, report], "plan-run") == [])
    }

    /// A schema that takes anything would describe nothing.
    @Test func whatIsWrongIsRefused() throws {
        let request =
            #"{"schema":"tapedeck.cat/1","type":"request","exchange":1,"connection":0,"client":null,"server":null,"#
            + #""scheme":"http","start_ns":1,"end_ns":2,"trailers":[],"body":"","body_length":0,"signature":null,"flags":[]}"#
        let texts = [
            request, request.replacing("cat/1", with: "cat/2"),
            request.replacing("\"request\"", with: "\"response\""),
            request.replacing("\"body\":\"\",", with: ""), request.replacing("[]}", with: "[\"lost\"]}"),
            request.replacing("\"end_ns\":2", with: "\"end_ns\":\"2\""),
        ]
        let path = "Documentation/schemas/cat.json"
        guard let verdicts = try JSONSchema.verdicts(texts.map { Array($0.utf8) }, path, isClosed: true)
        else {
            return
        }
        #expect(verdicts.first == "ok")
        // A request is not a response by its name alone: only a response may go without a signature.
        #expect(verdicts.dropFirst().allSatisfy { $0 != "ok" }, "\(verdicts)")
    }
}
