package import JSON
import Replay

extension ReplayReport {
    package static let schema = "tapedeck.replay/1"

    /// One JSON object and a line feed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        writer.endLine()
        return writer.bytes
    }

    /// What was ready before the first request of a run as fast as possible went out.
    private func writePrepared(to writer: inout JSONWriter) {
        let prepared = summary.prepared
        guard prepared.requests > 0 else { return }
        writer.key("prepared")
        writer.beginObject()
        writer.member("requests", prepared.requests)
        writer.member("bytes", prepared.bytes)
        writer.member("seconds", Double(prepared.nanoseconds) / 1e9)
        writer.endObject()
    }

    /// Writes the object as a value of a larger text.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("schema", Self.schema)
        writeRequests(to: &writer)
        writeCounts("statuses", summary.statuses.map { ("\($0.key)", $0.value) }, to: &writer)
        if !protocols.isEmpty { writeCounts("protocols", protocols, to: &writer) }
        writeCounts("errors", summary.failures.map { ($0.key.rawValue, $0.value) }, to: &writer)
        writeCounts("skip_reasons", summary.skips.map { ($0.key.rawValue, $0.value) }, to: &writer)
        writer.member("wall_seconds", summary.wallSeconds)
        writeOptional("requested_rate", summary.requestedRate, to: &writer)
        writeOptional("achieved_rate", summary.achievedRate, to: &writer)
        writeOptional("speed", summary.speed, to: &writer)
        write("send_error_us", summary.sendError, to: &writer)
        write("lane_wait_us", summary.laneWait, to: &writer)
        write("service_time_us", summary.serviceTime, to: &writer)
        write("response_time_us", summary.responseTime, to: &writer)
        writer.key("connections")
        writer.beginObject()
        writer.member("recorded", summary.connections.recorded)
        writer.member("opened", summary.connections.opened)
        writer.member("overflow", summary.connections.overflow)
        writer.member("forgotten", summary.lanesForgotten)
        writer.endObject()
        writer.member("bottleneck", summary.bottleneck.rawValue)
        writeCounts(
            "signatures",
            [
                ("signed", summary.signatures.signed), ("invalidated", summary.signatures.invalidated),
                ("kept", summary.signatures.kept), ("unsignable", summary.signatures.unsignable),
            ],
            to: &writer
        )
        writer.key("drift_us")
        writer.beginObject()
        writer.member("first", summary.driftFirst)
        writer.member("last", summary.driftLast)
        writer.member("final", summary.driftFinal)
        writer.endObject()
        writeRhythm(to: &writer)
        writer.member("transport", summary.transport.rawValue)
        writer.member("peak_outstanding", summary.peakOutstanding)
        writer.member("limit_waits", summary.limitWaits)
        writer.member("lengths_corrected", summary.lengthsCorrected)
        writer.member("out_of_order", summary.outOfOrder)
        writePrepared(to: &writer)
        writeLoad(to: &writer)
        writer.member("interrupted", summary.wasInterrupted)
        writeAbortion(to: &writer)
        writeCertificate(to: &writer)
        writeStreams(to: &writer)
        writeCorrelation(to: &writer)
        writeFaults(to: &writer)
        writeFigures(to: &writer)
        writeReplayer(to: &writer)
        writer.endObject()
    }

    /// The rhythm by the widths of its windows, and the rates by interval; of a run without a schedule only what was sent.
    private func writeRhythm(to writer: inout JSONWriter) {
        writer.key("rhythm")
        if let deviations = summary.deviations {
            writer.beginObject()
            for (width, deviation) in zip(Rhythm.widths, deviations) {
                writer.key("\(width)ms")
                writer.double(deviation)
            }
            writer.endObject()
        } else {
            writer.null()
        }
        writer.key("rates")
        writer.beginObject()
        writer.member("interval_seconds", summary.rates.seconds)
        if summary.deviations != nil {
            writer.key("requested")
            writer.beginArray()
            for interval in summary.rates.intervals { writer.integer(interval.requested) }
            writer.endArray()
        }
        writer.key("sent")
        writer.beginArray()
        for interval in summary.rates.intervals { writer.integer(interval.sent) }
        writer.endArray()
        writeAnswers(to: &writer)
        writer.endObject()
    }

    /// Answers by protocol; empty where all came in HTTP/1.
    var protocols: [(String, UInt64)] {
        let http2 = summary.answersInHTTP2
        guard http2 > 0 else { return [] }
        let rest = summary.requests.responded - min(http2, summary.requests.responded)
        return [("http/1", rest), ("http/2", http2)].filter { $0.1 > 0 }
    }

    private func writeRequests(to writer: inout JSONWriter) {
        let requests = summary.requests
        writer.key("requests")
        writer.beginObject()
        writer.member("scheduled", requests.scheduled)
        writer.member("sent", requests.sent)
        writer.member("skipped", requests.skipped)
        writer.member("not_sent", requests.notSent)
        writer.member("responded", requests.responded)
        writer.member("failed", requests.failed)
        writer.member("aborted", requests.aborted)
        writer.endObject()
    }

    func writeCounts(_ name: String, _ counts: [(String, UInt64)], to writer: inout JSONWriter) {
        writer.key(name)
        writer.beginObject()
        for (key, count) in counts.sorted(by: { $0.0 < $1.0 }) { writer.member(key, count) }
        writer.endObject()
    }

    private func writeOptional(_ name: String, _ value: Double?, to writer: inout JSONWriter) {
        writer.key(name)
        if let value { writer.double(value) } else { writer.null() }
    }

    func write(_ name: String, _ latency: LatencySummary, to writer: inout JSONWriter) {
        writer.key(name)
        writer.beginObject()
        writer.member("p50", latency.p50)
        writer.member("p90", latency.p90)
        writer.member("p99", latency.p99)
        writer.member("p999", latency.p999)
        writer.member("max", latency.max)
        writer.endObject()
    }
}
