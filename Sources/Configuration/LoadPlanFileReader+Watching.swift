import LoadPlans
import Messages
import Replay
import Yams

extension LoadPlanFileReader {
    func executions(_ node: Node) throws(RulesFileError) -> ExecutionRule {
        let entries = try fields(
            node,
            of: "'executions'",
            known: [
                "of", "run_id", "callback", "poll", "stream", "sql", "interval", "deadline", "delays",
                "delay",
                "dead_letters",
            ]
        )
        guard let routeNode = entries["of"] else {
            throw error(
                node,
                "'of' is missing: the requests that set a run going, as in POST /api/hooks/{slug}"
            )
        }
        var rule = ExecutionRule(route: try route(routeNode))
        if let node = entries["run_id"] {
            rule.names = []
            for element in try values.list(node) { rule.names.append(try place(element)) }
        }
        rule.callback = try entries["callback"].map(callback)
        rule.poll = try entries["poll"].map(path)
        rule.stream = try entries["stream"].map(statusStream)
        rule.query = try entries["sql"].map(query)
        if let node = entries["interval"] {
            rule.interval = try values.duration(node).nanoseconds
            guard rule.interval >= 10_000_000 else { throw error(node, "10ms or more between two looks") }
        }
        if let node = entries["deadline"] { rule.deadline = try values.duration(node).nanoseconds }
        rule.deadLetters = try entries["dead_letters"].map(deadLetters)
        if let node = entries["delay"] { rule.delay = ExecutionRule.DelayPlace(path: try memberPath(node)) }
        if let node = entries["delays"] {
            guard let mapping = node.mapping else {
                throw error(node, "'delays' is a mapping of routes to times")
            }
            for (key, value) in mapping {
                rule.delays.append(
                    ExecutionRule.Delay(
                        route: try route(key),
                        nanoseconds: try values.duration(value).nanoseconds
                    )
                )
            }
        }
        return rule
    }

    func route(_ node: Node) throws(RulesFileError) -> RoutePattern {
        try values.value(node) { text throws(RoutePatternError) in try RoutePattern(text) }
    }

    /// The name of a member, or a JSON Pointer to one.
    private func memberPath(_ node: Node) throws(RulesFileError) -> [String] {
        let name = try text(node)
        return name.hasPrefix("/") ? try pointer(node) : [name]
    }

    func path(_ node: Node) throws(RulesFileError) -> String {
        let path = try text(node)
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw error(node, "a path of the target is wanted here, such as /api/runs")
        }
        return path
    }

    func place(_ node: Node) throws(RulesFileError) -> ExecutionRule.Place {
        let text = try text(node)
        if text.hasPrefix("header:"), text.count > 7 { return .header(String(text.dropFirst(7))) }
        if text.hasPrefix("json:/"), text.count > 6 {
            return .json(text.dropFirst(6).split(separator: "/").map(String.init))
        }
        throw error(node, "'\(text)' is no place of a name: header:X-Run-Id or json:/run_id")
    }

    func observers(_ node: Node) throws(RulesFileError) -> LoadPlan.Observers {
        let entries = try fields(
            node,
            of: "'observers'",
            known: ["interval", "processes", "metrics", "postgres"]
        )
        var observers = LoadPlan.Observers()
        if let node = entries["interval"] {
            observers.interval = try values.duration(node).nanoseconds
            guard observers.interval >= 100_000_000 else {
                throw error(node, "100ms or more between two looks")
            }
        }
        if let node = entries["processes"] {
            for element in try values.list(node) { observers.processes.append(try text(element)) }
        }
        if let node = entries["metrics"] {
            for element in try values.list(node) {
                let url = try text(element)
                guard url.hasPrefix("http://") || url.hasPrefix("https://"), !url.contains("@") else {
                    throw error(
                        element,
                        "a URL of metrics is wanted here, such as http://127.0.0.1:8080/api/metrics"
                    )
                }
                observers.metrics.append(url)
            }
        }
        observers.postgres = try entries["postgres"].map(secretPlace)
        return observers
    }
}
