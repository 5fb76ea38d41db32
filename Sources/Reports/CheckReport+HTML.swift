import Checks

extension CheckReport {
    /// A page of its own, without scripts and without anything fetched from elsewhere; light or dark as the reader has
    /// it.
    package func html() -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Check: \(result.verdict.rawValue)</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <main>
        <h1 class="\(result.verdict.rawValue)">\(XMLText.escape(headline))</h1>
        <p>\(XMLText.escape(subject))</p>
        \(list(result.reasons.map { "not complete: " + $0 }))
        \(groupsTable)
        \(budgetsTable)
        \(timesTable)
        <h2>Routes</h2>
        \(routesTable)
        \(list(remarks))
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
        main { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        .pass { color: var(--good); } .fail { color: var(--bad); } .inconclusive { color: var(--open); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
        th { background: var(--soft); } td.number, th.number { text-align: right; }
        code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; unicode-bidi: isolate; }
        """

    private var groupsTable: String {
        guard !result.groups.isEmpty else { return "" }
        let rows = result.groups.map { group in
            """
            <tr><td><code>\(XMLText.escape(group.route))</code></td>\
            <td><code>\(XMLText.escape(group.field))</code></td><td>\(group.kind.rawValue)</td>\
            <td class="number">\(Quantity.count(group.count))</td>\
            <td class="number">\(group.example.exchange)</td>\
            <td><code>\(XMLText.escape(group.example.expected?.text ?? "–"))</code></td>\
            <td><code>\(XMLText.escape(group.example.observed?.text ?? "–"))</code>\
            \(Self.reproduction(group))</td></tr>
            """
        }
        return """
            <h2>Differences</h2>
            <div class="scroll"><table>
            <tr><th>Route</th><th>Field</th><th>Kind</th><th class="number">Count</th>\
            <th class="number">Exchange</th><th>Expected</th><th>Observed</th></tr>
            \(rows.joined(separator: "\n"))
            </table></div>
            """
    }

    /// The command that sends the request of the example again, folded away.
    private static func reproduction(_ group: DifferenceGroup) -> String {
        guard let line = group.reproduction else { return "" }
        return "<details><summary>send it again</summary><code>\(XMLText.escape(line))</code></details>"
    }

    private var budgetsTable: String {
        guard !result.budgets.isEmpty else { return "" }
        let rows = result.budgets.map { result in
            """
            <tr><td><code>\(XMLText.escape(result.budget.description))</code></td>\
            <td class="number">\(result.value.map { XMLText.escape(result.budget.shown($0)) } ?? "no answer")</td>\
            <td class="\(result.isKept ? "pass" : "fail")">\(result.isKept ? "kept" : "broken")</td></tr>
            """
        }
        return """
            <h2>Budgets</h2>
            <div class="scroll"><table>
            <tr><th>Budget</th><th class="number">Measured</th><th></th></tr>
            \(rows.joined(separator: "\n"))
            </table></div>
            """
    }

    private var timesTable: String {
        guard let timing = result.timing else { return "" }
        let rows = timing.routes.flatMap { route in
            route.changes.map { change in
                let style =
                    switch change.verdict {
                    case .worse: "fail"
                    case .better: "pass"
                    case .same: ""
                    case .notEnoughData: "inconclusive"
                    }
                let verdict = change.verdict.rawValue.replacing("-", with: " ")
                return """
                    <tr><td><code>\(XMLText.escape(route.route))</code></td>\
                    <td>p\(Int((change.quantile * 100).rounded()))</td>\
                    <td class="number">\(Quantity.duration(nanoseconds: Int64(clamping: change.baseline)))</td>\
                    <td class="number">\(Quantity.duration(nanoseconds: Int64(clamping: change.candidate)))</td>\
                    <td class="number">\(change.shares)</td><td class="\(style)">\(verdict)</td></tr>
                    """
            }
        }
        return """
            <h2>Times</h2>
            <div class="scroll"><table>
            <tr><th>Route</th><th>Quantile</th><th class="number">Baseline</th><th class="number">Candidate</th>\
            <th class="number">Change</th><th></th></tr>
            \(rows.joined(separator: "\n"))
            </table></div>
            """
    }

    private var routesTable: String {
        let rows = result.routes.map { route in
            """
            <tr><td><code>\(XMLText.escape(route.name))</code></td>\
            <td class="number">\(Quantity.count(route.expected))</td>\
            <td class="number">\(Quantity.count(route.compared))</td>\
            <td class="number">\(Quantity.count(route.different))</td>\
            <td class="number">\(Quantity.count(route.noResponse))</td></tr>
            """
        }
        return """
            <div class="scroll"><table>
            <tr><th>Route</th><th class="number">Recorded</th><th class="number">Compared</th>\
            <th class="number">Different</th><th class="number">No response</th></tr>
            \(rows.joined(separator: "\n"))
            </table></div>
            """
    }

    private func list(_ sentences: [String]) -> String {
        guard !sentences.isEmpty else { return "" }
        return "<ul>\n" + sentences.map { "<li>\(XMLText.escape($0))</li>\n" }.joined() + "</ul>"
    }
}
