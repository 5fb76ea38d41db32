import Messages
import Replay
import Yams

/// Turns the nodes of a plan into what they say.
struct PlanFileReader: RulesFileReader {
    let file: String

    static let keys = [
        "target", "keep_host", "insecure", "resolve", "unix_socket", "source_address", "cacert", "cert",
        "key", "key_password",
        "proxy", "proxy_credentials",
        "transport", "http_version", "timeout", "allow_target", "only_safe_methods",
        "sign", "from",
        "to", "filter", "session", "sample", "shard", "seed", "speed", "rate", "max", "arrivals", "loop",
        "duration",
        "lanes", "copies", "max_in_flight", "habits", "faults", "abort_if", "max_failures", "correlate",
        "realtime", "observed",
    ]

    func plan(_ root: Node?) throws(RulesFileError) -> PlanFile {
        var plan = PlanFile()
        // An empty file asks for nothing.
        guard let root, root.scalar?.string.isEmpty != true else { return plan }
        let entries = try fields(root, of: "a plan", known: Self.keys)
        try readTarget(entries, into: &plan)
        try readSelection(entries, into: &plan)
        try readLoad(entries, into: &plan)
        if let node = entries["max_in_flight"] { try readLimit(node, into: &plan) }
        plan.habits = try entries["habits"].map(habits)
        plan.faults = try entries["faults"].map(faults)
        if let node = entries["faults"], plan.transport == .curl {
            throw error(
                node,
                "faults of clients take the wire transport, and this plan says 'transport: curl'"
            )
        }
        if let node = entries["faults"], plan.httpVersion == .http2 {
            throw error(
                node,
                "faults of clients take the wire transport, and this plan says 'http_version: 2'"
            )
        }
        plan.correlate = try entries["correlate"].map(text)
        plan.isRealtime = try entries["realtime"].map(bool)
        plan.observed = try entries["observed"].map(text)
        plan.maximumFailures = try entries["max_failures"].map { node throws(RulesFileError) in
            try number(node, in: 0...UInt64(Int64.max))
        }
        if let node = entries["abort_if"] {
            for element in try list(node) {
                plan.abortConditions.append(
                    try value(element) { text throws(UnreadableValue) in try AbortCondition(text) }
                )
            }
        }
        return plan
    }

    private func readTarget(_ entries: [String: Node], into plan: inout PlanFile) throws(RulesFileError) {
        if let node = entries["target"] {
            do {
                plan.target = try ReplayTarget(try text(node))
            } catch let failure as UnreadableValue {
                // What may be a password is not repeated.
                throw error(node, "this is not a target: \(failure.reason)")
            } catch let failure as RulesFileError {
                throw failure
            } catch {
                throw self.error(node, "this is not a target")
            }
        }
        plan.keepsHost = try entries["keep_host"].map(bool)
        plan.isInsecure = try entries["insecure"].map(bool)
        try readConnection(entries, into: &plan.connection)
        plan.transport = try entries["transport"].map { node throws(RulesFileError) in
            try choice(node, TransportChoice.self)
        }
        plan.httpVersion = try entries["http_version"].map { node throws(RulesFileError) in
            try choice(node, HTTPVersionChoice.self)
        }
        if let node = entries["http_version"], plan.httpVersion == .http2, plan.transport == .wire {
            throw error(node, "HTTP/2 takes libcurl, and this plan says 'transport: wire'")
        }
        plan.timeout = try entries["timeout"].map(duration)
        if let node = entries["timeout"], plan.timeout?.nanoseconds == 0 {
            throw error(node, "a timeout of 0s would fail every request; give more")
        }
        if let node = entries["allow_target"] {
            for element in try list(node) { plan.allowedTargets.append(try text(element)) }
        }
        plan.sendsOnlySafeMethods = try entries["only_safe_methods"].map(bool)
        if let node = entries["sign"] {
            for element in try list(node) { plan.signing.append(try secretPlace(element)) }
        }
    }

