import Bytes
import LoadPlans

/// Pages of metrics: every line is read, counted or dropped, names are bounded, and nothing comes of two pages that could
/// not be drawn.
///
/// The first byte says where the first page ends.
enum MetricsFuzz {
    static func run(_ input: Span<UInt8>) {
        guard input.count > 1 else { return }
        let rest = input.extracting(1...)
        let end = rest.count * Int(input[0]) / 256
        var feed = MetricFeed()
        var table = SeriesTable()
        var time: Int64 = 1
        for text in [Array(rest.extracting(..<end)), Array(rest.extracting(end...))] {
            let page = Exposition(text.span)
            let lines = text.split(separator: 0x0A).count
            precondition(page.samples.count + page.unreadable + page.dropped <= lines, "a line counts twice")
            for sample in page.samples {
                precondition(sample.name.utf8.count <= Exposition.nameLimit, "a name without bound")
                precondition(sample.value.isFinite, "a value that cannot be drawn")
            }
            // The same page again at once, and both a second later.
            for _ in 0..<2 {
                let samples = feed.take(page, at: time)
                precondition(samples.allSatisfy(\.value.isFinite), "a rate that cannot be drawn")
                table.append([], pages: samples, at: time)
                time += 1_000_000_000
            }
        }
        precondition(
            table.rows.values.allSatisfy { $0.count == table.times.count },
            "a row of another length"
        )
        var reader = SeriesReader()
        var last = ""
        table.openMetrics { row in
            reader.take(Array(row.utf8).span)
            last = row
        }
        precondition(last == "# EOF\n", "observations without an end")
        precondition(values(reader.table) == values(table), "observations that are read as others")
    }

    /// Of a look in which there was nothing no line is written.
    private static func values(_ table: SeriesTable) -> [String: [Double]] {
        table.rows.mapValues { $0.compactMap { $0 } }
    }
}
