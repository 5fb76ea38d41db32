import Messages

extension LoadPlan {
    /// Segments of paths that its criteria and rules spell out: who does that means them and no others of their kind.
    package var spelledSegments: Set<String> {
        let criteria = criteria + stages.flatMap(\.criteria)
        var routes = criteria.compactMap(\.route)
        if let executions { routes += [executions.route] + executions.delays.map(\.route) }
        if let logs { routes += logs.routes }
        return Set(routes.flatMap(\.literals))
    }
}
