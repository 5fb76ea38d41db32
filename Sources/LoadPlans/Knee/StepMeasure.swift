import Messages
import Replay

/// Makes a step of a search out of what was measured in it.
package struct StepMeasure: Sendable {
    /// The criteria that a step has to keep: shares and times of requests and runs, with a bound from above, or from below for
    /// `success`.
    package let budgets: [Criterion]

    package init(_ criteria: [Criterion]) {
        budgets = criteria.filter { criterion in
            switch criterion.figure {
            case .time, .share: criterion.relation != .equal
            case .rate, .count: false
            }
        }
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
        step.routes = routes(of: record)
        return step
    }

    /// Each route with the budget that it is nearest to breaking; times of runs as a route of their own.
    private func routes(of record: StageRecord) -> [KneeStep.Route] {
        var routes: [KneeStep.Route] = []
        let names = Set(record.requests.figures.keys.map(\.route)).sorted()
        for name in names {
            var total = RequestFigures()
            for (key, figures) in record.requests.figures where key.route == name { total.add(figures) }
            let about = budgets.filter { $0.figure.isOfRequests && ($0.route?.covers(name) ?? true) }
            let uses = about.compactMap { Self.use($0, of: total) }
            guard let worst = uses.max(by: { $0.use < $1.use }) else { continue }
            routes.append(
                KneeStep.Route(
                    name: name,
                    use: worst.use,
                    uncertainty: worst.uncertainty,
                    errors: total.share(.errors) ?? 0,
                    median: (total.response.value(.percentile(50)) ?? 0) / 1e9,
                    requests: total.requests
                )
            )
        }
        for budget in budgets where !budget.figure.isOfRequests {
            guard case .time(let time, let statistic) = budget.figure else { continue }
            let distribution = record.distribution(time, tenant: nil)
            guard let use = Self.use(distribution, statistic, bound: budget.bound) else { continue }
            routes.append(
                KneeStep.Route(
                    name: "\(time.rawValue) of runs",
                    use: use.use,
                    uncertainty: use.uncertainty,
                    errors: 0,
                    median: (distribution.value(.percentile(50)) ?? 0) / 1e9,
                    requests: distribution.count
                )
            )
        }
        return routes
    }

    private static func use(_ budget: Criterion, of figures: RequestFigures) -> (
        use: Double, uncertainty: Double
    )? {
        switch budget.figure {
        case .time(let time, let statistic):
            return use(time == .response ? figures.response : figures.service, statistic, bound: budget.bound)
        case .share(let outcomes):
            guard let share = figures.share(outcomes), figures.requests > 0 else { return nil }
            // Of a bound from below the rest is what may be used up.
            let (used, bound) =
                budget.relation.breaksUpwards ? (share, budget.bound) : (1 - share, 1 - budget.bound)
            let deviation = 1.96 * (used * (1 - used) / Double(figures.requests)).squareRoot()
            // Where nothing at all may fail, one that does is as bad as the whole bound.
            let scale = max(bound, 1 / Double(figures.requests + 1))
            return (used / scale, deviation / scale)
        case .rate, .count: return nil
        }
    }

    /// A percentile with the interval of its order statistics at 95 % (the binomial distribution, by its normal
    /// approximation); a mean without one.
    private static func use(
        _ distribution: Latencies,
        _ statistic: Criterion.Statistic,
        bound: Double
    ) -> (use: Double, uncertainty: Double)? {
        guard let value = distribution.value(statistic), bound > 0 else { return nil }
        guard case .percentile(let percent) = statistic, percent < 100 else { return (value / bound, 0) }
        let share = percent / 100
        let width = 1.96 * (share * (1 - share) / Double(max(1, distribution.count))).squareRoot() * 100
        let low = distribution.value(.percentile(max(0.001, percent - width))) ?? value
        let high = distribution.value(.percentile(min(100, percent + width))) ?? value
        return (value / bound, max(value - low, high - value) / bound)
    }
}
