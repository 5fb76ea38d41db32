import LoadPlans
import Replay
import Yams

extension LoadPlanFileReader {
    func stages(
        _ node: Node,
        scenarios: [LoadPlan.Scenario],
        tenants: [LoadPlan.Tenant]
    ) throws(RulesFileError) -> [Stage] {
        var stages: [Stage] = []
        let names = scenarios.map(\.name)
        let stageNames = try named(node, "'stages'").map(\.name)
        for (name, key, value) in try named(node, "'stages'") {
            guard name.first != "." else {
                throw error(key, "the name of a stage does not begin with a point")
            }
            let entries = try fields(value, of: "a stage", known: Self.stageKeys + Self.replayKeys)
            let kind =
                try entries["kind"].map { node throws(RulesFileError) in
                    try values.choice(node, Stage.Kind.self)
                }
                ?? Stage.Kind(rawValue: name) ?? .load
            var stage = Stage(name: name, kind: kind, scenarios: names)
            if let node = entries["scenarios"] { stage.scenarios = try chosen(node, among: names) }
            if let node = entries["check"] { stage.check = try check(node) }
            if let node = entries["keep_observed"] { stage.keepsObserved = try bool(node) }
            if let node = entries["pause"] { stage.pause = try values.duration(node).nanoseconds }
            if let node = entries["incidents"] { stage.incidents = try incidents(node) }
            if let node = entries["knee"] { stage.knee = try knee(node, of: kind) }
            if kind == .knee, let node = entries["duration"] {
                stage.knee.seconds = Double(try values.duration(node).nanoseconds) / 1e9
            }
            if let node = entries["criteria"] {
                for element in try values.list(node) {
                    let criterion = try criterion(element)
                    guard criterion.stages.isEmpty else {
                        throw error(element, "a criterion of a stage is about that stage; leave 'in' out")
                    }
                    try checkComparison(of: criterion, element, among: stageNames)
                    try checkParty(of: criterion, element, among: tenants)
                    stage.criteria.append(criterion)
                }
            }
            stages.append(stage)
        }
        return stages
    }

    /// Scenarios by name, or a mapping of names to what is different with them here.
    private func chosen(_ node: Node, among names: [String]) throws(RulesFileError) -> [String] {
        var chosen: Set<String> = []
        if let mapping = node.mapping {
            for (key, _) in mapping { chosen.insert(try known(key, "scenario", among: names)) }
        } else {
            for element in try values.list(node) {
                guard chosen.insert(try known(element, "scenario", among: names)).inserted else {
                    throw error(element, "the scenario stands here twice")
                }
            }
        }
        return names.filter { chosen.contains($0) }
    }

    private func check(_ node: Node) throws(RulesFileError) -> Stage.Check {
        switch try text(node) {
        case "true": .byDefault
        case "false": .none
        case let path: .rules(beside(path))
        }
    }

    private func incidents(_ node: Node) throws(RulesFileError) -> [StageIncident] {
        var incidents: [StageIncident] = []
        for (name, key, value) in try named(node, "'incidents'") {
            let entries = try fields(value, of: "an incident", known: ["after", "run", "mend"])
            guard let after = entries["after"], let run = entries["run"] else {
                throw error(
                    key,
                    "an incident has 'after', a time from the start of the stage, and 'run', a command"
                )
            }
            var incident = StageIncident(
                name: name,
                after: try values.duration(after).nanoseconds,
                command: try command(run)
            )
            if let node = entries["mend"] { incident.mend = try command(node) }
            incidents.append(incident)
        }
        return incidents.sorted { $0.after < $1.after }
    }

    /// A program and its arguments. No shell takes a line apart, so that one word with blanks is no program that could be found.
    func command(_ node: Node) throws(RulesFileError) -> [String] {
        var words: [String] = []
        for element in try values.list(node) { words.append(try text(element)) }
        guard words.count > 1 || !words.contains(where: { $0.contains(where: \.isWhitespace) }) else {
            throw error(
                node,
                "a command is a program and its arguments, each by itself: [docker, kill, database]"
            )
        }
        return words
    }

    func criteria(
        _ node: Node,
        stages: [Stage],
        tenants: [LoadPlan.Tenant]
    ) throws(RulesFileError) -> [Criterion] {
        var criteria: [Criterion] = []
        for element in try values.list(node) {
            let criterion = try criterion(element)
            let names = stages.map(\.name)
            if let unknown = criterion.stages.first(where: { !names.contains($0) }) {
                let hint = NearestWord.hint(for: unknown, among: names)
                throw error(
                    element,
                    "unknown stage '\(unknown)'\(hint); there are \(names.joined(separator: ", "))"
                )
            }
            try checkComparison(of: criterion, element, among: names)
            try checkParty(of: criterion, element, among: tenants)
            criteria.append(criterion)
        }
        return criteria
    }

