import Foundation
import Testing

/// A replay in HTTP/2: to a server that negotiates it, into a trace that says so, and on to a comparison.
@Suite(.serialized) struct HTTP2ReplayTests {
    let scratch: Scratch
    let trace: String
    let server: NginxServer

    init() throws {
        scratch = try Scratch()
        trace = scratch.path("in.trace.gz")
        let capture = scratch.path("in.pcap")
        let bytes = CaptureBuilder.steady(count: 100, seconds: 1, connections: 4).file()
        try bytes.write(to: URL(fileURLWithPath: capture))
        let run = try Program.run(["record", "-r", capture, "-w", trace, "--no-anonymize", "--quiet"])
        try #require(run.status == 0, "\(run.errors)")
        server = try NginxServer(overTLS: true)
    }

    private func replay(_ trace: String, observed: String, _ options: [String] = []) throws -> [String: Any] {
        let run = try Program.run(
            [
                "replay", trace, "--target", "https://127.0.0.1:\(server.port)", "--insecure", "--max",
                "--json",
                "--observed", observed,
            ] + options
        )
        #expect(run.status == 0, "\(run.errors)")
        return try run.json()
    }

    private func versions(_ trace: String) throws -> Set<String> {
        let messages = try Program.run(["cat", trace, "--json"]).jsonLines()
        return Set(messages.compactMap { $0["version"] as? String })
    }

    @Test func whatIsObservedIsHTTP2AndComparesWithHTTP1() throws {
        let observed = scratch.path("observed.trace.gz")
        let report = try replay(trace, observed: observed, ["--http-version", "2"])
        #expect(report["protocols"] as? [String: Int] == ["http/2": 100])
        #expect(report["transport"] as? String == "curl")
        #expect(try versions(observed) == ["2"])
        let check = try Program.run(["check", trace, observed])
        #expect(check.status == 0, "\(String(decoding: check.output, as: UTF8.self))")
        // What was recorded in HTTP/2 goes out in it without being asked for.
        let again = scratch.path("again.trace.gz")
        #expect(try replay(observed, observed: again)["protocols"] as? [String: Int] == ["http/2": 100])
        #expect(try versions(again) == ["2"])
        // And in HTTP/1.1 where that is wanted.
        let plain = scratch.path("plain.trace.gz")
        #expect(try replay(observed, observed: plain, ["--http-version", "1.1"])["protocols"] == nil)
        #expect(try versions(plain) == ["1.1"])
    }

    @Test func whatWasRecordedInHTTP1StaysUnasked() throws {
        let observed = scratch.path("observed.trace.gz")
        #expect(try replay(trace, observed: observed)["protocols"] == nil)
        #expect(try versions(observed) == ["1.1"])
    }

    @Test func theWireHasNoHTTP2() throws {
        let run = try Program.run(
            [
                "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--transport", "wire",
                "--http-version", "2",
            ]
        )
        #expect(run.status == 2)
        #expect(run.errors.contains("HTTP/2 takes libcurl: leave out --transport wire, or --http-version 2"))
    }
}
