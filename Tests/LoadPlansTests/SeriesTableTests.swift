import LoadPlans
import Testing

/// What was seen over time, within bounds.
@Suite struct SeriesTableTests {
    private static func page(_ count: Int, named name: String = "page") -> [MetricSample] {
        (0..<count).map { MetricSample(name: "\(name)_\($0)", value: 1) }
    }

    /// However many series a page has, what is measured beside it has room, also where it begins later.
    @Test func pagesTakeNoRoomFromTheLoad() {
        var table = SeriesTable()
        table.append(
            [MetricSample(name: "machine_busy_share", value: 0.5)],
            pages: Self.page(SeriesTable.rowLimit + 300),
            at: 1
        )
        #expect(table.rows.count == SeriesTable.rowLimit && table.dropped == 301)
        let load = [
            MetricSample(name: "load_runs_open", value: 7), MetricSample(name: "process_threads", value: 2),
        ]
        table.append(load, pages: Self.page(1, named: "late"), at: 2)
        #expect(table.rows["load_runs_open"] == [nil, 7] && table.rows["process_threads"] == [nil, 2])
        #expect(table.rows["late_0"] == nil && table.dropped == 302)
        // That room has an end as well.
        table.append(Self.page(SeriesTable.spareLimit, named: "process"), at: 3)
        #expect(table.rows.count == SeriesTable.rowLimit + SeriesTable.spareLimit && table.dropped == 304)
    }

    /// It is read again from pieces that end anywhere.
    @Test(arguments: [1, 7, 64, 1 << 20])
    func whatIsWrittenIsReadAgain(_ size: Int) {
        var table = SeriesTable()
        for second in 1...5 as ClosedRange<Int64> {
            var samples = [
                MetricSample(name: "a{b=\"c d\"}", value: Double(second) / 3),
                MetricSample(name: "load_runs_open", value: 1e9),
            ]
            if second > 2 { samples.append(MetricSample(name: "late", value: -1)) }
            table.append(samples, at: second * 1_000_000_000 + 7_000_000)
        }
        var rows: [String] = []
        table.openMetrics { rows.append($0) }
        #expect(rows.count == table.rows.count + 1 && rows.last == "# EOF\n")
        let text = Array(rows.joined().utf8)
        var reader = SeriesReader()
        for start in stride(from: 0, to: text.count, by: size) {
            reader.take(Array(text[start..<min(start + size, text.count)]).span)
        }
        #expect(reader.table == table)
    }

    /// A file that is none of ours takes no more room than a table.
    @Test func aFileWithoutEndIsBounded() {
        var reader = SeriesReader()
        for look in 0..<(SeriesTable.columnLimit + 10) {
            reader.take(Array("a 1 \(look + 1).000\n".utf8).span)
        }
        let rows = SeriesTable.rowLimit + SeriesTable.spareLimit
        for name in 0..<(rows + 10) { reader.take(Array("n\(name) 1 1.000\n".utf8).span) }
        let table = reader.table
        #expect(table.times.count == SeriesTable.columnLimit && table.rows.count == rows)
        #expect(table.times.last == Int64(SeriesTable.columnLimit) * 1_000_000_000)
    }
}
