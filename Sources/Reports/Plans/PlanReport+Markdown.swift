import LoadPlans

extension PlanReport {
    /// The report in Markdown, with tables as GitHub has them.
    package func markdown() -> String {
        var text = "# \(MarkdownTable.escape(headline))\n\n"
        if let about = run.about { text += "\(MarkdownTable.escape(about))\n\n" }
        text += MarkdownTable.text(
            [("Criterion", false), ("Figure", true), ("Verdict", false), ("Where", false)],
            run.acceptance.map {
                [$0.criterion, Self.figure($0.value, $0.unit), $0.verdict.rawValue, Self.place($0)]
            }
        )
        for stage in run.stages { text += markdown(stage) }
        if run.knee != nil { text += "## The limit\n\n" + MarkdownTable.text(Self.kneeColumns, kneeRows) }
        text += "## Bottlenecks\n\n"
        if let reason = withoutBottleneck { text += "\(reason)\n\n" }
        for bottleneck in run.bottlenecks {
            text += "- **\(MarkdownTable.escape(bottleneck.title))**\n"
            for sentence in bottleneck.evidence { text += "  - \(MarkdownTable.escape(sentence))\n" }
        }
        if !run.bottlenecks.isEmpty { text += "\n" }
        text += "## What changed\n\n" + changesMarkdown
        text += "## The run\n\n"
        for fact in facts {
            text += "- \(MarkdownTable.escape(fact.name)): \(MarkdownTable.escape(fact.text))\n"
        }
        return text
    }

    private func markdown(_ stage: StageResult) -> String {
        var text = "## Stage \(MarkdownTable.escape(stage.name)) (\(stage.kind.rawValue))\n\n"
        text +=
            "\(Quantity.duration(nanoseconds: stage.end - stage.start)), "
            + "\(Quantity.count(stage.total.requests)) requests, \(Quantity.rate(perSecond: stage.total.rate)), "
            + "\(Quantity.percent(stage.total.success)) success, p95 \(Self.microseconds(stage.total.p95)).\n\n"
        for remark in stage.remarks { text += "- \(MarkdownTable.escape(remark))\n" }
        if !stage.remarks.isEmpty { text += "\n" }
        text += MarkdownTable.text(Self.scenarioColumns, stage.scenarios.map(Self.cells))
        text += MarkdownTable.text(Self.routeColumns, stage.routes.map(Self.cells))
        text += MarkdownTable.text(Self.probeColumns, stage.probes.map(Self.cells))
        if !stage.executions.isEmpty {
            if let method = stage.method { text += "Executions: \(MarkdownTable.escape(method)).\n\n" }
            text += MarkdownTable.text(Self.executionColumns, stage.executions.map(Self.cells))
            text += MarkdownTable.text(Self.timeColumns, stage.executions.flatMap(Self.timeCells))
        }
        if !stage.logs.isEmpty {
            if let method = stage.logMethod { text += "Live logs: \(MarkdownTable.escape(method)).\n\n" }
            text += MarkdownTable.text(Self.logColumns, stage.logs.map(Self.cells))
            text += MarkdownTable.text(Self.timeColumns, stage.logs.flatMap(Self.timeCells))
        }
        if !stage.statements.isEmpty {
            text += "Statements of the database with the most time:\n\n"
            text += MarkdownTable.text(Self.statementColumns, stage.statements.map(Self.cells))
        }
        return text
    }

    private var changesMarkdown: String {
        guard previous != nil else { return "There is no run of this plan to compare with.\n\n" }
        let changes = changes
        guard !changes.isEmpty else { return "Nothing moved by a tenth or more since the run before.\n\n" }
        return MarkdownTable.text(
            [("What", false), ("Before", true), ("Now", true), ("Change", true), ("Verdict", false)],
            changes.map { [$0.what, $0.before, $0.after, Self.growth($0.growth), $0.verdict ?? ""] }
        )
    }
}

extension PlanReport {
    typealias Column = (title: String, isNumber: Bool)

    static let scenarioColumns: [Column] = [
        ("Scenario", false), ("Load", false), ("Sent", true), ("Asked for", true), ("Achieved", true),
        ("In flight at most", true), ("Send error p99", true), ("Held up by", false),
    ]

    static func cells(_ row: StageResult.ScenarioRow) -> [String] {
        [
            row.name, row.load, Quantity.count(row.sent),
            row.requestedRate.map { Quantity.rate(perSecond: $0) } ?? "–",
            row.achievedRate.map { Quantity.rate(perSecond: $0) } ?? "–",
            Quantity.count(row.peakOutstanding), microseconds(row.sendErrorP99), row.bottleneck,
        ]
    }

    static let routeColumns: [Column] = [
        ("Route", false), ("Tenant", false), ("Requests", true), ("Success", true), ("p50", true),
        ("p95", true), ("p99", true), ("Max", true), ("Statuses", false),
    ]

    static func cells(_ row: StageResult.RouteRow) -> [String] {
        [
            row.route, row.tenant, Quantity.count(row.requests), Quantity.percent(row.success),
            microseconds(row.p50), microseconds(row.p95), microseconds(row.p99), microseconds(row.max),
            statuses(row),
        ]
    }

    static let executionColumns: [Column] = [
        ("Tenant", false), ("Accepted", true), ("Finished", true), ("Failed", true), ("Lost", true),
        ("Running at most", true),
    ]

    static func cells(_ row: StageResult.ExecutionRow) -> [String] {
        [
            row.tenant.isEmpty ? "all" : row.tenant, Quantity.count(row.accepted),
            Quantity.count(row.finished),
            Quantity.count(row.failed), Quantity.count(row.lost), Quantity.count(row.peakRunning),
        ]
    }

    static let timeColumns: [Column] = [
        ("Tenant", false), ("Time", false), ("Count", true), ("p50", true), ("p95", true), ("p99", true),
        ("Max", true),
    ]

    static let logColumns: [Column] = [
        ("Tenant", false), ("At once", true), ("Failed", true), ("Cut off", true), ("Reconnects", true),
        ("Lines", true), ("Checked", true), ("Missing", true), ("Twice", true), ("Out of order", true),
        ("Unknown", true), ("Of others", true), ("In gaps", true),
    ]

    static func cells(_ row: StageResult.LogRow) -> [String] {
        [
            row.tenant.isEmpty ? "all" : row.tenant, row.tenant.isEmpty ? Quantity.count(row.streams) : "",
            Quantity.count(row.failed), Quantity.count(row.cut), Quantity.count(row.reconnects),
            Quantity.count(row.lines),
        ]
            + [
                row.checked, row.missing, row.duplicated, row.outOfOrder, row.unknown, row.ofOthers,
                row.inGaps,
            ].map { $0.map { Quantity.count($0) } ?? "–" }
    }

    static func timeCells(_ row: StageResult.ExecutionRow) -> [[String]] {
        timeCells(row.times, tenant: row.tenant)
    }

    static func timeCells(_ row: StageResult.LogRow) -> [[String]] {
        timeCells(row.times, tenant: row.tenant)
    }

    private static func timeCells(_ times: [StageResult.Time], tenant: String) -> [[String]] {
        times.map { time in
            [
                tenant.isEmpty ? "all" : tenant, time.name, Quantity.count(time.count),
                microseconds(time.p50), microseconds(time.p95), microseconds(time.p99),
                microseconds(time.max),
            ]
        }
    }
}
