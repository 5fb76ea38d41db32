import LoadPlans
import Testing

/// What has no answer, and what is away for long.
extension LogWatchTests {
    /// How many streams one turn asks for, and how many it closes.
    private static func actions(_ watch: inout LogWatch) -> [Int] {
        var (opened, closed) = (0, 0)
        while let action = watch.nextAction() {
            if case .open = action { opened += 1 } else { closed += 1 }
        }
        return [opened, closed]
    }

    /// A target that takes connections and gives no heads: each is given up, counted, and makes room for the next.
    @Test func answersAreNotWaitedForForEver() {
        var watch = LogWatch(Self.rule(), readers: [""], seed: 1)
        for run in 0..<250 { watch.follow(run: "\(run)", tenant: "", at: 0) }
        #expect(Self.actions(&watch) == [200, 0])
        watch.tick(at: Self.moment(9_999))
        #expect(Self.actions(&watch) == [0, 0])
        watch.tick(at: Self.moment(10_000))
        #expect(Self.actions(&watch) == [50, 200])
        #expect(watch.total { $0.refused } == 200 && watch.lastFailure?.contains("no answer") == true)
        // One that comes all the same is of no more use.
        watch.head(0, status: 200, isEventStream: true, date: nil, at: Self.moment(10_001))
        #expect(watch.open == 0)
        // A second later they are asked for again, as far as those that are under way leave room.
        watch.tick(at: Self.moment(11_000))
        #expect(Self.actions(&watch) == [150, 0])
        watch.head(249, status: 200, isEventStream: true, date: nil, at: Self.moment(11_001))
        #expect(watch.open == 1)
    }

    /// Runs that are followed, when the reading ends, and how many streams count as refused that never had an answer.
    @Test(arguments: [
        // Nobody can have answered in so short a time.
        (3, 900, 0), (3, 1_000, 3),
        // Beyond those that were asked for others wait, which is the target's doing once it is so for long.
        (250, 5_000, 200), (250, 10_000, 250),
    ])
    func whatNeverHadAnAnswerIsCountedInTheEnd(_ runs: Int, _ end: Int, _ expected: UInt64) {
        var watch = LogWatch(Self.rule(), readers: [""], seed: 1)
        for run in 0..<runs { watch.follow(run: "\(run)", tenant: "", at: 0) }
        watch.stop(at: Self.moment(end))
        #expect(watch.total { $0.refused } == expected)
        #expect((watch.lastFailure != nil) == (expected > 0))
    }

    /// One that was there and is asked for again when the reading ends owes its lines, and is no refusal.
    @Test func whatWasThereIsNoRefusalInTheEnd() {
        var watch = LogWatch(Self.rule(), readers: [""], seed: 1)
        watch.follow(run: "r", tenant: "", at: 0)
        watch.head(0, status: 200, isEventStream: true, date: nil, at: 1)
        watch.end(0, .failed("reset"), at: Self.moment(1_000))
        watch.tick(at: Self.moment(2_000))
        watch.stop(at: Self.moment(5_000))
        #expect(watch.total { $0.refused } == 0 && watch.total { $0.cut } == 1)
    }

    /// Through an outage a stream that was there is asked for again, seldom and without end: seconds after it was lost.
    @Test(arguments: [
        (true, 100, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        // Twice as long each time, as far as lines are waited for in the end.
        (true, 4_000, [1, 2, 4, 8, 12]), (true, 60_000, [1, 2, 4, 8]), (false, 4_000, [1, 2, 4, 8, 12]),
    ])
    func anOutageIsSurvived(_ ofRuns: Bool, _ linger: UInt64, _ expected: [Int]) {
        var watch = LogWatch(
            Self.rule({ $0.linger = linger * 1_000_000 }, ofRuns: ofRuns),
            readers: ["t"],
            seed: 1
        )
        watch.begin(at: 0)
        watch.follow(run: "r", tenant: "t", at: 0)
        watch.head(0, status: 200, isEventStream: true, date: nil, at: Self.moment(10))
        watch.end(0, .failed("reset"), at: Self.moment(1_000))
        var asked: [Int] = []
        _ = watch.nextAction()
        for step in stride(from: 1_000, through: 13_000, by: 50) {
            watch.tick(at: Self.moment(step))
            while let action = watch.nextAction() {
                guard case .open = action else { continue }
                asked.append((step - 1_000) / 1_000)
                watch.end(0, .failed("connection refused"), at: Self.moment(step))
            }
        }
        #expect(asked == expected && watch.total { $0.refused } == UInt64(expected.count))
        // The target is there again, and so is the stream.
        watch.tick(at: Self.moment(30_000))
        watch.head(0, status: 200, isEventStream: true, date: nil, at: Self.moment(30_000))
        watch.take(text: Self.line(1, run: "r", at: 30_000), of: 0, at: Self.moment(30_001))
        #expect(watch.open == 1 && watch.lines == 1 && watch.total { $0.resumed } == 1)
    }
}
