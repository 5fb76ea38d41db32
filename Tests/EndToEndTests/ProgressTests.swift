import Foundation
import LoopbackSockets
import Testing

/// What a replay tells while it runs.
@Suite(.serialized) struct ProgressTests {
    let scratch: Scratch
    let server: NginxServer
    let trace: String

    /// Three seconds, 200 requests a second.
    init() throws {
        scratch = try Scratch()
        server = try NginxServer()
        trace = scratch.path("in.trace.gz")
        try CaptureBuilder.steady(count: 600, seconds: 3, connections: 10).file()
            .write(to: scratch.url.appending(path: "in.pcap"))
        let recorded = try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", trace])
        #expect(recorded.status == 0, "\(recorded.errors)")
    }

    private func arguments(_ options: [String]) -> [String] {
        ["replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--json"] + options
    }

    @Test func oneObjectASecond() throws {
        let run = try Program.run(arguments(["--progress", "json"]))
        #expect(run.status == 0, "\(run.errors)")
        let objects = try run.errors.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(objects.count >= 3 && objects.allSatisfy { $0["schema"] as? String == "tapedeck.progress/1" })
        var last = 0.0
        for object in objects {
            let elapsed = try #require(object["elapsed_seconds"] as? Double)
            #expect(elapsed > last)
            last = elapsed
            let requests = try #require(object["requests"] as? [String: Int])
            let ended = ["responded", "failed", "aborted", "in_flight"].reduce(0) { $0 + (requests[$1] ?? 0) }
            #expect(requests["sent"] == ended && (requests["due"] ?? 0) >= ended)
            #expect(((object["response_time_us"] as? [String: Int])?["p50"] ?? 0) > 0)
        }
        let end = try #require(objects.last)
        #expect(end["phase"] as? String == "done" && end["remaining_seconds"] is NSNull)
        #expect((end["requests"] as? [String: Int])?["responded"] == 600)
        // What was measured second by second is what was measured in all.
        #expect(objects.reduce(0) { $0 + ($1["interval_responded"] as? Int ?? 0) } == 600)
        let first = try #require(objects.first)
        #expect(first["phase"] as? String == "running")
        let left = try #require(first["remaining_seconds"] as? Double)
        #expect(left > 0 && left < 3)
    }

    @Test func aLineASecondWhereItIsAskedFor() throws {
        let run = try Program.run(arguments(["--progress", "plain", "--speed", "2x"]))
        #expect(run.status == 0)
        let lines = run.errors.split(separator: "\n")
        #expect(lines.count >= 2 && lines.allSatisfy { $0.contains(" in flight") })
        #expect(!run.errors.contains("\u{1B}"))
    }

    /// Nobody looks, so nothing is said.
    @Test func withoutATerminalItIsSilent() throws {
        #expect(try Program.run(arguments(["--speed", "10x"])).errors == "")
    }

    @Test func aTerminalShowsAViewAndIsLeftClean() throws {
        let terminal = try PseudoTerminal(columns: 60, rows: 20)
        let (text, status) = try terminal.run(arguments([]))
        #expect(status == 0)
        var screen = Screen()
        var seen: [String] = []
        for frame in text.split(separator: "\u{1B}[?2026l") {
            screen.show(String(frame))
            seen.append(screen.text)
        }
        #expect(screen.unknown == [] && screen.widest < 60)
        #expect(seen.last == "", "nothing of it is left")
        let full = try #require(seen.last { $0.contains("█") && $0.contains("/s asked") })
        for word in ["█", " left\n", "in flight", "response time", "send error", "answers        200: "] {
            #expect(full.contains(word), "\(full)")
        }
        // It is drawn over, never below.
        #expect(seen.allSatisfy { $0.split(separator: "\n").count <= 8 })
    }

    @Test func aTerminalThatCannotRedrawGetsLines() throws {
        let terminal = try PseudoTerminal(columns: 200, rows: 20)
        let (text, _) = try terminal.run(arguments(["--speed", "2x"]), term: "dumb")
        #expect(!text.contains("\u{1B}[?") && text.contains(" in flight; response p50 "))
    }

    @Test func metricsAreAnsweredWhileItRuns() throws {
        let program = try Program(
            Program.tapedeck,
            arguments(["--metrics-addr", "127.0.0.1:0", "--loop", "10"])
        )
        let said = try program.waitForErrors { $0.contains("/metrics") }
        let match = try #require(said.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/metrics/))
        let port = try #require(UInt16(match.1))
        let deadline = Date(timeIntervalSinceNow: 20)
        var text = ""
        while text.firstMatch(of: /responses_total\{status="200"\} [1-9]/) == nil, Date() < deadline {
            text = try Loopback.get(port, "/metrics")
            usleepUntilNextLook()
        }
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(text.contains("Content-Type: text/plain; version=0.0.4"))
        for sample in [
            /tapedeck_replay_requests_sent_total [1-9]/, /tapedeck_replay_achieved_rate [1-9]/,
            /tapedeck_replay_response_time_seconds\{quantile="0\.99"\} 0\.\d+/,
            /tapedeck_replay_resident_bytes [1-9]/,
        ] {
            #expect(text.firstMatch(of: sample) != nil, "\(text)")
        }
        program.signal(SIGINT)
        #expect(program.finish().status == 130)
    }

    @Test(arguments: [
        (["--progress", "loud"], "loud"), (["--metrics-addr", "nowhere"], "--metrics-addr"),
    ]) func whatCannotBeMeantIsRefused(_ options: [String], _ word: String) throws {
        let run = try Program.run(arguments(options))
        #expect(run.status == 2 && run.errors.contains(word), "\(run.errors)")
    }
}
