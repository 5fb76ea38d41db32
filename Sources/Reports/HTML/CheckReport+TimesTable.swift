import Checks
import RealModule

extension CheckReport {
    /// How much longer or shorter answers take, route by route: the change with the interval in which it lies.
    func timesTable(prefix: String) -> Markup {
        guard let timing = result.timing, !timing.routes.isEmpty else { return "" }
        let axis = ChangeAxis(timing)
        var table = PageTable(
            id: prefix + "-time-table",
            caption: "Service times of both sides, and the change between them",
            columns: [
                .init("Route"), .init("Percentile"), .init("Baseline", .number), .init("Candidate", .number),
                .init("Change"), .init("", .number), .init("Verdict"),
            ]
        )
        table.isSortable = true
        table.filter = timing.routes.count > 4 ? "Routes with" : nil
        let routes = timing.routes.sorted { Self.weight($0) > Self.weight($1) }
        for route in routes.prefix(Self.shownTimes) {
            for change in route.changes { table.rows.append(row(route.route, change, axis)) }
            if route.errors.baseline.errors + route.errors.candidate.errors > 0 {
                table.rows.append(row(route.route, route.errors))
            }
        }
        if routes.count > Self.shownTimes {
            table.note =
                "and \(Quantity.count(routes.count - Self.shownTimes)) more routes, which --json lists"
        }
        let level = Quantity.percent(timing.terms.level)
        let effect = Quantity.percent(timing.terms.minimumEffect)
        return """
            <div class="forest">\(table.markup)</div>
            <p class="note">The line is the interval in which the change lies, at a level of \(level) for all routes \
            together; the dot is what was measured, the grey band what is too little to count (\(effect) of a median); where there \
            are too few answers to tell, it says how many on each side would do. \
            The axis goes from \(axis.label(axis.low)) to \(axis.label(axis.high)).</p>

            """
    }

    /// Routes listed with their times.
    private static let shownTimes = 60

    /// Routes that got worse stand first, then those that got better.
    private static func weight(_ route: RouteTiming) -> Int {
        if route.isRegression { return 2 }
        return route.changes.contains { $0.verdict == .better } || route.errors.verdict == .better ? 1 : 0
    }

    private func row(_ route: String, _ change: QuantileChange, _ axis: ChangeAxis) -> [PageTable.Cell] {
        func time(_ nanoseconds: UInt64) -> PageTable.Cell {
            PageTable.Cell(
                "\(Quantity.duration(nanoseconds: Int64(clamping: nanoseconds)))",
                order: Double(nanoseconds)
            )
        }
        let needed = change.needed.map { ": \(Quantity.count($0)) would do" } ?? ""
        return [
            PageTable.Cell(.code(route)), PageTable.Cell("p\(Int((change.quantile * 100).rounded()))"),
            time(change.baseline), time(change.candidate), PageTable.Cell(axis.drawing(change)),
            PageTable.Cell("\(change.shares)", order: change.ratio),
            PageTable.Cell("\(change.verdict.words)\(needed)", style: change.verdict.style),
        ]
    }

    private func row(_ route: String, _ errors: ErrorChange) -> [PageTable.Cell] {
        func share(_ share: ErrorChange.Share) -> PageTable.Cell {
            PageTable.Cell("\(share.sentence)", order: share.value)
        }
        return [
            PageTable.Cell(.code(route)), PageTable.Cell("errors"), share(errors.baseline),
            share(errors.candidate), PageTable.Cell(""), PageTable.Cell(""),
            PageTable.Cell("\(errors.verdict.words)", style: errors.verdict.style),
        ]
    }
}

extension TimingVerdict {
    fileprivate var words: String {
        switch self {
        case .worse: "✕ worse"
        case .better: "✓ better"
        case .same: "same"
        case .notEnoughData: "too few answers"
        }
    }

    fileprivate var style: String? {
        switch self {
        case .worse: "bad"
        case .better: "good"
        case .same: nil
        case .notEnoughData: "open"
        }
    }
}

/// The axis on which the changes of all routes are drawn: ratios, twice as long as far from the middle as half as long.
private struct ChangeAxis {
    /// Ends of the axis, as candidate over baseline.
    let low: Double
    let high: Double
    private let scale: Scale
    private let least: Double

    init(_ timing: TimingComparison) {
        let changes = timing.routes.flatMap(\.changes)
        let far = changes.flatMap { change -> [Double] in
            let bounds =
                change.interval.upperBound.isFinite
                ? [change.interval.lowerBound, change.interval.upperBound] : []
            return (bounds + [change.ratio]).filter { $0 > 0 && $0.isFinite }.map { max($0, 1 / $0) }
        }
        // One route that is far off must not press all others together.
        high = min(8, max(1.2, far.max() ?? 1.2))
        low = 1 / high
        least = 1 + timing.terms.minimumEffect
        scale = Scale(.logarithmic, low...high, from: 4, to: 236)
    }

    func label(_ ratio: Double) -> String {
        let share = Int(((ratio - 1) * 100).rounded())
        return share > 0 ? "+\(share) %" : "\(share) %"
    }

    func drawing(_ change: QuantileChange) -> Markup {
        let band = (scale.place(1 / least), scale.place(least))
        let style = change.verdict == .worse ? "cb" : change.verdict == .better ? "cc" : "cg"
        var interval: Markup = ""
        if change.interval.upperBound.isFinite {
            let ends = (scale.place(change.interval.lowerBound), scale.place(change.interval.upperBound))
            interval =
                "<path class=\"line \(style)\" d=\"M\(ends.0) 8v8M\(ends.0) 12H\(ends.1)M\(ends.1) 8v8\"/>"
        }
        return """
            <svg viewBox="0 0 240 24" aria-hidden="true"><path class="band" d="M\(band.0) 0H\(band.1)V24H\(band.0)z"/>\
            <path class="zero" d="M\(scale.place(1)) 0v24"/>\(interval)\
            <circle class="bar \(style)" cx="\(scale.place(change.ratio))" cy="12" r="4"/></svg>
            """
    }
}
