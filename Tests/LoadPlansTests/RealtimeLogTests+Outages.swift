import LoadPlans
import Testing

/// What has no answer, and what is away for long.
extension RealtimeLogTests {
    /// Through an outage a channel that was there is joined again, seldom and without end, and is a gap for as long.
    @Test func anOutageIsSurvived() {
        var watch = Self.watch { rule, _ in rule.linger = 4_000_000_000 }
        Self.subscribed(&watch)
        watch.end(socket: 0, reason: "reset", at: Self.moment(2_000))
        var asked: [Int] = []
        for step in stride(from: 2_000, through: 13_000, by: 50) {
            watch.tick(at: Self.moment(step))
            for action in Self.actions(&watch) where action.hasPrefix("open") {
                asked.append((step - 2_000) / 1_000)
                watch.end(socket: asked.count, reason: "refused", at: Self.moment(step))
            }
        }
        #expect(asked == [1, 2, 4, 8])
        watch.tick(at: Self.moment(14_000))
        #expect(Self.actions(&watch) == ["open 5 as 0"])
        watch.head(socket: 5, status: 101, date: nil, at: Self.moment(14_010))
        watch.take(Self.reply("realtime:run-logs-r", ref: "1"), ofSocket: 5, at: Self.moment(14_020))
        watch.take(Self.system("realtime:run-logs-r"), ofSocket: 5, at: Self.moment(14_030))
        watch.take(Self.change("realtime:run-logs-r", 2, at: 15_000), ofSocket: 5, at: Self.moment(15_010))
        watch.stop(at: Self.moment(30_000))
        let times = [9_000, 15_000, 16_000].map { Self.moment($0) }
        watch.compare(zip(1...3, times).map { LogComparison.Line(key: $0, time: $1) }, of: "r")
        let record = Self.record(&watch)
        #expect(record.count(.logLinesInGaps, tenant: nil) == 1)
        #expect(record.count(.logLinesMissing, tenant: nil) == 1)
        #expect(record.count(.logStreamsFailed, tenant: nil) == 4)
    }

    /// A channel that has no answer when the reading ends counts as refused.
    @Test func aJoinWithoutAnAnswerIsCountedInTheEnd() {
        var watch = Self.watch()
        watch.follow(run: "r", tenant: "t", at: 0)
        watch.head(socket: 0, status: 101, date: nil, at: 1)
        watch.stop(at: Self.moment(5_000))
        #expect(watch.total { $0.refused } == 1 && watch.lastFailure?.contains("run-logs-r") == true)
    }

    /// A slow channel that was away when its run ended leaves its place to another.
    @Test func aSlowChannelThatIsOverMakesRoom() {
        var watch = Self.watch { rule, _ in rule.slow = LogRule.Slow(streams: 1, bytesPerSecond: 100) }
        watch.follow(run: "r", tenant: "t", at: 0)
        #expect(Self.actions(&watch) == ["open 0 as 0", "open 1 as 0 slowly"])
        watch.end(socket: 1, reason: "reset", at: 1)
        watch.end(run: "r", at: 2)
        watch.tick(at: Self.moment(500))
        watch.follow(run: "s", tenant: "t", at: Self.moment(600))
        #expect(Self.actions(&watch).contains("open 2 as 0 slowly"))
    }
}
