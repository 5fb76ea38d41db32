import JSON
import Reports

/// What an anonymizer did or would do, by rule and field.
enum ChangeTable {
    typealias Change = (rule: String, action: String, kind: String, place: String, count: UInt64)

    static func text(_ changes: [Change]) -> String {
        guard !changes.isEmpty else { return "nothing would be changed" }
        var table = Table([
            .init("count", .right), .init("action"), .init("kind"), .init("place", maximumWidth: 60),
            .init("rule", maximumWidth: 60),
        ])
        for change in changes {
            table.append([
                Quantity.count(change.count), change.action, change.kind, change.place, change.rule,
            ])
        }
        var text = table.text(indent: 2)
        if text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    /// One JSON object and a line feed.
    static func json(
        _ changes: [Change],
        messages: (requests: UInt64, responses: UInt64, connections: UInt64)
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.dry-run/1")
        writer.member("requests", messages.requests)
        writer.member("responses", messages.responses)
        writer.key("changes")
        writer.beginArray()
        for change in changes {
            writer.beginObject()
            writer.member("rule", change.rule)
            writer.member("action", change.action)
            writer.member("kind", change.kind)
            writer.member("place", change.place)
            writer.member("count", change.count)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }
}
