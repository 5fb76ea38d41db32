import Bytes
package import JSON
import Messages
import Packets
package import Traces

/// One recorded event as a JSON object of `tapedeck cat --json`.
package enum EventJSON {
    /// Writes an event and ends the line.
    package static func append(
        _ event: EventRecord,
        connection: ConnectionOpenRecord?,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("schema", "tapedeck.cat/1")
        writer.member("type", "event")
        writer.member("exchange", event.exchange)
        writer.member("connection", event.connection)
        writer.member("client", connection?.client.description)
        writer.member("server", connection?.server.description)
        writer.member("direction", event.kind == .request ? "request" : "response")
        writer.member("kind", EventName.kind(of: event))
        if event.eventKind == .webSocket {
            writer.member("opcode", event.opcode)
            writer.member("message", EventName.message(of: event))
            writer.member("frames", event.frames)
        }
        writer.member("start_ns", event.start.nanoseconds)
        writer.member("time_ns", event.time.nanoseconds)
        if let text = String(validating: event.bytes, as: UTF8.self) {
            writer.member("body", text)
        } else {
            writer.member("body_base64", String(base64: event.bytes.span))
        }
        writer.member("body_length", event.bytes.count)
        writer.member("wire_length", event.wireLength)
        if let close = CloseFrame(event) {
            writer.member("close_code", close.code)
            writer.member("close_reason", close.reason)
        }
        writer.key("flags")
        writer.beginArray()
        for (flag, name) in EventFlags.names where event.flags.contains(flag) { writer.string(name) }
        writer.endArray()
        writer.endObject()
        writer.endLine()
    }
}

/// The names of events in reports.
enum EventName {
    static func kind(of event: EventRecord) -> String {
        switch event.eventKind {
        case .serverSentEvent: "sse"
        case .webSocket: "websocket"
        }
    }

    /// What a WebSocket message is (RFC 6455, section 11.8).
    static func message(of event: EventRecord) -> String {
        switch event.opcode {
        case 1: "text"
        case 2: "binary"
        case 8: "close"
        case 9: "ping"
        case 10: "pong"
        default: "opcode \(event.opcode)"
        }
    }
}

/// What a WebSocket close frame says (RFC 6455, section 5.5.1).
struct CloseFrame {
    var code: UInt16
    var reason: String

    /// `nil` for every other event, and for a close frame that gives no code.
    init?(_ event: EventRecord) {
        guard event.eventKind == .webSocket, event.opcode == 8, event.bytes.count >= 2 else { return nil }
        code = UInt16(event.bytes[0]) << 8 | UInt16(event.bytes[1])
        reason = WireText(event.bytes[2...]).text
    }
}
