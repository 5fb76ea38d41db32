import LoadPlans
import Messages

/// What the routes of each scenario's traces are, looked for once in a run.
struct ScenarioRoutes {
    private var parameters: [String: PathParameters] = [:]

    init() {}

    /// Looks through the traces of the scenarios that the stages replay; segments that the plan spells out name no parameter.
    init(of plan: LoadPlan, in stages: [Stage]) {
        let spelled = plan.spelledSegments
        for name in Set(stages.flatMap(\.scenarios)) {
            guard let scenario = plan.scenario(name) else { continue }
            parameters[name] = TraceRoutes.parameters(of: scenario.traces).sparing(spelled)
        }
    }

    /// Where parameters stand in the paths of a scenario's requests.
    func parameters(of scenario: LoadPlan.Scenario) -> PathParameters {
        parameters[scenario.name] ?? PathParameters()
    }
}
