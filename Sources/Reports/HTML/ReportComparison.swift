import Replay

/// A page that lays runs over each other: their rates and times over time, and their routes side by side.
///
/// The first run is what the others are held against. Each has a colour and a dash of its own in all charts.
package struct ReportComparison: Sendable {
    /// Runs drawn; further ones are left out, and the page says so.
    package static let limit = 6
    /// Routes listed.
    private static let routeLimit = 100
    /// Rows of the table of values.
    private static let rowLimit = 120

    package var runs: [RunFigures]
    /// What came out, if anything was decided: whether it is good, and a line.
    package var verdict: (isGood: Bool?, headline: String)?
    /// What stands behind it.
    package var reasons: [String] = []
    /// The comparison as text, line by line.
    package var words = ""
    package var subject: String
    package var context = ReportContext()

    private static let styles = ["ca", "cb dashed", "cc", "cd dashed", "ce", "cf dashed"]
    private static let table = "runs-over-time"

    package init(runs: [RunFigures], subject: String) {
        self.runs = runs
        self.subject = subject
    }

    package func html() -> String {
        var page = Page(title: "Runs compared")
        page.foot = context.foot
        let tone: PageParts.Tone =
            switch verdict?.isGood {
            case true?: .good
            case false?: .bad
            case nil: .open
            }
        let headline = verdict?.headline ?? "\(drawn.count) runs side by side"
        page.sections = [
            PageParts.verdict(
                tone,
                headline,
                subject: subject,
                reasons: (reasons + leftOut).prefix(50).map { "\(PlainText.line($0))" }
            ),
            PageParts.section("runs", "Runs", runsTable),
            PageParts.section("course", "Over the run", PageParts.charts(charts) + values),
            PageParts.section("by-route", "Routes", routesTable),
            PageParts.section("words", "In words", inWords),
        ]
        page.sections += context.recordings.enumerated().map { RecordingSection($1, number: $0).markup }
        page.sections.append(context.repetition)
        return page.html()
    }

    /// With names that have room beside a mark.
    private var drawn: [RunFigures] {
        runs.prefix(Self.limit).map { run in
            var run = run
            run.name = PlainText.line(run.name, maximumCount: 40)
            return run
        }
    }

    private var inWords: Markup {
        let lines = words.split(separator: "\n").prefix(400).map { PlainText.line(String($0)) }
        return lines.isEmpty ? "" : "<pre tabindex=\"0\">\(lines.map { "\($0)\n" as Markup })</pre>\n"
    }

    private var leftOut: [String] {
        runs.count > Self.limit ? ["\(runs.count - Self.limit) more runs are not drawn"] : []
    }

    private var end: Double { max(drawn.map(\.seconds).max() ?? 1, 0.05) }

    // MARK: Charts

    /// One figure over time: its title, its unit, and what it is of a run.
    private struct Measure {
        var id: String
        var title: String
        var unit: String
        var isTime: Bool
        var values: (RunFigures) -> [Double?]
    }

    private static var measures: [Measure] {
        func time(_ path: KeyPath<RunFigures.Point, UInt64?>) -> (RunFigures) -> [Double?] {
            { run in run.points.map { $0[keyPath: path].map { Double(max($0, 1)) } } }
        }
        return [
            Measure(id: "sent", title: "Rate", unit: "requests sent a second", isTime: false) {
                $0.rates { $0.sent }
            },
            Measure(
                id: "r50",
                title: "Response p50",
                unit: "from when it was due",
                isTime: true,
                values: time(\.response?.p50)
            ),
            Measure(
                id: "r99",
                title: "Response p99",
                unit: "from when it was due",
                isTime: true,
                values: time(\.response?.p99)
            ),
            Measure(
                id: "s50",
                title: "Service p50",
                unit: "from the sending",
                isTime: true,
                values: time(\.service?.p50)
            ),
            Measure(
                id: "s99",
                title: "Service p99",
                unit: "from the sending",
                isTime: true,
                values: time(\.service?.p99)
            ),
            Measure(
                id: "e99",
                title: "Send error p99",
                unit: "later than due",
                isTime: true,
                values: time(\.sendError?.p99)
            ),
            Measure(id: "lost", title: "Failures and 5xx", unit: "a second", isTime: false) {
                $0.rates { $0.failed + $0.aborted + $0.answered.serverError }
            },
            Measure(id: "flight", title: "In flight", unit: "at once, at most", isTime: false) {
                $0.points.map { Double($0.peakInFlight) }
            },
        ]
    }

    private var charts: [Chart] {
        drawn.contains { !$0.points.isEmpty } ? Self.measures.indices.map { chart($0) } : []
    }

    private func chart(_ number: Int) -> Chart {
        let measure = Self.measures[number]
        let series = drawn.map(measure.values)
        let known = series.flatMap { $0 }.compactMap { $0 }
        let most = known.max() ?? 1
        let domain: ClosedRange<Double> =
            measure.isTime
            ? (known.min() ?? 1) * 0.85...max(most * 1.15, (known.min() ?? 1) * 2) : 0...max(most * 1.04, 1)
        let ticks = measure.isTime ? Ticks.logarithmic(domain, count: 6) : Ticks.linear(domain, count: 4)
        let highest = zip(drawn, series).map { run, values in
            "\(run.name) at most \(Self.shown(values.compactMap { $0 }.max(), measure))"
        }
        var chart = Chart(
            id: "runs-\(measure.id)",
            title: measure.title,
            unit: measure.unit,
            description: "\(measure.title) of each run over time: \(highest.joined(separator: "; ")).",
            horizontal: Chart.horizontal(.linear, 0...end),
            vertical: Chart.vertical(measure.isTime ? .logarithmic : .linear, domain),
            horizontalTicks: Ticks.time(0...end, count: 6).map {
                ($0, AxisLabel.moment(seconds: $0, upTo: end))
            },
            verticalTicks: ticks.map {
                ($0, measure.isTime ? AxisLabel.duration(microseconds: $0) : AxisLabel.count($0))
            },
            table: Self.table
        )
        for (place, (run, values)) in zip(drawn, series).enumerated() {
            chart.addLine(values, upTo: run.seconds, style: Self.styles[place])
            chart.keys.append(
                Chart.Key(name: run.name, style: Self.styles[place], column: 1 + number * drawn.count + place)
            )
        }
        return chart
    }

    private static func shown(_ value: Double?, _ measure: Measure) -> String {
        guard let value else { return "–" }
        return measure.isTime
            ? Quantity.duration(nanoseconds: Int64(min(value * 1_000, 9e18))) : Quantity.digits(value)
    }

    /// The values behind the charts, at moments that all runs share.
    private var values: Markup {
        guard drawn.contains(where: { !$0.points.isEmpty }) else { return "" }
        let finest = drawn.filter { !$0.points.isEmpty }.map(\.pointSeconds).min() ?? 1
        let count = max(1, min(Self.rowLimit, Int(end / finest)))
        var table = PageTable(
            id: Self.table,
            caption: "Figures of each run over time",
            columns: [.init("from", .number)]
                + Self.measures.flatMap { measure in
                    drawn.map { .init("\(measure.title), \($0.name)", .number) }
                }
        )
        let series = Self.measures.map { measure in drawn.map(measure.values) }
        for row in 0..<count {
            let from = Double(row) * end / Double(count)
            let middle = (Double(row) + 0.5) * end / Double(count)
            var cells = [PageTable.Cell("\(AxisLabel.moment(seconds: from, upTo: end))")]
            for (measure, runs) in zip(Self.measures, series) {
                for (run, values) in zip(drawn, runs) {
                    let place = Int(middle / run.pointSeconds)
                    let value = values.indices.contains(place) ? values[place] : nil
                    cells.append(PageTable.Cell("\(Self.shown(value, measure))"))
                }
            }
            table.rows.append(cells)
        }
        return "<details><summary>Figures over time</summary>\n\(table.markup)</details>\n"
    }

    // MARK: Tables

    private var runsTable: Markup {
        var table = PageTable(
            id: "runs-table",
            caption: "Each run as a whole",
            columns: [
                .init("Run"), .init("Took", .number), .init("Sent", .number), .init("Answered", .number),
                .init("5xx", .number), .init("Lost", .number),
            ]
        )
        table.rows = drawn.enumerated().map { place, run in
            let routes = run.routes
            func sum(_ value: (RunFigures.Route) -> UInt64) -> UInt64 { routes.reduce(0) { $0 &+ value($1) } }
            return [
                PageTable.Cell(
                    "<i class=\"swatch block \(Self.styles[place])\"></i>\(Markup.code(run.name, limit: 80))"
                ),
                PageTable.Cell(
                    "\(Quantity.duration(nanoseconds: Int64(min(max(run.wallSeconds, 0), 9e9) * 1e9)))"
                ),
                .count(sum { $0.sent }), .count(sum { $0.answered.total }),
                .count(sum { $0.answered.serverError }),
                .count(sum { $0.failed &+ $0.aborted }),
            ]
        }
        return table.markup
    }

    /// The routes of the first run, and what the others make of them.
    private var routesTable: Markup {
        guard let first = drawn.first, !first.routes.isEmpty else { return "" }
        let others = drawn.map { run in
            Dictionary(run.routes.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
        }
        var table = PageTable(
            id: "routes-table",
            caption: "Service times of each route in each run, and the change from the first run",
            columns: [.init("Route"), .init("Sent", .number)]
                + drawn.flatMap { run -> [PageTable.Column] in
                    [.init("p50 \(run.name)", .number), .init("p99 \(run.name)", .number)]
                }
        )
        table.isSortable = true
        table.filter = first.routes.count > 8 ? "Routes with" : nil
        for route in first.routes.prefix(Self.routeLimit) {
            var cells = [PageTable.Cell(.code(route.name)), PageTable.Cell.count(route.sent)]
            for run in others {
                let service = run[route.name]?.service
                cells.append(Self.cell(service?.p50, against: route.service?.p50))
                cells.append(Self.cell(service?.p99, against: route.service?.p99))
            }
            table.rows.append(cells)
        }
        if first.routes.count > Self.routeLimit {
            table.note = "and \(Quantity.count(first.routes.count - Self.routeLimit)) more routes"
        }
        return table.markup
    }

    private static func cell(_ value: UInt64?, against first: UInt64?) -> PageTable.Cell {
        guard let value else { return PageTable.Cell("–", order: -1) }
        let time = Quantity.duration(microseconds: Int64(clamping: value))
        guard let first, first > 0, value != first else {
            return PageTable.Cell("\(time)", order: Double(value))
        }
        let change = (Double(value) / Double(first) - 1) * 100
        let share = Int(min(change, 1e6).rounded())
        return PageTable.Cell(
            "\(time) <small>\(share >= 0 ? "+" : "")\(share) %</small>",
            order: Double(value)
        )
    }
}
