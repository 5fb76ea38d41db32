import JSON
import Replay

// How the run went over time and how its routes fared, as JSON; both are bounded.

extension ReplayReport {
    /// The members `over_time` and `routes`; none where no figures were kept.
    func writeFigures(to writer: inout JSONWriter) {
        guard let figures = RunFigures(summary, name: "") else { return }
        writer.key("over_time")
        writer.beginObject()
        writer.member("slot_seconds", figures.pointSeconds)
        for count in RunFigures.counts {
            Self.write(count.name, figures.points.map { $0[keyPath: count.path] }, to: &writer)
        }
        for times in RunFigures.times {
            writer.key(times.name)
            writer.beginObject()
            for (name, path) in RunFigures.percentiles {
                Self.write(name, figures.points.map { $0[keyPath: times.path]?[keyPath: path] }, to: &writer)
            }
            writer.endObject()
        }
        writer.endObject()
        writer.key("routes")
        writer.beginArray()
        for route in figures.routes { Self.write(route, to: &writer) }
        writer.endArray()
    }

    private static func write(_ name: String, _ values: [UInt64?], to writer: inout JSONWriter) {
        writer.key(name)
        writer.beginArray()
        for value in values {
            if let value { writer.integer(value) } else { writer.null() }
        }
        writer.endArray()
    }

    private static func write(_ route: RunFigures.Route, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("route", route.name)
        writer.member("sent", route.sent)
        for status in RunFigures.statuses { writer.member(status.name, route.answered[keyPath: status.path]) }
        writer.member("failed", route.failed)
        writer.member("aborted", route.aborted)
        writer.member("request_bytes", route.requestBytes)
        writer.member("response_bytes", route.answerBytes)
        for (name, times, longest) in [
            ("response_us", route.response, route.longestResponse),
            ("service_us", route.service, route.longestService),
        ] {
            writer.key(name)
            guard let times else {
                writer.null()
                continue
            }
            writer.beginObject()
            for (name, path) in RunFigures.percentiles { writer.member(name, times[keyPath: path]) }
            writer.member("max", longest)
            writer.endObject()
        }
        writer.endObject()
    }
}

extension RunFigures {
    /// The counts of each stretch under their names in JSON.
    static var counts: [(name: String, path: WritableKeyPath<Point, UInt64>)] {
        [
            ("requested", \.requested), ("sent", \.sent), ("2xx", \.answered.success),
            ("3xx", \.answered.redirect),
            ("4xx", \.answered.clientError), ("5xx", \.answered.serverError),
            ("other_status", \.answered.other),
            ("failed", \.failed), ("timeouts", \.timeouts), ("aborted", \.aborted),
            ("in_flight", \.peakInFlight),
            ("response_max_us", \.longest),
        ]
    }

    static var times: [(name: String, path: WritableKeyPath<Point, Percentiles?>)] {
        [
            ("response_us", \.response), ("service_us", \.service), ("send_error_us", \.sendError),
        ]
    }

    static var percentiles: [(name: String, path: WritableKeyPath<Percentiles, UInt64>)] {
        [
            ("p50", \.p50), ("p90", \.p90), ("p99", \.p99),
        ]
    }

    static var statuses: [(name: String, path: WritableKeyPath<StatusClasses, UInt64>)] {
        [
            ("2xx", \.success), ("3xx", \.redirect), ("4xx", \.clientError), ("5xx", \.serverError),
            ("other_status", \.other),
        ]
    }
}
