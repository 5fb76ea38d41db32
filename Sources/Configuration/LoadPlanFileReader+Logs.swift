import LoadPlans
import Replay
import Yams

extension LoadPlanFileReader {
    /// `hasRuns` where the plan says how runs are told from answers.
    func logs(_ node: Node, stages: [Stage], hasRuns: Bool) throws(RulesFileError) -> LogRule {
        let entries = try fields(
            node,
            of: "'logs'",
            known: [
                "stream", "realtime", "of", "connections", "share", "events", "end", "line", "time", "run",
                "backlog",
                "history",
                "contiguous", "reconnect", "slow", "linger", "stages",
            ]
        )
        guard let sourceNode = entries["stream"] ?? entries["realtime"] else {
            throw error(
                node,
                "'stream' is missing: the path of a stream of events, as in /api/runs/{run}/logs/stream; "
                    + "or 'realtime', for channels on WebSockets"
            )
        }
        var rule: LogRule
        if let node = entries["realtime"] {
            if entries["stream"] != nil {
                throw error(node, "lines come over a 'stream' of events or over 'realtime', not over both")
            }
            rule = LogRule(realtime: try realtime(node))
            for key in ["events", "end"] {
                guard let node = entries[key] else { continue }
                throw error(
                    node,
                    "'\(key)' is of streams of events; changes of Realtime have 'event' and no end"
                )
            }
        } else {
            rule = LogRule(stream: try path(sourceNode))
        }
        if let node = entries["of"] {
            for element in try values.list(node) { rule.routes.append(try route(element)) }
        }
        if let node = entries["connections"] { rule.connections = try count(node, upTo: 1_000_000) }
        if let node = entries["share"] { rule.share = try values.share(node).value }
        if let node = entries["events"] {
            for element in try values.list(node) { rule.events.append(try text(element)) }
        }
        if let node = entries["end"] { rule.end = try text(node) }
        if let node = entries["line"], rule.realtime != nil || node.scalar?.string != "id" {
            rule.line = try pointer(node)
        }
        if let node = entries["time"] { rule.time = try pointer(node) }
        if let node = entries["run"] { rule.run = try pointer(node) }
        if let node = entries["backlog"] { rule.hasBacklog = try bool(node) }
        if let node = entries["history"] { rule.history = try history(node) }
        if let node = entries["contiguous"] { rule.isContiguous = try bool(node) }
        rule.reconnect = try entries["reconnect"].map(reconnect)
        rule.slow = try entries["slow"].map(slow)
        if let node = entries["linger"] { rule.linger = try values.duration(node).nanoseconds }
        if let node = entries["stages"] {
            for element in try values.list(node) {
                rule.stages.append(try known(element, "stage", among: stages.map(\.name)))
            }
        }
        if rule.isOfRuns || rule.history != nil, !hasRuns {
            throw error(
                rule.isOfRuns ? sourceNode : node,
                "whose runs they are is told by 'executions', which the plan has not"
            )
        }
        if rule.history != nil, !rule.isOfRuns, rule.run == nil {
            throw error(
                node,
                "'run' is missing: where a line has the name of its run, as in /record/run_id"
            )
        }
        return rule
    }

    private func history(_ node: Node) throws(RulesFileError) -> LogRule.History {
        if node.scalar != nil { return LogRule.History(path: try runPath(node)) }
        let entries = try fields(node, of: "'history'", known: ["path", "line", "time", "most"])
        guard let pathNode = entries["path"] else {
            throw error(
                node,
                "'path' is missing: where the lines of a run are kept, as in /api/runs/{run}/logs"
            )
        }
        var history = LogRule.History(path: try runPath(pathNode))
        if let node = entries["line"] { history.line = try pointer(node) }
        if let node = entries["time"] { history.time = try pointer(node) }
        if let node = entries["most"] { history.most = try count(node, upTo: 1_000_000) }
        return history
    }

    private func runPath(_ node: Node) throws(RulesFileError) -> String {
        let path = try path(node)
        guard path.contains(LogRule.placeholder) else {
            throw error(node, "'\(path)' is the same for every run; {run} stands for its name")
        }
        return path
    }

    private func reconnect(_ node: Node) throws(RulesFileError) -> LogRule.Reconnect {
        var reconnect: LogRule.Reconnect
        var place = node
        if node.scalar != nil {
            reconnect = LogRule.Reconnect(every: try values.duration(node).nanoseconds)
        } else {
            let entries = try fields(node, of: "'reconnect'", known: ["every", "away", "share"])
            guard let every = entries["every"] else {
                throw error(node, "'every' is missing: after how long a stream is cut off, such as 10s")
            }
            place = every
            reconnect = LogRule.Reconnect(every: try values.duration(every).nanoseconds)
            if let node = entries["away"] { reconnect.away = try values.duration(node).nanoseconds }
            if let node = entries["share"] { reconnect.share = try values.share(node).value }
        }
        guard reconnect.every >= 100_000_000 else { throw error(place, "100ms or more between two cuts") }
        return reconnect
    }

    private func slow(_ node: Node) throws(RulesFileError) -> LogRule.Slow {
        let entries = try fields(node, of: "'slow'", known: ["streams", "bytes"])
        guard let streams = entries["streams"], let bytes = entries["bytes"] else {
            throw error(
                node,
                "'slow' has 'streams', how many, and 'bytes', how many of them a second at most"
            )
        }
        return LogRule.Slow(
            streams: try count(streams, upTo: 100_000),
            bytesPerSecond: try count(bytes, upTo: 1 << 30)
        )
    }

    private func count(_ node: Node, upTo most: UInt64) throws(RulesFileError) -> Int {
        Int(try values.number(node, in: 1...most))
    }

    /// A JSON Pointer (RFC 6901) to a member, as in `/record/id`.
    func pointer(_ node: Node) throws(RulesFileError) -> [String] {
        let text = try text(node)
        guard text.hasPrefix("/"), text.utf8.count > 1 else {
            throw error(node, "'\(text)' points at no member: give a path such as /record/id")
        }
        return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }
}
