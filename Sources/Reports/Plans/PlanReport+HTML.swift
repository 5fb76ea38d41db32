import LoadPlans

extension PlanReport {
    /// A page of its own: acceptance first, then how the run went over time, its stages, what holds the target up, what
    /// changed, and how to do it again. Nothing of it is fetched from elsewhere.
    ///
    /// Whatever can be long is bounded, so that it stays below a megabyte.
    package func html() -> String {
        var page = Page(title: run.plan)
        page.foot = context.foot
        page.sections = [
            PageParts.verdict(tone, headline, subject: run.about ?? run.target, reasons: reasons), tiles,
            PageParts.section("acceptance", "Acceptance", acceptanceTable),
        ]
        if let course = series.flatMap({ PlanCourse(run, $0) }) {
            page.sections.append(PageParts.section("course", "Over the run", course.markup))
        }
        page.sections += run.stages.prefix(Self.stageLimit).enumerated().map { section($1, number: $0 + 1) }
        if run.stages.count > Self.stageLimit {
            page.sections.append(
                "<p class=\"note\">\(run.stages.count - Self.stageLimit) more stages are in run.json.</p>\n"
            )
        }
        if run.knee != nil {
            page.sections.append(
                PageParts.section(
                    "limit",
                    "The limit",
                    Self.table("steps", "Steps", Self.kneeColumns, kneeRows)
                )
            )
        }
        page.sections += [
            PageParts.section("bottlenecks", "Bottlenecks", bottlenecks),
            PageParts.section("changes", "What changed", changesTable), context.repetition,
            PageParts.section("run", "The run", PageParts.facts(facts)),
        ]
        return page.html()
    }

    /// Stages with a section of their own.
    static let stageLimit = 40
    /// Charts of the replays of all stages together.
    static let chartLimit = 60
    private static let rowLimit = 200

    private var tone: PageParts.Tone {
        if run.isAccepted { return .good }
        let isOpen =
            run.endedEarly == nil && run.stages.allSatisfy(\.isSound)
            && run.acceptance.allSatisfy { $0.verdict != .fail }
        return isOpen ? .open : .bad
    }

    /// What is not kept, and what went wrong apart from criteria.
    private var reasons: [Markup] {
        let broken = run.acceptance.filter { $0.verdict != .pass }.prefix(12).map { row -> Markup in
            "\(PlainText.line(row.criterion)): \(Self.figure(row.value, row.unit))\(Self.place(row).isEmpty ? "" : ", " + PlainText.line(Self.place(row)))"
        }
        let unsound = run.stages.filter { !$0.isSound }.map { stage -> Markup in
            "stage \(PlainText.line(stage.name)) went wrong"
        }
        return broken + unsound
    }

    private var tiles: Markup {
        let requests = run.stages.reduce(0 as UInt64) { $0 &+ $1.total.requests }
        let executions = run.stages.compactMap { stage in stage.executions.first { $0.tenant.isEmpty } }
        let logs = run.stages.compactMap { stage in stage.logs.first { $0.tenant.isEmpty } }
        let kept = run.acceptance.filter { $0.verdict == .pass }.count
        var tiles: [(name: String, value: String, detail: String, tone: PageParts.Tone?)] = [
            (
                "criteria kept", "\(kept) of \(run.acceptance.count)", "",
                run.acceptance.isEmpty ? nil : kept == run.acceptance.count ? .good : .bad
            ),
            ("requests", Quantity.count(requests), "in \(run.stages.count) stages", nil),
        ]
        if let worst = run.stages.filter({ $0.kind != .knee && $0.total.requests > 0 }).max(by: {
            $0.total.p95 < $1.total.p95
        }) {
            tiles.append(
                (
                    "response p95", Self.microseconds(worst.total.p95),
                    "at most, in \(PlainText.line(worst.name))", nil
                )
            )
        }
        if let most = executions.map(\.peakRunning).max() {
            let lost = executions.reduce(0 as UInt64) { $0 &+ $1.lost }
            tiles.append(
                (
                    "running at once", Quantity.count(most), "\(Quantity.count(lost)) lost",
                    lost > 0 ? .bad : nil
                )
            )
        }
        if let worst = logs.compactMap({ row in
            row.times.first { $0.name == Criterion.MeasuredTime.logLag.rawValue }
        }).max(by: { $0.p95 < $1.p95 }) {
            let counted = logs.compactMap(\.missing)
            let missing = counted.reduce(0 as UInt64) { $0 &+ $1 }
            let isKnown = counted.count == logs.count || missing > 0
            tiles.append(
                (
                    "log lag p95", Self.microseconds(worst.p95),
                    isKnown ? "\(Quantity.count(missing)) lines missing" : "lines missing: unknown",
                    missing > 0 ? .bad : nil
                )
            )
        }
        return PageParts.tiles(tiles)
    }

    private var acceptanceTable: Markup {
        guard !run.acceptance.isEmpty else { return "<p>The plan has no criteria.</p>\n" }
        var columns: [PageTable.Column] = [
            PageTable.Column("Criterion"), PageTable.Column("Figure", .number), PageTable.Column("Verdict"),
            PageTable.Column("Where"),
        ]
        if previous != nil { columns.insert(PageTable.Column("The run before", .number), at: 2) }
        var table = PageTable(id: "criteria", caption: "Each criterion and its figure", columns: columns)
        for row in run.acceptance {
            let before = previous?.acceptance.first { $0.criterion == row.criterion }
            let style =
                switch row.verdict {
                case .pass: "good"
                case .fail: "bad"
                case .unknown: "open"
                }
            var cells = [
                PageTable.Cell("\(PlainText.line(row.criterion, maximumCount: 300))"),
                PageTable.Cell("\(Self.figure(row.value, row.unit))"),
                PageTable.Cell("\(row.verdict.rawValue)", style: style),
                PageTable.Cell("\(PlainText.line(Self.place(row)))"),
            ]
            if previous != nil {
                cells.insert(PageTable.Cell("\(before.map { Self.figure($0.value, $0.unit) } ?? "–")"), at: 2)
            }
            table.rows.append(cells)
        }
        return table.markup
    }

