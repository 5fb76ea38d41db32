/// Whose run is whose, as the answers said, and which tenant's list has shown another's.
///
/// The memory is bounded: of more than ``limit`` runs the oldest are forgotten.
package struct RunRoster: Sendable {
    package static let limit = 100_000
    /// Runs of a tenant that probes ask for: the last ones.
    package static let recentLimit = 64

    private struct Recent: Sendable {
        var runs: [String] = []
        var next = 0

        mutating func note(_ run: String) {
            if runs.count < RunRoster.recentLimit {
                runs.append(run)
            } else {
                runs[next] = run
                next = (next + 1) % RunRoster.recentLimit
            }
        }
    }

    private var owners: [String: String] = [:]
    private var order: [String] = []
    private var oldest = 0
    /// Runs of the load, and those that probes have made, which hold what was planted.
    private var recent: [String: Recent] = [:]
    private var planted: [String: Recent] = [:]
    /// Runs that the list of another tenant showed.
    private var crossed: [String: Set<String>] = [:]

    package init() {}

    /// Notes whose run it is; whoever was known to have it before keeps it.
    package mutating func note(run: String, tenant: String, isPlanted: Bool = false) {
        guard !tenant.isEmpty, owners[run] == nil else { return }
        owners[run] = tenant
        if isPlanted {
            planted[tenant, default: Recent()].note(run)
        } else {
            recent[tenant, default: Recent()].note(run)
        }
        if order.count < Self.limit {
            order.append(run)
        } else {
            owners[order[oldest]] = nil
            order[oldest] = run
            oldest = (oldest + 1) % Self.limit
        }
    }

    /// Whose run it is; `nil` where nobody is known to have made it.
    package func owner(of run: String) -> String? { owners[run] }

    /// Notes that `tenant` was shown a run; answers whether it is another's.
    @discardableResult
    package mutating func show(_ run: String, to tenant: String) -> Bool {
        guard !tenant.isEmpty, let owner = owners[run], owner != tenant else { return false }
        if crossed[owner, default: []].count < Self.limit { crossed[owner, default: []].insert(run) }
        return true
    }

    /// How many runs of each tenant others were shown; begins anew.
    package mutating func takeCrossed() -> [String: Int] {
        defer { crossed = [:] }
        return crossed.mapValues(\.count)
    }

    /// A run to ask for, of one tenant after the other, in turn one that a probe has made and one of the load; `nil` where
    /// none is known yet.
    package func run(number: Int) -> (run: String, owner: String)? {
        let tenants = Set(recent.keys).union(planted.keys).sorted()
        guard !tenants.isEmpty else { return nil }
        let owner = tenants[number % tenants.count]
        let round = number / tenants.count
        let kinds = [planted[owner], recent[owner]].compactMap { $0?.runs }
        guard let runs = kinds.isEmpty ? nil : kinds[round % kinds.count] else { return nil }
        return (runs[round / kinds.count % runs.count], owner)
    }
}
