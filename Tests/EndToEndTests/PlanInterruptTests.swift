import Foundation
import Synchronization
import Testing

/// Ctrl-C while a load plan runs, with the built program.
@Suite(.serialized) struct PlanInterruptTests {
    /// The replays of the last stage are over, and runs that do not end are waited for: the run ends early all the
    /// same, and what was not looked at is no pass.
    @Test func anInterruptWhileRunsAreWaitedForIsTold() throws {
        let scratch = try Scratch()
        let made = Atomic<Int>(0)
        let service = try AnsweringServer { request in
            if request.method == "POST" {
                let number = made.add(1, ordering: .relaxed).newValue
                return WorkflowModel.response(202, #"{"run_id":"r\#(number)"}"#)
            }
            let runs = (0..<made.load(ordering: .relaxed)).map { #"{"id":"r\#($0 + 1)","status":"running"}"# }
            return WorkflowModel.response(200, #"{"runs":[\#(runs.joined(separator: ","))],"next":null}"#)
        }
        defer { service.stop() }
        try CaptureBuilder.steady(count: 100, seconds: 1, connections: 2).file()
            .write(to: scratch.url.appending(path: "in.pcap"))
        let recorded = try Program.run([
            "record", "-r", scratch.path("in.pcap"), "-w", scratch.path("in.trace.gz"),
        ])
        #expect(recorded.status == 0, "\(recorded.errors)")
        let plan = """
            plan: Stuck
            target: http://127.0.0.1:\(service.port)
            scenarios: {all: {traces: in.trace.gz}}
            stages: {peak: {speed: 2x}}
            criteria: [success >= 100%]
            executions: {of: POST /hook, poll: /runs, interval: 50ms, deadline: 10m}
            probes: {planted: {ask: POST /planted, headers: 'X-Key: {secret}', body: '{}', expect: 202, every: 20ms}}
            canaries: {commands: {kept: [touch, \(scratch.path("looked-at"))]}}
            """
        try Data(plan.utf8).write(to: scratch.url.appending(path: "load.yaml"))
        let run = try Program(
            Program.tapedeck,
            ["plan", "run", scratch.path("load.yaml"), "--out", scratch.path("run"), "--json"]
        )
        // It has its name when the replay is over.
        let observed = scratch.path("run/stages/peak/all.observed.trace.gz")
        let deadline = Date(timeIntervalSinceNow: 30)
        while !FileManager.default.fileExists(atPath: observed), Date() < deadline { usleepUntilNextLook() }
        run.signal(SIGINT)
        let ended = run.finish(within: 30)
        #expect(ended.status == 130, "\(ended.errors)")
        let report = try ended.json()
        #expect(report["ended_early"] as? String == "interrupted in stage peak")
        let rows = try #require(report["acceptance"] as? [[String: Any]])
        let verdicts = rows.map { "\($0["criterion"] ?? ""): \($0["verdict"] ?? "")" }
        #expect(verdicts.contains("success >= 100%: pass"))
        #expect(verdicts.contains("planted values found = 0: unknown"), "\(verdicts)")
        let stage = try #require((report["stages"] as? [[String: Any]])?.first)
        let remarks = try #require(stage["remarks"] as? [String])
        #expect(
            remarks.contains { $0.hasSuffix("runs had no end when the stage was interrupted") },
            "\(remarks)"
        )
        #expect(remarks.contains("what kept shows (interrupted) could not be searched for planted values"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("looked-at")))
    }
}
