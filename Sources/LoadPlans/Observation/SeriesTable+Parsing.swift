/// Reads what ``SeriesTable/openMetrics(_:)`` has written, every sample with its time, as it comes. Lines that are no such
/// samples are passed over; looks beyond ``SeriesTable/columnLimit`` and rows beyond those of a table are left out.
package struct SeriesReader: Sendable {
    private var lines = StreamLines()
    private var looks: [Int64: [MetricSample]] = [:]
    /// Samples of a row stand together, and have its name in common.
    private var name = ""

    private static let rowLimit = SeriesTable.rowLimit + SeriesTable.spareLimit

    package init() {}

    /// Takes what follows of the text, wherever it is cut.
    package mutating func take(_ bytes: Span<UInt8>) {
        var whole: [[UInt8]] = []
        lines.feed(bytes) { whole.append($0) }
        for line in whole { take(line) }
    }

    private mutating func take(_ line: [UInt8]) {
        let line = String(decoding: line, as: UTF8.self)
        guard line.first != "#", let (name, value, time) = Self.sample(line[...]) else { return }
        guard looks[time].map({ $0.count < Self.rowLimit }) ?? (looks.count < SeriesTable.columnLimit) else {
            return
        }
        if name != self.name { self.name = String(name) }
        looks[time, default: []].append(MetricSample(name: self.name, value: value))
    }

    /// What was read so far.
    package var table: SeriesTable {
        var table = SeriesTable()
        for (time, samples) in looks.sorted(by: { $0.key < $1.key }) { table.append(samples, at: time) }
        return table
    }

    /// `name{labels} value seconds.milliseconds`; a label may hold blanks.
    private static func sample(_ line: Substring) -> (name: Substring, value: Double, time: Int64)? {
        guard let second = line.lastIndex(of: " ") else { return nil }
        let front = line[..<second]
        guard let first = front.lastIndex(of: " "), first > front.startIndex,
            let value = Double(front[front.index(after: first)...]), value.isFinite
        else { return nil }
        let moment = line[line.index(after: second)...].split(
            separator: ".",
            omittingEmptySubsequences: false
        )
        guard moment.count == 2, moment[1].utf8.count == 3, let seconds = Int64(moment[0]),
            let milliseconds = Int64(moment[1]), (0..<9_000_000_000).contains(seconds)
        else { return nil }
        return (front[..<first], value, seconds * 1_000_000_000 + milliseconds * 1_000_000)
    }
}
