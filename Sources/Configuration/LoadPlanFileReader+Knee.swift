import LoadPlans
import Replay
import Yams

extension LoadPlanFileReader {
    /// The multiples between which a stage of the kind `knee` looks for the limit.
    func knee(_ node: Node, of kind: Stage.Kind) throws(RulesFileError) -> KneeSearch.Limits {
        guard kind == .knee else { throw error(node, "only a stage of the kind 'knee' looks for the limit") }
        let entries = try fields(node, of: "'knee'", known: ["from", "up_to"])
        var limits = KneeSearch.Limits()
        func multiplier(_ node: Node) throws(RulesFileError) -> Double {
            try values.value(node) { text throws(UnreadableValue) in try Speed(text) }.factor
        }
        if let node = entries["from"] { limits.from = try multiplier(node) }
        if let node = entries["up_to"] { limits.upTo = try multiplier(node) }
        guard limits.upTo > limits.from else {
            guard let end = entries["up_to"] else {
                throw error(
                    entries["from"] ?? node,
                    "the search goes up to \(Int(limits.upTo))x unless 'up_to' says otherwise"
                )
            }
            throw error(end, "'up_to' is beyond 'from'")
        }
        return limits
    }

    /// Refuses a search for the limit that has nothing to break, or no load that it could multiply: it would be told when
    /// everything before it has run.
    func checkSearches(
        of plan: LoadPlan,
        _ replays: [LoadPlanFile.Part: PlanFile],
        root: Node,
        scenarios: Node,
        stages: Node
    ) throws(RulesFileError) {
        let scenarioNodes = try named(scenarios, "'scenarios'")
        for (stage, node) in zip(plan.stages, try named(stages, "'stages'")) where stage.kind == .knee {
            guard plan.kneeCriteria(of: stage).contains(where: \.isBudget) else {
                throw error(
                    node.key,
                    "stage \(stage.name) looks for the load that breaks a criterion about a time or a share, such as "
                        + "'p95 <= 500ms', and none is about this stage"
                )
            }
            let special = node.value.mapping?[Node("scenarios")]?.mapping
            for (name, _, scenario) in scenarioNodes where stage.scenarios.contains(name) {
                let pacing = replays[LoadPlanFile.Part(stage: stage.name, scenario: name)]?.pacing
                do {
                    _ = try stage.knee.bounded(by: pacing.map { [$0] } ?? [])
                } catch {
                    // Where the load is said that counts.
                    let layers: [Node?] = [special?[Node(name)], node.value, scenario, root]
                    throw self.error(layers.compactMap(Self.pace).first ?? node.key, error.description)
                }
            }
        }
    }

    /// The value of the first key that says how fast to go.
    private static func pace(_ node: Node?) -> Node? {
        node?.mapping?.first { paces.contains($0.key.scalar?.string ?? "") }?.value
    }
}
