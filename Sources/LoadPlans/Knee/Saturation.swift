/// A resource that may be what holds the target up, and what speaks for it.
package struct Saturation: Hashable, Sendable {
    package var name: String
    /// From 0 to 1.
    package var score: Double
    /// A sentence each.
    package var evidence: [String]
    /// How much of it is in use where it broke, from 0 to 1; `nil` where that is not known.
    package var use: Double?

    package init(name: String, score: Double, evidence: [String], use: Double?) {
        self.name = name
        self.score = score
        self.evidence = evidence
        self.use = use
    }

    /// The resources for which anything speaks, the likeliest first.
    ///
    /// What saturates is used in proportion to the load up to its limit (the utilization law: use is throughput times what
    /// one request takes of it), and what one request takes of it does not grow. Where that grows, those who hold the resource
    /// wait for another themselves: it is a victim, and what it grew by speaks for what they wait for. Nobody holds processor
    /// time while waiting: where that grows, something else takes of it, too. Where it shrinks, the resource is in use without
    /// the load as well.
    package static func ranked(_ resources: [MeasuredResource], over steps: [KneeStep]) -> [Saturation] {
        let steps = steps.filter { !$0.isReplayerBound && $0.throughput > 0 }
        guard let high = steps.first(where: \.isBroken) ?? steps.last, let low = steps.first,
            high.multiplier > low.multiplier
        else { return [] }
        let views = resources.map {
            ResourceView($0, low: low, high: high, below: steps.filter { !$0.isBroken })
        }
        let growth = max(Self.growth(from: low, to: high), 1e-9)
        let victims = views.filter {
            $0.resource.isHeld && $0.use ?? 0 > ResourceView.nearLimit && $0.growth > 0
                && $0.constancy < ResourceView.steady
        }
        return views.compactMap { view in
            saturation(
                view,
                growth: growth,
                victims: victims.filter { $0.resource.name != view.resource.name }
            )
        }.sorted { ($0.score, $1.name) > ($1.score, $0.name) }.map { saturation in
            var saturation = saturation
            saturation.score = min(1, saturation.score)
            return saturation
        }
    }

    /// By how many seconds what breaks takes longer than at the lowest load: requests, or runs.
    private static func growth(from low: KneeStep, to high: KneeStep) -> Double {
        let response = high.meanResponse - low.meanResponse
        guard let worst = KneeFinding.worstRoute(high, before: low), let quiet = low.figures(of: worst) else {
            return response
        }
        return max(worst.median - quiet.median, response)
    }

    private static func saturation(_ view: ResourceView, growth: Double, victims: [ResourceView])
        -> Saturation?
    {
        var evidence: [String] = []
        var score = 0.0
        if let use = view.use {
            score = max(0, (min(use, 1) - 0.5) * 2) * view.constancy * view.dependence * view.detail
            if use > ResourceView.nearLimit {
                evidence.append(
                    "\(percent(use)) of it is in use where it breaks, \(percent(view.lowUse ?? 0)) at the start"
                )
                evidence.append(view.course)
            }
        }
        let waited = view.waitGrowth
        if waited > 0 {
            let share = min(1, waited / growth)
            let victim = victims.filter { $0.growth > 0 }
                .map { (name: $0.resource.name, share: min(1, waited / $0.growth)) }
                .max { $0.share < $1.share }
            if let victim, victim.share > 0.3 {
                // Only what is not a victim itself is the cause.
                if view.use == nil || view.constancy >= ResourceView.steady {
                    score = max(score, 0.5 + victim.share / 2)
                }
                evidence.append(
                    "waiting for it is \(percent(victim.share)) of what holding \(victim.name) grew by"
                )
            }
            if share > 0.05 {
                if view.use == nil {
                    score = max(score, share * 0.9)
                } else if view.constancy >= ResourceView.steady {
                    score += share * 0.1
                }
                evidence.append("waiting for it is \(percent(share)) of what the response time grew by")
            }
        }
        guard score > 0.05, !evidence.isEmpty else { return nil }
        return Saturation(name: view.resource.name, score: score, evidence: evidence, use: view.use)
    }

    private static func percent(_ share: Double) -> String { "\(Int((min(share, 10) * 100).rounded())) %" }
}

