import JSON
import LoadPlans

extension KneeFinding {
    /// Writes what was found as a value of a larger text.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch limit {
        case .found(let safe, let breaks):
            writer.member("limit", "found")
            writer.member("safe_multiplier", safe)
            writer.member("breaking_multiplier", breaks)
        case .notFound(let upTo):
            writer.member("limit", "not-found")
            writer.member("up_to_multiplier", upTo)
        case .replayer(let multiplier):
            writer.member("limit", "replayer")
            writer.member("up_to_multiplier", multiplier)
        }
        writer.member("route", route)
        writer.member("budget", budget)
        writer.array("resources", resources) { writer, resource in
            writer.beginObject()
            writer.member("name", resource.name)
            writer.member("score", resource.score)
            writer.optional("use", resource.use)
            writer.array("evidence", resource.evidence) { $0.string($1) }
            writer.endObject()
        }
        writer.key("fit")
        if let fit {
            writer.beginObject()
            writer.member("lambda", fit.lambda)
            writer.member("sigma", fit.sigma)
            writer.member("kappa", fit.kappa)
            writer.member("determination", fit.determination)
            writer.array("residuals", fit.residuals) { $0.double($1) }
            writer.endObject()
        } else {
            writer.null()
        }
        writer.array("steps", steps) { $1.write(to: &$0) }
        writer.endObject()
    }

    /// Reads what ``write(to:)`` has written; the law is fitted to the steps again.
    init?(_ value: JSONValue) {
        guard case .object = value else { return nil }
        let limit: Limit
        switch value["limit"]?.text {
        case "found":
            limit = .found(
                safe: value["safe_multiplier"]?.double ?? 0,
                breaks: value["breaking_multiplier"]?.double ?? 0
            )
        case "replayer": limit = .replayer(value["up_to_multiplier"]?.double ?? 0)
        default: limit = .notFound(upTo: value["up_to_multiplier"]?.double ?? 0)
        }
        self.init(
            limit: limit,
            steps: value.list("steps").map(KneeStep.init),
            route: value["route"]?.text,
            resources: value.list("resources").map { resource in
                Saturation(
                    name: resource.text("name"),
                    score: resource["score"]?.double ?? 0,
                    evidence: resource.list("evidence").compactMap(\.text),
                    use: resource["use"]?.double
                )
            }
        )
        budget = value["budget"]?.text
    }
}

extension KneeStep {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("multiplier", multiplier)
        writer.member("offered", offered)
        writer.member("throughput", throughput)
        writer.member("mean_response_seconds", meanResponse)
        writer.member("replayer_bound", isReplayerBound)
        writer.member("folder", folder)
        writer.array("routes", routes) { writer, route in
            writer.beginObject()
            writer.member("route", route.name)
            writer.member("budget", route.budget)
            writer.member("use", route.use)
            writer.member("uncertainty", route.uncertainty)
            writer.member("errors", route.errors)
            writer.member("median_seconds", route.median)
            writer.member("requests", route.requests)
            writer.endObject()
        }
        writer.key("resources")
        writer.beginObject()
        for (name, value) in resources.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
        writer.endObject()
        writer.endObject()
    }

    fileprivate init(_ value: JSONValue) {
        self.init(
            multiplier: value["multiplier"]?.double ?? 0,
            offered: value["offered"]?.double ?? 0,
            throughput: value["throughput"]?.double ?? 0,
            meanResponse: value["mean_response_seconds"]?.double ?? 0
        )
        isReplayerBound = value["replayer_bound"] == .bool(true)
        folder = value["folder"]?.text
        routes = value.list("routes").map { route in
            var read = Route(
                name: route.text("route"),
                use: route["use"]?.double ?? 0,
                uncertainty: route["uncertainty"]?.double ?? 0,
                errors: route["errors"]?.double ?? 0,
                median: route["median_seconds"]?.double ?? 0,
                requests: route.count("requests")
            )
            read.budget = route["budget"]?.text ?? ""
            return read
        }
        guard case .object(let members)? = value["resources"] else { return }
        for member in members { resources[member.name] = member.value.double }
    }
}
