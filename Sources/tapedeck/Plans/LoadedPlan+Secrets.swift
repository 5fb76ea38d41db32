import Configuration
import LoadPlans

extension LoadedPlan {
    /// Why secrets that the plan names by their places cannot be read here and now, and what a run makes of it: a sentence
    /// each, which names the place and never what it holds.
    var unreadableSecrets: [String] {
        var reasons: Set<String> = []
        func note(_ place: String?, _ consequence: String = "and a run needs it", _ read: () throws -> Void) {
            do {
                try read()
            } catch {
                let start = place.map { "\($0): " } ?? ""
                reasons.insert("\(start)\(CommandFailure.message(of: error)), \(consequence)")
            }
        }
        for part in file.replays.values {
            for place in part.signing {
                note(nil) { _ = try SecretOptions.read([place], option: Self.signing, signs: true) }
            }
            note(nil) { _ = try part.connection.secrets() }
        }
        for tenant in plan.tenants {
            note(
                "tenants.\(tenant.name).token",
                asksAsTenants ? "and a run needs it" : "though nothing in the plan asks with it"
            ) { _ = try tenant.secretToken() }
        }
        for probe in plan.probes {
            note(nil) { _ = try ProbeSigner(probe, authority: "") }
            note("probes.\(probe.name).token") { _ = try probe.secretToken() }
        }
        if let query = plan.executions?.query {
            note("executions.sql.connection") { try DatabaseClient.check(query.connection) }
        }
        if let apikey = plan.logs?.realtime?.apikey {
            note("logs.realtime.apikey") { _ = try RealtimeAddress.key(apikey) }
        }
        if let postgres = plan.observers.postgres {
            note("observers.postgres", "without which a run does not see the database") {
                try DatabaseClient.check(postgres)
            }
        }
        return reasons.sorted()
    }

    /// Reads what a run asks the target with beside its load, so that what is missing is told before anything is sent.
    func readSecrets() throws {
        if asksAsTenants { for tenant in plan.tenants { _ = try tenant.secretToken() } }
        if let apikey = plan.logs?.realtime?.apikey { _ = try RealtimeAddress.key(apikey) }
    }

    /// Whether something of the plan asks the target as its tenants.
    private var asksAsTenants: Bool {
        let readsRuns = plan.executions.map { $0.poll != nil || $0.stream != nil || $0.deadLetters != nil }
        return readsRuns ?? false || plan.logs != nil || !plan.probes.isEmpty
    }
}
