import LoadPlans

/// Someone who may read the target's logs.
struct LogReader: Sendable {
    /// Empty for one who reads for all.
    var tenant: String
    /// Field lines of the plan.
    var plain: [String] = []
    var token: String?

    /// Whose data may be shown to it; `nil` where nobody is told apart.
    var party: String? { tenant.isEmpty ? nil : tenant }

    /// Field lines, the token among them.
    var headers: [String] { plain + (token.map { ["Authorization: Bearer \($0)"] } ?? []) }

    /// One for each tenant with a token or headers; one for all where there are none.
    static func all(of plan: LoadPlan) throws -> [LogReader] {
        let tenants = plan.tenants.filter(\.canAsk)
        guard !tenants.isEmpty else { return [LogReader(tenant: "")] }
        return try tenants.map { LogReader(tenant: $0.name, plain: $0.headers, token: try $0.secretToken()) }
    }
}
