import JSON
import Replay
import Reports
import Testing

/// What is told of a replay under way.
@Suite struct ReplayStatusTests {
    /// A run of 60 s, 12.4 s into it.
    private static func status(
        isPaced: Bool = true,
        _ change: (inout ReplayProgress) -> Void = { _ in }
    ) -> ReplayStatus {
        var interval = ReplayInterval(start: 11_400_000_000)
        interval.end = 12_400_000_000
        (interval.due, interval.sent, interval.responded, interval.failed) = (2_000, 1_998, 1_950, 3)
        for value in 1...100 as ClosedRange<UInt64> {
            interval.sendError.record(nanoseconds: value * 1_000)
            interval.serviceTime.record(nanoseconds: value * 10_000)
            interval.responseTime.record(nanoseconds: value * 100_000)
        }
        var progress = ReplayProgress()
        progress.elapsed = 12_400_000_000
        progress.remaining = 47_600_000_000
        progress.due = 24_802
        progress.counts.scheduled = 30_000
        progress.counts.sent = 24_800
        progress.counts.responded = 24_750
        progress.counts.failed = 3
        progress.outstanding = 47
        progress.oldest = 1_200_000
        progress.statuses = [200: 24_700, 503: 50]
        progress.failures = [.timeout: 2, .reset: 1]
        change(&progress)
        var status = ReplayStatus(isPaced: isPaced)
        status.take(interval, progress)
        return status
    }

