import Checks

extension CheckReport {
    /// A page of its own: the verdict first, then the differences by cause with an example of each, budgets, times, routes,
    /// what was recorded, and how to do it again.
    ///
    /// Everything on it is bounded, so it stays below a megabyte whatever was compared.
    package func html(context: ReportContext = ReportContext()) -> String {
        var page = Page(title: "Check: \(result.verdict.rawValue)")
        page.foot = context.foot
        page.sections = [banner, tiles]
        page.sections += sections(prefix: "check")
        page.sections += context.recordings.enumerated().map { RecordingSection($1, number: $0).markup }
        page.sections.append(context.repetition)
        return page.html()
    }

    /// All that is said below the verdict; identifiers begin with `prefix`.
    func sections(prefix: String) -> [Markup] {
        [
            PageParts.section(
                "\(prefix)-differences",
                "Differences",
                differencesTable(prefix: prefix) + examples
            ),
            PageParts.section("\(prefix)-budgets", "Budgets", budgetsTable(prefix: prefix)),
            PageParts.section("\(prefix)-times", "Times", timesTable(prefix: prefix)),
            PageParts.section("\(prefix)-routes", "Routes", routesTable(prefix: prefix)),
        ]
    }

    private var tone: PageParts.Tone {
        switch result.verdict {
        case .pass: .good
        case .fail: .bad
        case .inconclusive: .open
        }
    }

    private var banner: Markup {
        var reasons: [Markup] = result.reasons.map { "not complete: \(PlainText.line($0))" }
        if let first = result.groups.first {
            reasons.append(
                """
                most often \(Markup.code(first.field)) of \(Markup.code(first.route)): \(first.kind.words), \
                \(Quantity.count(first.count)) times
                """
            )
        }
        let broken = result.budgets.filter { !$0.isKept }.count
        if broken > 0 { reasons.append("\(broken) of \(result.budgets.count) budgets broken") }
        if let timing = result.timing, timing.hasRegression {
            let count = timing.routes.filter(\.isRegression).count
            reasons.append("\(count) route\(count == 1 ? "" : "s") slower, or failing more often")
        }
        reasons += remarks.map { "\($0)" }
        return PageParts.verdict(tone, headline, subject: subject, reasons: reasons)
    }

    private var tiles: Markup {
        let counts = result.counts
        let passed = counts.compared - counts.different
        func tone(_ count: Int) -> PageParts.Tone? { count > 0 ? .bad : nil }
        return PageParts.tiles([
            (
                "Compared", Quantity.count(counts.compared), "of \(Quantity.count(counts.expected)) recorded",
                nil
            ),
            ("Equal", Quantity.count(passed), Self.share(passed, of: counts.compared), nil),
            (
                "Different", Quantity.count(counts.different),
                Self.share(counts.different, of: counts.compared),
                tone(counts.different)
            ),
            (
                "Causes", Quantity.count(result.groups.count),
                "\(Quantity.count(counts.differences)) differences", nil
            ),
            (
                "Without response", Quantity.count(counts.noResponse), "of those sent",
                tone(counts.noResponse)
            ),
            (
                "Let pass", Quantity.count(counts.ignored + counts.explained),
                "\(Quantity.count(counts.ignored)) by rules, \(Quantity.count(counts.explained)) by noise",
                nil
            ),
        ])
    }

    private static func share(_ count: Int, of total: Int) -> String {
        total == 0 ? "–" : Quantity.percent(Double(count) / Double(total))
    }

    private func budgetsTable(prefix: String) -> Markup {
        var table = PageTable(
            id: prefix + "-budget-table",
            caption: "Budgets, and what was measured",
            columns: [.init("Budget"), .init("Measured", .number), .init("Of the bound"), .init("")]
        )
        table.rows = result.budgets.prefix(Self.shownRows).map { result in
            let value = result.value.map { result.budget.shown($0) } ?? "no answer"
            return [
                PageTable.Cell(.code(result.budget.description)), PageTable.Cell("\(value)"),
                PageTable.Cell(Self.meter(result), style: "meter"),
                PageTable.Cell(
                    result.isKept ? "✓ kept" : "✕ broken",
                    style: result.isKept ? "good" : "bad"
                ),
            ]
        }
        return table.markup
    }

    /// How much of a budget is used up; the mark is the bound.
    private static func meter(_ result: BudgetResult) -> Markup {
        guard let value = result.value, result.budget.bound > 0 else { return "" }
        let used = min(1.5, max(0, value / result.budget.bound)) / 1.5 * 144
        return """
            <svg viewBox="0 0 144 16" aria-hidden="true"><path class="area cg" d="M0 4h144v8h-144z"/>\
            <path class="bar \(result.isKept ? "cc" : "cb")" d="M0 4h\(used)v8h\(-used)z"/>\
            <path class="line ci" d="M96 1v14"/></svg>
            """
    }

    private func routesTable(prefix: String) -> Markup {
        var table = PageTable(
            id: prefix + "-route-table",
            caption: "Routes, and how their answers compare",
            columns: [
                .init("Route"), .init("Recorded", .number), .init("Compared", .number),
                .init("Different", .number), .init("No response", .number),
            ]
        )
        table.isSortable = true
        table.filter = result.routes.count > 8 ? "Routes with" : nil
        // Where not all have room, those in which something differs come first.
        let all = result.routes
        let routes =
            all.count <= Self.shownRows
            ? all[...]
            : all.sorted { ($1.different + $1.noResponse, $0.name) < ($0.different + $0.noResponse, $1.name) }
                .prefix(Self.shownRows)
        table.rows = routes.map { route in
            [
                PageTable.Cell(.code(route.name)), .count(route.expected), .count(route.compared),
                Self.bad(route.different), Self.bad(route.noResponse),
            ]
        }
        if all.count > routes.count {
            table.note = "and \(Quantity.count(all.count - routes.count)) more routes, which differ least"
        }
        return table.markup
    }

    private static func bad(_ count: Int) -> PageTable.Cell {
        PageTable.Cell("\(Quantity.count(count))", order: Double(count), style: count > 0 ? "bad" : nil)
    }

    /// Rows of any table.
    static let shownRows = 200
}

extension Difference.Kind {
    /// What happened to a field, in words.
    var words: String {
        switch self {
        case .missing: "missing"
        case .added: "added"
        case .renamed: "renamed"
        case .type: "of another type"
        case .value: "another value"
        case .order: "in another order"
        case .bytes: "other bytes"
        case .incomplete: "incomplete"
        case .frequency: "varies more often"
        case .noResponse: "no response"
        }
    }
}
