import Messages
import Replay
import Testing
import Traces

/// The kill switch with a clock that exists only here.
@Suite struct KillSwitchTests {
    private static let millisecond = Simulation.millisecond
    private static let second = 1_000 * millisecond

    /// What requests meet with from one second of the run to another.
    struct Spell: Sendable {
        var from: Double
        var to: Double
        /// One in so many is bad; 1 is all of them.
        var every: Int
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var condition: String
        var perSecond: Int
        var spells: [Spell]
        /// When it has to stop, in seconds; `nil` for never.
        var stops: ClosedRange<Double>?
        var testDescription: String { name }
    }

    static let rows = [
        Row(
            name: "all fail",
            condition: "errors > 5% for 2s",
            perSecond: 200,
            spells: [Spell(from: 3, to: 99, every: 1)],
            stops: 4.8...5.3
        ),
        Row(
            name: "from the first",
            condition: "errors > 5% for 2s",
            perSecond: 200,
            spells: [Spell(from: 0, to: 99, every: 1)],
            stops: 2...2.2
        ),
        Row(
            name: "as often as is allowed",
            condition: "errors > 5% for 2s",
            perSecond: 200,
            spells: [Spell(from: 0, to: 99, every: 20)],
            stops: nil
        ),
        Row(
            name: "twice as often",
            condition: "errors > 5% for 2s",
            perSecond: 200,
            spells: [Spell(from: 0, to: 99, every: 10)],
            stops: 2...2.5
        ),
        Row(
            name: "a burst shorter than the duration",
            condition: "errors > 5% for 2s",
            perSecond: 200,
            spells: [Spell(from: 3, to: 4.5, every: 1)],
            stops: nil
        ),
        Row(
            name: "bursts with pauses",
            condition: "errors > 5% for 2s",
            perSecond: 200,
            spells: [
                Spell(from: 1, to: 2, every: 1), Spell(from: 4, to: 5, every: 1),
                Spell(from: 7, to: 8, every: 1),
            ],
            stops: nil
        ),
        Row(
            name: "so few that one slice tells nothing",
            condition: "errors > 20% for 5s",
            perSecond: 3,
            spells: [Spell(from: 0, to: 99, every: 2)],
            stops: 5...6.5
        ),
        Row(
            name: "not one is allowed",
            condition: "errors > 0% for 1s",
            perSecond: 50,
            spells: [Spell(from: 2, to: 99, every: 3)],
            stops: 2.9...3.3
        ),
        Row(
            name: "by status",
            condition: "5xx > 5% for 2s",
            perSecond: 200,
            spells: [Spell(from: 3, to: 99, every: 1)],
            stops: 4.8...5.3
        ),
        Row(
            name: "answers are no failures",
            condition: "failures > 5% for 2s",
            perSecond: 200,
            spells: [Spell(from: 3, to: 99, every: 1)],
            stops: nil
        ),
    ]

    @Test(arguments: rows) func stopsWhenItHasHeldLongEnough(_ row: Row) throws {
        let run = try run([row.condition], perSecond: row.perSecond, seconds: 12) { number, at in
            let isBad = row.spells.contains { $0.from <= at && at < $0.to && Int(number) % $0.every == 0 }
            return Simulation.Fate(
                delay: 2 * Self.millisecond,
                outcome: .responded(status: isBad ? 503 : 200)
            )
        }
        let at = run.summary.abortion.map { Double($0.at) / 1e9 }
        if let stops = row.stops {
            #expect(at.map(stops.contains) == true, "\(String(describing: at))")
            #expect(run.summary.requests.notSent > 0 && !run.summary.wasInterrupted)
        } else {
            #expect(at == nil)
            #expect(run.summary.requests.notSent == 0)
        }
        #expect(run.summary.requests.addUp)
    }

    /// Slow answers are told by the share of those that are slower, so one in a hundred is what p99 allows.
    @Test(arguments: [
        ("p99", 100, false), ("p99", 50, true), ("p50", 2, false), ("max", 100, true), ("mean", 2, true),
    ])
    func timesAreHeldAgainstTheirPercentile(_ figure: String, _ every: Int, _ stops: Bool) throws {
        let run = try run(["\(figure) > 100ms for 1s"], perSecond: 400, seconds: 6) { number, _ in
            Simulation.Fate(
                delay: (Int(number) % every == 0 ? 250 : 5) * Self.millisecond,
                outcome: .responded(status: 200)
            )
        }
        #expect((run.summary.abortion != nil) == stops)
    }

