import Replay
import Testing

@Suite struct AbortConditionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var text: String
        var measure: AbortCondition.Measure
        var limit: Double
        var seconds: Double
        var testDescription: String { text }
    }

    static let readable = [
        Row(text: "errors > 5% for 10s", measure: .errors, limit: 0.05, seconds: 10),
        // White space is the reader's own affair.
        Row(text: "  errors>5%   for 10s ", measure: .errors, limit: 0.05, seconds: 10),
        // A share may be written as one.
        Row(text: "failures > 0.25 for 500ms", measure: .failures, limit: 0.25, seconds: 0.5),
        // None at all.
        Row(text: "errors > 0% for 1s", measure: .errors, limit: 0, seconds: 1),
        Row(text: "5xx > 1.5% for 1m30s", measure: .statuses(500...599), limit: 0.015, seconds: 90),
        Row(text: "429 > 10% for 10s", measure: .statuses(429...429), limit: 0.1, seconds: 10),
        Row(text: "p99 > 2s for 10s", measure: .percentile(99, .response), limit: 2e9, seconds: 10),
        // Both spellings of one percentile.
        Row(text: "p99.9 > 2s for 10s", measure: .percentile(99.9, .response), limit: 2e9, seconds: 10),
        Row(text: "p999 > 2s for 10s", measure: .percentile(99.9, .response), limit: 2e9, seconds: 10),
        Row(
            text: "service_time p50 > 250ms for 10s",
            measure: .percentile(50, .service),
            limit: 2.5e8,
            seconds: 10
        ),
        Row(text: "max > 1m for 10s", measure: .percentile(100, .response), limit: 6e10, seconds: 10),
        Row(text: "response_time > 2s for 10s", measure: .mean(.response), limit: 2e9, seconds: 10),
        Row(text: "service_time mean > 2s for 1h", measure: .mean(.service), limit: 2e9, seconds: 3_600),
        Row(text: "in_flight > 5000 for 5s", measure: .inFlight, limit: 5_000, seconds: 5),
    ]

    @Test(arguments: readable) func readsWhatPeopleWrite(_ row: Row) throws {
        let condition = try AbortCondition(row.text)
        #expect(condition.measure == row.measure)
        #expect(abs(condition.limit - row.limit) <= row.limit * 1e-12)
        #expect(Double(condition.duration) == row.seconds * 1e9)
        #expect(try AbortCondition(condition.text) == condition, "what is told can be given again")
    }

    /// The sentence names what is wrong and what would do.
    @Test(arguments: [
        ("", "errors > 5% for 10s"), ("errors", "errors > 5% for 10s"),
        ("errors > 5%", "errors > 5% for 10s"),
        // Only "more than" is a reason to stop.
        ("errors < 5% for 10s", "errors > 5% for 10s"), ("errors > 5% for 10s or so", "errors > 5% for 10s"),
        ("error > 5% for 10s", "'error'"), ("p > 2s for 10s", "'p'"), ("p0 > 2s for 10s", "'p0'"),
        ("p101 > 2s for 10s", "'p101'"), ("latency p99 > 2s for 10s", "'latency p99'"),
        ("service_time p99 p50 > 2s for 10s", "'service_time p99 p50'"), ("0xx > 1% for 10s", "'0xx'"),
        ("99 > 1% for 10s", "'99'"),
        // A limit of the wrong kind.
        ("errors > 2s for 10s", "'2s'"), ("errors > 100% for 10s", "'100%'"), ("errors > 5 for 10s", "'5'"),
        ("errors > -5% for 10s", "'-5%'"), ("p99 > 5% for 10s", "'5%'"), ("p99 > 2 for 10s", "'2'"),
        ("in_flight > 5% for 10s", "number of requests"),
        // A time that is none, or no time at all.
        ("errors > 5% for 10", "'10'"), ("errors > 5% for 0s", "'0s'"), ("errors > 5% for 1ms", "100ms"),
        ("errors > 5% for 300d", "1d"),
    ]) func namesWhatItCannotRead(_ text: String, _ word: String) {
        do {
            let condition = try AbortCondition(text)
            Issue.record("\(text) was read as \(condition)")
        } catch {
            #expect(error.description.contains(word), "\(error)")
        }
    }
}
