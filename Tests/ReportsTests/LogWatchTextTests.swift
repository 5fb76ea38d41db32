import LoadPlans
import Reports
import Testing

@Suite struct LogWatchTextTests {
    private static let second: Int64 = 1_000_000_000

    /// A tenant's stream with 300 lines, of which the last `ahead` are a day ahead; two runs, of which `compared` are
    /// compared.
    private static func watch(ahead: Int, compared: Int, hasBacklog: Bool = false) -> LogWatch {
        var rule = LogRule(stream: "/log")
        rule.time = ["at"]
        rule.run = ["run"]
        rule.hasBacklog = hasBacklog
        rule.history = LogRule.History(path: "/{run}")
        var watch = LogWatch(rule, readers: ["t"], seed: 1)
        watch.begin(at: 0)
        watch.head(0, status: 200, isEventStream: true, date: 0, at: 1_000_000)
        for run in 0..<2 { watch.follow(run: "\(run)", tenant: "t", at: 2_000_000) }
        for line in 0..<300 {
            let day = line >= 300 - ahead ? "02" : "01"
            let text = "id: \(line)\ndata: {\"run\":\"0\",\"at\":\"1970-01-\(day)T00:00:01Z\"}\n\n"
            watch.take(Array(text.utf8).span, of: 0, at: second)
        }
        watch.stop(at: 9 * second)
        for run in 0..<compared { watch.compare([], of: "\(run)") }
        return watch
    }

    /// Lines that are a day ahead, histories of two that were read, and what there is to say.
    @Test(arguments: [
        (0, 2, []), (2, 2, ["2 log lines say that they were written after they came"]),
        (0, 1, ["of 2 histories of logs 1 were read"]),
        (9, 2, ["log lag is unknown, and which lines had to come"]),
    ])
    func whatIsNotKnownIsSaid(_ ahead: Int, _ compared: Int, _ expected: [String]) {
        let remarks = Self.watch(ahead: ahead, compared: compared).remarks
        for text in expected { #expect(remarks.contains { $0.contains(text) }, "\(remarks)") }
        if expected.isEmpty { #expect(remarks.isEmpty) }
    }

    /// With a backlog every line has to come, whatever clock it is of.
    @Test func whatHasToComeNeedNotDependOnClocks() {
        let remarks = Self.watch(ahead: 9, compared: 2, hasBacklog: true).remarks
        #expect(remarks.contains { $0.hasSuffix("log lag is unknown") }, "\(remarks)")
    }
}