    /// Nothing ends any more, so nothing that has ended tells of it.
    @Test(arguments: [
        "p99 > 500ms for 1s", "response_time > 500ms for 1s", "service_time p50 > 500ms for 1s",
    ])
    func aTargetThatHangsIsFoundWithoutAnAnswer(_ condition: String) throws {
        let run = try run([condition], perSecond: 200, seconds: 20) { _, at in
            Simulation.Fate(
                delay: at < 2 ? Self.millisecond : 10 * Self.second,
                outcome: .failed(.timeout)
            )
        }
        let at = try #require(run.summary.abortion).at
        // It hangs from 2 s on, which shows after 0.5 s and has to last for 1 s.
        #expect((3_000...4_000).contains(at / Self.millisecond), "\(at)")
        // What was under way is awaited.
        #expect(run.summary.requests.aborted == 0 && run.summary.failures[.timeout] ?? 0 > 0)
    }

    @Test func whatIsInFlightIsWatched() throws {
        let run = try run(["in_flight > 100 for 1s"], perSecond: 200, seconds: 20) { _, at in
            Simulation.Fate(
                delay: at < 2 ? 400 * Self.millisecond : 3 * Self.second,
                outcome: .responded(status: 200)
            )
        }
        let abortion = try #require(run.summary.abortion)
        #expect((3_000...3_500).contains(abortion.at / Self.millisecond) && abortion.measured > 100)
    }

    /// Trouble before a pause in the trace, and none since, is no reason to stop in the pause.
    @Test func nothingIsStoppedByWhatHappenedLongAgo() throws {
        var source = MemorySource(
            (0..<100).map { .get($0, on: $0, at: Int64($0) * 5) } + [.get(100, at: 30_000)]
        )
        let plan = try plan(["errors > 5% for 2s", "p99 > 1ms for 2s"])
        let run = try Simulation.run(plan, &source) { _ in
            Simulation.Fate(delay: 2 * Self.millisecond, outcome: .failed(.reset))
        }
        #expect(run.summary.abortion == nil && run.summary.requests.sent == 101)
    }

    @Test func theFirstOfSeveralIsTold() throws {
        let run = try run(
            ["p99 > 1s for 1s", "errors > 50% for 2s", "errors > 5% for 1s"],
            perSecond: 100,
            seconds: 9
        ) { _, _ in
            Simulation.Fate(delay: Self.millisecond, outcome: .failed(.closed))
        }
        #expect(run.summary.abortion?.condition.text == "errors > 5% for 1s")
        #expect(run.summary.abortion?.measured == 1)
    }

    /// Refused connections take no time; they must not make a target look quick or slow.
    @Test func onlyWhatWasWaitedForHasATime() throws {
        let run = try run(["mean > 5ms for 1s"], perSecond: 100, seconds: 6) { number, _ in
            number % 2 == 0
                ? Simulation.Fate(delay: 8 * Self.millisecond, outcome: .responded(status: 200))
                : Simulation.Fate(delay: 0, outcome: .failed(.connect))
        }
        #expect(run.summary.abortion?.measured == 8e6)
    }

    @Test func aRunWithoutAScheduleIsWatchedToo() throws {
        var source = MemorySource((0..<100_000).map { .get($0, on: $0 % 8) })
        let plan = try plan(["errors > 5% for 1s"]) { $0.pacing = .maximum }
        let run = try Simulation.run(plan, &source, factor: 0) { _ in
            Simulation.Fate(delay: Self.millisecond, outcome: .failed(.closed))
        }
        #expect(run.summary.abortion != nil && run.summary.requests.addUp)
        #expect(run.summary.wallSeconds < 1.2)
    }

    private func plan(
        _ conditions: [String],
        _ change: (inout ReplayPlan) -> Void = { _ in }
    ) throws -> ReplayPlan {
        try .test { plan in
            plan.abortConditions = try conditions.map { try AbortCondition($0) }
            change(&plan)
        }
    }

    private func run(
        _ conditions: [String],
        perSecond: Int,
        seconds: Int,
        _ fate: (_ number: UInt64, _ at: Double) -> Simulation.Fate
    ) throws -> Simulation {
        var source = MemorySource(
            (0..<perSecond * seconds).map { number in
                .get(UInt64(number), on: UInt64(number), at: Int64(number * 1_000 / perSecond))
            }
        )
        return try Simulation.run(try plan(conditions), &source) { scheduled in
            fate(scheduled.request.exchange, Double(scheduled.intended - Simulation.epoch) / 1e9)
        }
    }
}
