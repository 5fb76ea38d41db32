import LoadPlans
import Replay
import Yams

extension LoadPlanFileReader {
    /// Probes of a plan, of which stages, tenants and executions have been read.
    func probes(_ node: Node, of plan: LoadPlan, signing: Node?) throws(RulesFileError) -> [Probe] {
        var probes: [Probe] = []
        for (name, key, value) in try named(node, "'probes'") {
            probes.append(try probe(name, key, value, of: plan, signing: signing))
            guard probes.count <= LoadPlan.probeLimit else {
                throw error(key, "there are \(LoadPlan.probeLimit) probes at most")
            }
        }
        return probes
    }

    static let probeKeys = [
        "ask", "listen", "as", "token", "headers", "body", "sign", "signature", "expect", "every", "in",
    ]

    private func probe(
        _ name: String,
        _ key: Node,
        _ node: Node,
        of plan: LoadPlan,
        signing: Node?
    ) throws(RulesFileError) -> Probe {
        let entries = try fields(node, of: "a probe", known: Self.probeKeys)
        var probe = Probe(name: name, kind: try kind(key, entries))
        if let node = entries["as"] { probe.asker = try asker(node, among: plan.tenants) }
        probe.token = try entries["token"].map(secretPlace)
        if let node = entries["headers"] {
            for element in try values.list(node) { probe.headers.append(try fieldLine(element)) }
        }
        probe.body = try entries["body"].map(text)
        if let node = entries["expect"] {
            for element in try values.list(node) { probe.expected.append(try statuses(element)) }
        }
        if let node = entries["every"] {
            probe.interval = try values.duration(node).nanoseconds
            guard probe.interval >= 1_000_000 else { throw error(node, "1ms or more between two questions") }
        }
        if let node = entries["in"] {
            for element in try values.list(node) {
                probe.stages.append(try known(element, "stage", among: plan.stages.map(\.name)))
            }
        }
        if let node = entries["sign"] ?? signing {
            for element in try values.list(node) { probe.signing.append(try values.secretPlace(element)) }
        }
        if let node = entries["signature"] {
            probe.signature = try values.choice(node, Probe.Signature.self)
            if probe.signing.isEmpty, probe.signature != .missing {
                throw error(node, "'sign' is missing: where the secret is that it is signed with")
            }
        } else if entries["sign"] != nil || probe.body != nil, !probe.signing.isEmpty {
            probe.signature = .right
        }
        try check(probe, key, entries, of: plan)
        return probe
    }

    private func kind(_ key: Node, _ entries: [String: Node]) throws(RulesFileError) -> Probe.Kind {
        switch (entries["ask"], entries["listen"]) {
        case (let node?, nil):
            var lines: [Probe.Line] = []
            for element in try values.list(node) { lines.append(try line(element)) }
            return .ask(lines)
        case (nil, let node?):
            for name in ["body", "sign", "signature", "expect"] {
                if let other = entries[name] { throw error(other, "who listens has no '\(name)'") }
            }
            return .listen(try target(node))
        case (nil, nil):
            throw error(
                key,
                "a probe has 'ask', as in GET /api/runs/{run}, or 'listen', the path of a stream"
            )
        case (_?, _?): throw error(key, "'ask' and 'listen' exclude each other")
        }
    }

