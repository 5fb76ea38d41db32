import Replay
import SeededRandom
import Testing

@Suite struct RhythmTests {
    static let millisecond: MonotonicTime = 1_000_000

    struct Case: CustomTestStringConvertible, Sendable {
        var reason: String
        /// When requests were due and when they were sent, in milliseconds; -1 for never.
        var times: [(due: Int, sent: Int)]
        /// In windows of 1, 10, 100 and 1,000 ms.
        var deviations: [Double]
        var testDescription: String { reason }
    }

    static let cases = [
        Case(reason: "nothing was asked for", times: [], deviations: [0, 0, 0, 0]),
        Case(
            reason: "all in their windows",
            times: [(0, 0), (5, 5), (999, 999), (1_000, 1_000)],
            deviations: [0, 0, 0, 0]
        ),
        Case(
            reason: "a millisecond late shows in the windows whose edge was passed",
            times: [(5, 6), (9, 10)],
            deviations: [2, 1, 0, 0]
        ),
        Case(
            reason: "a second late shows in every width",
            times: [(0, 1_000), (1, 1)],
            deviations: [1, 1, 1, 1]
        ),
        Case(
            reason: "one that took another's place hides it",
            times: [(0, 50), (50, 0)],
            deviations: [0, 0, 0, 0]
        ),
        Case(
            reason: "one that was never sent is missing once",
            times: [(0, -1), (1, 1)],
            deviations: [0.5, 0.5, 0.5, 0.5]
        ),
        Case(
            reason: "a pause of hours costs nothing",
            times: [(0, 0), (36_000_000, 36_000_000)],
            deviations: [0, 0, 0, 0]
        ),
    ]

    @Test(arguments: cases) func tellsHowFarTheRhythmWasKept(_ row: Case) {
        var rhythm = Rhythm(start: 500)
        for (due, sent) in row.times {
            let moment = { (time: Int) in 500 + MonotonicTime(time) * Self.millisecond }
            rhythm.note(intended: moment(due), sent: sent < 0 ? nil : moment(sent), settled: 0)
        }
        #expect(rhythm.deviations == row.deviations)
    }

    /// Folding seconds early gives what folding them at the end gives, as long as nothing comes for a settled one.
    @Test(arguments: 0..<20) func foldingChangesNothing(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var early = Rhythm(start: 0)
        var late = Rhythm(start: 0)
        var time: MonotonicTime = 0
        for _ in 0..<2_000 {
            time += generator.next() % (20 * Self.millisecond)
            let sent = time + generator.next() % (900 * Self.millisecond)
            early.note(intended: time, sent: sent, settled: time - min(time, 1_000 * Self.millisecond))
            late.note(intended: time, sent: sent, settled: 0)
        }
        #expect(early.deviations == late.deviations)
        #expect(early.deviations[0] > early.deviations[3])
        #expect(early.rates == late.rates)
        #expect(early.rates.intervals.map(\.requested).reduce(0, +) == 2_000)
        #expect(early.rates.intervals.map(\.sent).reduce(0, +) == 2_000)
    }

    @Test func aLongRunIsToldInLongerIntervals() {
        var rhythm = Rhythm(start: 0)
        let second = 1_000 * Self.millisecond
        for number in 0..<10_000 as Range<MonotonicTime> {
            rhythm.note(intended: number * second, sent: number * second, settled: number * second)
        }
        #expect(rhythm.rates.seconds == 4)
        #expect(rhythm.rates.intervals.count == 2_500)
        #expect(rhythm.rates.intervals.allSatisfy { $0.requested == 4 && $0.sent == 4 })
    }
}