/// What is known of a resource at the lowest load and where it breaks.
private struct ResourceView {
    /// From here on a resource counts as used up.
    static let nearLimit = 0.85
    /// From here on what one request takes counts as the same.
    static let steady = 0.75

    let resource: MeasuredResource
    /// Shares of the limit.
    let use: Double?
    let lowUse: Double?
    /// What one request takes of it at the lowest loads, by what it takes where it breaks; at most 1.
    let constancy: Double
    /// How much of its use follows the load, up to 1: what is in use without any is not what gives way.
    let dependence: Double
    /// The more is known of what it is, the more it says: a part before the whole.
    let detail: Double
    /// By how much longer one request holds it, in seconds.
    let growth: Double
    /// By how much longer one request waits for it, in seconds.
    let waitGrowth: Double

    init(_ resource: MeasuredResource, low: KneeStep, high: KneeStep, below: [KneeStep]) {
        self.resource = resource
        let held = resource.use.flatMap { high.resources[$0] }
        let lowHeld = resource.use.flatMap { low.resources[$0] }
        let limit = Self.limit(of: resource, at: high, held: held)
        use = limit.flatMap { limit in held.map { max(0, $0 / limit) } }
        lowUse = limit.flatMap { limit in lowHeld.map { max(0, $0 / limit) } }
        // Of the lower third of the steps that held: the lowest load alone may be mostly noise, and near the limit waits for
        // something else have begun.
        let demands = below.prefix(max(2, below.count / 3)).compactMap { step in
            resource.use.flatMap { step.resources[$0] }.map { $0 / step.throughput }
        }.filter { $0 > 0 }.sorted()
        let usual = demands.isEmpty ? 0 : demands[(demands.count - 1) / 2]
        let now = held.map { $0 / high.throughput } ?? 0
        constancy = now > 0 && usual > 0 ? min(1, usual / now) : 0
        // Some of it is saved where much is done at once.
        dependence =
            usual > 0 ? min(1, 1.25 * max(0, min(now / usual, Self.following(use, lowUse, low, high)))) : 1
        detail =
            resource.name.hasPrefix(MeasuredResource.machine) ? 0.9 : resource.name.contains("{") ? 1 : 0.97
        growth = max(0, now - usual)
        waitGrowth =
            resource.waits.map { Self.wait($0, at: high) - Self.wait($0, at: low) }.max().map { max(0, $0) }
            ?? 0
    }

    /// The share of the use at the high load that came with the load: 1 where the use is in proportion to it, 0 where as much
    /// was in use before.
    private static func following(_ use: Double?, _ lowUse: Double?, _ low: KneeStep, _ high: KneeStep)
        -> Double
    {
        guard let use, let lowUse, use > 0, low.throughput < high.throughput else { return 1 }
        return (1 - lowUse / use) / (1 - low.throughput / high.throughput)
    }

    /// How its use went with the load.
    var course: String {
        if dependence < Self.steady { return "a part of its use does not follow the load" }
        if constancy >= Self.steady {
            return "what one request takes of it stays the same, so its use follows the load up to its limit"
        }
        let factor = Double(Int(min(1 / max(constancy, 1e-3), 1e6) * 10)) / 10
        return "what one request takes of it grows \(factor) times, so "
            + (resource.isHeld ? "who holds it waits for something else" : "something else takes of it, too")
    }

    private static func limit(
        of resource: MeasuredResource,
        at high: KneeStep,
        held: Double?
    ) -> Double? {
        switch resource.limit {
        case .none: return nil
        case .known(let limit): return limit
        case .series(let name): return high.resources[name].flatMap { $0 > 0 ? $0 : nil }
        case .processors:
            // A process takes whole processors: the nearest number of them that it comes close to.
            guard let held, held > 0.5 else { return 1 }
            return max(1, (held - 0.12).rounded(.up))
        }
    }

    /// Seconds that one request waits, by Little's law where the number of those that wait is known.
    private static func wait(_ wait: MeasuredResource.Wait, at step: KneeStep) -> Double {
        switch wait {
        case .waiting(let name), .secondsPerSecond(let name): (step.resources[name] ?? 0) / step.throughput
        case .mean(let name): step.resources[name] ?? 0
        }
    }
}
