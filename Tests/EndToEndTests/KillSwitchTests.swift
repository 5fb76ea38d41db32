import Foundation
import LoopbackSockets
import Testing

/// A replay that is stopped by what it meets: it drains, says why, and fails.
@Suite(.serialized) struct KillSwitchTests {
    let scratch: Scratch
    let trace: String

    /// A minute of requests, 100 a second.
    init() throws {
        scratch = try Scratch()
        trace = scratch.path("in.trace.gz")
        try CaptureBuilder.steady(count: 6_000, seconds: 60, connections: 10).file()
            .write(to: scratch.url.appending(path: "in.pcap"))
        let recorded = try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", trace])
        #expect(recorded.status == 0, "\(recorded.errors)")
    }

    @Test(arguments: [("errors > 50% for 1s", "share"), ("failures > 1% for 500ms", "share")])
    func aTargetThatIsNotThereStopsTheRun(_ condition: String, _ figure: String) throws {
        let port = try Loopback.freePort()
        let run = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(port)", "--abort-if", "p50 > 5s for 10s",
            "--abort-if", condition, "--max-failures", "100000", "--json",
        ])
        #expect(run.status == 1, "\(run.errors)")
        let report = try run.json()
        let abortion = try #require(report["aborted_by"] as? [String: Any])
        #expect(abortion["condition"] as? String == condition)
        #expect(abortion[figure] as? Double == 1)
        #expect(report["interrupted"] as? Bool == false)
        let counts = try #require(report["requests"] as? [String: Int])
        let after = try #require(abortion["after_seconds"] as? Double)
        #expect(counts["failed"] == counts["sent"])
        #expect((counts["sent"] ?? 0) > 20 && after < 30)
        #expect(counts["scheduled"] == (counts["sent"] ?? 0) + (counts["not_sent"] ?? 0))
    }

    @Test func aTargetThatAnswersStopsNothing() throws {
        let server = try NginxServer()
        let run = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--speed", "40x", "--json",
            "--abort-if", "errors > 0% for 100ms", "--abort-if", "p99 > 20s for 100ms",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json()
        #expect(report["aborted_by"] is NSNull)
        #expect((report["requests"] as? [String: Int])?["responded"] == 6_000)
    }

    @Test func theTextSaysWhyItStopped() throws {
        let port = try Loopback.freePort()
        let run = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(port)", "--abort-if", "errors>50%   for 300ms",
        ])
        #expect(run.status == 1)
        #expect(
            run.text.firstMatch(
                of: /\nstopped       errors > 50% for 300ms, after [^:]+: 100 % of the requests\n/
            )
                != nil,
            "\(run.text)"
        )
    }
}
