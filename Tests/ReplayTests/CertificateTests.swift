import Messages
import Replay
import Testing
import Traces

/// The parts of the timing certificate, each by itself and in a run.
@Suite struct CertificateTests {
    private static let millisecond = Simulation.millisecond

    @Test func bucketsHoldEachTimeOnce() {
        var latencies = Latencies()
        for microseconds in [0, 1, 2, 3, 10, 11, 999, 1_000, 1_001, 59_000_000, 3_000_000_000] as [UInt64] {
            latencies.record(nanoseconds: microseconds * 1_000)
        }
        let counts = LatencyBuckets(latencies).counts
        func count(_ bound: UInt64) -> UInt64? {
            LatencyBuckets.bounds.firstIndex(of: bound).map { counts[$0] }
        }
        // Bounds are part of what they bound.
        #expect(count(1) == 2 && count(2) == 1 && count(5) == 1 && count(10) == 1 && count(20) == 1)
        #expect(count(1_000) == 2 && count(2_000) == 1 && count(60_000_000) == 1)
        #expect(counts.last == 1 && counts.reduce(0, +) == 11)
        #expect(LatencyBuckets.bounds == LatencyBuckets.bounds.sorted())
        #expect(LatencyBuckets(Latencies()) == LatencyBuckets())
    }

    @Test func theLastRequestHasADriftOfItsOwn() {
        var drift = Drift()
        #expect(drift.final == 0)
        for value in 1...300 as ClosedRange<UInt64> { drift.record(nanoseconds: value * 1_500) }
        #expect(drift.final == 450)
    }

    /// 200 requests a second for 6 s, of which those due from 2 s to 4 s are answered at 4 s.
    @Test func aHoleShowsWhereItWas() throws {
        var source = MemorySource((0..<1_200).map { .get($0, on: $0, at: Int64($0) * 5) })
        let run = try Simulation.run(try .test(), &source) { scheduled in
            let at = scheduled.intended - Simulation.epoch
            let end: UInt64 = 4_000 * Self.millisecond
            let isHung = at >= 2_000 * Self.millisecond && at < end
            return Simulation.Fate(
                delay: isHung ? end - at : Self.millisecond,
                outcome: .responded(status: 200)
            )
        }
        let summary = run.summary
        #expect(summary.responseTime.max / 1_000 == 2_000)
        #expect((1_995...2_001).contains(summary.silence.longest / Self.millisecond))
        #expect((1_990...2_001).contains(summary.silence.start / Self.millisecond))
        #expect((399...401).contains(summary.silence.waiting))
        // By the second in which they were due.
        #expect(summary.rates.intervals.map(\.longest) == [1_000, 1_000, 2_000_000, 1_000_000, 1_000, 1_000])
        #expect(summary.rates.intervals.map { $0.waited / $0.waits / 10_000 } == [0, 0, 150, 50, 0, 0])
        #expect(summary.rates.intervals.allSatisfy { $0.responded == 200 && $0.requested == 200 })
    }

    /// What timed out was waited for as well; what was refused was not.
    @Test func failuresThatWereWaitedForCount() throws {
        var source = MemorySource([.get(0), .get(1, on: 1), .get(2, on: 2, at: 100)])
        let run = try Simulation.run(try .test(), &source) { scheduled in
            switch scheduled.request.exchange {
            case 0: Simulation.Fate(delay: 3_000 * Self.millisecond, outcome: .failed(.timeout))
            case 1: Simulation.Fate(delay: 0, outcome: .failed(.connect))
            default: Simulation.Fate(delay: Self.millisecond, outcome: .responded(status: 200))
            }
        }
        let second = run.summary.rates.intervals[0]
        #expect(second.requested == 3 && second.responded == 1 && second.waits == 2)
        #expect(second.longest == 3_000_000)
        #expect(run.summary.responseTime.count == 1)
        // Nothing came between the answer and the end of the run.
        #expect(run.summary.silence.longest == 2_899 * Self.millisecond && run.summary.silence.waiting == 1)
    }

    @Test func aPauseInTheTraceIsNoSilence() throws {
        var source = MemorySource([.get(0), .get(1, at: 9_000)])
        let run = try Simulation.run(try .test(), &source)
        #expect(run.summary.silence.longest == Self.millisecond / 2)
    }
}
