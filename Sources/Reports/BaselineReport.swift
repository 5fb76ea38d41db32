package import Checks
import Packets

/// A baseline as people read it.
package struct BaselineReport: Sendable {
    let baseline: Baseline
    let trace: String

    /// `trace` is the name of the recording.
    package init(_ baseline: Baseline, trace: String) {
        self.baseline = baseline
        self.trace = trace
    }

    package func text() -> String {
        var text = "Baseline of \(PlainText.line(trace)), revision \(baseline.revision)\n"
        text +=
            "  answers of \(PlainText.line(baseline.authority)), times taken on \(PlainText.line(baseline.host))\n\n"
        text += routes
        for revision in baseline.revisions.reversed() { text += "\n" + Self.text(revision) }
        return text
    }

    private var routes: String {
        var table = Table([
            Table.Column("route"), Table.Column("answers", .right), Table.Column("not as recorded", .right),
            Table.Column("errors", .right), Table.Column("p50", .right), Table.Column("p90", .right),
            Table.Column("p99", .right),
        ])
        for route in baseline.routes {
            let times = [0.5, 0.9, 0.99].map { quantile in
                route.times.value(at: quantile).map { Quantity.duration(nanoseconds: Int64(clamping: $0)) }
                    ?? "–"
            }
            table.append(
                [
                    route.name, Quantity.count(route.times.total), Quantity.count(route.stored),
                    Quantity.count(route.errors),
                ] + times
            )
        }
        return table.text(indent: 2)
    }

    private static func text(_ revision: BaselineRevision) -> String {
        let time = UTCTime(PacketTime(nanoseconds: revision.time)).description.prefix(19)
        var text = "  revision \(revision.number)  \(time)Z  from \(PlainText.line(revision.source))\n"
        if !revision.note.isEmpty { text += "    \(PlainText.line(revision.note))\n" }
        for change in revision.changes {
            text += "    \(PlainText.line(change.route))  \(PlainText.line(change.field))  "
            text += "\(PlainText.line(change.kind))  ×\(Quantity.count(change.count))\n"
        }
        if revision.unlisted > 0 { text += "    and \(Quantity.count(revision.unlisted)) more changes\n" }
        if revision.changes.isEmpty { text += "    nothing changed\n" }
        return text
    }
}