    /// `GET /api/runs/{run}`; a path alone is asked for with GET.
    private func line(_ node: Node) throws(RulesFileError) -> Probe.Line {
        let words = try text(node).split(separator: " ").map(String.init)
        guard (1...2).contains(words.count), let path = words.last, path.hasPrefix("/"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            words.count == 1 || words[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) })
        else { throw error(node, "a request is wanted here, such as GET /api/runs/{run}") }
        return Probe.Line(method: words.count == 2 ? words[0] : "GET", target: path)
    }

    private func target(_ node: Node) throws(RulesFileError) -> String {
        let line = try line(node)
        guard line.method == "GET" else { throw error(node, "a stream is asked for with GET") }
        return line.target
    }

    private func asker(_ node: Node, among tenants: [LoadPlan.Tenant]) throws(RulesFileError) -> Probe.Asker {
        switch try text(node) {
        case "nobody": return .nobody
        case "each": return .each
        case "owner": return .owner
        case "other": return .other
        default:
            let name = try known(node, "tenant", among: tenants.map(\.name))
            guard tenants.contains(where: { $0.name == name && $0.canAsk }) else {
                throw error(node, "the tenant '\(name)' has neither 'token' nor 'headers' to ask with")
            }
            return .tenant(name)
        }
    }

    private func fieldLine(_ node: Node) throws(RulesFileError) -> String {
        let line = try text(node)
        guard let colon = line.firstRange(of: ": ")?.lowerBound, colon > line.startIndex,
            line[..<colon].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }),
            line.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw error(node, "a field line is wanted here, such as 'X-Event: {data}'") }
        return line
    }

    /// `401`, `4xx` or `400..404`.
    private func statuses(_ node: Node) throws(RulesFileError) -> ClosedRange<UInt16> {
        let text = try text(node)
        let bounds: [UInt16?]
        if text.count == 3, text.hasSuffix("xx"), let first = UInt16(text.prefix(1)) {
            bounds = [first * 100, first * 100 + 99]
        } else {
            bounds = text.split(separator: "..", omittingEmptySubsequences: false).map { UInt16($0) }
        }
        guard (1...2).contains(bounds.count), let low = bounds[0], let high = bounds[bounds.count - 1],
            (100...599).contains(low), (low...max(low, 599)).contains(high)
        else { throw error(node, "a status is wanted here, such as 401, 4xx or 400..404") }
        return low...high
    }

    /// What a probe needs of the rest of the plan.
    private func check(
        _ probe: Probe,
        _ key: Node,
        _ entries: [String: Node],
        of plan: LoadPlan
    ) throws(RulesFileError) {
        let askers = plan.tenants.filter(\.canAsk)
        let needsRun =
            probe.uses(.run) || probe.uses(.owner) || probe.asker == .owner || probe.asker == .other
        if case .listen = probe.kind {
            guard !needsRun, !probe.uses(.secret), !probe.uses(.data) else {
                throw error(key, "who listens does so as a tenant or as 'each', and plants nothing")
            }
        }
        if needsRun, plan.executions == nil {
            throw error(
                key,
                "the probe '\(probe.name)' asks for runs; 'executions' says which requests make them"
            )
        }
        if needsRun, plan.tenants.allSatisfy({ $0.match == nil }),
            plan.scenarios.allSatisfy({ $0.tenant == nil })
        {
            throw error(key, "the probe '\(probe.name)' asks for runs of tenants; 'tenants' has no 'match'")
        }
        guard let node = entries["as"] else { return }
        if probe.asker == .other, askers.count < 2 {
            throw error(node, "'other' needs two tenants with 'token' or 'headers'")
        }
        if probe.asker == .each || probe.asker == .owner, askers.isEmpty {
            throw error(node, "no tenant has 'token' or 'headers' to ask with")
        }
    }

    /// `canaries: {commands: {database: [psql, -c, …]}}`.
    func canaries(_ node: Node, probes: [Probe]) throws(RulesFileError) -> [LoadPlan.CanaryCommand] {
        let entries = try fields(node, of: "'canaries'", known: ["commands"])
        guard let commands = entries["commands"] else {
            throw error(node, "'commands' is missing: what shows what the target keeps")
        }
        guard probes.contains(where: { $0.uses(.secret) || $0.uses(.data) }) else {
            throw error(node, "no probe plants anything: {secret} or {data} in its headers or body")
        }
        var found: [LoadPlan.CanaryCommand] = []
        for (name, _, value) in try named(commands, "'commands'") {
            guard value.mapping != nil else {
                found.append(LoadPlan.CanaryCommand(name: name, command: try command(value)))
                continue
            }
            let entries = try fields(value, of: "a command", known: ["run", "may_hold_data"])
            guard let run = entries["run"] else { throw error(value, "'run' is missing: the command") }
            var command = LoadPlan.CanaryCommand(name: name, command: try self.command(run))
            if let node = entries["may_hold_data"] { command.mayHoldData = try bool(node) }
            found.append(command)
        }
        return found
    }

    /// `{path: /api/metrics/queue-depth, count: json:/dead_letters}`.
    func deadLetters(_ node: Node) throws(RulesFileError) -> ExecutionRule.DeadLetters {
        let entries = try fields(node, of: "'dead_letters'", known: ["path", "count"])
        guard let path = entries["path"], let count = entries["count"] else {
            throw error(node, "'dead_letters' has 'path' and 'count', as in json:/dead_letters")
        }
        let text = try text(count)
        let place: ExecutionRule.DeadLetters.Count
        if text.hasPrefix("json:/"), text.count > 6 {
            place = .json(text.dropFirst(6).split(separator: "/").map(String.init))
        } else if text.hasPrefix("metric:"), text.count > 7 {
            place = .metric(String(text.dropFirst(7)))
        } else {
            throw error(count, "'\(text)' is no place of a number: json:/dead_letters or metric:NAME")
        }
        return ExecutionRule.DeadLetters(path: try target(path), count: place)
    }
}
