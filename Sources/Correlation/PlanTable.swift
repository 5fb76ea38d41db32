import Messages

/// A plan with equal places told once, so that small numbers stand for them.
struct PlanTable: Sendable {
    struct Source: Sendable {
        var take: ValueSpot
    }

    /// What there is for requests of one route: its answers as sources, its requests as sinks.
    struct Route: Sendable {
        var pattern: RoutePattern
        var sources: [Int] = []
        var sinks: [Int] = []
    }

    /// What can stand in one place of the requests of one route.
    struct Sink: Sendable {
        var route: Int
        var spot: Int
        var sources: [(source: Int, match: ValueEdge.Match)] = []
        var identities: [Int] = []
        var maps: [Int] = []
        var isDate = false
    }

    private(set) var routes: [Route] = []
    private(set) var sources: [Source] = []
    private(set) var spots: [ValueSpot] = []
    private(set) var sinks: [Sink] = []

    init(_ plan: CorrelationPlan) {
        var sourceNumbers: [[String]: Int] = [:]
        var spotNumbers: [ValueSpot: Int] = [:]
        var sinkNumbers: [[String]: Int] = [:]
        var routeNumbers: [String: Int] = [:]
        var routes: [Route] = []
        var sinks: [Sink] = []
        var spots: [ValueSpot] = []
        func route(_ pattern: RoutePattern) -> Int {
            if let known = routeNumbers[pattern.description] { return known }
            routeNumbers[pattern.description] = routes.count
            routes.append(Route(pattern: pattern))
            return routes.count - 1
        }
        func sink(_ to: RoutePattern, _ put: ValueSpot) -> Int {
            let name = [to.description, put.description]
            if let known = sinkNumbers[name] { return known }
            let spot = spotNumbers[put] ?? spots.count
            if spot == spots.count {
                spots.append(put)
                spotNumbers[put] = spot
            }
            sinkNumbers[name] = sinks.count
            sinks.append(Sink(route: route(to), spot: spot))
            return sinks.count - 1
        }
        for edge in plan.edges {
            let name = [edge.from.description, edge.take.description]
            let source = sourceNumbers[name] ?? sources.count
            if source == sources.count {
                sources.append(Source(take: edge.take))
                routes[route(edge.from)].sources.append(source)
                sourceNumbers[name] = source
            }
            sinks[sink(edge.to, edge.put)].sources.append((source, edge.match))
        }
        for (index, pool) in plan.identities.enumerated() {
            sinks[sink(pool.to, pool.put)].identities.append(index)
        }
        for (index, map) in plan.maps.enumerated() { sinks[sink(map.to, map.put)].maps.append(index) }
        for date in plan.dates { sinks[sink(date.to, date.put)].isDate = true }
        // Values of one spot stand side by side, so that a body is gone through once for all of them.
        self.sinks = sinks.sorted { $0.spot < $1.spot }
        for (number, sink) in self.sinks.enumerated() { routes[sink.route].sinks.append(number) }
        self.routes = routes
        self.spots = spots
    }
}
