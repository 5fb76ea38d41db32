import Messages
import Packets
import Replay
import SeededRandom
import Testing
import Traces

/// The load over a run: what a course of speeds makes of intended times.
@Suite struct SpeedCurveTests {
    private static let second: Int64 = 1_000_000_000

    private func seconds(_ course: String, at positions: [Int64]) throws -> [Double] {
        let curve = try Pacing(speed: course).curve(totals: nil)
        let schedule = Schedule(start: 0, curve: curve)
        return positions.map { Double(schedule.intendedTime(at: $0 * Self.second)) / 1e9 }
    }

    @Test func stepsCoverTheTraceAtTheirSpeeds() throws {
        // 1x for 10 s covers 10 s of the trace, 2x for 10 s the next 20, 5x from then on.
        let times = try seconds("1x for 10s, 2x for 10s, 5x for 30s", at: [0, 5, 10, 20, 30, 80, 180, 330])
        #expect(times == [0, 5, 10, 15, 20, 30, 50, 80])
    }

    @Test func aRampIsAParabola() throws {
        // 1x to 10x over 300 s covers 5.5 · 300 = 1,650 s; half of the time covers 150 + 0.03/2 · 150².
        let times = try seconds("1x..10x over 5m", at: [0, 1_650, 1_660])
        #expect(abs(times[1] - 300) < 1e-6)
        #expect(abs(times[2] - 301) < 1e-6)
        let half = try Pacing(speed: "1x..10x over 5m").curve(totals: nil)
        let at150 = Schedule(start: 0, curve: half).intendedTime(at: 487_500_000_000)
        #expect(abs(Double(at150) / 1e9 - 150) < 1e-6)
    }

    @Test func aRampDownEnds() throws {
        let times = try seconds("4x..1x over 10s, 1x..1x over 5s", at: [25, 30, 40])
        #expect(zip(times, [10.0, 15, 25]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    /// Every intended time follows from the curve alone: no drift, never back, whatever came before.
    @Test(arguments: [
        "1x..10x over 5m", "10x..0.1x over 1m, 3x for 10s", "2x", "0.5x for 1h", "1x..1.0001x over 10m",
    ])
    func intendedTimesNeverGoBack(_ course: String) throws {
        let schedule = Schedule(start: 7, curve: try Pacing(speed: course).curve(totals: nil))
        var generator = SeededGenerator(seed: 3)
        var position: Int64 = 0
        var last: MonotonicTime = 0
        for _ in 0..<20_000 {
            position += Int64.random(in: 0...200_000_000, using: &generator)
            let time = schedule.intendedTime(at: position)
            #expect(time >= last)
            last = time
        }
        // Adding up the speed over small steps of the run covers the same part of the trace.
        let curve = schedule.curve
        let end = Double(last - 7)
        var covered = 0.0
        let steps = 1_000_000
        for step in 0..<steps { covered += curve.factor(at: end * (Double(step) + 0.5) / Double(steps)) }
        covered *= end / Double(steps)
        #expect(abs(covered - Double(position)) / Double(position) < 1e-5, "\(course)")
    }

    @Test func ratesHaveACourseToo() throws {
        // 100 requests, one a second: 2/s is twice the speed, 10/s ten times.
        let totals = TraceTotals(
            requests: 100,
            first: PacketTime(nanoseconds: 0),
            last: PacketTime(nanoseconds: 99 * Self.second)
        )
        let curve = try Pacing(rate: "2/s for 10s, 10/s for 1m").curve(totals: totals)
        let schedule = Schedule(start: 0, curve: curve)
        #expect(schedule.intendedTime(at: 20 * Self.second) == 10_000_000_000)
        #expect(schedule.intendedTime(at: 40 * Self.second) == 12_000_000_000)
    }

    @Test(
        arguments: [
            "1x..10x", "1x over 5m", "1x for", "1x for 0s", "..2x over 1s", "1x..2x for 1m", "1x for 1m,",
            "1x..0x over 1m", "1x..200x over 1m", "1x for 5 parsecs",
        ]
    )
    func refusesCourses(_ text: String) {
        let error = #expect(throws: UnreadableValue.self) { try Pacing(speed: text) }
        #expect(error?.description.contains("speed") == true)
    }

    @Test func theRateAskedForFollowsTheCourse() throws {
        // 400 requests, 10 ms apart: two seconds at 1x, then the rest at 4x.
        var source = MemorySource((0..<400).map { .get($0, at: Int64($0) * 10) })
        let plan = try ReplayPlan.test { $0.pacing = try Pacing(speed: "1x for 2s, 4x for 1m") }
        let run = try Simulation.run(plan, &source, curve: plan.pacing.curve(totals: nil))
        #expect(run.summary.rates.intervals.map(\.requested) == [100, 100, 200])
        #expect(run.summary.speed == nil)
        #expect(run.summary.load.kinds == [.speed])
        #expect(run.summary.load.course == "1x for 2s, 4x for 1m")
    }
}
