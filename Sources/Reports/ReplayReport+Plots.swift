import RealModule
import Replay

/// A row of small bars, one for each value, for a terminal.
package enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// Bars from the lowest value up to the highest; a blank where there is no value. With `isLogarithmic` equal ratios
    /// are equal steps. Where all values are alike, or `floor` is the highest too, bars are the lowest.
    package static func text(_ values: [Double?], floor: Double? = nil, isLogarithmic: Bool = false) -> String
    {
        func height(_ value: Double) -> Double { isLogarithmic ? Double.log(max(value, 1e-9)) : value }
        let heights = values.map { $0.map(height) }
        let known = heights.compactMap { $0 }
        guard let least = known.min(), let most = known.max() else {
            return String(repeating: " ", count: values.count)
        }
        let low = floor.map { min(height($0), least) } ?? least
        return String(
            heights.map { value -> Character in
                guard let value else { return " " }
                guard most > low else { return bars[0] }
                let place = Int((value - low) / (most - low) * Double(bars.count))
                return bars[min(bars.count - 1, max(0, place))]
            }
        )
    }
}

extension ReplayReport {
    /// Narrower terminals show no plots.
    package static let leastPlotColumns = 80

    /// How the run went over time, in rows of small bars as wide as `columns` allow; empty where that is too narrow or no
    /// figures were kept.
    package func plots(columns: Int) -> String {
        guard columns >= Self.leastPlotColumns, let figures = summary.figures else { return "" }
        let room = min(96, columns - Self.nameColumns - Self.rangeColumns - 1)
        var timeline = figures.timeline.drawn
        while timeline.slots.count > room { timeline.double() }
        guard timeline.slots.count >= 4 else { return "" }
        let drawn = RunFigures(figures, of: summary, name: "", timeline: timeline)
        var lines = [row("over the run", length(drawn))]
        func add(
            _ name: String,
            _ values: [Double?],
            floor: Double?,
            isLogarithmic: Bool,
            _ word: (Double) -> String
        ) {
            let known = values.compactMap { $0 }
            guard let least = known.min(), let most = known.max(), most > 0 else { return }
            let bars = Sparkline.text(values, floor: floor, isLogarithmic: isLogarithmic)
            lines.append(row(name, "\(bars)  \(word(least)) to \(word(most))"))
        }
        func rate(_ value: Double) -> String { Quantity.rate(perSecond: value) }
        func time(_ value: Double) -> String {
            Quantity.duration(nanoseconds: Int64(min(value * 1_000, 9e18)))
        }
        if drawn.isPaced {
            add("requested", drawn.rates { $0.requested }, floor: 0, isLogarithmic: false, rate)
        }
        add("sent", drawn.rates { $0.sent }, floor: 0, isLogarithmic: false, rate)
        for (name, value) in [
            ("response p50", \RunFigures.Point.response?.p50), ("response p99", \.response?.p99),
            ("service p99", \.service?.p99), ("late p99", \.sendError?.p99),
        ] {
            let times = drawn.points.map { $0[keyPath: value].map { Double(max($0, 1)) } }
            add(name, times, floor: nil, isLogarithmic: true, time)
        }
        let lost = drawn.points.map { Double($0.failed + $0.aborted + $0.answered.serverError) }
        add("failed, 5xx", lost.map { $0 == 0 ? nil : $0 }, floor: 0, isLogarithmic: false) {
            Quantity.count(Int($0))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static let nameColumns = 14
    private static let rangeColumns = 24

    private func length(_ figures: RunFigures) -> String {
        let bar = Quantity.duration(nanoseconds: Int64(figures.pointSeconds * 1e9))
        return "\(Quantity.duration(nanoseconds: Int64(min(figures.seconds, 9e9) * 1e9))), \(bar) a bar"
    }
}
