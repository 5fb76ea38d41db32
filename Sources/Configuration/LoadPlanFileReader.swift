import LoadPlans
import Messages
import Replay
import Yams

/// Turns the nodes of a load plan into what they say.
struct LoadPlanFileReader: RulesFileReader {
    let file: String
    /// What relative paths begin with.
    let folder: String

    private static let keys = [
        "plan", "about", "environment", "tenants", "scenarios", "stages", "criteria", "executions",
        "logs", "observers", "probes", "canaries",
    ]
    static let scenarioKeys = ["about", "traces", "tenant"]
    static let stageKeys = [
        "kind", "scenarios", "criteria", "check", "keep_observed", "pause", "incidents", "knee",
    ]

    /// What a plan of a replay knows, but for where the observed goes: that is the folder of the run.
    static let replayKeys = PlanFileReader.keys.filter { $0 != "observed" }

    /// Reads the values that plans of a replay have as well.
    var values: PlanFileReader { PlanFileReader(file: file) }

    func file(_ root: Node) throws(RulesFileError) -> LoadPlanFile {
        let entries = try fields(root, of: "a load plan", known: Self.keys + Self.replayKeys)
        guard let nameNode = entries["plan"] else { throw error(root, "a name is missing: 'plan: NAME'") }
        var plan = LoadPlan(name: try text(nameNode))
        plan.about = try entries["about"].map(text)
        if let node = entries["seed"] { plan.seed = try values.number(node, in: 0...(.max)) }
        if let node = entries["environment"] { plan.environment = try notes(node) }
        if let node = entries["tenants"] { plan.tenants = try tenants(node) }
        guard let scenariosNode = entries["scenarios"] else {
            throw error(root, "'scenarios' is missing: which traces are replayed")
        }
        plan.scenarios = try scenarios(scenariosNode, tenants: plan.tenants)
        guard let stagesNode = entries["stages"] else {
            throw error(root, "'stages' is missing: what happens one after the other")
        }
        plan.stages = try stages(stagesNode, scenarios: plan.scenarios, tenants: plan.tenants)
        if let node = entries["criteria"] {
            plan.criteria = try criteria(node, stages: plan.stages, tenants: plan.tenants)
        }
        plan.executions = try entries["executions"].map(executions)
        if let node = entries["logs"] {
            plan.logs = try logs(node, stages: plan.stages, hasRuns: plan.executions != nil)
        }
        if let node = entries["observers"] { plan.observers = try observers(node) }
        if let node = entries["probes"] { plan.probes = try probes(node, of: plan, signing: entries["sign"]) }
        if let node = entries["canaries"] { plan.canaryCommands = try canaries(node, probes: plan.probes) }
        let replays = try replays(root: root, scenarios: scenariosNode, stages: stagesNode, of: plan)
        try checkSearches(of: plan, replays, root: root, scenarios: scenariosNode, stages: stagesNode)
        return LoadPlanFile(
            plan: plan,
            replays: replays,
            remarks: try remarks(scenarios: scenariosNode, stages: stagesNode, of: plan),
            file: file,
            traceMarks: try traceMarks(in: scenariosNode)
        )
    }

    /// The entries of a mapping in their order, each with its name.
    func named(_ node: Node, _ what: String) throws(RulesFileError) -> [(
        name: String, key: Node, value: Node
    )] {
        guard let mapping = node.mapping, !mapping.isEmpty else {
            throw error(node, "\(what) is a mapping: a name and what it stands for, at least one")
        }
        var entries: [(name: String, key: Node, value: Node)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, !name.isEmpty,
                name.utf8.allSatisfy({ $0.isPlainNameByte })
            else {
                throw error(key, "a name has letters, digits, '-', '_' and '.'")
            }
            entries.append((name, key, value))
        }
        return entries
    }

