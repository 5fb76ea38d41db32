import Replay

/// The table of how each route of a run fared.
struct RunRoutes: Sendable {
    let figures: RunFigures
    let prefix: String

    /// A column, and what it holds of a route.
    private typealias Column = (column: PageTable.Column, cell: (RunFigures.Route) -> PageTable.Cell)

    var markup: Markup {
        let routes = figures.routes
        guard !routes.isEmpty else { return "" }
        let columns = self.columns
        var table = PageTable(
            id: prefix + "-routes",
            caption: "Routes: what was sent, what came back, and how long it took",
            columns: columns.map(\.column)
        )
        table.isSortable = true
        table.filter = routes.count > 8 ? "Routes with" : nil
        if figures.routesSummedUp > 0 {
            table.note =
                "The last row sums up the \(Quantity.count(figures.routesSummedUp)) routes with the fewest requests."
        }
        table.rows = routes.map { route in columns.map { $0.cell(route) } }
        return table.markup
    }

    /// Classes of statuses that no answer had have no column.
    private var columns: [Column] {
        let classes: [(name: String, count: (StatusClasses) -> UInt64)] = [
            ("2xx", { $0.success }), ("3xx", { $0.redirect }), ("4xx", { $0.clientError }),
            ("5xx", { $0.serverError }), ("other", { $0.other }),
        ]
        var columns: [Column] = [
            (.init("Route"), { PageTable.Cell(.code($0.name)) }),
            (.init("Sent", .number), { .count($0.sent) }),
        ]
        for (name, count) in classes where figures.routes.contains(where: { count($0.answered) > 0 }) {
            columns.append((.init(name, .number), { Self.tally(count($0.answered), isBad: name == "5xx") }))
        }
        columns.append((.init("Lost", .number), { Self.tally($0.failed + $0.aborted, isBad: true) }))
        let scale = self.scale
        columns += [
            (.init("Service p50", .number), { .microseconds($0.service?.p50) }),
            (.init("p90", .number), { .microseconds($0.service?.p90) }),
            (.init("p99", .number), { .microseconds($0.service?.p99) }),
            (.init("max", .number), { .microseconds($0.service == nil ? nil : $0.longestService) }),
            (
                .init("Spread"),
                {
                    PageTable.Cell(
                        Self.spread($0.service, scale),
                        order: Double($0.service?.p50 ?? 0),
                        style: "spread"
                    )
                }
            ),
            (.init("Response p99", .number), { .microseconds($0.response?.p99) }),
            (.init("Request", .number), { .bytes($0.sent == 0 ? nil : $0.requestBytes / $0.sent) }),
            (
                .init("Answer", .number),
                { .bytes($0.answered.total == 0 ? nil : $0.answerBytes / $0.answered.total) }
            ),
        ]
        return columns
    }

    /// A count of what should not be is told by its colour where there is any.
    private static func tally(_ count: UInt64, isBad: Bool) -> PageTable.Cell {
        PageTable.Cell(
            "\(Quantity.count(count))",
            order: Double(count),
            style: isBad && count > 0 ? "bad" : nil
        )
    }

    /// The times of all routes on one axis.
    private var scale: Scale {
        let low = Double(max(1, figures.routes.compactMap { $0.service?.p50 }.min() ?? 1))
        let high = Double(max(2, figures.routes.compactMap { $0.service?.p99 }.max() ?? 2))
        return Scale(.logarithmic, low...max(high, low * 2), from: 4, to: 132)
    }

    /// The percentiles of a service time on the scale that all rows share.
    private static func spread(_ percentiles: RunFigures.Percentiles?, _ scale: Scale) -> Markup {
        guard let percentiles else { return "" }
        let p50 = scale.place(Double(percentiles.p50))
        let p90 = scale.place(Double(percentiles.p90))
        let p99 = scale.place(Double(percentiles.p99))
        return """
            <svg viewBox="0 0 136 19" aria-hidden="true"><path class="grid" d="M4 9.5H132"/>\
            <path class="line ce" d="M\(p50) 9.5H\(p90)"/><path class="line thin cb" d="M\(p90) 9.5H\(p99)"/>\
            <circle class="bar ca" cx="\(p50)" cy="9.5" r="3.5"/><path class="line cb" d="M\(p99) 5v9"/></svg>
            """
    }
}
