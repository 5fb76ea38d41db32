/// Values over time, all on one axis: a column for each look, a row for each thing that was looked at.
///
/// The memory is bounded: where there are more than ``columnLimit`` looks every second one is dropped, and what comes beyond
/// ``rowLimit`` series is counted and left out. However many series the pages of the target have, there is room for those of
/// the load, processes and database, many of which begin later.
package struct SeriesTable: Hashable, Sendable {
    package static let columnLimit = 3_600
    package static let rowLimit = 2_000
    /// Series besides, none of them of a page.
    package static let spareLimit = 500

    /// Nanoseconds since 1970, ascending.
    package private(set) var times: [Int64] = []
    /// By name; as long as ``times``, `nil` where there was no value.
    package private(set) var rows: [String: [Double?]] = [:]
    /// Samples for which there was no row.
    package private(set) var dropped = 0

    package init() {}

    /// Puts the values of one look in, and those of the target's pages; `time` is after that of every look before.
    package mutating func append(_ samples: [MetricSample], pages: [MetricSample] = [], at time: Int64) {
        guard time > times.last ?? .min else { return }
        if times.count >= Self.columnLimit { thin() }
        times.append(time)
        for sample in samples { put(sample, limit: Self.rowLimit + Self.spareLimit) }
        for sample in pages { put(sample, limit: Self.rowLimit) }
        for name in rows.keys where rows[name].map({ $0.count < times.count }) ?? false {
            rows[name]?.append(nil)
        }
    }

    private mutating func put(_ sample: MetricSample, limit: Int) {
        if rows[sample.name] == nil {
            guard rows.count < limit else {
                dropped += 1
                return
            }
            rows[sample.name] = Array(repeating: nil, count: times.count - 1)
        }
        // The last of two samples of a name counts.
        if rows[sample.name]?.count == times.count { rows[sample.name]?.removeLast() }
        rows[sample.name]?.append(sample.value)
    }

    private mutating func thin() {
        func half<Value>(_ values: [Value]) -> [Value] {
            values.enumerated().compactMap { $0.offset % 2 == 0 ? $0.element : nil }
        }
        times = half(times)
        for name in rows.keys { rows[name] = rows[name].map(half) }
    }

    /// The values of a row within a stretch of time.
    package func values(_ name: String, from start: Int64, to end: Int64) -> [Double] {
        guard let row = rows[name] else { return [] }
        return zip(times, row).compactMap { time, value in time >= start && time <= end ? value : nil }
    }

    /// The rows without those that never were anything but one value.
    package var moving: [String] {
        rows.filter { row in
            let values = row.value.compactMap { $0 }
            return values.contains { $0 != values[0] }
        }.keys.sorted()
    }
}

extension SeriesTable {
    /// All of it as OpenMetrics 1.0, each sample with its time, a row after the other; counters of the target are given as
    /// gauges, since what is kept of them is their rate.
    package func openMetrics(_ take: (String) throws -> Void) rethrows {
        var family = ""
        for (name, row) in rows.sorted(by: { $0.key < $1.key }) {
            var text = ""
            let own = String(name.prefix { $0 != "{" })
            if own != family {
                text += "# TYPE \(own) gauge\n"
                family = own
            }
            for (time, value) in zip(times, row) {
                guard let value else { continue }
                text += "\(name) \(value) \(Self.seconds(time))\n"
            }
            try take(text)
        }
        try take("# EOF\n")
    }

    /// Seconds with milliseconds.
    private static func seconds(_ time: Int64) -> String {
        let milliseconds = time / 1_000_000
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }
}
