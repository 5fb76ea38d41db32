package import JSON
import Replay

extension RunFigures {
    /// Reads the figures of a run out of its JSON (`tapedeck.replay/1`); `nil` where it kept none, or they are not as they
    /// should be.
    package init?(replay json: JSONValue, name: String) {
        guard case .string(ReplayReport.schema)? = json["schema"], let course = json["over_time"],
            let pointSeconds = Self.number(course["slot_seconds"]), pointSeconds > 0, pointSeconds < 1e9
        else { return nil }
        self.init(
            name: name,
            pointSeconds: pointSeconds,
            wallSeconds: Self.number(json["wall_seconds"]) ?? 0,
            isPaced: Self.number(json["requested_rate"]) != nil
        )
        guard let requested = Self.array(course["requested"]), requested.count <= Timeline.limit else {
            return nil
        }
        points = [Point](repeating: Point(), count: requested.count)
        for count in Self.counts {
            guard let values = Self.array(course[count.name]), values.count == points.count else {
                return nil
            }
            for (index, value) in values.enumerated() {
                guard let value = Self.whole(value) else { return nil }
                points[index][keyPath: count.path] = value
            }
        }
        for times in Self.times {
            let arrays = Self.percentiles.map { Self.array(course[times.name]?[$0.name]) ?? [] }
            guard arrays.allSatisfy({ $0.count == points.count }) else { return nil }
            for index in points.indices {
                points[index][keyPath: times.path] = Self.percentiles(arrays.map { $0[index] })
            }
        }
        guard let listed = Self.array(json["routes"]), listed.count <= Self.routeLimit + 1 else { return nil }
        for value in listed {
            guard let route = Route(value) else { return nil }
            routes.append(route)
        }
    }

    fileprivate static func percentiles(_ values: [JSONValue?]) -> Percentiles? {
        guard values.count == 3, let p50 = whole(values[0]), let p90 = whole(values[1]),
            let p99 = whole(values[2])
        else { return nil }
        return Percentiles(p50: p50, p90: p90, p99: p99)
    }

    fileprivate static func whole(_ value: JSONValue?) -> UInt64? {
        guard case .number(let number)? = value else { return nil }
        return UInt64(number.spelling)
    }

    private static func number(_ value: JSONValue?) -> Double? {
        guard case .number(let number)? = value, let double = Double(number.spelling), double.isFinite else {
            return nil
        }
        return double
    }

    private static func array(_ value: JSONValue?) -> [JSONValue]? {
        guard case .array(let elements)? = value else { return nil }
        return elements
    }
}

extension RunFigures.Route {
    fileprivate init?(_ json: JSONValue) {
        guard case .string(let name)? = json["route"] else { return nil }
        self.init(name: name)
        for status in RunFigures.statuses {
            answered[keyPath: status.path] = RunFigures.whole(json[status.name]) ?? 0
        }
        sent = RunFigures.whole(json["sent"]) ?? 0
        failed = RunFigures.whole(json["failed"]) ?? 0
        aborted = RunFigures.whole(json["aborted"]) ?? 0
        requestBytes = RunFigures.whole(json["request_bytes"]) ?? 0
        answerBytes = RunFigures.whole(json["response_bytes"]) ?? 0
        response = Self.percentiles(json["response_us"])
        service = Self.percentiles(json["service_us"])
        longestResponse = RunFigures.whole(json["response_us"]?["max"]) ?? 0
        longestService = RunFigures.whole(json["service_us"]?["max"]) ?? 0
    }

    private static func percentiles(_ value: JSONValue?) -> RunFigures.Percentiles? {
        RunFigures.percentiles(RunFigures.percentiles.map { value?[$0.name] })
    }
}
