import JSON

/// A message of Phoenix channels, serializer 1.0.0: an object in a text frame.
///
///     {"topic": …, "event": …, "payload": {…}, "ref": …, "join_ref": …}
struct PhoenixMessage: Sendable {
    var topic: String
    var event: String
    var payload: JSONValue
    /// Of the message that it answers; servers write strings, numbers are met too.
    var ref: String?

    /// Values in one message.
    static let valueLimit = 10_000

    /// Reads a text; `nil` where it is no such message.
    init?(_ text: Span<UInt8>) {
        guard let value = try? JSONValue(parsing: text, maximumCount: Self.valueLimit),
            case .string(let topic)? = value["topic"], case .string(let event)? = value["event"]
        else { return nil }
        self.topic = topic
        self.event = event
        payload = value["payload"] ?? .null
        ref = value["ref"]?.name
    }

    /// Why something was refused, as far as the payload says.
    var reason: String {
        for path in [["response", "reason"], ["reason"], ["message"], ["response"]] {
            switch payload.value(at: path) {
            case .string(let text)? where !text.isEmpty: return text
            case .object(let members)? where !members.isEmpty:
                var writer = JSONWriter()
                writer.value(.object(members))
                return String(decoding: writer.bytes, as: UTF8.self)
            default: continue
            }
        }
        return "no reason given"
    }

    /// A message as a client writes it. A join belongs to itself.
    static func text(
        topic: String,
        event: String,
        ref: UInt64,
        joinRef: UInt64? = nil,
        _ payload: (inout JSONWriter) -> Void = { _ in }
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("topic")
        writer.string(topic)
        writer.key("event")
        writer.string(event)
        writer.key("payload")
        writer.beginObject()
        payload(&writer)
        writer.endObject()
        writer.key("ref")
        writer.string("\(ref)")
        if let joinRef {
            writer.key("join_ref")
            writer.string("\(joinRef)")
        }
        writer.endObject()
        return writer.bytes
    }

    /// Asks for the changes of a table.
    static func join(_ topic: String, run: String, _ rule: RealtimeRule, token: String?, ref: UInt64)
        -> [UInt8]
    {
        text(topic: topic, event: "phx_join", ref: ref, joinRef: ref) { writer in
            writer.key("config")
            writer.beginObject()
            writer.key("postgres_changes")
            writer.beginArray()
            writer.beginObject()
            for (key, value) in [("event", rule.event), ("schema", rule.schema), ("table", rule.table)] {
                writer.key(key)
                writer.string(value)
            }
            if let filter = rule.filter {
                writer.key("filter")
                writer.string(RealtimeRule.text(filter, run: run))
            }
            writer.endObject()
            writer.endArray()
            writer.endObject()
            if let token {
                writer.key("access_token")
                writer.string(token)
            }
        }
    }
}
