import Correlation
import JSON
import Replay

extension ReplayReport {
    /// The lines about values that live; none where every request was sent as recorded.
    var correlationLines: [(name: String, text: String)] {
        guard let correlation = summary.correlation else { return [] }
        var parts = [
            "\(Quantity.count(correlation.uses)) from answers over \(Quantity.count(correlation.edges)) edges"
        ]
        for (name, count) in [
            ("missing", correlation.misses), ("unknown", correlation.recorded.unknown),
            ("replaced", correlation.replaced), ("unmapped", correlation.recorded.unmapped),
            ("identities shared", correlation.recorded.shared),
            ("forgotten", correlation.forgotten + correlation.recorded.forgotten),
        ] where count > 0 {
            parts.append("\(Quantity.count(count)) \(name)")
        }
        var lines = [(name: "values", text: parts.joined(separator: ", "))]
        if correlation.waits > 0 {
            let wait = correlation.wait
            func time(_ microseconds: UInt64) -> String {
                Quantity.duration(microseconds: Int64(clamping: microseconds))
            }
            lines.append(
                (
                    name: "answer wait",
                    text: "\(Quantity.count(correlation.waits)) requests waited: p50 \(time(wait.p50)), "
                        + "p99 \(time(wait.p99)), max \(time(wait.max))"
                )
            )
        }
        return lines
    }

    /// Writes the member `correlation`: an object, or `null` where every request was sent as recorded.
    func writeCorrelation(to writer: inout JSONWriter) {
        writer.key("correlation")
        guard let correlation = summary.correlation else { return writer.null() }
        writer.beginObject()
        writer.member("edges", correlation.edges)
        writer.member("uses", correlation.uses)
        writer.member("misses", correlation.misses)
        writer.member("unknown", correlation.recorded.unknown)
        writer.member("skipped", correlation.skipped)
        writer.member("replaced", correlation.replaced)
        writer.member("unmapped", correlation.recorded.unmapped)
        writer.member("identities_shared", correlation.recorded.shared)
        writer.member("forgotten", correlation.forgotten + correlation.recorded.forgotten)
        writer.member("waits", correlation.waits)
        writer.key("wait_us")
        writer.beginObject()
        for (name, value) in [
            ("p50", correlation.wait.p50), ("p90", correlation.wait.p90), ("p99", correlation.wait.p99),
            ("p999", correlation.wait.p999), ("max", correlation.wait.max),
        ] {
            writer.member(name, value)
        }
        writer.endObject()
        writer.endObject()
    }
}
