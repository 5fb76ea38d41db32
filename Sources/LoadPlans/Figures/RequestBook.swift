package import Messages

/// The requests of a stage by route and tenant.
///
/// The memory is bounded: what comes beyond ``limit`` routes and tenants is kept together for each tenant, and of
/// tenants beyond ``tenantLimit`` as one. What is not told apart is no reason for a criterion to pass.
package struct RequestBook: Sendable {
    package struct Key: Hashable, Sendable {
        /// Method and template of the path.
        package var route: String
        /// Empty for nobody's.
        package var tenant: String

        package init(route: String, tenant: String) {
            self.route = route
            self.tenant = tenant
        }
    }

    /// Routes and tenants told apart; each takes a third of a megabyte.
    package static let limit = 200
    /// Tenants whose further routes are kept together.
    package static let tenantLimit = 200
    package static let others = "(other routes)"

    package private(set) var figures: [Key: RequestFigures] = [:]
    /// How the response times of each went, where that is kept.
    package private(set) var trends: [Key: StepTrend] = [:]
    private let keepsTrends: Bool
    /// Tenants that ``others`` are kept of.
    private var tenantsOfOthers: Set<String> = []
    /// Requests of tenants beyond ``tenantLimit``, which nobody's are kept with.
    private var strangers: UInt64 = 0

    package init(keepsTrends: Bool = false) {
        self.keepsTrends = keepsTrends
    }

    package mutating func note(_ fact: RequestFact, route: String, tenant: String) {
        let place = place(of: Key(route: route, tenant: tenant))
        if place.tenant != tenant { strangers += 1 }
        figures[place, default: RequestFigures()].note(fact)
        guard keepsTrends else { return }
        trends[place, default: StepTrend()].note(
            fact.responseTime,
            at: fact.end - Int64(clamping: fact.responseTime)
        )
    }

    private mutating func place(of key: Key) -> Key {
        if figures[key] != nil || figures.count - tenantsOfOthers.count < Self.limit { return key }
        if key.tenant.isEmpty || tenantsOfOthers.contains(key.tenant)
            || tenantsOfOthers.count < Self.tenantLimit
        {
            tenantsOfOthers.insert(key.tenant)
            return Key(route: Self.others, tenant: key.tenant)
        }
        return Key(route: Self.others, tenant: "")
    }

    /// Whether all requests of a route and a tenant are told apart from others; `nil` stands for all.
    package func tellsApart(route: RoutePattern?, tenant: String?) -> Bool {
        if tenant != nil, strangers > 0 { return false }
        guard let route, !route.covers(Self.others) else { return true }
        return !figures.keys.contains { $0.route == Self.others && (tenant == nil || $0.tenant == tenant) }
    }

    /// Requests whose routes are not told apart.
    package var ofOthers: UInt64 {
        figures.reduce(0) { $0 + ($1.key.route == Self.others ? $1.value.requests : 0) }
    }

    package mutating func add(_ other: RequestBook) {
        tenantsOfOthers.formUnion(other.tenantsOfOthers)
        strangers += other.strangers
        for (key, figures) in other.figures { self.figures[key, default: RequestFigures()].add(figures) }
        for (key, trend) in other.trends { trends[key, default: StepTrend()].add(trend) }
    }

    /// The tenants that were met, sorted; nobody is none.
    package var tenants: [String] { Set(figures.keys.map(\.tenant)).subtracting([""]).sorted() }

    /// What belongs to a route, to a tenant, or to both together; `nil` stands for all.
    package func total(route: RoutePattern? = nil, tenant: String? = nil) -> RequestFigures {
        var total = RequestFigures()
        for (key, figures) in figures
        where (tenant == nil || key.tenant == tenant) && (route?.covers(key.route) ?? true) {
            total.add(figures)
        }
        return total
    }
}

extension RoutePattern {
    /// Whether a route in the words of a report, `POST /hooks/{id}`, is meant.
    func covers(_ name: String) -> Bool {
        guard let blank = name.firstIndex(of: " ") else { return false }
        let method = Array(name[..<blank].utf8)
        let path = Array(name[name.index(after: blank)...].utf8)
        return matches(method: method.span, target: path.span)
    }
}
