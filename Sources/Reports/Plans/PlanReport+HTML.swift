import LoadPlans

extension PlanReport {
    /// A page of its own, without scripts and without anything fetched from elsewhere.
    package func html() -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(XMLText.escape(run.plan))</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <main>
        <h1 class="\(run.isAccepted ? "pass" : "fail")">\(XMLText.escape(headline))</h1>
        \(run.about.map { "<p>\(XMLText.escape($0))</p>" } ?? "")
        \(acceptanceTable)
        \(run.stages.map(section).joined(separator: "\n"))
        \(run.knee == nil ? "" : "<h2>The limit</h2>" + Self.table(Self.kneeColumns, kneeRows))
        <h2>Bottlenecks</h2>
        \(bottlenecks)
        <h2>What changed</h2>
        \(changesTable)
        <h2>The run</h2>
        <dl>
        \(facts.map { "<dt>\(XMLText.escape($0.name))</dt><dd>\(XMLText.escape($0.text))</dd>" }.joined(separator: "\n"))
        </dl>
        </main>
        </body>
        </html>

        """
    }

    private static let style = """
        :root { color-scheme: light dark; --line: #d0d4da; --soft: #f4f5f7; --good: #1a7f37; --bad: #c62828; --open: #9a6700; }
        @media (prefers-color-scheme: dark) {
          :root { --line: #3a3f47; --soft: #22262c; --good: #4ac26b; --bad: #ff7b72; --open: #d4a72c; }
        }
        body { font: 15px/1.5 system-ui, sans-serif; margin: 0; }
        main { max-width: 80rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        .pass { color: var(--good); } .fail { color: var(--bad); } .unknown { color: var(--open); }
        .scroll { overflow-x: auto; margin-bottom: 1rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        th { background: var(--soft); } td.number, th.number { text-align: right; white-space: nowrap; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dd { margin: 0; }
        """

    private var acceptanceTable: String {
        guard !run.acceptance.isEmpty else { return "<p>The plan has no criteria.</p>" }
        let rows = run.acceptance.map { row in
            """
            <tr><td>\(XMLText.escape(row.criterion))</td>\
            <td class="number">\(XMLText.escape(Self.figure(row.value, row.unit)))</td>\
            <td class="\(row.verdict.rawValue)">\(row.verdict.rawValue)</td>\
            <td>\(XMLText.escape(Self.place(row)))</td></tr>
            """
        }
        return """
            <div class="scroll"><table>
            <tr><th>Criterion</th><th class="number">Figure</th><th>Verdict</th><th>Where</th></tr>
            \(rows.joined(separator: "\n"))
            </table></div>
            """
    }

    private func section(_ stage: StageResult) -> String {
        let summary =
            "\(Quantity.duration(nanoseconds: stage.end - stage.start)), "
            + "\(Quantity.count(stage.total.requests)) requests, \(Quantity.rate(perSecond: stage.total.rate)), "
            + "\(Quantity.percent(stage.total.success)) success, p95 \(Self.microseconds(stage.total.p95))"
        var parts = [
            "<h2>Stage \(XMLText.escape(stage.name)) (\(stage.kind.rawValue))</h2>",
            "<p>\(XMLText.escape(summary))</p>", Self.list(stage.remarks),
            Self.table(Self.scenarioColumns, stage.scenarios.map(Self.cells)),
            Self.table(Self.routeColumns, stage.routes.map(Self.cells)),
            Self.table(Self.probeColumns, stage.probes.map(Self.cells)),
        ]
        if !stage.executions.isEmpty {
            if let method = stage.method { parts.append("<p>Executions: \(XMLText.escape(method)).</p>") }
            parts.append(Self.table(Self.executionColumns, stage.executions.map(Self.cells)))
            parts.append(Self.table(Self.timeColumns, stage.executions.flatMap(Self.timeCells)))
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var bottlenecks: String {
        guard !run.bottlenecks.isEmpty else { return "<p>None was found.</p>" }
        return run.bottlenecks.map { bottleneck in
            "<p><strong>\(XMLText.escape(bottleneck.title))</strong></p>" + Self.list(bottleneck.evidence)
        }.joined(separator: "\n")
    }

    private var changesTable: String {
        guard previous != nil else { return "<p>There is no run of this plan to compare with.</p>" }
        let changes = changes
        guard !changes.isEmpty else { return "<p>Nothing moved by a tenth or more since the run before.</p>" }
        return Self.table(
            [("What", false), ("Before", true), ("Now", true), ("Change", true), ("Verdict", false)],
            changes.map { [$0.what, $0.before, $0.after, Self.growth($0.growth), $0.verdict ?? ""] }
        )
    }

    static func list(_ sentences: [String]) -> String {
        guard !sentences.isEmpty else { return "" }
        return "<ul>" + sentences.map { "<li>\(XMLText.escape($0))</li>" }.joined() + "</ul>"
    }

    static func table(_ columns: [Column], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        func cell(_ tag: String, _ text: String, _ isNumber: Bool) -> String {
            "<\(tag)\(isNumber ? " class=\"number\"" : "")>\(XMLText.escape(text))</\(tag)>"
        }
        let head = columns.map { cell("th", $0.title, $0.isNumber) }.joined()
        let body = rows.map { row in
            "<tr>" + zip(row, columns).map { cell("td", $0, $1.isNumber) }.joined() + "</tr>"
        }
        return
            "<div class=\"scroll\"><table>\n<tr>\(head)</tr>\n\(body.joined(separator: "\n"))\n</table></div>"
    }
}
