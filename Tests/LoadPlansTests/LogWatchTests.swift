import LoadPlans
import Replay
import Testing

/// Every moment is given in milliseconds.
@Suite struct LogWatchTests {
    static func rule(_ change: (inout LogRule) -> Void = { _ in }, ofRuns: Bool = true) -> LogRule {
        var rule = LogRule(stream: ofRuns ? "/runs/{run}/log" : "/log")
        rule.time = ["at"]
        rule.linger = 100_000_000
        if !ofRuns {
            rule.run = ["run"]
            rule.line = ["id"]
        }
        change(&rule)
        return rule
    }

    static func moment(_ milliseconds: Int) -> Int64 { Int64(milliseconds) * 1_000_000 }

    /// A line as the stand-ins write it.
    static func line(_ id: Int, run: String = "", at milliseconds: Int) -> String {
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        let seconds = milliseconds / 1_000
        return """
            id: \(id)
            data: {"id":\(id),"run":"\(run)","at":"1970-01-01T00:00:\(seconds < 10 ? "0" : "")\(seconds).\(fraction)Z"}


            """
    }

    static func record(_ watch: inout LogWatch) -> StageRecord {
        var record = StageRecord(stage: Stage(name: "peak", kind: .peak, scenarios: []))
        watch.write(into: &record)
        return record
    }

    static let end = "event: end\ndata: {}\n\n"

