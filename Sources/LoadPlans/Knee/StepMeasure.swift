package import Messages
import Replay

/// Makes a step of a search out of what was measured in it.
package struct StepMeasure: Sendable {
    /// For how many seconds a load has to be borne: what grows in a step is followed as far as that.
    package static let horizon = 60.0

    /// The criteria that a step has to keep: shares and times of requests and runs, with a bound from above, or from below for
    /// `success`.
    package let budgets: [Criterion]
    /// The routes of the plan, which says in them what it takes for one.
    private let patterns: [RoutePattern]
    /// Which requests set runs going.
    private let executions: RoutePattern?
    /// Whether a run without an end breaks a step.
    private let countsLost: Bool

    package init(_ criteria: [Criterion], executions: RoutePattern? = nil) {
        budgets = criteria.filter(\.isBudget)
        patterns = (criteria.compactMap(\.route) + [executions].compactMap { $0 })
            .filter { $0.description.contains(" ") }
        self.executions = executions
        countsLost =
            criteria.contains { $0.figure == .count(.lost) } || budgets.contains { !$0.figure.isOfRequests }
    }

    /// What the record of a step at `multiplier` comes to; `offered` requests were asked for in a second.
    package func step(
        _ record: StageRecord,
        multiplier: Double,
        offered: Double,
        resources: [String: Double]
    ) -> KneeStep {
        let total = record.requests.total()
        let mean = (total.response.value(.mean) ?? 0) / 1e9
        var step = KneeStep(
            multiplier: multiplier,
            offered: offered,
            throughput: total.rate ?? 0,
            meanResponse: mean
        )
        step.resources = resources
        step.routes = requestRoutes(of: record) + runRoutes(of: record)
        if let answers = answers(total) { step.routes.append(answers) }
        return step
    }

    /// All requests together, of which a load that is borne leaves no more than ``toleratedErrors`` without a good answer,
    /// whatever the criteria are about: refusals are quick, so that by its times a target that is gone is one at ease.
    private func answers(_ total: RequestFigures) -> KneeStep.Route? {
        let name = "all requests"
        guard let errors = total.share(.errors) else {
            var route = KneeStep.Route(name: name, use: 2, uncertainty: 0, errors: 1, median: 0)
            route.budget = "requests >= 1"
            return route
        }
        guard errors > 0, !budgets.contains(where: \.boundsErrors) else { return nil }
        let deviation = 1.96 * (errors * (1 - errors) / Double(total.requests)).squareRoot()
        var route = KneeStep.Route(
            name: name,
            use: errors / Self.toleratedErrors,
            uncertainty: deviation / Self.toleratedErrors,
            errors: errors,
            median: (total.response.value(.percentile(50)) ?? 0) / 1e9,
            requests: total.requests
        )
        route.budget = "errors <= 50%"
        return route
    }

    /// The share of errors beyond which a step breaks where no criterion bounds it.
    private static let toleratedErrors = 0.5

    /// Each route with the budget that it is nearest to breaking.
    private func requestRoutes(of record: StageRecord) -> [KneeStep.Route] {
        let keys = Dictionary(grouping: record.requests.figures.keys) { words(for: $0.route) }
        return keys.sorted { $0.key < $1.key }.compactMap { name, keys in
            let uses = budgets.filter(\.figure.isOfRequests).flatMap { budget in
                let about = keys.filter { budget.route?.covers($0.route) ?? true }
                return budget.parties(about).compactMap { use(budget, of: $0, in: record) }
            }
            guard let worst = uses.max(by: { $0.use < $1.use }) else { return nil }
            let total = record.requests.total(of: keys)
            var route = KneeStep.Route(
                name: name,
                use: worst.use,
                uncertainty: worst.uncertainty,
                errors: total.share(.errors) ?? 0,
                median: (total.response.value(.percentile(50)) ?? 0) / 1e9,
                requests: total.requests
            )
            route.budget = worst.budget
            return route
        }
    }

    /// The route that sets runs going, once for each budget of theirs.
    private func runRoutes(of record: StageRecord) -> [KneeStep.Route] {
        let name = executions?.description ?? "runs"
        var routes: [KneeStep.Route] = []
        for budget in budgets {
            guard case .time(let time, let statistic) = budget.figure, !time.isOfRequests else { continue }
            let tenants: [String?] =
                switch budget.party {
                case .all: [nil]
                case .each: record.tenants
                case .tenant(let tenant): [tenant]
                }
            for tenant in tenants {
                let distribution = record.distribution(time, tenant: tenant)
                guard var use = Self.use(distribution, statistic, budget, of: record.trends[time]) else {
                    continue
                }
                use.budget = budget.description
                var route = KneeStep.Route(
                    name: name,
                    use: use.use,
                    uncertainty: use.uncertainty,
                    errors: 0,
                    median: (distribution.value(.percentile(50)) ?? 0) / 1e9,
                    requests: distribution.count
                )
                route.budget = use.budget
                routes.append(route)
            }
        }
        if countsLost, let lost = record.count(.lost, tenant: nil), lost > 0 {
            let accepted = max(lost, record.count(.accepted, tenant: nil) ?? 0)
            var route = KneeStep.Route(
                name: name,
                use: 1 + Double(lost) / Double(accepted),
                uncertainty: 0,
                errors: Double(lost) / Double(accepted),
                median: 0,
                requests: accepted
            )
            route.budget = "lost = 0"
            routes.append(route)
        }
        return routes
    }

    /// A route as the plan calls it.
    private func words(for route: String) -> String {
        patterns.first { $0.covers(route) }?.description ?? route
    }

    private struct Use {
        var use: Double
        var uncertainty: Double
        var budget = ""
    }

    private func use(_ budget: Criterion, of keys: [RequestBook.Key], in record: StageRecord) -> Use? {
        let figures = record.requests.total(of: keys)
        var trend = StepTrend()
        for key in keys { if let other = record.requests.trends[key] { trend.add(other) } }
        guard var use = Self.use(budget, of: figures, trend) else { return nil }
        use.budget = budget.description
        return use
    }

    private static func use(_ budget: Criterion, of figures: RequestFigures, _ trend: StepTrend) -> Use? {
        switch budget.figure {
        case .time(.response, let statistic): return use(figures.response, statistic, budget, of: trend)
        case .time(_, let statistic): return use(figures.service, statistic, budget, of: nil)
        case .share(let outcomes):
            guard let share = figures.share(outcomes), figures.requests > 0 else { return nil }
            // Of a bound from below the rest is what may be used up.
            let (used, bound) =
                budget.relation.breaksUpwards ? (share, budget.bound) : (1 - share, 1 - budget.bound)
            let deviation = 1.96 * (used * (1 - used) / Double(figures.requests)).squareRoot()
            // Where nothing at all may fail, one that does is as bad as the whole bound.
            let scale = max(bound, 1 / Double(figures.requests + 1))
            return Use(use: used / scale, uncertainty: deviation / scale)
        case .rate, .count: return nil
        }
    }

    /// A percentile with the interval of its order statistics at 95 % (the binomial distribution, by its normal
    /// approximation); a mean without one. What grows all the time is as large as it would have become.
    private static func use(
        _ distribution: Latencies,
        _ statistic: Criterion.Statistic,
        _ budget: Criterion,
        of trend: StepTrend?
    ) -> Use? {
        let bound = budget.bound
        guard let value = distribution.value(statistic), bound > 0 else { return nil }
        if budget.relation.breaksUpwards, let line = trend?.line, line.isGrowing {
            let grown = line.value(after: Self.horizon)
            if grown > max(value, bound) { return Use(use: grown / bound, uncertainty: 0) }
        }
        guard case .percentile(let percent) = statistic, percent < 100 else {
            return Use(use: value / bound, uncertainty: 0)
        }
        let share = percent / 100
        let width = 1.96 * (share * (1 - share) / Double(max(1, distribution.count))).squareRoot() * 100
        let low = distribution.value(.percentile(max(0.001, percent - width))) ?? value
        let high = distribution.value(.percentile(min(100, percent + width))) ?? value
        return Use(use: value / bound, uncertainty: max(value - low, high - value) / bound)
    }
}

extension Criterion {
    /// Whether a step of a search can break it: it is about a time or a share, and its bound is more than one value.
    package var isBudget: Bool {
        switch figure {
        case .time, .share: relation != .equal
        case .rate, .count: false
        }
    }

    /// Whether it says how many of all requests may end badly.
    fileprivate var boundsErrors: Bool {
        guard route == nil else { return false }
        if case .tenant = party { return false }
        return figure == .share(.errors) || figure == .share(.success)
    }

    /// The routes and tenants that are held to the bound together.
    fileprivate func parties(_ keys: [RequestBook.Key]) -> [[RequestBook.Key]] {
        switch party {
        case .all: keys.isEmpty ? [] : [keys]
        case .each: Array(Dictionary(grouping: keys, by: \.tenant).values)
        case .tenant(let tenant): [keys.filter { $0.tenant == tenant }].filter { !$0.isEmpty }
        }
    }
}

extension RequestBook {
    fileprivate func total(of keys: [Key]) -> RequestFigures {
        var total = RequestFigures()
        for key in keys { if let figures = figures[key] { total.add(figures) } }
        return total
    }
}
