import Replay

/// The charts of how a run, or several runs laid over each other, went over time.
struct RunCharts: Sendable {
    let figures: RunFigures
    /// What the identifiers of its elements begin with.
    let prefix: String
    /// Whether ``values`` stand beside the charts.
    var hasValues = true

    private var table: String? { hasValues ? prefix + "-over-time" : nil }
    private var end: Double { max(figures.seconds, figures.pointSeconds) }

    /// The columns of the table of values, in their order.
    private enum Column: Int {
        case moment, requested, sent, answered, failed, aborted
        case response50, response90, response99, longest
        case service50, service90, service99
        case error50, error99
        case inFlight, success, redirect, clientError, serverError, other
    }

    // MARK: Charts

    func charts(heat: HeatMap?) -> [Chart] {
        guard !figures.points.isEmpty else { return [] }
        var charts = [rates, response, service]
        if let heat, let chart = heatChart(heat) { charts.append(chart) }
        if figures.isPaced { charts.append(sendError) }
        charts += [answers, inFlight]
        return charts
    }

    /// What is looked at first, for a page on which many runs stand.
    var course: [Chart] { figures.points.isEmpty ? [] : [rates, response, inFlight] }

    private func frame(
        _ id: String,
        _ title: String,
        unit: String,
        _ description: String,
        vertical: Scale,
        ticks: [(value: Double, label: String)]
    ) -> Chart {
        let horizontal = Chart.horizontal(.linear, 0...end)
        return Chart(
            id: "\(prefix)-\(id)",
            title: title,
            unit: unit,
            description: description,
            horizontal: horizontal,
            vertical: vertical,
            horizontalTicks: Ticks.time(0...end, count: 6).map {
                ($0, AxisLabel.moment(seconds: $0, upTo: end))
            },
            verticalTicks: ticks,
            table: table
        )
    }

    /// A chart of counts from 0 up.
    private func countFrame(_ id: String, _ title: String, unit: String, _ description: String, most: Double)
        -> Chart
    {
        let ticks = Ticks.linear(0...max(most, 1), count: 4)
        return frame(
            id,
            title,
            unit: unit,
            description,
            vertical: Chart.vertical(.linear, 0...max(most * 1.04, 1)),
            ticks: ticks.map { ($0, AxisLabel.count($0)) }
        )
    }

    /// A chart of times in microseconds, on a logarithmic scale.
    private func timeFrame(
        _ id: String,
        _ title: String,
        unit: String,
        _ description: String,
        _ percentiles: [RunFigures.Percentiles?],
        domain: ClosedRange<Double>? = nil
    ) -> Chart {
        let known = percentiles.compactMap { $0 }
        let low = Double(max(1, known.map(\.p50).min() ?? 1))
        let high = Double(max(2, known.map(\.p99).max() ?? 2))
        let domain = domain ?? low * 0.85...max(high * 1.15, low * 2)
        return frame(
            id,
            title,
            unit: unit,
            description,
            vertical: Chart.vertical(.logarithmic, domain),
            ticks: Ticks.logarithmic(domain, count: 6).map { ($0, AxisLabel.duration(microseconds: $0)) }
        )
    }

    private var rates: Chart {
        let requested = figures.rates { $0.requested }
        let sent = figures.rates { $0.sent }
        let most = (requested + sent).compactMap { $0 }.max() ?? 1
        let total = figures.points.reduce(0 as UInt64) { $0 + $1.sent }
        var chart = countFrame(
            "rate",
            "Rate",
            unit: "requests a second",
            "Requests a second over the run, as the schedule asked for them and as they were sent: "
                + "\(Quantity.count(total)) in all, at most \(Quantity.rate(perSecond: most)).",
            most: most
        )
        if figures.isPaced {
            chart.addArea(requested, style: "cg")
            chart.addLine(requested, style: "cg thin")
            chart.keys.append(key("requested", "cg block", .requested))
        }
        chart.addLine(sent, style: "ca")
        chart.keys.append(key("sent", "ca", .sent))
        return chart
    }

    private var response: Chart {
        percentileChart(
            "response",
            "Response time",
            unit: figures.isPaced ? "from when it was due" : "from the sending",
            figures.points.map(\.response),
            [.response50, .response90, .response99]
        )
    }

    private var service: Chart {
        percentileChart(
            "service",
            "Service time",
            unit: "from the sending",
            figures.points.map(\.service),
            [.service50, .service90, .service99]
        )
    }

    private func percentileChart(
        _ id: String,
        _ title: String,
        unit: String,
        _ percentiles: [RunFigures.Percentiles?],
        _ columns: [Column]
    ) -> Chart {
        let worst = percentiles.compactMap { $0?.p99 }.max() ?? 0
        var chart = timeFrame(
            id,
            title,
            unit: unit,
            "\(title) over the run, in percentiles; the 99th is at most \(Self.time(worst)).",
            percentiles
        )
        chart.addLine(percentiles.map { $0.map { Double($0.p99) } }, style: "cb")
        chart.addLine(percentiles.map { $0.map { Double($0.p90) } }, style: "ce")
        chart.addLine(percentiles.map { $0.map { Double($0.p50) } }, style: "ca")
        chart.keys = [
            key("p50", "ca", columns[0]), key("p90", "ce", columns[1]), key("p99", "cb", columns[2]),
        ]
        return chart
    }

