import LoadPlans
import Replay
import Testing

/// What keeps a criterion, and what leaves it open.
extension LogWatchTests {
    /// Which of 400 lines say that they were written a day later, and of how many the lag is known.
    @Test(
        arguments: [
            ([], 400), ([0], 400), ([3], 399), ([200, 399], 398),
            // More than a few: nobody knows which clock is right.
            ([10, 20, 30, 40, 50], nil),
        ] as [([Int], UInt64?)]
    )
    func aLineFromTomorrowSaysNothingOfClocks(_ wrong: [Int], _ known: UInt64?) throws {
        var watch = LogWatch(
            Self.rule({ $0.history = LogRule.History(path: "/{run}") }, ofRuns: false),
            readers: ["t"],
            seed: 1
        )
        watch.begin(at: Self.moment(1_000))
        watch.head(0, status: 200, isEventStream: true, date: Self.moment(1_000), at: Self.moment(1_010))
        watch.follow(run: "r", tenant: "t", at: Self.moment(1_100))
        for place in 0..<400 {
            let written = 1_200 + place * 10
            let text = Self.line(place, run: "r", at: written)
            watch.take(
                text: wrong.contains(place) ? text.replacing("1970-01-01", with: "1970-01-02") : text,
                of: 0,
                at: Self.moment(written + 30)
            )
        }
        watch.stop(at: Self.moment(9_000))
        // One more was written and never came.
        let history = (0...400).map {
            LogComparison.Line(key: UInt64($0), time: Self.moment(1_200 + $0 * 10))
        }
        watch.compare(history, of: "r")
        let record = Self.record(&watch)
        let lag = record.distribution(.logLag, tenant: nil)
        let missing = AcceptanceRow(try Criterion("log lines missing = 0"), in: [record])
        let late = AcceptanceRow(try Criterion("log lag p95 <= 1s"), in: [record])
        guard let known else {
            #expect(lag.count == 0 && late.verdict == .unknown)
            #expect(missing.verdict == .unknown && record.count(.logLinesChecked, tenant: nil) == nil)
            #expect(watch.isClockDisputed)
            return
        }
        #expect(lag.count == known && lag.percentile(95).map { ($0 + 100) / 1_000 } == 30)
        #expect(late.verdict == .pass && missing.verdict == .fail && missing.value == 1)
        #expect(record.count(.logLinesChecked, tenant: nil) == 401)
        #expect(watch.clockOffset == 0 && !watch.isClockDisputed)
        #expect(watch.total { $0.ahead } == 400 - known && watch.total { $0.backlog } == 0)
    }

    /// Lines of three runs that came, histories that could be read, and what the criterion comes to.
    @Test(
        arguments: [
            ([2, 2, 2], 3, 0, .pass),
            // What was found stands, that nothing was found does not.
            ([2, 2, 2], 2, nil, .unknown), ([1, 2, 2], 2, 1, .fail), ([2, 2, 1], 2, nil, .unknown),
            ([2, 2, 2], 0, nil, .unknown),
        ] as [([Int], Int, UInt64?, AcceptanceRow.Verdict)]
    )
    func unreadHistoriesKeepNothing(
        _ came: [Int],
        _ read: Int,
        _ missing: UInt64?,
        _ verdict: AcceptanceRow.Verdict
    ) throws {
        var watch = LogWatch(
            Self.rule { $0.history = LogRule.History(path: "/{run}") },
            readers: ["t"],
            seed: 1
        )
        for (stream, count) in came.enumerated() {
            watch.follow(run: "\(stream)", tenant: "t", at: 0)
            watch.head(stream, status: 200, isEventStream: true, date: nil, at: 1)
            for line in 0..<count {
                watch.take(text: Self.line(line, at: 100), of: stream, at: Self.moment(110))
            }
            watch.take(text: Self.end, of: stream, at: Self.moment(120))
        }
        watch.stop(at: Self.moment(5_000))
        for run in 0..<read {
            watch.compare([0, 1].map { LogComparison.Line(key: $0, time: Self.moment(100)) }, of: "\(run)")
        }
        let record = Self.record(&watch)
        #expect(record.count(.logLinesMissing, tenant: nil) == missing)
        #expect(AcceptanceRow(try Criterion("log lines missing = 0"), in: [record]).verdict == verdict)
        #expect(AcceptanceRow(try Criterion("log lines missing <= 5"), in: [record]).verdict != .fail)
        let isWhole = read == came.count
        for thing in ["duplicated", "out of order", "unknown"] {
            let row = AcceptanceRow(try Criterion("log lines \(thing) = 0"), in: [record])
            #expect(row.verdict == (isWhole ? .pass : .unknown))
        }
        #expect(record.count(.logLinesChecked, tenant: nil) == (read == 0 ? nil : UInt64(read) * 2))
    }

    /// Where no line had to come, none is known not to be missing: against an empty history, and without one.
    @Test(arguments: [true, false]) func nothingOwedIsNothingKept(_ hasHistory: Bool) throws {
        var watch = LogWatch(
            Self.rule {
                if hasHistory { $0.history = LogRule.History(path: "/{run}") }
                $0.isContiguous = true
            },
            readers: ["t"],
            seed: 1
        )
        watch.follow(run: "r", tenant: "t", at: 0)
        watch.head(0, status: 200, isEventStream: true, date: nil, at: 1)
        watch.stop(at: Self.moment(5_000))
        if hasHistory { watch.compare([], of: "r") }
        let record = Self.record(&watch)
        #expect(AcceptanceRow(try Criterion("log lines missing = 0"), in: [record]).verdict == .unknown)
        #expect(AcceptanceRow(try Criterion("log lines duplicated = 0"), in: [record]).verdict == .unknown)
        #expect(record.count(.logLinesChecked, tenant: nil) == 0)
    }
}
