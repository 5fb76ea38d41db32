import Checks
import JSON

extension CheckReport {
    /// One JSON object of the schema `tapedeck.check/1`.
    ///
    /// In `regressions`, `expected` and `observed` are the JSON values themselves where these are short and whole,
    /// texts that describe or quote them where not, and `null` where there is none. The list is bounded; `counts` has
    /// the full number, and `groups` covers what is not listed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.check/1")
        writer.member("verdict", result.verdict.rawValue)
        writer.member("compared", result.counts.compared)
        writer.key("reasons")
        writer.beginArray()
        for reason in result.reasons { writer.string(reason) }
        writer.endArray()
        writeCounts(into: &writer)
        writer.key("regressions")
        writer.beginArray()
        for difference in result.differences { Self.write(difference, into: &writer) }
        writer.endArray()
        writer.key("groups")
        writer.beginArray()
        for group in result.groups {
            writer.beginObject()
            writer.member("route", group.route)
            writer.member("field", group.field)
            writer.member("kind", group.kind.rawValue)
            writer.member("count", group.count)
            writer.member("consequences", group.consequences)
            if group.followers > 0 { writer.member("followed_by", group.followers) }
            if let cause = group.cause {
                writer.object("follows") {
                    $0.member("route", cause.route)
                    $0.member("field", cause.field)
                    $0.member("kind", cause.kind.rawValue)
                }
            }
            if let line = group.reproduction { writer.member("curl", line) }
            writer.key("example")
            Self.write(group.example, into: &writer)
            writer.endObject()
        }
        writer.endArray()
        writeRoutes(into: &writer)
        if let timing = result.timing { Self.write(timing, decides: result.timingDecides, into: &writer) }
        if !result.budgets.isEmpty { writeBudgets(into: &writer) }
        writeBaseline(into: &writer)
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private func writeCounts(into writer: inout JSONWriter) {
        let counts = result.counts
        let all: [(String, Int)] = [
            ("expected", counts.expected), ("compared", counts.compared), ("different", counts.different),
            ("no_response", counts.noResponse), ("not_sent", counts.notSent),
            ("unexpected", counts.unexpected), ("foreign", counts.foreign),
            ("unreadable", counts.unreadable), ("over_limit", counts.overLimit),
            ("bodies_cut", counts.bodiesCut), ("bodies_not_compared", counts.bodiesNotCompared),
            ("differences", counts.differences), ("ignored", counts.ignored),
            ("explained", counts.explained),
            ("differences_beyond_limit", counts.differencesBeyondLimit), ("ungrouped", counts.ungrouped),
        ]
        writer.key("counts")
        writer.beginObject()
        for (name, count) in all {
            writer.member(name, count)
        }
        writer.endObject()
    }

    private func writeRoutes(into writer: inout JSONWriter) {
        writer.key("routes")
        writer.beginArray()
        for route in result.routes {
            writer.beginObject()
            writer.member("route", route.name)
            writer.member("expected", route.expected)
            writer.member("compared", route.compared)
            writer.member("different", route.different)
            writer.member("no_response", route.noResponse)
            writer.endObject()
        }
        writer.endArray()
    }

    private static func write(_ difference: Difference, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("exchange", difference.exchange)
        writer.member("loop", difference.loop)
        writer.member("route", difference.route)
        writer.member("field", difference.field.description)
        writer.member("kind", difference.kind.rawValue)
        writer.key("expected")
        write(difference.expected, into: &writer)
        writer.key("observed")
        write(difference.observed, into: &writer)
        writer.endObject()
    }

    private static func write(_ value: ShownValue?, into writer: inout JSONWriter) {
        guard let value else {
            writer.null()
            return
        }
        if value.isJSON { writer.raw(value.text.utf8.span) } else { writer.string(value.text) }
    }
}
