package import Messages

extension TimingBook {
    /// The times that a baseline keeps, as if they had been observed; `parameters` are those of the service's paths.
    package init(_ baseline: Baseline, parameters: PathParameters = PathParameters()) {
        var routes: [String: Route] = [:]
        for route in baseline.routes {
            var times = Route()
            times.samples = route.times.samples(limit: Self.keptSamples)
            times.answers = route.times.total
            times.errors = route.errors
            if times.requests > 0 { routes[route.name] = times }
        }
        self.init(routes: routes, seconds: baseline.seconds, parameters: parameters)
    }

    /// What a baseline is to keep of the times, for each route; `stored` tells how many answers it holds of each.
    package func baselineRoutes(stored: [String: Int]) -> [BaselineRoute] {
        let names = Set(routes.keys).union(stored.keys)
        return names.sorted().map { name in
            var sketch = LatencySketch()
            for sample in routes[name]?.samples ?? [] { sketch.add(sample) }
            return BaselineRoute(
                name: name,
                stored: stored[name] ?? 0,
                errors: routes[name]?.errors ?? 0,
                times: sketch
            )
        }
    }
}
