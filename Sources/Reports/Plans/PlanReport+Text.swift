import LoadPlans

extension PlanReport {
    /// The report for a terminal: what Markdown has, in columns.
    package func text(isStyled: Bool) -> String {
        func title(_ text: String) -> String { isStyled ? "\u{1B}[1m\(text)\u{1B}[0m\n" : "\(text)\n" }
        var text = title(PlainText.line(headline))
        if !run.acceptance.isEmpty {
            text += "\n"
            text += Self.plainTable(
                [("criterion", false), ("figure", true), ("verdict", false), ("where", false)],
                run.acceptance.map {
                    [$0.criterion, Self.figure($0.value, $0.unit), $0.verdict.rawValue, Self.place($0)]
                }
            )
        }
        for stage in run.stages {
            text += "\n" + title("stage \(stage.name) (\(stage.kind.rawValue))") + lines(stage)
        }
        if run.knee != nil {
            text += "\n" + title("the limit")
            text += Self.plainTable(Self.kneeColumns.map { ($0.title.lowercased(), $0.isNumber) }, kneeRows)
        }
        text += "\n" + title("bottlenecks")
        if let reason = withoutBottleneck { text += "  \(reason)\n" }
        for bottleneck in run.bottlenecks {
            text += "  \(PlainText.line(bottleneck.title))\n"
            for sentence in bottleneck.evidence { text += "    \(PlainText.line(sentence))\n" }
        }
        let changes = changes
        if !changes.isEmpty {
            text += "\n" + title("since the run before")
            text += Self.plainTable(
                [("what", false), ("before", true), ("now", true), ("change", true), ("verdict", false)],
                changes.prefix(20).map {
                    [$0.what, $0.before, $0.after, Self.growth($0.growth), $0.verdict ?? ""]
                }
            )
        }
        return text
    }

    private func lines(_ stage: StageResult) -> String {
        var text = ""
        for remark in stage.remarks { text += "  \(PlainText.line(remark))\n" }
        func add(_ tables: [(columns: [Column], rows: [[String]])], _ heading: String? = nil) {
            let tables = tables.filter { !$0.rows.isEmpty }
            guard !tables.isEmpty else { return }
            if let heading { text += "  \(PlainText.line(heading))\n" }
            for (columns, rows) in tables {
                text += Self.plainTable(columns.map { ($0.title.lowercased(), $0.isNumber) }, rows)
            }
        }
        add([
            (Self.scenarioColumns, stage.scenarios.map(Self.cells)),
            (Self.routeColumns, stage.routes.map(Self.cells)),
            (Self.probeColumns, stage.probes.map(Self.cells)),
        ])
        add(
            [
                (Self.executionColumns, stage.executions.map(Self.cells)),
                (Self.timeColumns, stage.executions.filter { $0.tenant.isEmpty }.flatMap(Self.timeCells)),
            ],
            stage.method.map { "executions: \($0)" }
        )
        add(
            [
                (Self.logColumns, stage.logs.map(Self.cells)),
                (Self.timeColumns, stage.logs.filter { $0.tenant.isEmpty }.flatMap(Self.timeCells)),
            ],
            stage.logMethod.map { "live logs: \($0)" }
        )
        add(
            [(Self.statementColumns, stage.statements.map(Self.cells))],
            "statements of the database with the most time"
        )
        return text
    }

    private static func plainTable(_ columns: [Column], _ rows: [[String]]) -> String {
        var table = Table(
            columns.map { Table.Column($0.title, $0.isNumber ? .right : .left, maximumWidth: 60) }
        )
        for row in rows { table.append(row) }
        return table.text(indent: 2)
    }
}
