import RealModule
import Replay

// The parts of a page that show whether the figures of a run can be believed.

extension ReplayReport {
    var certificate: Markup {
        guard let deviations = summary.deviations else { return "" }
        var facts: [(name: String, text: String)] = [
            (
                "send error",
                "p50 \(Self.time(summary.sendError, \.p50)), p90 \(Self.time(summary.sendError, \.p90)), "
                    + "p99 \(Self.time(summary.sendError, \.p99)), max \(Self.time(summary.sendError, \.max))"
            )
        ]
        if summary.laneWait.max > 0 {
            facts.append(
                (
                    "lane wait",
                    "p50 \(Self.time(summary.laneWait, \.p50)), p99 \(Self.time(summary.laneWait, \.p99)), "
                        + "max \(Self.time(summary.laneWait, \.max))"
                )
            )
        }
        for (width, deviation) in zip(Rhythm.widths, deviations) {
            facts.append(
                (
                    "rhythm, \(Quantity.duration(microseconds: Int64(width) * 1_000))",
                    "\(Quantity.percent(deviation)) of requests in another window"
                )
            )
        }
        if let driftLine { facts.append(("drift", driftLine)) }
        facts.append(
            (
                "replayer",
                "busy for \(Quantity.percent(summary.replayer.busyShare)) of the run, woken late "
                    + "\(Quantity.count(summary.replayer.lateTurns)) of \(Quantity.count(summary.replayer.turns)) times"
            )
        )
        facts.append(("bottleneck", summary.bottleneck == .none ? "none" : bottleneckText))
        return PageParts.facts(facts)
    }

    /// How many requests went out how late.
    func sendErrorChart(prefix: String) -> Chart? {
        let counts = summary.sendErrorBuckets.counts
        guard let first = counts.firstIndex(where: { $0 > 0 }),
            let last = counts.lastIndex(where: { $0 > 0 })
        else { return nil }
        let shown = Array(counts[first...last])
        let most = Double(shown.max() ?? 1)
        let bounds = LatencyBuckets.bounds
        // Every bucket has its place; the label says what it goes up to.
        let step = (shown.count + 5) / 6
        let labels = shown.indices.filter { $0 % step == step / 2 }.map {
            index -> (value: Double, label: String) in
            let bound = first + index
            let label =
                bound < bounds.count ? AxisLabel.duration(microseconds: Double(bounds[bound])) : "more"
            return (Double(index) + 0.5, "≤ \(label)")
        }
        var chart = Chart(
            id: "\(prefix)-send-error-buckets",
            title: "Send error, all requests",
            unit: "requests by lateness",
            description: "How many requests went out how late: half within "
                + "\(Self.time(summary.sendError, \.p50)), 99 in 100 within \(Self.time(summary.sendError, \.p99)).",
            horizontal: Chart.horizontal(.linear, 0...Double(shown.count)),
            vertical: Chart.vertical(.linear, 0...most * 1.04),
            horizontalTicks: labels,
            verticalTicks: Ticks.linear(0...most, count: 4).map { ($0, AxisLabel.count($0)) }
        )
        chart.addStack([("ca", shown.map { Double($0) })])
        return chart
    }

    /// How long the slowest answers took: each step to the right is a tenth of the answers before it.
    func percentileChart(_ timeline: Timeline, prefix: String) -> Chart? {
        let response = timeline.distribution(.response)
        let service = timeline.distribution(.service)
        guard response.total > 0, let low = service.quantile(0), let high = response.quantile(1) else {
            return nil
        }
        let nines = min(5, max(1, Double.log10(Double(response.total))))
        let domain = Double(max(low, 1)) * 0.85...Double(max(high, 2)) * 1.15
        let steps = 96
        func line(_ latencies: BinnedLatencies) -> [Double?] {
            (0..<steps).map { step in
                let place = (Double(step) + 0.5) / Double(steps) * nines
                return latencies.quantile(1 - Double.pow(10, -place)).map { Double($0) }
            }
        }
        let labels: [(Double, String)] = [
            (0, "0"), (1, "90 %"), (2, "99 %"), (3, "99.9 %"), (4, "99.99 %"), (5, ""),
        ]
        var chart = Chart(
            id: "\(prefix)-percentiles",
            title: "Percentiles",
            unit: "of all answers",
            description: "Response and service time by percentile, over the whole run.",
            horizontal: Chart.horizontal(.linear, 0...nines),
            vertical: Chart.vertical(.logarithmic, domain),
            horizontalTicks: labels.filter { $0.0 <= nines }.map { (value: $0.0, label: $0.1) },
            verticalTicks: Ticks.logarithmic(domain, count: 6).map {
                ($0, AxisLabel.duration(microseconds: $0))
            }
        )
        chart.addLine(line(response), style: "cb")
        chart.addLine(line(service), style: "ca")
        chart.keys = [
            Chart.Key(name: "response time", style: "cb"), Chart.Key(name: "service time", style: "ca"),
        ]
        return chart
    }
}
