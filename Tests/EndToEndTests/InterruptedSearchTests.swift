import Foundation
import Testing

/// A search for the limit that is interrupted, with the built program.
@Suite(.serialized) struct InterruptedSearchTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Whatever a step shows whose last answers nobody waited for, it is no step of the search.
    @Test(arguments: [0, 1])
    func aStepThatIsCutShortCountsForNothing(_ whole: Int) throws {
        let server = try NginxServer()
        let requests = (0..<200).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
        _ = try scratch.record(requests, named: "in") { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        }
        let yaml = """
            plan: Search
            target: http://127.0.0.1:\(server.port)
            scenarios: {all: {traces: in.trace.gz}}
            stages: {knee: {rate: 50/s, duration: 2s, keep_observed: false}}
            criteria: [p95 <= 30s]
            """
        try Data(yaml.utf8).write(to: scratch.url.appending(path: "load.yaml"))
        let program = try Program(
            Program.tapedeck,
            ["plan", "run", scratch.path("load.yaml"), "--out", scratch.path("run"), "--json"]
        )
        if whole > 0 { _ = try program.waitForErrors { $0.contains(": held") } }
        let before = try server.requests().count
        let deadline = Date(timeIntervalSinceNow: 20)
        while try server.requests().count < before + 10, Date() < deadline { usleepUntilNextLook() }
        program.signal(SIGINT)
        let run = program.finish(within: 30)
        #expect(run.status == 130, "\(run.errors)")
        let report = try run.json()
        #expect(report["ended_early"] as? String == "interrupted in stage knee")
        let knee = report["knee"] as? [String: Any]
        #expect((knee?["steps"] as? [Any])?.count ?? 0 == whole)
        #expect((knee == nil) == (whole == 0))
        let stage = try #require((report["stages"] as? [[String: Any]])?.first)
        let remarks = stage["remarks"] as? [String] ?? []
        #expect(remarks.contains("the search was interrupted in step \(whole + 1)"), "\(remarks)")
    }
}
