/// What a search for the limit of a target has found.
package struct KneeFinding: Hashable, Sendable {
    package enum Limit: Hashable, Sendable {
        /// Held at `safe` times the recorded load, and broke at `breaks`; 0 where nothing held.
        case found(safe: Double, breaks: Double)
        /// Nothing broke as far as was looked.
        case notFound(upTo: Double)
        /// The replayer could not send more, so nothing is known of the target beyond.
        case replayer(Double)
    }

    package var limit: Limit
    /// By load, ascending.
    package var steps: [KneeStep]
    /// The route that broke first, and the criterion that it broke; `nil` where none did.
    package var route: String?
    package var budget: String?
    /// What saturates, the likeliest first.
    package var resources: [Saturation] = []
    package var fit: ScalabilityFit?

    package init(limit: Limit, steps: [KneeStep], route: String?, resources: [Saturation]) {
        self.limit = limit
        self.steps = steps
        self.route = route
        self.resources = resources
        fit = ScalabilityFit(steps.filter { !$0.isReplayerBound })
    }

    package init(_ search: KneeSearch, resources: [MeasuredResource]) {
        limit = search.finding
        steps = search.steps.sorted { $0.multiplier < $1.multiplier }
        fit = ScalabilityFit(steps.filter { !$0.isReplayerBound })
        guard case .found(_, let breaks) = limit else { return }
        // At the limit chance may have it that a route of few requests is all that is seen beyond its bound.
        let near = steps.filter { $0.isBroken && (breaks...breaks * Self.reach).contains($0.multiplier) }
        let worst = KneeFinding.worstRoute(in: near, before: steps.first)
        route = worst?.name
        budget = worst?.budget
        self.resources = Saturation.ranked(resources, over: steps)
    }

    /// How far beyond the limit steps still tell what breaks at it: as far as from one of the stairs to the next.
    private static let reach = 1.5

    /// Of the routes that each of several steps names, the one that keeps the target busy longest.
    private static func worstRoute(in steps: [KneeStep], before low: KneeStep?) -> KneeStep.Route? {
        let routes = steps.compactMap { worstRoute($0, before: low) }
        return routes.max { work($0, at: low) < work($1, at: low) }
    }

    private static func work(_ route: KneeStep.Route, at low: KneeStep?) -> Double {
        let quiet = low?.figures(of: route) ?? route
        return Double(quiet.requests) * quiet.median
    }

    /// The route furthest beyond its bound. Those that wait in one line break together: of them it is the one that keeps the
    /// target busy longest, which is how many there are of it and how long one takes where nothing waits.
    static func worstRoute(_ step: KneeStep, before low: KneeStep?) -> KneeStep.Route? {
        guard let worst = step.routes.max(by: { $0.use < $1.use }) else { return nil }
        let near = step.routes.filter { $0.use > 1 && $0.use >= worst.use * 0.5 }
        return near.max { work($0, at: low) < work($1, at: low) } ?? worst
    }
}