    private func checkParty(
        of criterion: Criterion,
        _ node: Node,
        among tenants: [LoadPlan.Tenant]
    ) throws(RulesFileError) {
        guard case .tenant(let name) = criterion.party, !tenants.contains(where: { $0.name == name }) else {
            return
        }
        throw error(node, "unknown tenant '\(name)'; 'tenants' says who there is")
    }

    private func checkComparison(
        of criterion: Criterion,
        _ node: Node,
        among names: [String]
    ) throws(RulesFileError) {
        guard let stage = criterion.comparedStage, !names.contains(stage) else { return }
        let hint = NearestWord.hint(for: stage, among: names)
        throw error(
            node,
            "unknown stage '\(stage)'\(hint); there are \(names.joined(separator: ", ")), and 'last run'"
        )
    }

    private func criterion(_ node: Node) throws(RulesFileError) -> Criterion {
        try values.value(node) { text throws(UnreadableValue) in try Criterion(text) }
    }

    /// How each scenario is replayed in each stage: what stands at the top, in the scenario, in the stage, and in the stage
    /// for the scenario, the later counting more.
    func replays(
        root: Node,
        scenarios: Node,
        stages: Node,
        of plan: LoadPlan
    ) throws(RulesFileError) -> [LoadPlanFile.Part: PlanFile] {
        var replays: [LoadPlanFile.Part: PlanFile] = [:]
        let scenarioNodes = try named(scenarios, "'scenarios'")
        let stageNodes = try named(stages, "'stages'")
        for (stage, node) in zip(plan.stages, stageNodes) {
            let special = node.value.mapping?[Node("scenarios")]?.mapping
            for (name, _, scenario) in scenarioNodes where stage.scenarios.contains(name) {
                var layers = [root, scenario, node.value]
                if let own = special?[Node(name)], own.scalar?.string.isEmpty != true {
                    _ = try fields(
                        own,
                        of: "a scenario in a stage",
                        known: Self.replayKeys
                    )
                    layers.append(own)
                }
                var file = try values.plan(Self.merged(layers))
                // A stage that says how long it takes goes on for that long.
                if file.duration != nil, file.loops == nil { file.loops = .endless }
                replays[LoadPlanFile.Part(stage: stage.name, scenario: name)] = file
            }
        }
        return replays
    }

    static let paces: Set = ["speed", "rate", "max"]

    /// Paces of scenarios that a stage takes the place of with one of another kind, which is easily not meant.
    func remarks(scenarios: Node, stages: Node, of plan: LoadPlan) throws(RulesFileError) -> [String] {
        func pace(_ node: Node?) -> (name: String, node: Node)? {
            for (key, value) in node?.mapping ?? [:] {
                if let name = key.scalar?.string, Self.paces.contains(name) { return (name, value) }
            }
            return nil
        }
        var remarks: [String] = []
        let scenarioNodes = try named(scenarios, "'scenarios'")
        for (stage, node) in zip(plan.stages, try named(stages, "'stages'")) {
            guard let outer = pace(node.value) else { continue }
            let special = node.value.mapping?[Node("scenarios")]?.mapping
            for (name, _, scenario) in scenarioNodes where stage.scenarios.contains(name) {
                guard let inner = pace(scenario), inner.name != outer.name, pace(special?[Node(name)]) == nil
                else { continue }
                let sentence =
                    "the '\(outer.name)' of stage \(stage.name) takes the place of the '\(inner.name)' of scenario \(name); "
                    + "say under 'scenarios' of the stage what it is to be there"
                remarks.append(RulesFileError(file: file, at: outer.node.mark, sentence).description)
            }
        }
        return remarks
    }

    /// The keys of a plan of a replay in the mappings together; a pace takes the place of another.
    private static func merged(_ layers: [Node]) -> Node {
        let keys = Set(Self.replayKeys)
        var merged = Node.Mapping([])
        for layer in layers {
            guard let mapping = layer.mapping else { continue }
            let own = mapping.filter { keys.contains($0.key.scalar?.string ?? "") }
            if own.contains(where: { paces.contains($0.key.scalar?.string ?? "") }) {
                for pace in paces { merged[Node(pace)] = nil }
            }
            for (key, value) in own { merged[key] = value }
        }
        return .mapping(merged)
    }
}
