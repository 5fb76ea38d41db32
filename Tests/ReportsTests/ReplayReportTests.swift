import JSON
import Replay
import Reports
import Testing

@Suite struct ReplayReportTests {
    private var summary: ReplaySummary {
        var summary = ReplaySummary()
        summary.requests.scheduled = 2_010
        summary.requests.sent = 2_005
        summary.requests.skipped = 2
        summary.requests.notSent = 3
        summary.requests.responded = 2_000
        summary.requests.failed = 4
        summary.requests.aborted = 1
        summary.statuses = [202: 1_990, 401: 10]
        summary.failures = [.timeout: 3, .resendRefused: 1]
        summary.skips = [.incompleteBody: 2]
        summary.connections.recorded = 40
        summary.connections.opened = 43
        summary.connections.overflow = 3
        summary.wallSeconds = 5.25
        summary.requestedRate = 400
        summary.achievedRate = 399.5
        summary.speed = 2
        summary.sendError = latency(40, 900, 2_500)
        summary.laneWait = latency(0, 20, 30)
        summary.serviceTime = latency(700, 4_000, 80_000)
        summary.responseTime = latency(800, 5_000, 80_500)
        (summary.driftFirst, summary.driftLast, summary.driftFinal) = (41, 43.5, 38)
        summary.deviations = [0.125, 0.02, 0.004, 0]
        summary.transport = .wire
        summary.bottleneck = .lanes
        summary.signatures.signed = 1_990
        summary.signatures.invalidated = 10
        summary.wasInterrupted = true
        return summary
    }

    private func latency(_ p50: UInt64, _ p99: UInt64, _ max: UInt64) -> LatencySummary {
        LatencySummary(count: 2_000, mean: 1, p50: p50, p90: p99, p99: p99, p999: max, max: max)
    }

    @Test func oneBlockSaysEverythingThatHappened() {
        #expect(
            ReplayReport(summary).text() == """
                requests      2,005 of 2,010 sent, 2,000 answered, 4 failed, 1 aborted, 2 skipped, 3 not sent in 5.25 s
                rate          400/s requested, 400/s achieved, speed 2.00x
                send error    p50 40.0 µs, p99 900 µs, max 2.50 ms
                drift         first 100 41.0 µs late, last 100 43.5 µs, the very last 38.0 µs
                off rhythm    12.5 % in 1.00 ms, 2.00 % in 10.0 ms, 0.40 % in 100 ms, 0 % in 1.00 s
                service time  p50 700 µs, p99 4.00 ms, max 80.0 ms
                response time p50 800 µs, p99 5.00 ms, max 80.5 ms
                lane wait     p50 0 ns, p99 20.0 µs, max 30.0 µs
                statuses      202: 1,990, 401: 10
                errors        resend-refused: 1, timeout: 3
                skipped       incomplete-body: 2
                connections   43 opened for 40 recorded, 3 of them overflow
                signatures    1,990 signed, 10 made invalid, 0 as recorded for want of a secret
                bottleneck    the lanes
                stopped       interrupted before the end of the trace

                """
        )
    }

    @Test func aRunOfNothingIsShort() {
        #expect(
            ReplayReport(ReplaySummary()).text() == """
                requests      0 of 0 sent, 0 answered in 0 ns
                rate          – achieved, as fast as possible
                send error    –
                service time  –
                connections   0 opened for 0 recorded

                """
        )
    }

    /// Of a run in HTTP/1 alone nothing is said of protocols.
    @Test func answersInHTTP2AreTold() throws {
        #expect(!ReplayReport(summary).text().contains("protocols"))
        #expect(!ReplayReport(summary).html(subject: "trace").contains("protocols"))
        var summary = summary
        summary.answersInHTTP2 = 1_500
        #expect(ReplayReport(summary).text().contains("\nprotocols     http/1: 500, http/2: 1,500\n"))
        let page = ReplayReport(summary).html(subject: "trace")
        #expect(page.contains("protocols") && page.contains("http/1: 500, http/2: 1,500"))
        let json = String(decoding: ReplayReport(summary).json(), as: UTF8.self)
        #expect(json.contains(#""protocols":{"http/1":500,"http/2":1500},"errors":"#))
    }

    @Test func theJSONIsTheContract() throws {
        let text = String(decoding: ReplayReport(summary).json(), as: UTF8.self)
        #expect(
            text.hasPrefix(
                #"{"schema":"tapedeck.replay/1","requests":{"scheduled":2010,"sent":2005,"skipped":2,"not_sent":3,"#
                    + #""responded":2000,"failed":4,"aborted":1},"statuses":{"202":1990,"401":10},"#
                    + #""errors":{"resend-refused":1,"timeout":3},"skip_reasons":{"incomplete-body":2},"#
                    + #""wall_seconds":5.25,"requested_rate":400.0,"achieved_rate":399.5,"speed":2.0,"#
                    + #""send_error_us":{"p50":40,"p90":900,"p99":900,"p999":2500,"max":2500},"#
            )
        )
        #expect(
            text.contains(
                #""connections":{"recorded":40,"opened":43,"overflow":3,"forgotten":0},"bottleneck":"lanes""#
            )
        )
        #expect(
            text.contains(
                #""rhythm":{"1ms":0.125,"10ms":0.02,"100ms":0.004,"1000ms":0.0},"#
                    + #""rates":{"interval_seconds":1,"requested":[],"sent":[],"responded":[],"#
                    + #""response_mean_us":[],"response_max_us":[]},"transport":"wire","#
            )
        )
        #expect(text.hasSuffix("}\n"))
        _ = try JSONValue(parsing: Array(text.utf8).span)
    }

    @Test func saysWhatTheReplayerTookAndLacked() {
        var summary = summary
        var load = ReplayerLoad()
        (load.cpuSeconds, load.busyShare, load.turns, load.lateTurns) = (1.5, 0.5, 900, 2)
        (load.latestTurn, load.portsLacked, load.peakResidentBytes) = (3_000_000, 7, 64 << 20)
        summary.take(load)
        let json = String(decoding: ReplayReport(summary).json(), as: UTF8.self)
        #expect(
            json.hasSuffix(
                #""bottleneck_cause":"ports","replayer":{"cpu_seconds":1.5,"busy_share":0.5,"loop_turns":900,"#
                    + #""late_turns":2,"latest_turn_us":3000,"descriptors_lacked":0,"ports_lacked":7,"realtime":false},"#
                    + #""memory":{"peak_resident_bytes":67108864}}"# + "\n"
            )
        )
        let text = ReplayReport(summary).text()
        #expect(text.contains("\nbottleneck    the replayer: no local port was left for 7 connections; keep"))
        #expect(text.contains("\ncost          1.50 s of processor time, 64.0 MiB resident at most\n"))
    }

    @Test func whatHasNoScheduleHasNoRate() {
        var summary = summary
        (summary.requestedRate, summary.speed, summary.deviations) = (nil, nil, nil)
        let text = String(decoding: ReplayReport(summary).json(), as: UTF8.self)
        #expect(text.contains(#""requested_rate":null,"#) && text.contains(#""speed":null,"#))
        #expect(text.contains(#""rhythm":null,"rates":{"interval_seconds":1,"sent":[],"responded":"#))
    }
}
