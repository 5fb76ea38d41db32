import Foundation
import Testing

/// The page of a replay and of a check, as the commands write it.
@Suite(.serialized) struct ReportTests {
    let scratch: Scratch
    let server: NginxServer
    let trace: String

    /// Half a second, 400 requests a second.
    init() throws {
        scratch = try Scratch()
        server = try NginxServer()
        trace = scratch.path("in & <out>.trace.gz")
        try CaptureBuilder.steady(count: 200, seconds: 1, connections: 10).file()
            .write(to: scratch.url.appending(path: "in.pcap"))
        let recorded = try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", trace])
        #expect(recorded.status == 0, "\(recorded.errors)")
    }

    private var target: String { "http://127.0.0.1:\(server.port)" }

    @Test func aReplayWritesItsPage() throws {
        let file = scratch.path("run.html")
        let run = try Program.run([
            "replay", trace, "--target", target, "--speed", "2x", "--json", "--report", file,
            "--set", "sample=1", "--filter", "path=/**",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let page = try String(contentsOfFile: file, encoding: .utf8)
        #expect(page.contains("<section class=\"verdict "))
        #expect(page.contains("in &amp; &lt;out&gt;.trace.gz") && !page.contains("<out>"))
        // The command line is there to be run again.
        #expect(page.contains("--speed 2x --json --report"))
        #expect(
            page.contains("The recording") && page.contains("200 requests, 200 responses on 10 connections")
        )
        // What is drawn is what was sent.
        let course = try #require(try run.json()["over_time"] as? [String: Any])
        #expect((course["requested"] as? [Int])?.reduce(0, +) == 200)
        #expect((course["2xx"] as? [Int])?.reduce(0, +) == 200)
        let routes = try #require(try run.json()["routes"] as? [[String: Any]])
        #expect(routes.reduce(0) { $0 + ($1["sent"] as? Int ?? 0) } == 200)
        #expect(routes.allSatisfy { ($0["response_bytes"] as? Int ?? 0) > 0 })
    }

    /// A run is not to be made for nothing.
    @Test func whereNoPageCanBeWrittenNothingIsSent() throws {
        let run = try Program.run([
            "replay", trace, "--target", target, "--report", scratch.path("nowhere/run.html"),
        ])
        #expect(run.status == 2 && run.text.isEmpty)
        #expect(
            run.errors.contains("cannot write") && run.errors.contains("nowhere/run.html"),
            "\(run.errors)"
        )
    }

    @Test func aCheckWritesItsPage() throws {
        let file = scratch.path("check.html")
        let run = try Program.run([
            "check", trace, "--target", target, "--speed", "10x", "--report", file, "--quiet",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let page = try String(contentsOfFile: file, encoding: .utf8)
        #expect(page.contains("<section class=\"verdict good\">") && page.contains("PASS"))
        #expect(page.contains("The recording") && page.contains("tapedeck check "))
    }

    /// A terminal that is wide enough has small plots behind the text; a pipe has none.
    @Test func plotsAreForTerminals() throws {
        let arguments = ["replay", trace, "--target", target, "--quiet"]
        #expect(try !Program.run(arguments).text.contains("over the run"))
        let terminal = try PseudoTerminal(columns: 100, rows: 40)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Program.tapedeck)
        process.arguments = arguments
        process.standardOutput = terminal.program
        process.standardError = terminal.program
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let text = terminal.read()
        #expect(process.terminationStatus == 0)
        #expect(text.contains("over the run") && text.contains("response p99  "), "\(text)")
        #expect(text.split(whereSeparator: \.isNewline).allSatisfy { $0.count < 100 })
    }
}
