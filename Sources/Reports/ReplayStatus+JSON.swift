import JSON
import Replay

extension ReplayStatus {
    package static let schema = "tapedeck.progress/1"

    /// One JSON object and a line feed: counts since the start, rates and times of the last second.
    ///
    /// `time` is that of the object, in nanoseconds since 1970.
    package func json(at time: Int64) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", Self.schema)
        writer.member("time_ns", time)
        writer.member("phase", progress.phase.rawValue)
        writer.member("elapsed_seconds", Double(progress.elapsed) / 1e9)
        optional("remaining_seconds", progress.remaining.map { Double($0) / 1e9 }, to: &writer)
        writer.member("aborted_by", progress.abortedBy)
        writeCounts(to: &writer)
        map("statuses", progress.statuses.map { ("\($0.key)", $0.value) }, to: &writer)
        map("errors", progress.failures.map { ($0.key.rawValue, $0.value) }, to: &writer)
        writer.member("oldest_us", progress.oldest / 1_000)
        writer.member("interval_seconds", recent?.seconds ?? 0)
        optional("requested_rate", recent?.requestedRate, to: &writer)
        optional("achieved_rate", recent?.achievedRate, to: &writer)
        writer.member("interval_responded", recent?.responded ?? 0)
        writer.member("interval_failed", recent?.failed ?? 0)
        latency("send_error_us", recent?.sendError, to: &writer)
        latency("service_time_us", recent?.serviceTime, to: &writer)
        latency("response_time_us", recent?.responseTime, to: &writer)
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private func writeCounts(to writer: inout JSONWriter) {
        let counts = progress.counts
        writer.key("requests")
        writer.beginObject()
        writer.member("due", progress.due)
        writer.member("sent", counts.sent)
        writer.member("skipped", counts.skipped)
        writer.member("not_sent", counts.notSent)
        writer.member("responded", counts.responded)
        writer.member("failed", counts.failed)
        writer.member("aborted", counts.aborted)
        writer.member("in_flight", progress.outstanding)
        writer.endObject()
    }

    private func map(_ name: String, _ counts: [(String, UInt64)], to writer: inout JSONWriter) {
        writer.key(name)
        writer.beginObject()
        for (key, count) in counts.sorted(by: { $0.0 < $1.0 }) { writer.member(key, count) }
        writer.endObject()
    }

    private func optional(_ name: String, _ value: Double?, to writer: inout JSONWriter) {
        writer.key(name)
        if let value { writer.double(value) } else { writer.null() }
    }

    private func latency(_ name: String, _ latency: LatencySummary?, to writer: inout JSONWriter) {
        let latency = latency ?? LatencySummary()
        writer.key(name)
        writer.beginObject()
        writer.member("count", latency.count)
        writer.member("p50", latency.p50)
        writer.member("p90", latency.p90)
        writer.member("p99", latency.p99)
        writer.member("max", latency.max)
        writer.endObject()
    }
}