    private func notes(_ node: Node) throws(RulesFileError) -> [LoadPlan.Note] {
        if let text = node.scalar?.string { return [LoadPlan.Note(name: "notes", text: text)] }
        guard let mapping = node.mapping else {
            throw error(node, "'environment' is a text, or a mapping of names to texts")
        }
        var notes: [LoadPlan.Note] = []
        for (key, value) in mapping {
            notes.append(LoadPlan.Note(name: try text(key), text: try text(value)))
        }
        return notes
    }

    private func tenants(_ node: Node) throws(RulesFileError) -> [LoadPlan.Tenant] {
        var tenants: [LoadPlan.Tenant] = []
        for (name, _, value) in try named(node, "'tenants'") {
            var tenant = LoadPlan.Tenant(name: name)
            let entries = try fields(value, of: "a tenant", known: ["match", "token", "headers"])
            if let node = entries["match"] {
                let filter = try values.value(node) { text throws(FilterError) in try RequestFilter(text) }
                guard !filter.asksForStatus else {
                    throw error(node, "whose a request is does not depend on its status")
                }
                tenant.match = filter
            }
            tenant.token = try entries["token"].map(secretPlace)
            if let node = entries["headers"] {
                for element in try values.list(node) {
                    let line = try text(element)
                    guard line.contains(": "), line.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                        throw error(element, "a field line is wanted here, such as 'X-Project-Id: harbor'")
                    }
                    tenant.headers.append(line)
                }
            }
            tenants.append(tenant)
        }
        return tenants
    }

    /// `env:VARIABLE` or `file:PATH`; a secret itself is not repeated.
    func secretPlace(_ node: Node) throws(RulesFileError) -> String {
        let text = try text(node)
        guard SecretSource.Origin(text) != nil else {
            throw error(
                node,
                "a secret does not stand in a plan: env:VARIABLE or file:PATH names where it is"
            )
        }
        return text
    }

    private func scenarios(
        _ node: Node,
        tenants: [LoadPlan.Tenant]
    ) throws(RulesFileError) -> [LoadPlan.Scenario] {
        var scenarios: [LoadPlan.Scenario] = []
        for (name, key, value) in try named(node, "'scenarios'") {
            let entries = try fields(
                value,
                of: "a scenario",
                known: Self.scenarioKeys + Self.replayKeys
            )
            guard let tracesNode = entries["traces"] else {
                throw error(key, "the scenario '\(name)' has no 'traces'")
            }
            var traces: [String] = []
            for element in try values.list(tracesNode) { traces.append(beside(try text(element))) }
            var scenario = LoadPlan.Scenario(name: name, traces: traces)
            scenario.about = try entries["about"].map(text)
            if let node = entries["tenant"] {
                scenario.tenant = try known(node, "tenant", among: tenants.map(\.name))
            }
            scenarios.append(scenario)
        }
        return scenarios
    }

    /// Where the traces of scenarios are named, each where it is first.
    private func traceMarks(in scenarios: Node) throws(RulesFileError) -> [String: Mark] {
        var marks: [String: Mark] = [:]
        for (_, _, value) in try named(scenarios, "'scenarios'") {
            guard let traces = value.mapping?["traces"] else { continue }
            for element in try values.list(traces) {
                let path = beside(try text(element))
                marks[path] = marks[path] ?? element.mark
            }
        }
        return marks
    }

    /// A name that has to be one of `names`.
    func known(_ node: Node, _ what: String, among names: [String]) throws(RulesFileError) -> String {
        let name = try text(node)
        guard names.contains(name) else {
            let hint = NearestWord.hint(for: name, among: names)
            let there = names.isEmpty ? "the plan names none" : "there are \(names.joined(separator: ", "))"
            throw error(node, "unknown \(what) '\(name)'\(hint); \(there)")
        }
        return name
    }

    /// A path as seen from the file of the plan.
    func beside(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }
}

extension UInt8 {
    /// Names become names of files.
    fileprivate var isPlainNameByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