    @Test func theLogOfARunIsReadToItsEnd() {
        var watch = LogWatch(
            Self.rule { $0.history = LogRule.History(path: "/{run}") },
            readers: ["t"],
            seed: 1
        )
        watch.follow(run: "a b", tenant: "t", at: Self.moment(1_000))
        #expect(
            watch.nextAction()
                == .open(stream: 0, path: "/runs/a%20b/log", reader: 0, lastEventID: nil, isSlow: false)
        )
        watch.head(0, status: 200, isEventStream: true, date: nil, at: Self.moment(1_020))
        // The first line is from before, the second one is late by 30 ms.
        watch.take(text: Self.line(1, at: 900), of: 0, at: Self.moment(1_050))
        watch.take(text: Self.line(2, at: 1_970), of: 0, at: Self.moment(2_000))
        watch.take(text: Self.end, of: 0, at: Self.moment(2_100))
        #expect(watch.open == 0 && watch.lines == 2)
        // The answer is whole, so its connection is kept.
        watch.end(0, .finished, at: Self.moment(2_101))
        watch.tick(at: Self.moment(9_000))
        #expect(watch.nextAction() == nil)
        watch.stop(at: Self.moment(9_000))
        #expect(watch.owedHistories.map(\.run) == ["a b"])
        watch.compare([1, 2, 3].map { LogComparison.Line(key: $0, time: nil) }, of: "a b")
        let record = Self.record(&watch)
        #expect(record.distribution(.subscribe, tenant: "t").percentile(100).map { $0 / 1_000 } == 20)
        #expect(record.distribution(.firstLine, tenant: "t").percentile(100).map { ($0 + 100) / 1_000 } == 50)
        let lag = record.distribution(.logLag, tenant: "t")
        #expect(lag.count == 1 && lag.percentile(100).map { ($0 + 100) / 1_000 } == 30)
        #expect(record.count(.logLinesMissing, tenant: "t") == 1 && record.count(.logLines, tenant: nil) == 2)
        #expect(record.count(.logStreams, tenant: nil) == 1 && record.count(.logStreamsCut, tenant: nil) == 0)
    }

    /// The reading has failed, so that nobody has stopped it, and the target's clock is ahead by ten seconds.
    @Test func aHistoryIsComparedAfterTheReadingHasFailed() {
        var watch = LogWatch(
            Self.rule { $0.history = LogRule.History(path: "/{run}") },
            readers: ["t"],
            seed: 1
        )
        watch.follow(run: "r", tenant: "t", at: Self.moment(1_000))
        watch.head(0, status: 200, isEventStream: true, date: nil, at: Self.moment(1_020))
        watch.take(text: Self.line(1, at: 12_000), of: 0, at: Self.moment(2_000))
        #expect(watch.clockOffset == Self.moment(10_000))
        watch.compare([1, 2].map { LogComparison.Line(key: $0, time: Self.moment(12_000)) }, of: "r")
        let record = Self.record(&watch)
        #expect(
            record.count(.logLinesChecked, tenant: "t") == 2
                && record.count(.logLinesMissing, tenant: "t") == 1
        )
    }

    /// What breaks off is taken up again behind the last event, and what is cut off on purpose, too.
    @Test func streamsGoOnWhereTheyWere() {
        var watch = LogWatch(
            Self.rule { $0.reconnect = LogRule.Reconnect(every: 500_000_000, away: 50_000_000) },
            readers: [""],
            seed: 1
        )
        watch.follow(run: "r", tenant: "somebody", at: 0)
        _ = watch.nextAction()
        watch.head(0, status: 200, isEventStream: true, date: nil, at: Self.moment(10))
        watch.take(text: Self.line(1, at: 5), of: 0, at: Self.moment(12))
        watch.end(0, .failed("reset"), at: Self.moment(100))
        // One second unless the server says otherwise.
        watch.tick(at: Self.moment(1_050))
        #expect(watch.nextAction() == nil && watch.open == 0)
        watch.tick(at: Self.moment(1_100))
        #expect(
            watch.nextAction()
                == .open(stream: 0, path: "/runs/r/log", reader: 0, lastEventID: "1", isSlow: false)
        )
        watch.head(0, status: 200, isEventStream: true, date: nil, at: Self.moment(1_150))
        watch.take(text: "retry: 20\n\n", of: 0, at: Self.moment(1_160))
        watch.tick(at: Self.moment(1_640))
        #expect(watch.nextAction() == nil)
        watch.tick(at: Self.moment(1_650))
        #expect(watch.nextAction() == .close(stream: 0))
        watch.tick(at: Self.moment(1_700))
        #expect(watch.nextAction().map { "\($0)".contains("open") } == true)
        watch.head(0, status: 200, isEventStream: true, date: nil, at: Self.moment(1_710))
        let record = Self.record(&watch)
        #expect(
            record.count(.logStreamsCut, tenant: nil) == 1 && record.count(.logReconnects, tenant: nil) == 1
        )
        let resume = record.distribution(.resume, tenant: nil)
        #expect(resume.count == 2 && resume.percentile(100).map { ($0 + 1_000) / 10_000 } == 105)
        // Subscribed once.
        #expect(record.distribution(.subscribe, tenant: nil).count == 1)
    }

    /// A refusal is counted; the stream of a run is given up after a few, that of a tenant never.
    @Test(arguments: [(true, 404, 5), (true, 204, 1), (false, 503, 8)])
    func refusalsAreCounted(_ ofRuns: Bool, _ status: Int, _ expected: UInt64) {
        var watch = LogWatch(Self.rule(ofRuns: ofRuns), readers: ["t"], seed: 1)
        watch.begin(at: 0)
        watch.follow(run: "r", tenant: "t", at: 0)
        for step in 0..<8 {
            watch.tick(at: Self.moment(step * 1_100))
            while let action = watch.nextAction() {
                if case .open(let stream, _, _, _, _) = action {
                    watch.head(
                        stream,
                        status: status,
                        isEventStream: false,
                        date: nil,
                        at: Self.moment(step * 1_100)
                    )
                }
            }
        }
        #expect(watch.total { $0.refused } == expected)
        #expect(watch.lastFailure?.contains("status \(status)") == true)
        let record = Self.record(&watch)
        #expect(record.count(.logStreamsFailed, tenant: "t") == expected)
    }

    /// An answer of 200 that is a page of HTML is no stream.
    @Test func aPageIsNoStream() {
        var watch = LogWatch(Self.rule(ofRuns: false), readers: ["t"], seed: 1)
        watch.begin(at: 0)
        _ = watch.nextAction()
        watch.head(0, status: 200, isEventStream: false, date: nil, at: 1)
        #expect(watch.nextAction() == .close(stream: 0) && watch.open == 0)
        #expect(watch.total { $0.refused } == 1)
    }

    /// Two tenants: what one reads of the other's runs is told, and its own lines are held against the histories.
    @Test func linesOfOthersAreTold() {
        var watch = LogWatch(
            Self.rule({ $0.history = LogRule.History(path: "/{run}") }, ofRuns: false),
            readers: ["t", "u"],
            seed: 1
        )
        watch.begin(at: Self.moment(1_000))
        for stream in 0..<2 {
            watch.head(stream, status: 200, isEventStream: true, date: nil, at: Self.moment(1_010))
        }
        #expect(watch.isSubscribed && watch.open == 2)
        watch.follow(run: "mine", tenant: "t", at: Self.moment(1_100))
        watch.follow(run: "theirs", tenant: "u", at: Self.moment(1_100))
        watch.follow(run: "nobody's", tenant: "v", at: Self.moment(1_100))
        watch.take(text: Self.line(1, run: "mine", at: 1_150), of: 0, at: Self.moment(1_200))
        watch.take(text: Self.line(1, run: "mine", at: 1_150), of: 0, at: Self.moment(1_200))
        watch.take(text: Self.line(2, run: "theirs", at: 1_160), of: 0, at: Self.moment(1_200))
        watch.take(text: Self.line(2, run: "theirs", at: 1_160), of: 1, at: Self.moment(1_200))
        // Of a run of before the stage, which counts for nothing.
        watch.take(text: Self.line(3, run: "old", at: 1_160), of: 1, at: Self.moment(1_200))
        watch.stop(at: Self.moment(2_000))
        #expect(
            watch.owedHistories.map(\.run) == ["mine", "theirs"]
                && watch.owedHistories.map(\.reader) == [0, 1]
        )
        // The last is from the time that lines may still take, and one before the stream was there.
        let times = [900, 1_150, 1_950].map { Self.moment($0) }
        watch.compare(zip([0, 1, 9], times).map { LogComparison.Line(key: $0, time: $1) }, of: "mine")
        watch.compare(
            [LogComparison.Line(key: 2, time: times[1]), LogComparison.Line(key: 4, time: times[1])],
            of: "theirs"
        )
        let record = Self.record(&watch)
        #expect(
            record.count(.logLinesOfOthers, tenant: "t") == 1
                && record.count(.logLinesOfOthers, tenant: "u") == 0
        )
        #expect(
            record.count(.logLinesDuplicated, tenant: "t") == 1
                && record.count(.logLinesMissing, tenant: "t") == 0
        )
        #expect(
            record.count(.logLinesMissing, tenant: "u") == 1
                && record.count(.logLinesChecked, tenant: "u") == 2
        )
        #expect(record.count(.logLinesUnknown, tenant: nil) == 0)
        #expect(watch.counts.unread == 1)
    }

    /// Streams that are asked for at once are bounded, and all of them come to be open.
    @Test func manyAreOpenedAFewAtATime() {
        var watch = LogWatch(Self.rule { $0.connections = 1_000 }, readers: [""], seed: 1)
        for run in 0..<1_200 { watch.follow(run: "\(run)", tenant: "", at: 0) }
        var mostWaiting = 0
        var answered = 0
        var waiting: [Int] = []
        while answered < 1_000 {
            while let action = watch.nextAction() {
                if case .open(let stream, _, _, _, _) = action { waiting.append(stream) }
            }
            mostWaiting = max(mostWaiting, waiting.count)
            guard let stream = waiting.popLast() else { break }
            watch.head(stream, status: 200, isEventStream: true, date: nil, at: Int64(answered))
            answered += 1
        }
        #expect(answered == 1_000 && mostWaiting == LogWatch.openingLimit)
        #expect(watch.open == 1_000 && watch.counts.peak == 1_000 && watch.counts.beyond == 200)
    }

    /// Slow readers have streams and a lag of their own, and owe nothing.
    @Test func slowReadersAreToldApart() {
        var watch = LogWatch(
            Self.rule {
                $0.slow = LogRule.Slow(streams: 1, bytesPerSecond: 100)
                $0.history = LogRule.History(path: "/{run}")
            },
            readers: ["t"],
            seed: 1
        )
        watch.follow(run: "r", tenant: "t", at: 0)
        watch.follow(run: "s", tenant: "t", at: 0)
        var slow: [Int] = []
        while let action = watch.nextAction() {
            if case .open(let stream, _, _, _, true) = action { slow.append(stream) }
        }
        #expect(slow == [1])
        for stream in 0..<3 { watch.head(stream, status: 200, isEventStream: true, date: nil, at: 1) }
        watch.take(text: Self.line(1, at: 100), of: 0, at: Self.moment(110))
        watch.take(text: Self.line(1, at: 100), of: 1, at: Self.moment(5_100))
        watch.stop(at: Self.moment(6_000))
        watch.compare([1, 2].map { LogComparison.Line(key: $0, time: Self.moment(100)) }, of: "r")
        let record = Self.record(&watch)
        #expect(
            record.distribution(.slowLogLag, tenant: nil).percentile(100).map { ($0 + 10_000) / 1_000_000 }
                == 5
        )
        #expect(record.distribution(.logLag, tenant: nil).percentile(100).map { ($0 + 100) / 1_000 } == 10)
        #expect(record.count(.logLinesMissing, tenant: nil) == 1)
    }

    /// The clock of the target may be another; its dates tell.
    @Test func theLagIsWithoutTheDifferenceOfClocks() {
        var watch = LogWatch(Self.rule { $0.connections = 2_000 }, readers: [""], seed: 1)
        // The target is three seconds ahead; its answers take a millisecond, at moments all over the second.
        for run in 0..<1_000 {
            let time = 100_000 + run * 7
            watch.follow(run: "\(run)", tenant: "", at: Self.moment(time))
            _ = watch.nextAction()
            let date = Self.moment((time + 3_000) / 1_000 * 1_000)
            watch.head(run, status: 200, isEventStream: true, date: date, at: Self.moment(time + 1))
        }
        watch.take(
            text: "id: 1\ndata: {\"at\":\"1970-01-01T00:03:23Z\"}\n\n",
            of: 0,
            at: Self.moment(200_040)
        )
        let record = Self.record(&watch)
        let lag = record.distribution(.logLag, tenant: nil).percentile(100) ?? 0
        #expect((35_000...45_000).contains(lag))
        #expect((watch.clockOffset - 3_000_000_000).magnitude < 10_000_000)
    }

    /// Where a part of the streams is cut off, the others stay.
    @Test func aShareIsCutOff() {
        var watch = LogWatch(
            Self.rule {
                $0.connections = 2_000
                $0.reconnect = LogRule.Reconnect(every: 100_000_000, share: 0.25)
            },
            readers: [""],
            seed: 1
        )
        for run in 0..<1_000 {
            watch.follow(run: "\(run)", tenant: "", at: 0)
            _ = watch.nextAction()
            watch.head(run, status: 200, isEventStream: true, date: nil, at: 1)
        }
        watch.tick(at: Self.moment(101))
        #expect((200...300).contains(1_000 - watch.open))
    }

    /// What is too much for the memory halves the sample, and what is left is a fair part of the runs.
    @Test func theSampleIsAPartOfTheRuns() {
        var watch = LogWatch(
            Self.rule {
                $0.share = 0.25; $0.connections = 100_000
            },
            readers: [""],
            seed: 3
        )
        for run in 0..<4_000 { watch.follow(run: "run-\(run)", tenant: "", at: 0) }
        var opened = 0
        while let action = watch.nextAction() {
            guard case .open(let stream, _, _, _, _) = action else { continue }
            opened += 1
            watch.head(stream, status: 200, isEventStream: true, date: nil, at: 1)
        }
        #expect((900...1_100).contains(opened))
    }
}

extension LogWatch {
    mutating func take(text: String, of stream: Int, at time: Int64) {
        take(Array(text.utf8).span, of: stream, at: time)
    }
}
