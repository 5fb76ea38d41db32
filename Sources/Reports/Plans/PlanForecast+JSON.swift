import JSON
import LoadPlans
import Replay

extension PlanForecast {
    package static let schema = "tapedeck.plan-forecast/1"

    /// One JSON object and a line feed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", Self.schema)
        writer.member("plan", plan.name)
        writer.member("requests", total)
        writer.member("duration_seconds", Double(duration) / 1e9)
        writer.member("waits_seconds", Double(waits) / 1e9)
        writer.array("problems", problems) { $0.string($1) }
        writer.array("by_stage", stages) { $1.write(to: &$0) }
        writer.array("stages", parts) { writer, part in
            writer.beginObject()
            writer.member("stage", part.stage.name)
            writer.member("kind", part.stage.kind.rawValue)
            writer.member("scenario", part.scenario)
            writer.key("forecast")
            // Without the line feed at its end.
            let forecast = part.forecast.json()
            writer.raw(forecast.span.extracting(0..<(forecast.count - 1)))
            writer.endObject()
        }
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }
}

extension PlanForecast.StageRow {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("stage", name)
        writer.member("kind", kind.rawValue)
        writer.array("scenarios", scenarios) { $0.string($1) }
        writer.member("requests", requests)
        writer.optional("mean_rate", meanRate)
        writer.key("peak_per_second")
        if let peak { writer.integer(peak) } else { writer.null() }
        writer.member("duration_seconds", Double(least) / 1e9)
        writer.member("waits_seconds", Double(waits) / 1e9)
        writer.key("search")
        if let search {
            writer.beginObject()
            writer.member("steps", search.steps)
            writer.member("shortest_seconds", Double(search.shortest) / 1e9)
            writer.member("longest_seconds", Double(search.longest) / 1e9)
            writer.member("from_multiplier", search.from)
            writer.member("up_to_multiplier", search.upTo)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.endObject()
    }
}
