/// What was measured at one load of a search for the limit.
package struct KneeStep: Hashable, Sendable {
    /// Times the recorded load.
    package var multiplier: Double
    /// Requests asked for and answered in a second.
    package var offered: Double
    package var throughput: Double
    /// The response time in seconds: the mean, and the figure that a budget is about.
    package var meanResponse: Double
    /// By route: the figure that the budgets are about, in the unit of the bound.
    package var routes: [Route] = []
    /// Means over the step of what was observed, by name.
    package var resources: [String: Double] = [:]
    /// Whether the replayer was the limit in it.
    package var isReplayerBound = false
    /// Where what its replays reported and observed is, within the folder of the run.
    package var folder: String?

    package struct Route: Hashable, Sendable {
        package var name: String
        /// The criterion that it is nearest to breaking, in its own words.
        package var budget = ""
        /// How far the figure is up to its bound: 1 where it breaks.
        package var use: Double
        /// Half the width of its confidence interval, as a share of the bound.
        package var uncertainty: Double
        /// The share of errors.
        package var errors: Double
        /// The response time at the median, in seconds.
        package var median: Double
        package var requests: UInt64

        package init(
            name: String,
            use: Double,
            uncertainty: Double,
            errors: Double,
            median: Double,
            requests: UInt64 = 0
        ) {
            self.name = name
            self.use = use
            self.uncertainty = uncertainty
            self.errors = errors
            self.median = median
            self.requests = requests
        }
    }

    package init(multiplier: Double, offered: Double, throughput: Double, meanResponse: Double) {
        self.multiplier = multiplier
        self.offered = offered
        self.throughput = throughput
        self.meanResponse = meanResponse
    }

    /// What was measured here of a route of another step: by the same budget where that was the nearest here, too.
    func figures(of route: Route) -> Route? {
        routes.first { $0.name == route.name && $0.budget == route.budget }
            ?? routes.first { $0.name == route.name }
    }

    /// How near the worst route is to breaking its bound.
    package var use: Double { routes.map(\.use).max() ?? 0 }

    package var isBroken: Bool { use > 1 }
}