    private func section(_ stage: StageResult, number: Int) -> Markup {
        let summary =
            "\(Quantity.duration(nanoseconds: stage.end - stage.start)), "
            + "\(Quantity.count(stage.total.requests)) requests, \(Quantity.rate(perSecond: stage.total.rate)), "
            + "\(Quantity.percent(stage.total.success)) success, p95 \(Self.microseconds(stage.total.p95))"
        func part(_ title: String, _ method: String?, _ tables: [(columns: [Column], rows: [[String]])])
            -> Markup
        {
            guard tables.contains(where: { !$0.rows.isEmpty }) else { return "" }
            let name = title.lowercased().replacing(" ", with: "-")
            var part: Markup = "<h3>\(title)</h3>\n"
            if let method {
                part += "<p class=\"note\">By \(PlainText.line(method, maximumCount: 1_000)).</p>\n"
            }
            for (place, table) in tables.enumerated() {
                part += Self.table("\(name)-\(number)-\(place)", title, table.columns, table.rows)
            }
            return part
        }
        let content: [Markup] = [
            "<p>\(summary)</p>\n", Self.list(stage.remarks),
            PageParts.charts(charts(of: stage, number: number)),
            part("Scenarios", nil, [(Self.scenarioColumns, stage.scenarios.map(Self.cells))]),
            part("Routes", nil, [(Self.routeColumns, stage.routes.map(Self.cells))]),
            part("Probes", nil, [(Self.probeColumns, stage.probes.map(Self.cells))]),
            part(
                "Executions",
                stage.method,
                [
                    (Self.executionColumns, stage.executions.map(Self.cells)),
                    (Self.timeColumns, stage.executions.flatMap(Self.timeCells)),
                ]
            ),
            part(
                "Live logs",
                stage.logMethod,
                [
                    (Self.logColumns, stage.logs.map(Self.cells)),
                    (Self.timeColumns, stage.logs.flatMap(Self.timeCells)),
                ]
            ),
            part("Statements", nil, [(Self.statementColumns, stage.statements.map(Self.cells))]),
        ]
        return PageParts.section(
            "stage-\(number)",
            "Stage \(PlainText.line(stage.name)) (\(stage.kind.rawValue))",
            "\(content)"
        )
    }

    /// How the replays of a stage went over its time: what was asked and achieved, and how long answers took.
    private func charts(of stage: StageResult, number: Int) -> [Chart] {
        let before = run.stages.prefix(number - 1).reduce(0) { $0 + $1.scenarios.count * 3 }
        var charts: [Chart] = []
        for (place, scenario) in stage.scenarios.enumerated() {
            guard before + charts.count + 3 <= Self.chartLimit,
                let figures = figures[Part(stage: stage.name, scenario: scenario.name)]
            else { continue }
            for var chart in RunCharts(figures: figures, prefix: "stage-\(number)-\(place)", hasValues: false)
                .course
            {
                chart.title =
                    "\(PlainText.line(scenario.name, maximumCount: 40)): \(chart.title.lowercased())"
                charts.append(chart)
            }
        }
        return charts
    }

    private var bottlenecks: Markup {
        let reason: Markup = withoutBottleneck.map { "<p>\($0)</p>\n" } ?? ""
        return run.bottlenecks.prefix(Self.rowLimit).reduce(reason) { text, bottleneck in
            text + "<p><strong>\(PlainText.line(bottleneck.title))</strong></p>\n"
                + Self.list(bottleneck.evidence)
        }
    }

    private var changesTable: Markup {
        guard previous != nil else { return "<p>There is no run of this plan to compare with.</p>\n" }
        let changes = changes
        guard !changes.isEmpty else {
            return "<p>Nothing moved by a tenth or more since the run before.</p>\n"
        }
        return Self.table(
            "changed",
            "What changed since the run before",
            [("What", false), ("Before", true), ("Now", true), ("Change", true), ("Verdict", false)],
            changes.map { [$0.what, $0.before, $0.after, Self.growth($0.growth), $0.verdict ?? ""] }
        )
    }

    static func list(_ sentences: [String]) -> Markup {
        guard !sentences.isEmpty else { return "" }
        let items = sentences.prefix(rowLimit).map {
            "<li>\(PlainText.line($0, maximumCount: 600))</li>" as Markup
        }
        return "<ul>\(items)</ul>\n"
    }

    static func table(_ id: String, _ caption: String, _ columns: [Column], _ rows: [[String]]) -> Markup {
        var table = PageTable(
            id: id,
            caption: caption,
            columns: columns.map { PageTable.Column($0.title, $0.isNumber ? .number : .text) }
        )
        table.rows = rows.prefix(rowLimit).map { row in
            row.map { PageTable.Cell("\(PlainText.line($0, maximumCount: 300))") }
        }
        if rows.count > rowLimit {
            table.note = "\(Quantity.count(rows.count - rowLimit)) more are in run.json."
        }
        return table.markup
    }
}
