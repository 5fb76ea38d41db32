import Correlation
import JSON
import Replay
import Reports
import Testing

@Suite struct CorrelationReportTests {
    private var summary: ReplaySummary {
        var correlation = CorrelationSummary()
        correlation.edges = 3
        correlation.uses = 1_500
        correlation.misses = 2
        correlation.skipped = 1
        correlation.replaced = 7
        correlation.waits = 40
        correlation.wait = LatencySummary(
            count: 40,
            mean: 1,
            p50: 800,
            p90: 900,
            p99: 4_000,
            p999: 4_000,
            max: 5_000
        )
        correlation.recorded.unknown = 4
        correlation.recorded.unmapped = 5
        correlation.recorded.shared = 6
        correlation.recorded.forgotten = 1
        correlation.forgotten = 2
        var summary = ReplaySummary()
        summary.correlation = correlation
        return summary
    }

    @Test func twoLinesSayWhatBecameOfValues() {
        let text = ReplayReport(summary).text()
        #expect(
            text.contains(
                """
                values        1,500 from answers over 3 edges, 2 missing, 4 unknown, 7 replaced, 5 unmapped, 6 identities shared, 3 forgotten
                answer wait   40 requests waited: p50 800 µs, p99 4.00 ms, max 5.00 ms

                """
            )
        )
    }

    @Test func theJSONIsTheContract() {
        let text = String(decoding: ReplayReport(summary).json(), as: UTF8.self)
        #expect(
            text.contains(
                #""correlation":{"edges":3,"uses":1500,"misses":2,"unknown":4,"skipped":1,"replaced":7,"unmapped":5,"#
                    + #""identities_shared":6,"forgotten":3,"waits":40,"#
                    + #""wait_us":{"p50":800,"p90":900,"p99":4000,"p999":4000,"max":5000}}"#
            )
        )
        let none = ReplayReport(ReplaySummary())
        #expect(String(decoding: none.json(), as: UTF8.self).contains(#""correlation":null"#))
        #expect(!none.text().contains("values"))
    }
}