    @Test func theScreenShowsTheLastSecond() {
        #expect(
            Self.status().screen(columns: 90).joined(separator: "\n") == """
                ████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  12.4 s, 47.6 s left
                rate           2,000/s asked, 1,998/s sent
                requests       24,800 sent, 24,750 answered, 3 failed, 47 in flight, the oldest due 1.20 …
                response time  p50 5.00 ms, p90 9.01 ms, p99 9.90 ms, max 10.0 ms
                service time   p50 500 µs, p90 900 µs, p99 990 µs, max 1.00 ms
                send error     p50 50.0 µs, p90 90.0 µs, p99 99.0 µs, max 100 µs
                answers        200: 24,700, 503: 50
                errors         reset: 1, timeout: 2
                """
        )
    }

    /// Whatever the window's width, no line is longer, and the bar goes before the times do.
    @Test(arguments: [0, 1, 5, 20, 30, 40, 80, 400]) func theWidthIsKept(_ columns: Int) {
        let lines = Self.status().screen(columns: columns)
        #expect(lines.allSatisfy { $0.unicodeScalars.count <= max(1, columns) })
        if columns >= 20 { #expect(lines[0].hasSuffix("12.4 s, 47.6 s left")) }
        #expect(lines[0].contains("█") == (columns >= 30))
    }

    @Test func theFirstLineSaysWhatIsGoingOn() {
        let rows: [(String, (inout ReplayProgress) -> Void)] = [
            ("12.4 s", { $0.remaining = nil }),
            ("12.4 s, waiting for 47 answers", { $0.phase = .draining }),
            (
                "12.4 s, stopped by errors > 5% for 10s, waiting for 47 answers",
                {
                    $0.phase = .draining
                    $0.abortedBy = "errors > 5% for 10s"
                }
            ),
            ("1:05, 2:05:00 left", { ($0.elapsed, $0.remaining) = (65_900_000_000, 7_500_000_000_000) }),
        ]
        for (text, change) in rows { #expect(Self.status(change).screen(columns: 200)[0].hasSuffix(text)) }
    }

    @Test func aLineSaysTheSame() {
        #expect(
            Self.status().line()
                == "12.4 s, 47.6 s left; 2,000/s asked, 1,998/s sent; 24,750 answered; 3 failed; 47 in flight; "
                + "response p50 5.00 ms, p99 9.90 ms; send error p99 99.0 µs"
        )
        // Before anything was measured.
        #expect(ReplayStatus(isPaced: true).line() == "0.0 s; –; 0 answered; 0 in flight")
    }

    @Test func theJSONIsTheContract() throws {
        let text = String(decoding: Self.status().json(at: 1_700_000_000_000_000_000), as: UTF8.self)
        #expect(
            text
                == #"{"schema":"tapedeck.progress/1","time_ns":1700000000000000000,"phase":"running","#
                + #""elapsed_seconds":12.4,"remaining_seconds":47.6,"aborted_by":null,"requests":{"due":24802,"#
                + #""sent":24800,"skipped":0,"not_sent":0,"responded":24750,"failed":3,"aborted":0,"in_flight":47},"#
                + #""statuses":{"200":24700,"503":50},"errors":{"reset":1,"timeout":2},"oldest_us":1200,"#
                + #""interval_seconds":1.0,"requested_rate":2000.0,"achieved_rate":1998.0,"#
                + #""interval_responded":1950,"interval_failed":3,"#
                + #""send_error_us":{"count":100,"p50":50,"p90":90,"p99":99,"max":100},"#
                + #""service_time_us":{"count":100,"p50":500,"p90":900,"p99":990,"max":1000},"#
                + #""response_time_us":{"count":100,"p50":5003,"p90":9007,"p99":9903,"max":10000}}"# + "\n"
        )
        let empty = ReplayStatus(isPaced: false).json(at: 0)
        #expect(
            String(decoding: empty, as: UTF8.self).contains(#""requested_rate":null,"achieved_rate":null,"#)
        )
        _ = try JSONValue(parsing: empty.span)
    }

    @Test func withoutAScheduleNoRateIsAskedFor() {
        let status = Self.status(isPaced: false)
        #expect(status.screen(columns: 80)[1] == "rate           1,998/s sent")
        let text = status.prometheusText(ReplayStatus.Usage(cpuSeconds: 0, residentBytes: 0))
        #expect(!text.contains("requested_rate"))
    }

    /// Prometheus' text format: each family once, with its help and type before its samples.
    @Test func metricsAreWellFormed() throws {
        var status = Self.status()
        let usage = ReplayStatus.Usage(cpuSeconds: 1.5, residentBytes: 4_096)
        for isEmpty in [false, true] {
            if isEmpty { status = ReplayStatus(isPaced: true) }
            var family = ""
            var families: Set<String> = []
            var samples: Set<Substring> = []
            for line in status.prometheusText(usage).split(separator: "\n") {
                let words = line.split(separator: " ")
                if words[0] == "#" {
                    if words[1] == "HELP" {
                        family = String(words[2])
                        #expect(families.insert(family).inserted, "\(family) is there twice")
                        #expect(line.hasSuffix("."))
                    } else {
                        #expect(words[1] == "TYPE" && words[2] == family)
                        #expect((words[3] == "counter") == family.hasSuffix("_total"))
                    }
                    continue
                }
                #expect(words.count == 2 && Double(words[1]) != nil && words[0].hasPrefix(family), "\(line)")
                #expect(words[0].wholeMatch(of: /tapedeck_replay_[a-z_]+(\{[a-z]+="[^"]+"\})?/) != nil)
                #expect(samples.insert(words[0]).inserted, "\(line)")
            }
            #expect(families.count == (isEmpty ? 17 : 20))
        }
        let text = Self.status().prometheusText(usage)
        for sample in [
            "requests_due_total 24802", "requests_sent_total 24800", "in_flight 47",
            "responses_total{status=\"503\"} 50", "failures_total{kind=\"timeout\"} 2",
            "remaining_seconds 47.600000", "requested_rate 2000.000", "oldest_seconds 0.001200",
            "response_time_seconds{quantile=\"0.99\"} 0.009903", "response_time_seconds_count 100",
            "service_time_seconds_sum 0.050500", "cpu_seconds_total 1.500", "resident_bytes 4096",
        ] {
            #expect(text.contains("\ntapedeck_replay_\(sample)\n"), "\(sample)")
        }
    }

    /// Sums grow with the run; percentiles are those of the last second.
    @Test func sumsGoOn() {
        var status = Self.status()
        var interval = ReplayInterval(start: 12_400_000_000)
        interval.end = 13_400_000_000
        interval.responseTime.record(nanoseconds: 7_000_000)
        status.take(interval, status.progress)
        #expect(status.responseTime.count == 101 && status.recent?.responseTime.count == 1)
        #expect(status.responseTime.microseconds == 505_000 + 7_000)
    }
}
