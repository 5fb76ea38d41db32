import JSON
import LoadPlans

extension StageResult.ProbeRow {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("answered", tally.asked)
        writer.member("wrong", tally.failed)
        writer.member("silent", tally.silent)
        writer.key("reasons")
        writer.beginObject()
        for (reason, count) in tally.reasons.sorted(by: { $0.key < $1.key }) { writer.member(reason, count) }
        writer.endObject()
        writer.endObject()
    }

    init(_ value: JSONValue) {
        var reasons: [String: UInt64] = [:]
        if case .object(let members)? = value["reasons"] {
            for member in members {
                reasons[member.name] = member.value.integer.map { UInt64(clamping: $0) }
            }
        }
        self.init(
            name: value.text("name"),
            tally: ProbeTally(
                asked: value.count("answered"),
                failed: value.count("wrong"),
                silent: value.count("silent"),
                reasons: reasons
            )
        )
    }
}

extension PlanReport {
    static let probeColumns: [Column] = [
        ("Probe", false), ("Answered", true), ("Wrong", true), ("Without an answer", true),
    ]

    static func cells(_ row: StageResult.ProbeRow) -> [String] {
        [
            row.name, Quantity.count(row.tally.asked), Quantity.count(row.tally.failed),
            Quantity.count(row.tally.silent),
        ]
    }
}
