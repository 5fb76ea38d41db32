import RealModule
import Replay

/// How many answers took how long when: time to the right, response time upwards, the stronger the colour the more.
struct HeatMap: Sendable {
    /// Shades that are told apart.
    static let shades = 8
    /// Rows at most.
    static let rowLimit = 36

    /// The least and the longest time that are drawn, in microseconds.
    private(set) var domain = 1.0...10.0
    /// By slot and row, the lowest row first.
    private(set) var cells: [[UInt64]] = []

    init(_ timeline: Timeline, _ measure: Timeline.Measure) {
        let whole = timeline.distribution(measure)
        guard let first = whole.counts.firstIndex(where: { $0 > 0 }),
            let last = whole.counts.lastIndex(where: { $0 > 0 })
        else { return }
        // Bins of whole microseconds are too wide to be drawn below this.
        let low = max(4, LatencyBins.bounds(of: first).lowerBound)
        let high = max(low * 2, LatencyBins.bounds(of: last).upperBound)
        domain = Double(low)...Double(high)
        let rows = min(Self.rowLimit, max(8, Int(6 * Double.log2(domain.upperBound / domain.lowerBound))))
        let span = Double.log(domain.upperBound / domain.lowerBound)
        let rowOfBin = whole.counts.indices.map { bin -> Int in
            let bounds = LatencyBins.bounds(of: bin)
            let middle = Double(bounds.lowerBound + bounds.upperBound) / 2
            let share = Double.log(max(middle, domain.lowerBound) / domain.lowerBound) / span
            return min(rows - 1, max(0, Int(share * Double(rows))))
        }
        cells = timeline.slots.indices.map { slot in
            var column = [UInt64](repeating: 0, count: rows)
            for (bin, count) in timeline.distribution(measure, in: slot).counts.enumerated() where count > 0 {
                column[rowOfBin[bin]] += count
            }
            return column
        }
    }

    /// The shade of a cell, from 0 for the fewest: by the logarithm, so that a few slow answers are seen beside many.
    static func shade(_ count: UInt64, most: UInt64) -> Int {
        guard count > 1, most > 1 else { return count >= most ? shades - 1 : 0 }
        let share = Double.log(Double(count)) / Double.log(Double(most))
        return min(shades - 1, Int(share * Double(shades)))
    }

    /// Adds the cells to a chart of the same domain; cells of a shade are one path, and those beside each other one
    /// rectangle.
    func draw(in chart: inout Chart) {
        guard let rows = cells.first?.count else { return }
        let most = cells.lazy.flatMap { $0 }.max() ?? 0
        let width = (Chart.plot.right - Chart.plot.left) / Double(cells.count)
        let height = (Chart.plot.bottom - Chart.plot.top) / Double(rows)
        var paths = [Markup](repeating: "", count: Self.shades)
        for row in 0..<rows {
            let y = Chart.plot.bottom - Double(row) * height
            var start = 0
            while start < cells.count {
                guard cells[start][row] > 0 else {
                    start += 1
                    continue
                }
                let shade = Self.shade(cells[start][row], most: most)
                var end = start + 1
                while end < cells.count, cells[end][row] > 0, Self.shade(cells[end][row], most: most) == shade
                {
                    end += 1
                }
                let x = Chart.plot.left + Double(start) * width
                paths[shade] += "M\(x) \(y)v\(-height)h\(Double(end - start) * width)v\(height)z"
                start = end
            }
        }
        for (shade, path) in paths.enumerated() where !path.isEmpty {
            chart.marks.append("<path class=\"heat h\(shade)\" d=\"\(path)\"/>")
        }
    }
}
