import Foundation
import LoopbackSockets
import Testing

/// A target that stops answering: the hole shows, memory and connections stay bounded, nothing is forgotten.
@Suite(.serialized) struct HangingTargetTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func record(_ builder: CaptureBuilder) throws -> String {
        try builder.file().write(to: scratch.url.appending(path: "in.pcap"))
        let trace = scratch.path("in.trace.gz")
        let run = try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", trace])
        #expect(run.status == 0, "\(run.errors)")
        return trace
    }

    /// The server is stopped in the middle, as by a long pause of its garbage collection.
    @Test(arguments: ["overflow", "strict"]) func theHoleShowsInTheResponseTime(_ lanes: String) throws {
        let trace = try record(.steady(count: 800, seconds: 4, connections: 10))
        let server = try NginxServer()
        defer { server.resume() }
        let program = try Program(
            Program.tapedeck,
            ["replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--lanes", lanes, "--json"]
        )
        let deadline = Date(timeIntervalSinceNow: 20)
        while try server.requests().count < 100, Date() < deadline { usleepUntilNextLook() }
        try server.pause()
        let pause = Date()
        while Date().timeIntervalSince(pause) < 1.5 { usleepUntilNextLook() }
        let hole = Date().timeIntervalSince(pause)
        server.resume()
        let run = program.finish()
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json()
        let counts = try #require(report["requests"] as? [String: Int])
        #expect(counts["responded"] == 800 && counts["sent"] == 800 && counts["scheduled"] == 800)

        // A request was due at most 5 ms after the pause began, and some may have been under way.
        let least = Int((hole - 0.3) * 1e6)
        let response = try #require(report["response_time_us"] as? [String: Int])
        let service = try #require(report["service_time_us"] as? [String: Int])
        #expect((response["max"] ?? 0) >= least)
        // A fifth of the requests and more were due in the hole, whether or not they could be sent.
        #expect((response["p90"] ?? 0) > 100_000)
        // Ten of them were on the lanes, the rest went out when it was over: the service time knows nothing of it.
        if lanes == "strict" { #expect((service["p90"] ?? .max) < (response["p90"] ?? 0)) }
        let rates = try #require(report["rates"] as? [String: Any])
        #expect(((rates["response_max_us"] as? [Int])?.max() ?? 0) >= least)
        #expect((rates["responded"] as? [Int])?.reduce(0, +) == 800)
        let silence = try #require(report["longest_silence"] as? [String: Any])
        #expect((silence["seconds"] as? Double ?? 0) >= hole - 0.3)
        #expect((silence["waiting"] as? Int ?? 0) > 0)
    }

    /// A server that takes connections and never says a word, and a process that may hold 200 of them.
    @Test(arguments: ["wire", "curl"]) func whatCouldNotBeSentIsCountedAsSuch(_ transport: String) throws {
        let trace = try record(.steady(count: 6_000, seconds: 3, connections: 600))
        let server = try SilentServer()
        let command =
            "ulimit -n 300; exec \"$TAPEDECK\" replay '\(trace)' --target http://127.0.0.1:\(server.port)"
            + " --timeout 1s --duration 2s --transport \(transport) --max-failures 100000 --json"
        let run = try Program("/bin/sh", ["-c", command], environment: ["TAPEDECK": Program.tapedeck])
            .finish()
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json()
        let counts = try #require(report["requests"] as? [String: Int])
        let sent = try #require(counts["sent"])
        let notSent = try #require(counts["not_sent"])
        // All that was due in two seconds, sent or not.
        #expect(counts["scheduled"] == 4_000 && sent + notSent == 4_000)
        #expect(counts["failed"] == sent && (report["errors"] as? [String: Int])?["timeout"] == sent)
        #expect(sent >= 200 && sent <= 800 && report["peak_outstanding"] as? Int == 200)
        #expect((report["limit_waits"] as? Int ?? 0) > 0)
        #expect(report["bottleneck"] as? String == "target")
        let silence = try #require(report["longest_silence"] as? [String: Any])
        #expect((silence["seconds"] as? Double ?? 0) >= 0.9)
        let rates = try #require(report["rates"] as? [String: Any])
        #expect((rates["requested"] as? [Int])?.reduce(0, +) == 4_000)
    }
}

/// A port that takes connections and says nothing: nobody ever accepts them.
private final class SilentServer {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        (descriptor, port) = try Loopback.listen(backlog: 4_096)
    }

    deinit { close(descriptor) }
}
