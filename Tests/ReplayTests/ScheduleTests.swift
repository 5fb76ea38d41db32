import Messages
import Packets
import Replay
import Testing
import Traces

@Suite struct ScheduleTests {
    private static let start = Simulation.epoch

    @Test(arguments: [0.1, 0.5, 1, 2, 10, 100])
    func intendedTimesAreReckonedFromTheStart(_ factor: Double) {
        var schedule = Schedule(start: Self.start, factor: factor)
        let first = PacketTime(nanoseconds: 1_700_000_000_123_456_789)
        #expect(schedule.intendedTime(of: first, loop: 0) == Self.start)
        // After ten million requests 1 ms apart the time is still exact.
        let late = first.advanced(by: 10_000_000 * 1_000_000)
        #expect(schedule.intendedTime(of: late, loop: 0) == Self.start + UInt64(1e13 / factor))
    }

    @Test func whatBeganBeforeTheFirstIsDueAtOnce() {
        var schedule = Schedule(start: Self.start, factor: 1)
        _ = schedule.intendedTime(of: PacketTime(nanoseconds: 1_000), loop: 0)
        #expect(schedule.intendedTime(of: PacketTime(nanoseconds: 5), loop: 0) == Self.start)
        #expect(schedule.intendedTime(of: .distantFuture, loop: 0) >= Self.start)
        #expect(schedule.intendedTime(of: .distantPast, loop: 3) == Self.start)
    }

    @Test func passesJoinWithAMeanGap() throws {
        // 0, 10, 20 ms: the next pass begins at 30.
        var source = MemorySource([.get(0), .get(1, at: 10), .get(2, at: 20)])
        let plan = try ReplayPlan.test { $0.loops = 3 }
        let run = try Simulation.run(plan, &source)
        #expect(run.starts.map(\.at) == [0, 10, 20, 30, 40, 50, 60, 70, 80])
        #expect(run.starts.map(\.loop) == [0, 0, 0, 1, 1, 1, 2, 2, 2])
        #expect(run.summary.requests.scheduled == 9)
    }

    @Test func aTraceOfOneMomentRepeatsEverySecond() throws {
        var source = MemorySource([.get(0, at: 7)])
        let run = try Simulation.run(try .test { $0.loops = 3 }, &source)
        #expect(run.starts.map(\.at) == [0, 1_000, 2_000])
    }

    @Test func aPipeCannotRepeat() throws {
        var source = MemorySource([.get(0)], isPipe: true)
        #expect(throws: MemorySource.IsPipe.self) {
            try Simulation.run(try .test { $0.loops = 2 }, &source)
        }
    }

    @Test func theRunTimeEndsAnEndlessLoop() throws {
        var source = MemorySource([.get(0), .get(1, at: 10)])
        let plan = try ReplayPlan.test {
            $0.loops = nil
            $0.duration = 95 * Simulation.millisecond
        }
        let run = try Simulation.run(plan, &source)
        // Every 10 ms, the last at 90.
        #expect(run.starts.map(\.at) == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
        #expect(run.summary.requests.notSent == 0)
    }

    @Test func loopingOverNothingEnds() throws {
        var source = MemorySource([.get(0), .get(1)])
        let plan = try ReplayPlan.test {
            $0.loops = nil
            $0.filter = try RequestFilter("method=POST")
        }
        let run = try Simulation.run(plan, &source)
        #expect(run.summary.requests == RequestCounts())
    }

    @Test func aRateScalesTheRhythm() throws {
        // 11 requests in 100 ms with a burst; a mean of one every 10 ms becomes one every 2 ms.
        let times: [Int64] = [0, 1, 2, 3, 4, 50, 60, 70, 80, 90, 100]
        var source = MemorySource(times.enumerated().map { .get(UInt64($0.offset), at: $0.element) })
        let plan = try ReplayPlan.test { $0.pacing = .rate(try Rate("500/s")) }
        let survey = try TraceSurvey(of: &source, plan: plan)
        let factor = try #require(survey.totals).factor(for: try Rate("500/s"))
        #expect(abs(factor - 5) < 1e-9)
        let run = try Simulation.run(plan, &source, factor: factor)
        #expect(run.starts.map(\.at) == [0, 0, 0, 0, 0, 10, 12, 14, 16, 18, 20])
        #expect(abs((run.summary.requestedRate ?? 0) - 500) < 0.001)
        #expect(abs((run.summary.achievedRate ?? 0) - 500) < 0.001)
    }

    @Test(
        arguments: [
            (TraceWindow(from: .offset(10_000_000)), [1, 2, 3]),
            (TraceWindow(to: .offset(20_000_000)), [0, 1]),
            (TraceWindow(from: .offset(5_000_000), to: .offset(25_000_000)), [1, 2]),
            (TraceWindow(from: .absolute(PacketTime(nanoseconds: 1_030_000_000))), [3]),
            (TraceWindow(from: .offset(99_000_000)), []),
            (.whole, [0, 1, 2, 3]),
        ]
    )
    func aWindowSelectsByTraceTime(_ window: TraceWindow, _ exchanges: [UInt64]) throws {
        var source = MemorySource((0..<4).map { .get($0, at: 1_000 + Int64($0) * 10) })
        let run = try Simulation.run(try .test { $0.window = window }, &source)
        #expect(run.starts.map(\.exchange) == exchanges)
        // The first selected request goes out at the start, whatever lies before it.
        #expect(run.starts.first?.at ?? 0 == 0)
        #expect(run.summary.requests.scheduled == UInt64(exchanges.count))
    }

    @Test func onlyAWindowIsLoadedAhead() throws {
        var source = MemorySource((0..<1_000).map { .get($0, at: Int64($0)) })
        let plan = try ReplayPlan.test { $0.limits.window = 10 }
        var machine = ReplayMachine(plan: plan, start: Self.start, descriptors: 100)
        var feed = RequestFeed(plan: plan, schedule: Schedule(start: Self.start, factor: 1))
        while machine.canLoad {
            guard case .request(let scheduled) = try feed.next(from: &source) else { break }
            machine.load(scheduled)
        }
        #expect(source.reads == 10)
    }
}