    private func heatChart(_ heat: HeatMap) -> Chart? {
        guard !heat.cells.isEmpty else { return nil }
        var chart = timeFrame(
            "heat",
            "Response times",
            unit: "the stronger the colour, the more",
            "How many answers took how long over the run, as a map: time to the right, response time upwards.",
            [],
            domain: heat.domain
        )
        heat.draw(in: &chart)
        chart.keys = [
            key("p50", "none", .response50), key("p99", "none", .response99), key("max", "none", .longest),
        ]
        return chart
    }

    private var sendError: Chart {
        let errors = figures.points.map(\.sendError)
        var chart = timeFrame(
            "send-error",
            "Send error",
            unit: "later than due, by the replayer",
            "How much later than it was due a request went out over the run, in percentiles.",
            errors
        )
        chart.addLine(errors.map { $0.map { Double($0.p99) } }, style: "cb")
        chart.addLine(errors.map { $0.map { Double($0.p50) } }, style: "ca")
        chart.keys = [key("p50", "ca", .error50), key("p99", "cb", .error99)]
        return chart
    }

    private var answers: Chart {
        let layers: [(name: String, style: String, column: Column, count: (RunFigures.Point) -> UInt64)] = [
            ("2xx", "cc", .success, { $0.answered.success }),
            ("3xx", "cf", .redirect, { $0.answered.redirect }),
            ("4xx", "ce", .clientError, { $0.answered.clientError }),
            ("5xx", "cb", .serverError, { $0.answered.serverError }),
            ("other", "cg", .other, { $0.answered.other }),
            ("failed", "cd", .failed, { $0.failed }),
            ("aborted", "cg", .aborted, { $0.aborted }),
        ]
        let shown = layers.filter { layer in figures.points.contains { layer.count($0) > 0 } }
        let totals = shown.map { layer in
            "\(Quantity.count(figures.points.reduce(0 as UInt64) { $0 + layer.count($1) })) \(layer.name)"
        }
        let most = figures.points.map { $0.answered.total + $0.failed + $0.aborted }.max() ?? 0
        var chart = countFrame(
            "answers",
            "Answers and failures",
            unit: "of requests due then",
            "What became of the requests that were due, over the run: \(totals.joined(separator: ", ")).",
            most: Double(most)
        )
        chart.addStack(shown.map { layer in (layer.style, figures.points.map { Double(layer.count($0)) }) })
        chart.keys = shown.map { key($0.name, $0.style + " block", $0.column) }
        return chart
    }

    private var inFlight: Chart {
        let values = figures.points.map { Double($0.peakInFlight) }
        var chart = countFrame(
            "in-flight",
            "In flight",
            unit: "requests at once, at most",
            "The most requests that were in flight at once, over the run.",
            most: values.max() ?? 0
        )
        chart.addArea(values, style: "ca")
        chart.addLine(values, style: "ca")
        chart.keys = [key("in flight", "ca", .inFlight)]
        return chart
    }

    private func key(_ name: String, _ style: String, _ column: Column) -> Chart.Key {
        Chart.Key(name: name, style: style, column: hasValues ? column.rawValue : nil)
    }

    private static func time(_ microseconds: UInt64) -> String {
        Quantity.duration(microseconds: Int64(clamping: microseconds))
    }

    // MARK: Values

    /// The values behind the charts, a row for each stretch.
    var values: Markup {
        guard !figures.points.isEmpty, let table else { return "" }
        let titles = [
            "from", "requested", "sent", "answered", "failed", "aborted", "response p50", "p90", "p99", "max",
            "service p50", "p90", "p99", "send error p50", "p99", "in flight", "2xx", "3xx", "4xx", "5xx",
            "other",
        ]
        var values = PageTable(
            id: table,
            caption: "Figures over time; what became of a request stands where it was due",
            columns: titles.map { PageTable.Column($0, .number) }
        )
        for (index, point) in figures.points.enumerated() { values.rows.append(cells(point, index)) }
        return "<details><summary>Figures over time</summary>\n\(values.markup)</details>\n"
    }

    private func cells(_ point: RunFigures.Point, _ index: Int) -> [PageTable.Cell] {
        let moment = AxisLabel.moment(seconds: Double(index) * figures.pointSeconds, upTo: end)
        var cells = [PageTable.Cell("\(moment)")]
        cells += [
            point.requested, point.sent, point.answered.total, point.failed, point.aborted,
        ].map { .count($0) }
        cells += [point.response?.p50, point.response?.p90, point.response?.p99].map { .microseconds($0) }
        cells.append(.microseconds(point.response == nil ? nil : point.longest))
        cells += [
            point.service?.p50, point.service?.p90, point.service?.p99, point.sendError?.p50,
            point.sendError?.p99,
        ].map { .microseconds($0) }
        let answered = point.answered
        cells += [
            point.peakInFlight, answered.success, answered.redirect, answered.clientError,
            answered.serverError, answered.other,
        ].map { .count($0) }
        return cells
    }
}
