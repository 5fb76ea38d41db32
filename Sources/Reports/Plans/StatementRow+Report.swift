import JSON
import LoadPlans

extension StageResult.StatementRow {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        // Beyond what a number in JSON is read as everywhere.
        writer.member("statement", "\(id)")
        writer.member("text", text)
        writer.member("calls", calls)
        writer.member("total_us", time)
        writer.member("share", share)
        writer.endObject()
    }

    init(_ value: JSONValue) {
        self.init(
            id: Int64(value.text("statement")) ?? 0,
            text: value.text("text"),
            calls: value.count("calls"),
            time: value.count("total_us"),
            share: value["share"]?.double ?? 0
        )
    }
}

extension PlanReport {
    static let statementColumns: [Column] = [
        ("Statement", false), ("Calls", true), ("Time in all", true), ("Mean", true), ("Of all", true),
        ("Number", true),
    ]

    static func cells(_ row: StageResult.StatementRow) -> [String] {
        [
            row.text.isEmpty ? "–" : row.text, Quantity.count(row.calls), microseconds(row.time),
            row.calls > 0 ? microseconds(row.time / row.calls) : "–", Quantity.percent(row.share),
            "\(row.id)",
        ]
    }
}
