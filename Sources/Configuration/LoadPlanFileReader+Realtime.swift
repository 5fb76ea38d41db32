import LoadPlans
import Replay
import Yams

extension LoadPlanFileReader {
    /// Channels of Realtime; `realtime: true` is all as Supabase and MeshHook have it.
    func realtime(_ node: Node) throws(RulesFileError) -> RealtimeRule {
        var rule = RealtimeRule()
        rule.filter = RealtimeRule.usualFilter
        if node.scalar != nil {
            guard try bool(node) else { throw error(node, "leave 'realtime' out where it is not spoken") }
            return rule
        }
        let entries = try fields(
            node,
            of: "'realtime'",
            known: [
                "origin", "path", "apikey", "topic", "event", "schema", "table", "filter", "channels",
                "heartbeat",
            ]
        )
        rule.origin = try entries["origin"].map(origin)
        if let node = entries["path"] { rule.path = try path(node) }
        rule.apikey = try entries["apikey"].map(secretPlace)
        if let node = entries["topic"] { rule.topic = try topic(node) }
        if let node = entries["event"] { rule.event = try changes(node) }
        if let node = entries["schema"] { rule.schema = try text(node) }
        if let node = entries["table"] { rule.table = try text(node) }
        if let node = entries["filter"] { rule.filter = try text(node) }
        if entries["filter"] == nil, !rule.isOfRuns { rule.filter = nil }
        if let node = entries["filter"], !rule.isOfRuns, rule.filter?.contains(LogRule.placeholder) == true {
            throw error(node, "{run} stands for the name of a run, and the topic is the same for all of them")
        }
        if let node = entries["channels"] { rule.channels = Int(try values.number(node, in: 1...10_000)) }
        if let node = entries["heartbeat"] {
            rule.heartbeat = try values.duration(node).nanoseconds
            guard (100_000_000...60_000_000_000).contains(rule.heartbeat) else {
                throw error(
                    node,
                    "a heartbeat is sent every 100ms to 60s; servers give up who is silent for longer"
                )
            }
        }
        return rule
    }

    private func origin(_ node: Node) throws(RulesFileError) -> String {
        let text = try text(node)
        let schemes = [
            ("ws://", "http://"), ("wss://", "https://"), ("http://", "http://"), ("https://", "https://"),
        ]
        guard let scheme = schemes.first(where: { text.lowercased().hasPrefix($0.0) }),
            let target = try? ReplayTarget(scheme.1 + text.dropFirst(scheme.0.count))
        else {
            throw error(node, "where sockets are is wanted here, such as wss://project.supabase.co")
        }
        let name = target.scheme == .https ? "wss" : "ws"
        return "\(name)://\(target.authority)\(target.pathPrefix)"
    }

    private func topic(_ node: Node) throws(RulesFileError) -> String {
        let text = try text(node)
        // The client of Supabase puts the prefix before the name of a channel; on the wire it is a part of the topic.
        guard text.hasPrefix("realtime:"), text != "realtime:" else {
            throw error(node, "a topic begins with 'realtime:', as in realtime:run-logs-{run}")
        }
        return text
    }

    private func changes(_ node: Node) throws(RulesFileError) -> String {
        let text = try text(node)
        guard ["INSERT", "UPDATE", "DELETE", "*"].contains(text) else {
            throw error(node, "'\(text)' is no change of a table: INSERT, UPDATE, DELETE or '*'")
        }
        return text
    }
}
