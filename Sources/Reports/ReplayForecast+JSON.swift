import JSON
import Replay

extension ReplayForecast {
    package static let schema = "tapedeck.replay-forecast/1"

    /// One JSON object and a line feed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", Self.schema)
        writeTarget(to: &writer)
        writer.key("requests")
        writer.beginObject()
        writer.member("scheduled", requests)
        writer.member("to_send", sent.requests)
        writer.member("skipped", requests - sent.requests)
        writer.endObject()
        writer.key("skip_reasons")
        writer.beginObject()
        for (reason, count) in skips.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.member(reason.rawValue, count)
        }
        writer.endObject()
        writer.member("signed", signed)
        writer.key("duration_seconds")
        if isUnpaced { writer.null() } else { writer.double(Double(lastIntended) / 1e9) }
        writer.key("mean_rate")
        if let meanRate { writer.double(meanRate) } else { writer.null() }
        write(sent, to: &writer)
        writer.key("hosts")
        writer.beginObject()
        for (host, count) in hosts.sorted(by: { $0.key < $1.key }) { writer.member(host, count) }
        writer.endObject()
        writer.key("routes")
        writer.beginArray()
        for (name, volume) in orderedRoutes {
            writer.beginObject()
            let parts = name.split(separator: " ", maxSplits: 1)
            writer.member("method", parts.count == 2 ? String(parts[0]) : "")
            writer.member("route", parts.count == 2 ? String(parts[1]) : name)
            writer.member("count", volume.requests)
            write(volume, to: &writer)
            writer.endObject()
        }
        writer.endArray()
        var summary = ReplaySummary()
        summary.load = load
        summary.habits = habits
        ReplayReport(summary).writeLoad(to: &writer)
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private func writeTarget(to writer: inout JSONWriter) {
        writer.key("target")
        writer.beginObject()
        writer.member("host", target.host)
        writer.member("port", target.port)
        writer.key("addresses")
        if let addresses {
            writer.beginArray()
            for address in addresses { writer.string(address) }
            writer.endArray()
        } else {
            writer.null()
        }
        writer.member("refused", refusal?.description)
        writer.endObject()
    }

    private func write(_ volume: Volume, to writer: inout JSONWriter) {
        writer.member("body_bytes", volume.bodyBytes)
        writer.key("peak")
        guard !isUnpaced else {
            writer.null()
            return
        }
        writer.beginObject()
        writer.member("per_second", volume.second.highest)
        writer.member("per_100ms", volume.tenth.highest)
        writer.endObject()
    }
}
