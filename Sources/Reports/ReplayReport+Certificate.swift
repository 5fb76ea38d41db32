import JSON
import Replay

// The timing certificate: what shows whether the figures of a run can be believed, and who is to blame where they are bad.

extension ReplayReport {
    /// The line on whether lateness grew; `nil` where the first and the last requests would be the same.
    var driftLine: String? {
        guard summary.deviations != nil, summary.sendError.count >= 2 * UInt64(Drift.count) else {
            return nil
        }
        func time(_ microseconds: Double) -> String {
            Quantity.duration(nanoseconds: Int64(microseconds * 1_000))
        }
        return
            "first \(Drift.count) \(time(summary.driftFirst)) late, last \(Drift.count) \(time(summary.driftLast)), "
            + "the very last \(time(summary.driftFinal))"
    }

    /// The second that was furthest from its rate, where one was by more than a hundredth.
    var worstSecond: String? {
        guard summary.deviations != nil else { return nil }
        var worst: (place: Int, off: UInt64)?
        for (place, interval) in summary.rates.intervals.enumerated() {
            let off =
                interval.sent > interval.requested
                ? interval.sent - interval.requested : interval.requested - interval.sent
            guard off > 1, off * 100 > interval.requested, off > worst?.off ?? 0 else { continue }
            worst = (place, off)
        }
        guard let worst else { return nil }
        let interval = summary.rates.intervals[worst.place]
        let length = summary.rates.seconds
        return "\(Quantity.count(interval.requested)) asked and \(Quantity.count(interval.sent)) sent in "
            + (length == 1
                ? "second \(worst.place + 1)" : "the \(length) seconds from \(worst.place * length) s on")
    }

    /// The line on a target that answered nothing for a second or more.
    var silenceLine: String? {
        let silence = summary.silence
        guard silence.longest >= 1_000_000_000 else { return nil }
        let length = Quantity.duration(nanoseconds: Int64(clamping: silence.longest))
        let start = Quantity.duration(nanoseconds: Int64(clamping: silence.start))
        return
            "\(length) without an answer from \(start) on, while \(Quantity.count(silence.waiting)) were waited for"
    }

    /// Members of the report's object.
    func writeCertificate(to writer: inout JSONWriter) {
        writer.member("run", summary.run)
        writer.member("started_ns", summary.started)
        writer.key("send_error_histogram")
        writer.beginObject()
        writer.key("le_us")
        writer.beginArray()
        for bound in LatencyBuckets.bounds { writer.integer(bound) }
        writer.null()
        writer.endArray()
        writer.key("count")
        writer.beginArray()
        for count in summary.sendErrorBuckets.counts { writer.integer(count) }
        writer.endArray()
        writer.endObject()
        writer.key("longest_silence")
        writer.beginObject()
        writer.member("seconds", Double(summary.silence.longest) / 1e9)
        writer.member("from_seconds", Double(summary.silence.start) / 1e9)
        writer.member("waiting", summary.silence.waiting)
        writer.endObject()
    }

    /// Members of `rates` that tell what became of the requests due in each interval.
    func writeAnswers(to writer: inout JSONWriter) {
        let intervals = summary.rates.intervals
        func array(_ name: String, _ value: (RateSeries.Interval) -> UInt64) {
            writer.key(name)
            writer.beginArray()
            for interval in intervals { writer.integer(value(interval)) }
            writer.endArray()
        }
        array("responded") { $0.responded }
        array("response_mean_us") { $0.waits == 0 ? 0 : $0.waited / $0.waits }
        array("response_max_us") { $0.longest }
    }
}
