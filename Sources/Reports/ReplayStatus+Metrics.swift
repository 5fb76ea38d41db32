import Replay

extension ReplayStatus {
    /// What the process takes of the machine.
    package struct Usage: Hashable, Sendable {
        package var cpuSeconds: Double
        package var residentBytes: UInt64

        package init(cpuSeconds: Double, residentBytes: UInt64) {
            self.cpuSeconds = cpuSeconds
            self.residentBytes = residentBytes
        }
    }

    /// All of it in Prometheus' text format 0.0.4; quantiles are those of the last second.
    package func prometheusText(_ usage: Usage) -> String {
        var text = PrometheusText(prefix: "tapedeck_replay_")
        addCounts(to: &text)
        text.add(
            "in_flight",
            .gauge,
            help: "Requests sent and not yet answered.",
            "\(progress.outstanding)"
        )
        text.add(
            "oldest_seconds",
            .gauge,
            help: "How long ago the oldest unanswered request was due.",
            PrometheusText.seconds(microseconds: progress.oldest / 1_000)
        )
        text.add(
            "elapsed_seconds",
            .gauge,
            help: "Time since the start of the run.",
            PrometheusText.seconds(microseconds: progress.elapsed / 1_000)
        )
        if let remaining = progress.remaining {
            text.add(
                "remaining_seconds",
                .gauge,
                help: "Time until nothing more is due.",
                PrometheusText.seconds(microseconds: remaining / 1_000)
            )
        }
        for (name, help, rate) in [
            ("requested_rate", "Requests a second that came to their time.", recent?.requestedRate),
            ("achieved_rate", "Requests a second that were sent.", recent?.achievedRate),
        ] {
            if let rate { text.add(name, .gauge, help: help, Quantity.fixed(rate, decimals: 3)) }
        }
        add("send_error", "From the intended time to the sending.", recent?.sendError, sendError, to: &text)
        add("service_time", "From the sending to the end.", recent?.serviceTime, serviceTime, to: &text)
        add(
            "response_time",
            "From the intended time to the end.",
            recent?.responseTime,
            responseTime,
            to: &text
        )
        text.add(
            "cpu_seconds_total",
            .counter,
            help: "Processor time of the process.",
            Quantity.fixed(usage.cpuSeconds, decimals: 3)
        )
        text.add(
            "resident_bytes",
            .gauge,
            help: "Resident memory of the process.",
            "\(usage.residentBytes)"
        )
        return text.text
    }

    private func addCounts(to text: inout PrometheusText) {
        let counts = progress.counts
        for (name, help, count) in [
            ("due", "Requests whose time has come.", progress.due),
            ("sent", "Requests that were handed to a connection.", counts.sent),
            ("skipped", "Requests that cannot be sent.", counts.skipped),
            ("not_sent", "Requests that were due and are not sent any more.", counts.notSent),
            ("responded", "Requests with a whole answer.", counts.responded),
            ("failed", "Requests without a whole answer.", counts.failed),
            ("aborted", "Requests that were given up.", counts.aborted),
        ] {
            text.add("requests_\(name)_total", .counter, help: help, "\(count)")
        }
        text.add(
            "responses_total",
            .counter,
            help: "Answers by status.",
            label: "status",
            progress.statuses.map { ("\($0.key)", $0.value) }
        )
        text.add(
            "failures_total",
            .counter,
            help: "Requests without a whole answer, by kind.",
            label: "kind",
            progress.failures.map { ($0.key.rawValue, $0.value) }
        )
    }

    private func add(
        _ name: String,
        _ help: String,
        _ recent: LatencySummary?,
        _ sum: Sum,
        to text: inout PrometheusText
    ) {
        text.begin("\(name)_seconds", .summary, help: help)
        if let recent, recent.count > 0 {
            for (quantile, time) in [
                ("0.5", recent.p50), ("0.9", recent.p90), ("0.99", recent.p99), ("1", recent.max),
            ] {
                text.sample(
                    "\(name)_seconds{quantile=\"\(quantile)\"}",
                    PrometheusText.seconds(microseconds: time)
                )
            }
        }
        text.sample("\(name)_seconds_sum", PrometheusText.seconds(microseconds: sum.microseconds))
        text.sample("\(name)_seconds_count", "\(sum.count)")
    }
}
