import LoadPlans
import Replay

/// Whatever tells what becomes of the runs of a plan.
enum RunSources {
    /// Those that the plan names; a listener for callbacks listens from now on.
    static func all(of loaded: LoadedPlan, _ stages: [Stage], _ isolation: IsolationBook) throws
        -> [any RunSource]
    {
        guard let rule = loaded.plan.executions, let stage = stages.first, let name = stage.scenarios.first
        else { return [] }
        let replay = try loaded.replay(of: name, in: stage)
        var sources: [any RunSource] = []
        if let callback = rule.callback { sources.append(try CallbackSink(callback, isolation: isolation)) }
        if let poll = rule.poll {
            // One reader for each tenant with a token, or one without where there are none.
            let readers = loaded.plan.tenants.filter(\.canAsk)
            for tenant in readers.isEmpty ? [LoadPlan.Tenant(name: "")] : readers {
                sources.append(
                    try RunWatch(
                        tenant: tenant,
                        rule: rule,
                        poll: poll,
                        target: replay.target,
                        connection: replay.connection,
                        isolation: isolation
                    )
                )
            }
        }
        if let stream = rule.stream {
            for reader in try LogReader.all(of: loaded.plan) {
                sources.append(
                    StatusStreamWatch(
                        stream,
                        reader: reader,
                        delay: rule.delay,
                        target: replay.target,
                        connection: replay.connection,
                        isolation: isolation
                    )
                )
            }
        }
        if let query = rule.query { sources.append(try DatabaseRuns(query, rule: rule)) }
        return sources
    }
}
