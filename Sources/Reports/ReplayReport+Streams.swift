import JSON
import Replay

extension ReplayReport {
    /// The lines about streams; none where there were none.
    var streamLines: [(name: String, text: String)] {
        let streams = summary.streams
        guard !streams.isEmpty else { return [] }
        var lines = [("streams", openedText)]
        if !streams.ends.isEmpty { lines.append(("stream ends", endsText)) }
        lines.append(("events", eventsText))
        if streams.timeToFirst.count > 0 {
            lines.append(
                ("first event", Self.spread(streams.timeToFirst, against: streams.recordedTimeToFirst))
            )
        }
        if streams.gap.count > 0 {
            lines.append(("event gap", Self.spread(streams.gap, against: streams.recordedGap)))
        }
        if streams.lag.max > 0 { lines.append(("event lag", Self.spread(streams.lag, against: nil))) }
        if streams.recordedMessages > 0 { lines.append(("messages", messagesText)) }
        return lines
    }

    private var openedText: String {
        let streams = summary.streams
        var parts: [String] = []
        for (name, count) in [
            ("event stream", streams.serverSent), ("WebSocket session", streams.webSocket),
        ] where count > 0 {
            parts.append("\(Quantity.count(count)) \(name)\(count == 1 ? "" : "s")")
        }
        if parts.isEmpty { parts.append("none opened") }
        parts.append("\(Quantity.count(streams.peakOpen)) at once")
        if streams.refused > 0 { parts.append("\(Quantity.count(streams.refused)) answered otherwise") }
        if streams.unrecorded > 0 {
            parts.append("\(Quantity.count(streams.unrecorded)) of which nothing is recorded")
        }
        return parts.joined(separator: ", ")
    }

    private var endsText: String {
        let words: [(StreamSummary.End, String)] = [
            (.target, "by the target"), (.client, "by the client, as recorded"), (.silent, "silent"),
            (.overdue, "overdue"), (.broken, "broken"), (.cutShort, "cut short with the run"),
        ]
        return words.compactMap { end, word in
            summary.streams.ends[end].map { "\(Quantity.count($0)) \(word)" }
        }
        .joined(separator: ", ")
    }

    private var eventsText: String {
        let streams = summary.streams
        let events = streams.events
        var parts = [
            "\(Quantity.count(events.received)) came for \(Quantity.count(streams.recordedEvents)) recorded"
        ]
        for (name, count) in [
            ("missing", events.missing), ("duplicated", events.duplicated),
            ("out of order", events.outOfOrder), ("with other content", events.changed),
            ("unexpected", events.unexpected), ("not compared", streams.eventsNotCompared),
        ] where count > 0 {
            parts.append("\(Quantity.count(count)) \(name)")
        }
        return parts.joined(separator: ", ")
    }

    private var messagesText: String {
        let streams = summary.streams
        var parts = [
            "\(Quantity.count(streams.sentMessages)) of \(Quantity.count(streams.recordedMessages)) sent"
        ]
        for (name, count) in [
            ("held back for an answer", streams.messagesHeldBack),
            ("not due any more", streams.messagesNotSent),
            ("not recorded whole", streams.messagesLeftOut),
        ] where count > 0 {
            parts.append("\(Quantity.count(count)) \(name)")
        }
        parts.append("send error \(Self.percentiles(streams.messageError))")
        return parts.joined(separator: ", ")
    }

    private static func spread(_ measured: LatencySummary, against recorded: LatencySummary?) -> String {
        guard let recorded, recorded.count > 0 else { return percentiles(measured) }
        return "\(percentiles(measured)); recorded p50 \(time(recorded.p50)), p99 \(time(recorded.p99))"
    }

    private static func percentiles(_ latency: LatencySummary) -> String {
        guard latency.count > 0 else { return "–" }
        return "p50 \(time(latency.p50)), p99 \(time(latency.p99)), max \(time(latency.max))"
    }

    private static func time(_ microseconds: UInt64) -> String {
        Quantity.duration(microseconds: Int64(clamping: microseconds))
    }

    /// Writes the member `streams`.
    func writeStreams(to writer: inout JSONWriter) {
        let streams = summary.streams
        let events = streams.events
        writer.key("streams")
        writer.beginObject()
        writer.member("server_sent", streams.serverSent)
        writer.member("web_socket", streams.webSocket)
        writer.member("refused", streams.refused)
        writer.member("unrecorded", streams.unrecorded)
        writer.member("peak_open", streams.peakOpen)
        writer.key("ended")
        writer.beginObject()
        for end in StreamSummary.End.allCases { writer.member(end.rawValue, streams.ends[end] ?? 0) }
        writer.endObject()
        writer.key("events")
        writer.beginObject()
        writer.member("recorded", streams.recordedEvents)
        writer.member("received", events.received)
        writer.member("matched", events.matched)
        writer.member("missing", events.missing)
        writer.member("duplicated", events.duplicated)
        writer.member("out_of_order", events.outOfOrder)
        writer.member("changed", events.changed)
        writer.member("unexpected", events.unexpected)
        writer.member("not_compared", streams.eventsNotCompared)
        writer.member("signs_of_life", streams.signsOfLife)
        writer.endObject()
        writer.key("client_messages")
        writer.beginObject()
        writer.member("recorded", streams.recordedMessages)
        writer.member("sent", streams.sentMessages)
        writer.member("not_sent", streams.messagesNotSent)
        writer.member("left_out", streams.messagesLeftOut)
        writer.member("held_back", streams.messagesHeldBack)
        writer.endObject()
        write("time_to_first_us", streams.timeToFirst, to: &writer)
        write("recorded_time_to_first_us", streams.recordedTimeToFirst, to: &writer)
        write("gap_us", streams.gap, to: &writer)
        write("recorded_gap_us", streams.recordedGap, to: &writer)
        write("lag_us", streams.lag, to: &writer)
        write("message_error_us", streams.messageError, to: &writer)
        writer.endObject()
    }
}
