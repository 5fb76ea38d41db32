import Foundation
import Testing

/// Incidents of a stage with the built program: whether they took place, and whether they were mended.
@Suite(.serialized) struct StageIncidentTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A plan of one stage with these incidents, in which `{at}` is the folder of the test.
    private func plan(_ incidents: String, on port: UInt16, duration: String) throws -> String {
        let requests = (0..<20).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
        _ = try scratch.record(requests, named: "in") { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        }
        let yaml = """
            plan: Incidents
            target: http://127.0.0.1:\(port)
            scenarios: {all: {traces: in.trace.gz}}
            stages:
              recovery:
                rate: 40/s
                duration: \(duration)
                keep_observed: false
                incidents:
                  \(incidents.replacing("{at}", with: scratch.url.path).replacing("\n", with: "\n      "))
            """
        try Data(yaml.utf8).write(to: scratch.url.appending(path: "load.yaml"))
        return scratch.path("load.yaml")
    }

    private func isThere(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: scratch.path(name))
    }

    /// What was said of the only stage.
    private func stage(_ report: [String: Any]) throws -> (isSound: Bool?, remarks: [String]) {
        let stage = try #require((report["stages"] as? [[String: Any]])?.first)
        return (stage["sound"] as? Bool, stage["remarks"] as? [String] ?? [])
    }

    private struct Row {
        var incidents: String
        var isSound: Bool
        /// What the remarks say in this order.
        var remarks: [String]
        /// What the commands leave; `began` and `mended` are all that there may be.
        var files: [String]
        var reason: String
    }

    private static let rows = [
        Row(
            incidents: "cut: {after: 50ms, run: [touch, '{at}/began'], mend: [touch, '{at}/mended']}",
            isSound: true,
            remarks: ["incident cut after 50.0 ms: done", "incident cut was mended"],
            files: ["began", "mended"],
            reason: "all goes well"
        ),
        Row(
            incidents: "cut: {after: 50ms, run: 'false', mend: [touch, '{at}/mended']}",
            isSound: false,
            remarks: ["incident cut after 50.0 ms: its command ended with 1", "incident cut was mended"],
            files: ["mended"],
            reason: "a command that fails may have broken something"
        ),
        Row(
            incidents: "cut: {after: 50ms, run: no-such-program}",
            isSound: false,
            remarks: ["incident cut after 50.0 ms: cannot run no-such-program: No such file or directory"],
            files: [],
            reason: "nothing was broken"
        ),
        Row(
            incidents: "cut: {after: 1h, run: [touch, '{at}/began'], mend: [touch, '{at}/mended']}",
            isSound: false,
            remarks: ["the stage was over before 1 of its incidents"],
            files: [],
            reason: "what has not begun is not mended"
        ),
        Row(
            incidents: "cut: {after: 50ms, run: [touch, '{at}/began'], mend: 'false'}",
            isSound: false,
            remarks: [
                "incident cut after 50.0 ms: done", "incident cut was not mended: its command ended with 1",
            ],
            files: ["began"],
            reason: "the stage leaves something broken"
        ),
        Row(
            incidents: """
                one: {after: 50ms, run: [touch, '{at}/began'], mend: [test, -e, '{at}/mended']}
                two: {after: 100ms, run: [test, -e, '{at}/began'], mend: [touch, '{at}/mended']}
                """,
            isSound: true,
            remarks: [
                "incident one after 50.0 ms: done", "incident two after 100 ms: done",
                "incident two was mended",
                "incident one was mended",
            ],
            files: ["began", "mended"],
            reason: "the last to break is the first to be mended"
        ),
    ]

    @Test(arguments: rows.indices)
    func anIncidentTakesPlaceOrIsTold(_ index: Int) throws {
        let row = Self.rows[index]
        let server = try NginxServer()
        let plan = try plan(row.incidents, on: server.port, duration: "500ms")
        let run = try Program.run(["plan", "run", plan, "--out", scratch.path("run"), "--json"])
        #expect(run.status == (row.isSound ? 0 : 1), "\(row.reason): \(run.text) \(run.errors)")
        let (isSound, remarks) = try stage(run.json())
        #expect(isSound == row.isSound, "\(row.reason)")
        #expect(remarks.filter { $0.contains("incident") } == row.remarks, "\(row.reason)")
        #expect(["began", "mended"].filter(isThere) == row.files, "\(row.reason)")
    }

    /// An interrupt ends a command that would go on for ever, with all that it has started, and what it broke is mended.
    @Test func anInterruptLeavesNothingBroken() throws {
        let server = try NginxServer()
        let incidents = """
            cut: {after: 50ms, run: [sh, -c, 'sleep 600 & echo $! > {at}/process; wait'], mend: [touch, '{at}/mended']}
            heal: {after: 100ms, run: [touch, '{at}/began']}
            """
        let plan = try plan(incidents, on: server.port, duration: "10m")
        let program = try Program(
            Program.tapedeck,
            ["plan", "run", plan, "--out", scratch.path("run"), "--json"]
        )
        let deadline = Date(timeIntervalSinceNow: 20)
        var process: Int32?
        while process == nil, Date() < deadline {
            let text = try? String(contentsOfFile: scratch.path("process"), encoding: .utf8)
            process = text.flatMap { $0.hasSuffix("\n") ? Int32($0.dropLast()) : nil }
            usleepUntilNextLook()
        }
        let sleeper = try #require(process)
        program.signal(SIGINT)
        let run = program.finish(within: 40)
        #expect(run.status == 130, "\(run.errors)")
        let (isSound, remarks) = try stage(run.json())
        #expect(isSound == false)
        #expect(remarks.contains("incident cut after 50.0 ms: its command did not end, and was stopped"))
        #expect(remarks.contains("the stage was over before 1 of its incidents"))
        #expect(isThere("mended") && !isThere("began"))
        // It may stay in the table of processes until whoever inherited it looks; then it runs no longer.
        let state = try? String(contentsOfFile: "/proc/\(sleeper)/stat", encoding: .utf8)
        #expect(state.map { $0.contains(") Z ") || !$0.contains("sleep") } ?? true, "\(state ?? "")")
    }
}
