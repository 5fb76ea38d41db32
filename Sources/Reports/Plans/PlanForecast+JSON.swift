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
        writer.array("problems", problems) { $0.string($1) }
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
