package import JSON
import Messages
import Packets
import Traces

extension TraceHistory {
    /// The object of `tapedeck why --json`, on one line.
    package func appendJSON(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("schema", "tapedeck.why/1")
        switch question {
        case .exchange(let number, let connection):
            writer.member("exchange", number)
            writer.member("connection", connection)
        case .connection(let number): writer.member("connection", number)
        case .moment(let time, _, _): writer.member("at_ns", time.nanoseconds)
        }
        writer.member("origin_ns", origin.nanoseconds)
        writer.key("findings")
        writer.beginArray()
        for finding in findings { writer.string(finding) }
        writer.endArray()
        writer.key("events")
        writer.beginArray()
        for line in lines { append(line, to: &writer) }
        writer.endArray()
        writer.member("messages_left_out", connections.values.reduce(0) { $0 + $1.messagesLeftOut })
        if case .moment = question { writer.counts("ledger_growth", ledgerGrowth) }
        writer.endObject()
        writer.endLine()
    }

    private func append(_ line: HistoryLine, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("event", line.event)
        writer.member("time_ns", line.time.nanoseconds)
        writer.member("offset_ns", line.time.nanoseconds(since: origin))
        if let connection = line.connection { writer.member("connection", connection) }
        if let exchange = line.exchange { writer.member("exchange", exchange) }
        if let direction = line.direction {
            writer.member("direction", direction == .request ? "request" : "response")
        }
        if let amount = line.amount { writer.member("bytes", amount) }
        writer.member("text", line.text)
        writer.endObject()
    }
}
