import Foundation
import LoopbackSockets
import Testing

/// Replays by plan with the built program: what a plan says is what arrives at the target.
@Suite(.serialized) struct PlanTests {
    let scratch: Scratch
    let trace: String

    /// Two seconds of requests, 500 a second on ten connections.
    init() throws {
        scratch = try Scratch()
        trace = scratch.path("in.trace.gz")
        try CaptureBuilder.steady(count: 1_000, seconds: 2, connections: 10).file()
            .write(to: scratch.url.appending(path: "in.pcap"))
        let recorded = try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", trace])
        #expect(recorded.status == 0, "\(recorded.errors)")
    }

    private func write(_ yaml: String) throws -> String {
        try Data(yaml.utf8).write(to: scratch.url.appending(path: "plan.yaml"))
        return scratch.path("plan.yaml")
    }

    private func counts(_ report: [String: Any]) throws -> [String: Int] {
        try #require(report["requests"] as? [String: Int])
    }

    /// A name that no resolver knows is reached as the plan says, and elsewhere as the command line says.
    @Test func theTargetIsReachedAsItIsSaid() throws {
        let server = try NginxServer()
        let plan = try write(
            """
            target: http://staging.invalid:\(server.port)
            resolve: staging.invalid:\(server.port):127.0.0.1
            source_address: [127.0.0.2, 127.0.0.3]
            speed: 10x
            """
        )
        let run = try Program.run(["replay", trace, "--plan", plan, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try counts(try run.json())["responded"] == 1_000)
        let other = ["--resolve", "staging.invalid:\(server.port):8.8.8.8"]
        let refused = try Program.run(["replay", trace, "--plan", plan] + other)
        #expect(refused.status == 2)
        #expect(refused.errors.contains("its address 8.8.8.8 is public"), "\(refused.errors)")
        let wire = ["--transport", "wire", "--cacert", "/dev/null"]
        let contradiction = try Program.run(["replay", trace, "--plan", plan] + wire)
        #expect(contradiction.status == 2 && contradiction.errors.contains("--cacert takes libcurl"))
    }

    @Test func aPlanSaysEverything() throws {
        let server = try NginxServer()
        let plan = try write(
            """
            target: http://127.0.0.1:\(server.port)
            session: connection
            sample: 0.5
            seed: 4
            speed: [2x for 500ms, 4x for 1m]
            copies: {count: 3, spread: 200ms}
            habits: {duplicates: {share: 10%, after: 10ms..50ms}}
            max_failures: 0
            """
        )
        let run = try Program.run(["replay", trace, "--plan", plan, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json()
        let counts = try counts(report)
        let load = try #require(report["load"] as? [String: Any])
        let habits = try #require(report["habits"] as? [String: Any])
        let sessions = try #require(load["sessions"] as? Int)
        let duplicates = try #require(habits["duplicates"] as? Int)
        // A hundred requests on each connection.
        #expect((1...9).contains(sessions))
        #expect(counts["scheduled"] == sessions * 300 + duplicates)
        #expect(counts["responded"] == counts["scheduled"])
        #expect(habits["duplicates_accepted"] as? Int == duplicates && duplicates > 0)
        #expect(load["kinds"] as? [String] == ["copies", "speed"])
        #expect(load["course"] as? String == "2x for 500ms, 4x for 1m")
        #expect(load["seed"] as? Int == 4)
        #expect(report["speed"] is NSNull)
        // What the target saw is what the report says.
        #expect(try server.requests().count == counts["sent"])
        // The same seed makes the same run; a flag counts more than the file, a setting too.
        let again = try Program.run(["replay", trace, "--plan", plan, "--json", "--speed", "20x"]).json()
        #expect(try self.counts(again) == counts)
        #expect(again["speed"] as? Double == 20)
        let other = try Program.run(
            [
                "replay", trace, "--plan", plan, "--json", "--set", "copies=1", "--set", "habits={}", "--set",
                "speed=20x",
            ]
        ).json()
        #expect(try self.counts(other)["scheduled"] == sessions * 100)
    }

    @Test func shardsMakeUpTheWhole() throws {
        let server = try NginxServer()
        var sent = 0
        for shard in 1...3 {
            let run = try Program.run([
                "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--session", "connection",
                "--shard", "\(shard)/3", "--speed", "20x", "--json",
            ])
            #expect(run.status == 0, "\(run.errors)")
            sent += try counts(run.json())["sent"] ?? 0
        }
        #expect(sent == 1_000)
        let targets = try server.requests().map { $0[3] }
        #expect(Set(targets).count == 1_000 && targets.count == 1_000)
    }

    @Test func aDryRunSendsNothing() throws {
        let server = try NginxServer()
        let arguments = [
            "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--speed", "2x", "--copies", "2",
            "--set",
            "copies.spread=1s",
        ]
        let run = try Program.run(arguments + ["--dry-run", "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let forecast = try run.json()
        #expect(forecast["schema"] as? String == "tapedeck.replay-forecast/1")
        #expect((forecast["requests"] as? [String: Int])?["to_send"] == 2_000)
        let peak = try #require(forecast["peak"] as? [String: Int])
        let routes = try #require(forecast["routes"] as? [[String: Any]])
        #expect(
            routes.count == 1 && routes[0]["route"] as? String == "/hook"
                && routes[0]["count"] as? Int == 2_000
        )
        #expect(routes[0]["peak"] as? [String: Int] == peak)
        #expect((900...2_000).contains(peak["per_second"] ?? 0))
        #expect(try server.requests().isEmpty)
        let text = try Program.run(arguments + ["--dry-run"])
        #expect(text.text.contains("would send    2,000 of 2,000 requests"))
        // A target that would be refused is told, and nothing fails.
        let refused = try Program.run(["replay", trace, "--target", "http://8.8.8.8", "--dry-run"])
        #expect(refused.status == 0 && refused.text.contains("REFUSED"), "\(refused.text)\(refused.errors)")
    }

    @Test func onlySafeMethodsLeaveNothingOfWebhooks() throws {
        let server = try NginxServer()
        let run = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--only-safe-methods", "--json",
        ])
        let report = try run.json()
        #expect(try counts(report)["skipped"] == 1_000)
        #expect(report["skip_reasons"] as? [String: Int] == ["unsafe-method": 1_000])
        #expect(try server.requests().isEmpty)
    }

    /// A sender whose target is down tries again by its schedule, and every attempt is accounted for.
    @Test func failedDeliveriesComeAgain() throws {
        let port = try Loopback.freePort()
        let run = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(port)", "--speed", "20x", "--max-failures",
            "9999", "--json",
            "--set", "habits.retries={schedule: [20ms, 50ms], time: real}", "--set", "filter=path=/hook",
            "--to", "200ms",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json()
        let counts = try counts(report)
        #expect(counts["scheduled"] == 300 && counts["failed"] == 300 && counts["not_sent"] == 0)
        let retries = try #require((report["habits"] as? [String: Any])?["retries"] as? [String: Int])
        #expect(retries["scheduled"] == 200 && retries["sent"] == 200 && retries["exhausted"] == 100)
    }

    /// What clients do wrong on purpose is no failure of the target, and every request is accounted for.
    @Test func clientsBehaveBadlyOnPurpose() throws {
        let server = try NginxServer()
        let plan = try write(
            """
            target: http://127.0.0.1:\(server.port)
            speed: 4x
            seed: 3
            faults:
              slow_readers: {share: 5%, bytes_per_second: 1000000, time: 20ms}
              half_open: {share: 10%, time: 50ms}
              aborted_bodies: 10%
            observed: \(scratch.path("observed.trace.gz"))
            """
        )
        let run = try Program.run(["replay", trace, "--plan", plan, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json()
        let counts = try counts(report)
        let faults = try #require(report["faults"] as? [String: Any])
        var cut = 0
        for kind in ["slow_reader", "half_open", "aborted_body"] {
            let fault = try #require(faults[kind] as? [String: Int], "\(faults)")
            #expect(fault["injected"] == (fault["responded"] ?? 0) + (fault["cut"] ?? 0))
            // Of 1,000 requests, a twentieth or a tenth.
            #expect((20...160).contains(fault["injected"] ?? 0), "\(kind): \(fault)")
            cut += fault["cut"] ?? 0
        }
        #expect(counts["failed"] == 0 && counts["aborted"] == cut && cut > 100)
        #expect(counts["sent"] == 1_000 && counts["responded"] == 1_000 - cut)
        let observed = try Program.run(["inspect", scratch.path("observed.trace.gz"), "--json"])
        #expect(try observed.json()["responses"] as? Int == counts["responded"])
    }

    @Test(
        arguments: [
            (
                ["--plan", "nowhere.yaml"],
                "tapedeck: --plan: nowhere.yaml: cannot be read: No such file or directory\n"
            ),
            (
                ["--set", "speed=fast"],
                "tapedeck: --set speed: 'fast' is not a speed: give one like 2x, 0.5 or 150%\n"
            ),
            (["--set", "seed=3"], "tapedeck: a target is missing: --target URL, or 'target' in the plan\n"),
            (
                ["--set", "target=http://127.0.0.1:1", "--set", "loop=endless"],
                "tapedeck: an endless loop takes a duration that ends it: --duration 10m\n"
            ),
            (
                ["--set", "target=https://127.0.0.1:1", "--set", "faults.half_open=1%"],
                "tapedeck: the plan gives clients faults, which only the wire transport has; it takes an http:// target, "
                    + "and no --transport curl\n"
            ),
        ] as [([String], String)]
    )
    func mistakesAreToldBeforeAnythingIsSent(_ arguments: [String], _ message: String) throws {
        let run = try Program.run(["replay", trace] + arguments)
        #expect(run.status == 2)
        #expect(run.errors == message)
    }

    @Test func aMistypedKeyIsNamedWithItsPlace() throws {
        let run = try Program.run([
            "replay", trace, "--plan", try write("target: http://127.0.0.1:1\nspede: 2x\n"),
        ])
        #expect(run.status == 2)
        #expect(
            run.errors.contains("plan.yaml:2:1: unknown key 'spede', did you mean 'speed'?"),
            "\(run.errors)"
        )
    }
}
