import LoadPlans

/// How the run of a plan went over time: the load and what was seen of the target, all on one axis from the start of the run
/// to its end, with the stages marked.
struct PlanCourse {
    /// Stretches of time drawn at most.
    static let pointLimit = 120
    /// Lines of one chart; of more, those that reach highest.
    static let lineLimit = 6
    static let styles = ["ca", "cb", "cc", "cd", "ce", "cf"]

    private struct Line {
        var name: String
        var values: [Double?]
    }

    private let run: PlanRun
    private let series: SeriesTable
    private let count: Int
    /// Seconds from the start of the run to its end.
    private let seconds: Double

    init?(_ run: PlanRun, _ series: SeriesTable) {
        guard series.times.count > 1, let last = series.times.last, last > run.start else { return nil }
        self.run = run
        self.series = series
        seconds = Double(max(last, run.end) - run.start) / 1e9
        // Looks are not quite as far apart as they should be; most stretches shall hold one.
        count = min(Self.pointLimit, max(2, series.times.count * 2 / 3))
    }

    /// The charts of what there is, a table of their values, and what the numbers of the stages mean.
    var markup: Markup {
        var charts: [Chart] = []
        var columns: [Line] = []
        for subject in ChartSubject.all {
            let lines = lines(of: subject)
            guard !lines.isEmpty else { continue }
            charts.append(chart(subject, lines, firstColumn: columns.count + 1))
            columns += lines.prefix(Self.lineLimit).map {
                Line(name: "\(subject.title): \($0.name)", values: $0.values)
            }
        }
        guard !charts.isEmpty else { return "" }
        let subjects = ChartSubject.all.filter { subject in
            charts.contains { $0.id == "course-\(subject.id)" }
        }
        return stageList + PageParts.charts(charts) + table(columns, subjects)
    }

    private var stageList: Markup {
        let names = run.stages.enumerated().map { "\($0.offset + 1) \($0.element.name)" }
        return
            "<p class=\"note\">Stages: \(PlainText.line(names.joined(separator: ", "), maximumCount: 2_000)).</p>\n"
    }

    // MARK: Values

    /// The series of a subject, the highest first, each as the means of its stretches.
    private func lines(of subject: ChartSubject) -> [Line] {
        let names = series.rows.keys.filter { subject.includes(ChartSubject.base($0)) }.sorted()
        return names.compactMap { name -> (Line, Double)? in
            let values = means(name)
            guard let most = values.compactMap({ $0 }).max(), most > 0 || names.count == 1 else { return nil }
            return (Line(name: subject.label(name), values: values), most)
        }
        .sorted { ($1.1, $0.0.name) < ($0.1, $1.0.name) }.map(\.0)
    }

    private func means(_ name: String) -> [Double?] {
        var sums = [Double](repeating: 0, count: count)
        var counts = [Int](repeating: 0, count: count)
        for (time, value) in zip(series.times, series.rows[name] ?? []) {
            guard let value, let place = place(of: time) else { continue }
            sums[place] += value
            counts[place] += 1
        }
        return zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : nil }
    }

    private func place(of time: Int64) -> Int? {
        let share = Double(time - run.start) / 1e9 / seconds
        guard share >= 0, share <= 1 else { return nil }
        return min(count - 1, Int(share * Double(count)))
    }

    // MARK: Drawing

    private func chart(_ subject: ChartSubject, _ lines: [Line], firstColumn: Int) -> Chart {
        let shown = lines.prefix(Self.lineLimit)
        let most = shown.flatMap { $0.values.compactMap { $0 } }.max() ?? 0
        let top = max(most * 1.04, subject.least)
        let left = lines.count - shown.count
        var chart = Chart(
            id: "course-\(subject.id)",
            title: subject.title,
            unit: subject.unit + (left > 0 ? "; \(left) more are in observations.om" : ""),
            description:
                "\(subject.title) over the run: "
                + shown.map { line in
                    "\(line.name) at most \(subject.show(line.values.compactMap { $0 }.max() ?? 0))"
                }
                .joined(separator: ", ") + ".",
            horizontal: Chart.horizontal(.linear, 0...seconds),
            vertical: Chart.vertical(.linear, 0...top),
            horizontalTicks: Ticks.time(0...seconds, count: 6).map {
                ($0, AxisLabel.moment(seconds: $0, upTo: seconds))
            },
            verticalTicks: Ticks.linear(0...top, count: 4).map { ($0, subject.show($0)) },
            table: "course-values"
        )
        chart.marks.append(stageMarks(chart))
        for (index, line) in shown.enumerated() {
            chart.addLine(line.values, style: Self.styles[index])
            chart.keys.append(
                Chart.Key(
                    name: PlainText.line(line.name, maximumCount: 60),
                    style: Self.styles[index],
                    column: firstColumn + index
                )
            )
        }
        return chart
    }

    /// Where each stage begins, and its number.
    private func stageMarks(_ chart: Chart) -> Markup {
        var marks: Markup = ""
        for (index, stage) in run.stages.enumerated() {
            let x = chart.horizontal.place(Double(stage.start - run.start) / 1e9)
            marks += """
                <path class="grid" d="M\(x) \(Chart.plot.top)V\(Chart.plot.bottom)"/>\
                <text class="tick" x="\(x + 2)" y="\(Chart.plot.top + 8)">\(index + 1)</text>
                """
        }
        return marks
    }

    private func table(_ columns: [Line], _ subjects: [ChartSubject]) -> Markup {
        var table = PageTable(
            id: "course-values",
            caption: "What was seen over time",
            columns: [PageTable.Column("from", .number)]
                + columns.map { PageTable.Column(PlainText.line($0.name, maximumCount: 80), .number) }
        )
        let owners = columns.map { column in
            subjects.first { column.name.hasPrefix("\($0.title): ") } ?? ChartSubject.all[0]
        }
        for row in 0..<count {
            let moment = AxisLabel.moment(seconds: Double(row) * seconds / Double(count), upTo: seconds)
            var cells = [PageTable.Cell("\(moment)")]
            for (column, subject) in zip(columns, owners) {
                cells.append(PageTable.Cell("\(column.values[row].map(subject.show) ?? "–")"))
            }
            table.rows.append(cells)
        }
        return "<details><summary>Figures over time</summary>\n\(table.markup)</details>\n"
    }
}
