import JSON
import Replay
import Reports
import Testing

/// In which way a run made its load, and what senders' habits did to it.
@Suite struct ReplayLoadReportTests {
    private var summary: ReplaySummary {
        var summary = ReplaySummary()
        summary.load.kinds = [.copies, .rate]
        summary.load.course = "100/s..1000/s over 5m"
        summary.load.arrivals = .poisson
        summary.load.copies = 3
        summary.load.spread = 10_000_000_000
        summary.load.sample = 0.25
        summary.load.seed = 42
        summary.load.sessions = 1_234
        summary.load.usesSeed = true
        summary.habits.duplicates = 20
        summary.habits.duplicatesAccepted = 19
        summary.habits.late = 7
        summary.habits.retries.scheduled = 5
        summary.habits.retries.sent = 5
        summary.habits.retries.recovered = 3
        summary.habits.retries.exhausted = 1
        summary.limitDrops = 12
        return summary
    }

    @Test func theTextSaysWhichWayWasUsed() {
        let text = ReplayReport(summary).text()
        #expect(text.contains("\nrate          – achieved, rate 100/s..1000/s over 5m\n"))
        #expect(
            text.contains(
                """

                load          1,234 sessions, 3 of each within 10.0 s, poisson arrivals, sample of 25.0 %, seed 42
                habits        20 duplicates, 19 accepted, 7 late
                retries       5 sent, 3 accepted, 1 failed for good
                not sent      12 due while too many were unanswered

                """
            )
        )
    }

    @Test func theJSONSaysItToo() throws {
        let text = String(decoding: ReplayReport(summary).json(), as: UTF8.self)
        let parts = [
            #""load":{"kinds":["copies","rate"],"course":"100/s..1000/s over 5m","arrivals":"poisson","copies":3,"#,
            #""copy_spread_seconds":10.0,"sample":0.25,"shard":"1/1","seed":42,"sessions":1234},"#,
            #""habits":{"duplicates":20,"duplicates_accepted":19,"late":7,"reordered":0,"burst":0,"crowded":0,"#,
            #""retries":{"scheduled":5,"sent":5,"recovered":3,"exhausted":1,"beyond":0,"dropped":0}},"#,
            #""limit_drops":12,"#,
        ]
        #expect(text.contains(parts.joined()))
        _ = try JSONValue(parsing: Array(text.utf8).span)
    }
}
