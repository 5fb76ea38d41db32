import JSON
import Replay
import Reports
import Testing

@Suite struct ReplayStreamReportTests {
    private var summary: ReplaySummary {
        var summary = ReplaySummary()
        var streams = StreamSummary()
        streams.serverSent = 1_200
        streams.webSocket = 1
        streams.refused = 3
        streams.unrecorded = 2
        streams.peakOpen = 900
        streams.ends = [.target: 1_000, .client: 200, .broken: 1]
        streams.recordedEvents = 5_000
        streams.events.received = 5_003
        streams.events.matched = 4_990
        streams.events.missing = 6
        streams.events.duplicated = 7
        streams.events.outOfOrder = 8
        streams.events.changed = 4
        streams.events.unexpected = 2
        streams.signsOfLife = 11
        streams.recordedMessages = 30
        streams.sentMessages = 27
        streams.messagesNotSent = 2
        streams.messagesLeftOut = 1
        streams.messagesHeldBack = 5
        streams.timeToFirst = latency(1_500, 9_000, 20_000)
        streams.recordedTimeToFirst = latency(1_000, 8_000, 10_000)
        streams.gap = latency(250_000, 400_000, 900_000)
        streams.recordedGap = latency(250_000, 300_000, 310_000)
        streams.lag = latency(500, 2_000, 3_000)
        streams.messageError = latency(40, 200, 300)
        summary.streams = streams
        return summary
    }

    private func latency(_ p50: UInt64, _ p99: UInt64, _ max: UInt64) -> LatencySummary {
        LatencySummary(count: 100, mean: 1, p50: p50, p90: p99, p99: p99, p999: max, max: max)
    }

    @Test func theLinesSayWhatWasOtherwise() {
        let text = ReplayReport(summary).text()
        #expect(
            text.contains(
                """
                streams       1,200 event streams, 1 WebSocket session, 900 at once, 3 answered otherwise, \
                2 of which nothing is recorded
                stream ends   1,000 by the target, 200 by the client, as recorded, 1 broken
                events        5,003 came for 5,000 recorded, 6 missing, 7 duplicated, 8 out of order, \
                4 with other content, 2 unexpected
                first event   p50 1.50 ms, p99 9.00 ms, max 20.0 ms; recorded p50 1.00 ms, p99 8.00 ms
                event gap     p50 250 ms, p99 400 ms, max 900 ms; recorded p50 250 ms, p99 300 ms
                event lag     p50 500 µs, p99 2.00 ms, max 3.00 ms
                messages      27 of 30 sent, 5 held back for an answer, 2 not due any more, 1 not recorded whole, \
                send error p50 40.0 µs, p99 200 µs, max 300 µs

                """
            )
        )
    }

    @Test func aReplayWithoutStreamsHasNoLinesOfThem() {
        #expect(!ReplayReport(ReplaySummary()).text().contains("stream"))
    }

    @Test func theJSONIsTheContract() throws {
        let text = String(decoding: ReplayReport(summary).json(), as: UTF8.self)
        let members = [
            #""streams":{"server_sent":1200,"web_socket":1,"refused":3,"unrecorded":2,"peak_open":900,"#,
            #""ended":{"by_target":1000,"by_client":200,"silent":0,"overdue":0,"broken":1,"cut_short":0},"#,
            #""events":{"recorded":5000,"received":5003,"matched":4990,"missing":6,"duplicated":7,"#,
            #""out_of_order":8,"changed":4,"unexpected":2,"not_compared":0,"signs_of_life":11},"#,
            #""client_messages":{"recorded":30,"sent":27,"not_sent":2,"left_out":1,"held_back":5},"#,
            #""time_to_first_us":{"p50":1500,"#,
        ]
        #expect(text.contains(members.joined()))
        _ = try JSONValue(parsing: Array(text.utf8).span)
    }
}
