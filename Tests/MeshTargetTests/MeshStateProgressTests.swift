import MeshTarget
import Testing

/// Workflows take their time on a clock that the tests move.
@Suite struct MeshStateProgressTests {
    static let courses: [(slug: String, milliseconds: [Int64], statuses: [String])] = [
        ("harbor-orders", [0, 3, 40, 60], ["queued", "running", "running", "succeeded"]),
        ("harbor-fulfilment", [0, 3, 990, 2003], ["queued", "running", "running", "succeeded"]),
        ("harbor-charges", [0, 3, 70, 90], ["queued", "running", "running", "failed"]),
    ]

    @Test(arguments: courses) func runsTakeTheirTime(slug: String, milliseconds: [Int64], statuses: [String])
    {
        var desk = Desk()
        let run = desk.deliver(slug)
        var seen: [String] = []
        var before: Int64 = 0
        for time in milliseconds {
            desk.wait(milliseconds: time - before)
            before = time
            seen.append(desk.status(of: run))
        }
        #expect(seen == statuses)
        #expect(desk.state.deadline == nil)
    }

    @Test func longRunsTakeHalfAMinuteToAMinute() {
        var desk = Desk()
        let runs = (0..<50).map { desk.deliver("meadow-settlement", id: "\($0)") }
        desk.wait(milliseconds: 30_000)
        #expect(runs.allSatisfy { desk.status(of: $0, tenant: 1) == "running" })
        desk.wait(milliseconds: 15_000)
        let finished = runs.filter { desk.status(of: $0, tenant: 1) == "succeeded" }.count
        #expect(finished > 0 && finished < runs.count)
        desk.wait(milliseconds: 15_003)
        #expect(runs.allSatisfy { desk.status(of: $0, tenant: 1) == "succeeded" })
    }

    @Test func aFailedRunSaysWhy() {
        var desk = Desk()
        let run = desk.deliver("harbor-charges")
        desk.wait(milliseconds: 100)
        let reply = desk.ask(desk.reading("/api/runs/\(run)"))
        #expect(reply.member("error") == "the payment provider refused")
        #expect(reply.member("finished_at") != nil)
        #expect(desk.state.counts.failed == 1)
    }

    /// A wake-up that comes late leaves the same runs behind as one that comes every millisecond.
    @Test func latenessLeavesNoTrace() {
        var punctual = Desk()
        var late = Desk()
        let runs = ["harbor-orders", "harbor-fulfilment", "harbor-charges"].map { punctual.deliver($0) }
        for slug in ["harbor-orders", "harbor-fulfilment", "harbor-charges"] { _ = late.deliver(slug) }
        for _ in 0..<2500 { punctual.wait(milliseconds: 1) }
        late.wait(milliseconds: 2500)
        for run in runs {
            for suffix in ["", "/logs"] {
                let target = "/api/runs/\(run)\(suffix)"
                let expected = punctual.ask(punctual.reading(target)).text
                #expect(late.ask(late.reading(target)).text == expected)
            }
        }
    }

    @Test func holdsTenThousandRunningWorkflows() {
        var desk = Desk()
        let body = "{}"
        for number in 0..<10_000 {
            let slug = ["meadow-settlement", "summit-onboarding"][number % 2]
            #expect(desk.ask(desk.delivery(slug, body, id: "\(number)")).status == 202)
        }
        desk.wait(milliseconds: 29_000)
        #expect(desk.state.counts.unfinished == 10_000)
        #expect(desk.ask(desk.reading("/api/metrics")).text.contains("mesh_runs_unfinished 10000\n"))
        desk.wait(milliseconds: 31_003)
        #expect(desk.state.counts.unfinished == 0)
        #expect(desk.state.counts.succeeded == 10_000)
        #expect(desk.state.counts.peakUnfinished == 10_000)
        #expect(desk.state.deadline == nil)
    }

    @Test func forgetsTheRunsThatFinishedFirst() {
        var limits = MeshLimits()
        limits.finishedRuns = 10
        var desk = Desk(limits: limits)
        var runs: [String] = []
        for number in 0..<3000 {
            var request = desk.delivery("harbor-orders", id: "\(number)")
            request.idempotencyKey = "\(number)"
            runs.append(desk.ask(request).field("X-Run-Id") ?? "")
            desk.wait(milliseconds: 60)
        }
        #expect(desk.state.counts.forgotten == 2990)
        #expect(desk.status(of: runs[2989]) == "")
        #expect(desk.status(of: runs[2990]) == "succeeded")
        let list = desk.ask(desk.reading("/api/runs"))
        #expect(list.text.split(separator: "\"created_at\"").count - 1 == 10)
        // What is forgotten is forgotten whole: the same delivery makes the same run again.
        var again = desk.delivery("harbor-orders", id: "5")
        again.idempotencyKey = "5"
        let reply = desk.ask(again)
        #expect(reply.field("X-Run-Id") == runs[5])
        #expect(reply.field("Idempotent-Replay") == nil)
    }
}