    /// `SCHEME=env:VAR`, `SCHEME=file:PATH` or the path of a file of secrets; a secret itself is not repeated.
    func secretPlace(_ node: Node) throws(RulesFileError) -> String {
        let text = try text(node)
        guard SignatureFile.isPath(text) || text.contains("=env:") || text.contains("=file:") else {
            throw error(
                node,
                "a secret does not stand in a plan: SCHEME=env:VARIABLE, SCHEME=file:PATH or a YAML file names where it is"
            )
        }
        return text
    }

    private func readSelection(_ entries: [String: Node], into plan: inout PlanFile) throws(RulesFileError) {
        plan.from = try entries["from"].map { node throws(RulesFileError) in
            try value(node) { text throws(UnreadableValue) in try TraceMoment(text) }
        }
        plan.to = try entries["to"].map { node throws(RulesFileError) in
            try value(node) { text throws(UnreadableValue) in try TraceMoment(text) }
        }
        if let node = entries["to"], case (.offset(let from)?, .offset(let to)?) = (plan.from, plan.to),
            from >= to
        {
            throw error(node, "'from' is not before 'to', so nothing would be sent")
        }
        if let node = entries["filter"] {
            let filter = try value(node) { text throws(FilterError) in try RequestFilter(text) }
            guard !filter.asksForStatus else {
                throw error(node, "a request is chosen before it has a status")
            }
            plan.filter = filter
        }
        if let node = entries["session"] {
            var marks: [SessionRule.Mark] = []
            for element in try list(node) {
                marks += try value(element) { text throws(UnreadableValue) in try SessionRule(text) }.marks
            }
            plan.session = SessionRule(marks)
        }
        plan.sample = try entries["sample"].map(share)
        plan.shard = try entries["shard"].map { node throws(RulesFileError) in
            try value(node) { text throws(UnreadableValue) in try Shard(text) }
        }
        plan.seed = try entries["seed"].map { node throws(RulesFileError) in try number(node, in: 0...(.max))
        }
    }

    private func readLoad(_ entries: [String: Node], into plan: inout PlanFile) throws(RulesFileError) {
        if let node = entries["speed"] {
            let text = try course(node)
            plan.pacing = try value(node, text) { text throws(UnreadableValue) in try Pacing(speed: text) }
        }
        if let node = entries["rate"] {
            guard plan.pacing == nil else {
                throw error(node, "'speed', 'rate' and 'max' exclude each other")
            }
            let text = try course(node)
            plan.pacing = try value(node, text) { text throws(UnreadableValue) in try Pacing(rate: text) }
        }
        if let node = entries["max"], try bool(node) {
            guard plan.pacing == nil else {
                throw error(node, "'speed', 'rate' and 'max' exclude each other")
            }
            plan.pacing = .maximum
        }
        plan.arrivals = try entries["arrivals"].map { node throws(RulesFileError) in
            try choice(node, Arrivals.self)
        }
        plan.duration = try entries["duration"].map(duration)
        if let node = entries["loop"] {
            if node.scalar?.string == "endless" {
                plan.loops = .endless
            } else {
                plan.loops = .count(UInt32(try number(node, in: 1...UInt64(UInt32.max))))
            }
        }
        plan.lanes = try entries["lanes"].map { node throws(RulesFileError) in
            try choice(node, LanePolicy.self)
        }
        plan.copies = try entries["copies"].map(copies)
    }

    private func readLimit(_ node: Node, into plan: inout PlanFile) throws(RulesFileError) {
        guard node.mapping != nil else {
            plan.inFlight = Int(try number(node, in: 1...1_000_000))
            return
        }
        let entries = try fields(node, of: "'max_in_flight'", known: ["limit", "beyond"])
        guard let limit = entries["limit"] else { throw error(node, "a 'limit' is missing here") }
        plan.inFlight = Int(try number(limit, in: 1...1_000_000))
        plan.crowding = try entries["beyond"].map { node throws(RulesFileError) in
            try choice(node, Crowding.self)
        }
    }
}
