import Foundation
import LoopbackSockets
import Testing

/// From a capture file to a trace, back out of it, and on to a server.
@Suite(.serialized) struct RoundTripTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func record(_ builder: CaptureBuilder, _ options: [String] = []) throws -> String {
        try builder.file().write(to: scratch.url.appending(path: "in.pcap"))
        let trace = scratch.path("in.trace.gz")
        let run = try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", trace] + options)
        #expect(run.status == 0, "\(run.errors)")
        return trace
    }

    @Test func whatWentInComesOut() throws {
        let trace = try record(.steady(count: 200, seconds: 2, connections: 5), ["--no-anonymize"])
        let messages = try Program.run(["cat", trace, "--json"]).jsonLines()
        let requests = messages.filter { $0["type"] as? String == "request" }
        let responses = messages.filter { $0["type"] as? String == "response" }
        #expect(requests.count == 200)
        #expect(responses.count == 200)
        #expect(
            requests.map { $0["target"] as? String } == (0..<200).map { "/hook?n=\($0)" },
            "in order of start"
        )
        #expect(requests[7]["body"] as? String == #"{"number":7,"state":"open"}"#)
        #expect(requests[7]["body_length"] as? Int == 27)
        #expect((requests[7]["headers"] as? [[String]])?.first == ["Host", "hooks"])
        #expect(responses[7]["status"] as? Int == 200)
        #expect(responses.allSatisfy { $0["body"] as? String == "ok" })
        #expect(Set(requests.compactMap { $0["connection"] as? Int }).count == 5)

        let summary = try Program.run(["inspect", trace, "--json"]).json()
        #expect(summary["requests"] as? Int == 200)
        #expect(summary["responses"] as? Int == 200)
        #expect(summary["connections"] as? Int == 5)
        #expect(summary["finished"] as? Bool == true)
        #expect(summary["lossless"] as? Bool == true)
    }

    /// The whole capture is read in one turn, and still no more is taken than was asked for.
    @Test func theCountIsWhereTheRecordingEnds() throws {
        let trace = try record(.steady(count: 500, seconds: 5, connections: 5), ["--count", "60"])
        let summary = try Program.run(["inspect", trace, "--json"]).json()
        #expect(summary["requests"] as? Int == 60)
        #expect(summary["responses"] as? Int == 60)
    }

    @Test func aRecordingDoesNotReplaceItsInput() throws {
        let path = scratch.path("both")
        let capture = CaptureBuilder.steady(count: 5, seconds: 1, connections: 1).file()
        try capture.write(to: URL(fileURLWithPath: path))
        let run = try Program.run(["record", "-r", path, "-w", path, "--force"])
        #expect(run.status == 2)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == capture)
    }

    @Test func aReplayThatSelectsNothingSaysSo() throws {
        let trace = try record(.steady(count: 5, seconds: 1, connections: 1))
        let run = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:9", "--filter", "path=/nowhere", "--json",
        ])
        #expect(run.status == 3)
        #expect(run.errors.contains("--filter"))
        #expect((try run.json()["requests"] as? [String: Int])?["scheduled"] == 0)
    }

    @Test func everyRequestReachesTheServerOnce() throws {
        let server = try NginxServer()
        let trace = try record(.steady(count: 1000, seconds: 5, connections: 20))
        let run = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--speed", "10x", "--json",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let summary = try run.json()
        let counts = try #require(summary["requests"] as? [String: Int])
        #expect(counts["scheduled"] == 1000)
        #expect(counts["sent"] == 1000)
        #expect(counts["responded"] == 1000)
        #expect(counts["failed"] == 0)
        #expect(summary["statuses"] as? [String: Int] == ["200": 1000])

        let seen = try server.requests()
        #expect(seen.count == 1000)
        #expect(Set(seen.map { $0[3] }) == Set((0..<1000).map { "/hook?n=\($0)" }), "each once, none twice")
        let connections = try #require(summary["connections"] as? [String: Int])
        #expect(connections["recorded"] == 20)
        #expect(Set(seen.map { $0[1] }).count == connections["opened"])
    }

    /// The recorded answer and the server's are the same here, so the check passes; then the recording is of
    /// another server, so it fails, says where, and exits with 1.
    @Test func aCheckTellsSameFromDifferent() throws {
        let server = try NginxServer()
        let target = "http://127.0.0.1:\(server.port)"
        let trace = try record(.steady(count: 50, seconds: 1, connections: 2))
        let junit = scratch.path("junit.xml")
        let same = try Program.run(["check", trace, "--target", target, "--junit", junit, "--json"])
        #expect(same.status == 0, "\(same.errors)")
        #expect(try same.json()["verdict"] as? String == "pass")
        #expect(try same.json()["compared"] as? Int == 50)
        #expect(try String(contentsOfFile: junit, encoding: .utf8).contains("<testsuite"))

        var other = CaptureBuilder()
        var connection = other.open(port: 30_000, at: 1_700_000_000_000_000_000)
        other.send(
            &connection,
            fromClient: true,
            "GET /state HTTP/1.1\r\nHost: hooks\r\n\r\n",
            at: 1_700_000_000_100_000_000
        )
        other.send(
            &connection,
            fromClient: false,
            "HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok",
            at: 1_700_000_000_200_000_000
        )
        other.close(&connection, at: 1_700_000_000_300_000_000)
        try other.file().write(to: scratch.url.appending(path: "other.pcap"))
        let recorded = try Program.run([
            "record", "-r", scratch.path("other.pcap"), "-w", scratch.path("other.trace.gz"),
        ])
        #expect(recorded.status == 0)
        let differs = try Program.run(["check", scratch.path("other.trace.gz"), "--target", target, "--json"])
        #expect(differs.status == 1)
        let regressions = try #require(try differs.json()["regressions"] as? [[String: Any]])
        #expect(regressions.contains { $0["field"] as? String == "status" })
    }

    @Test func anObservedTraceIsComparedWithTheRecording() throws {
        let server = try NginxServer()
        let trace = try record(.steady(count: 40, seconds: 1, connections: 4))
        let observed = scratch.path("observed.trace.gz")
        let replay = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--observed", observed,
        ])
        #expect(replay.status == 0, "\(replay.errors)")
        let check = try Program.run(["check", trace, observed, "--json"])
        #expect(check.status == 0, "\(check.text) \(check.errors)")
        #expect(try check.json()["compared"] as? Int == 40)
    }

    /// A recording is read once more for each loop of the replay; from a pipe it is kept for all of them.
    @Test func everyLoopOfAReplayIsCompared() throws {
        let server = try NginxServer()
        let trace = try record(.steady(count: 30, seconds: 1, connections: 3))
        let observed = scratch.path("observed.trace.gz")
        let replay = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--observed", observed, "--loop",
            "3",
            "--max",
        ])
        #expect(replay.status == 0, "\(replay.errors)")
        let check = try Program.run(["check", trace, observed, "--json"])
        #expect(check.status == 0, "\(check.text) \(check.errors)")
        #expect(try check.json()["compared"] as? Int == 90)
        let piped = try Program.run(
            ["check", "-", observed, "--json"],
            input: try Data(contentsOf: URL(fileURLWithPath: trace))
        )
        #expect(piped.status == 0, "\(piped.text) \(piped.errors)")
        #expect(try piped.json()["compared"] as? Int == 90)
    }

    /// A target that is not there: every request is failed, counted by kind, and the run ends by itself.
    @Test func anAbsentTargetIsAFailureThatEnds() throws {
        let port = try Loopback.freePort()
        let trace = try record(.steady(count: 20, seconds: 1, connections: 2))
        let run = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(port)", "--speed", "10x", "--json",
        ])
        #expect(run.status == 1)
        let counts = try #require(try run.json()["requests"] as? [String: Int])
        #expect(counts["failed"] == 20)
        #expect(try (run.json()["errors"] as? [String: Int])?["connect"] == 20)
    }

    @Test func anInterruptDrainsAndReports() throws {
        let server = try NginxServer()
        let trace = try record(.steady(count: 600, seconds: 60, connections: 2))
        let program = try Program(
            Program.tapedeck,
            ["replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--json"]
        )
        let deadline = Date(timeIntervalSinceNow: 10)
        while try server.requests().count < 3, Date() < deadline { usleepUntilNextLook() }
        program.signal(SIGINT)
        let run = program.finish(within: 20)
        #expect(run.status == 130)
        let counts = try #require(try run.json()["requests"] as? [String: Int])
        #expect(try counts["sent"] == server.requests().count)
        #expect(counts["scheduled"] == counts["sent"]! + counts["skipped"]! + counts["not_sent"]!)
    }
}
