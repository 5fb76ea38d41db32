import JSON
import LoadPlans

extension StageResult.LogRow {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("tenant", tenant)
        writer.member("streams", streams)
        writer.member("failed", failed)
        writer.member("cut", cut)
        writer.member("reconnects", reconnects)
        writer.member("lines", lines)
        for (name, count) in comparison {
            writer.key(name)
            if let count { writer.integer(count) } else { writer.null() }
        }
        writer.array("times_us", times) { $1.write(to: &$0) }
        writer.endObject()
    }

    /// What was held against what the target keeps.
    private var comparison: [(name: String, count: UInt64?)] {
        [
            ("checked", checked), ("missing", missing), ("duplicated", duplicated),
            ("out_of_order", outOfOrder), ("unknown", unknown), ("of_others", ofOthers),
            ("in_gaps", inGaps),
        ]
    }

    init(_ value: JSONValue) {
        self.init(tenant: value.text("tenant"))
        func known(_ name: String) -> UInt64? {
            value[name]?.integer.map { UInt64(clamping: $0) }
        }
        streams = value.count("streams")
        failed = value.count("failed")
        cut = value.count("cut")
        reconnects = value.count("reconnects")
        lines = value.count("lines")
        checked = known("checked")
        missing = known("missing")
        duplicated = known("duplicated")
        outOfOrder = known("out_of_order")
        unknown = known("unknown")
        ofOthers = known("of_others")
        inGaps = known("in_gaps")
        times = value.list("times_us").map(StageResult.Time.init)
    }
}
