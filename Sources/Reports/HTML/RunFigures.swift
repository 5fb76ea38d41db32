package import Replay

/// The figures of a run that reports draw, as plain values: how it went over time, and how its routes fared.
package struct RunFigures: Hashable, Sendable {
    /// Percentiles of times, in microseconds.
    package struct Percentiles: Hashable, Sendable {
        package var p50: UInt64
        package var p90: UInt64
        package var p99: UInt64

        init(p50: UInt64, p90: UInt64, p99: UInt64) {
            (self.p50, self.p90, self.p99) = (p50, p90, p99)
        }

        /// `nil` where nothing was measured.
        init?(_ latencies: BinnedLatencies) {
            guard let p50 = latencies.quantile(0.5), let p90 = latencies.quantile(0.9),
                let p99 = latencies.quantile(0.99)
            else { return nil }
            self.init(p50: p50, p90: p90, p99: p99)
        }
    }

    /// One of equal stretches of a run. What became of a request stands where it was due.
    package struct Point: Hashable, Sendable {
        package var requested: UInt64 = 0
        package var sent: UInt64 = 0
        package var answered = StatusClasses()
        package var failed: UInt64 = 0
        package var timeouts: UInt64 = 0
        package var aborted: UInt64 = 0
        package var peakInFlight: UInt64 = 0
        /// The longest response time, in microseconds.
        package var longest: UInt64 = 0
        package var response: Percentiles?
        package var service: Percentiles?
        package var sendError: Percentiles?
    }

    package struct Route: Hashable, Sendable {
        package var name: String
        package var sent: UInt64 = 0
        package var answered = StatusClasses()
        package var failed: UInt64 = 0
        package var aborted: UInt64 = 0
        /// Bodies, in bytes in all.
        package var requestBytes: UInt64 = 0
        package var answerBytes: UInt64 = 0
        package var response: Percentiles?
        package var service: Percentiles?
        package var longestResponse: UInt64 = 0
        package var longestService: UInt64 = 0
    }

    /// Stretches drawn at most.
    package static let pointLimit = 120
    /// Routes listed; the others are summed up in one.
    package static let routeLimit = 200

    package var name: String
    /// The length of a stretch, in seconds.
    package var pointSeconds: Double
    package var wallSeconds: Double
    /// There was a schedule, so that more than what was sent can have been asked for.
    package var isPaced: Bool
    package var points: [Point] = []
    /// The most frequent first.
    package var routes: [Route] = []
    /// How many routes the last of ``routes`` stands for, where it stands for several.
    package var routesSummedUp = 0

    package init(name: String, pointSeconds: Double, wallSeconds: Double, isPaced: Bool) {
        self.name = name
        self.pointSeconds = pointSeconds
        self.wallSeconds = wallSeconds
        self.isPaced = isPaced
    }

    /// The figures of a run that kept them; `nil` of another.
    package init?(_ summary: ReplaySummary, name: String) {
        guard let figures = summary.figures else { return nil }
        self.init(figures, of: summary, name: name, timeline: figures.timeline.drawn)
    }

    init(_ figures: ReplayFigures, of summary: ReplaySummary, name: String, timeline: Timeline) {
        self.init(
            name: name,
            pointSeconds: Double(timeline.width) / 1e9,
            wallSeconds: summary.wallSeconds,
            isPaced: summary.deviations != nil
        )
        points = timeline.slots.indices.map { Point(timeline, slot: $0) }
        let busiest = figures.routes.busiest
        routes = busiest.prefix(Self.routeLimit).map { Route(name: $0.name, [$0]) }
        if busiest.count > Self.routeLimit {
            routesSummedUp = busiest.count - Self.routeLimit
            routes.append(
                Route(name: "\(routesSummedUp) more routes", Array(busiest.dropFirst(Self.routeLimit)))
            )
        }
    }

    /// From the start to the end of the last stretch, in seconds.
    package var seconds: Double { pointSeconds * Double(points.count) }

    /// A rate per second at each point; `nil` where too little of the last stretch was left to tell.
    func rates(_ count: (Point) -> UInt64) -> [Double?] {
        points.enumerated().map { index, point in
            guard index == points.count - 1, points.count > 1 else {
                return Double(count(point)) / pointSeconds
            }
            let left = min(pointSeconds, wallSeconds - pointSeconds * Double(index))
            return left * 4 < pointSeconds ? nil : Double(count(point)) / left
        }
    }
}

extension RunFigures.Point {
    init(_ timeline: Timeline, slot: Int) {
        let counts = timeline.slots[slot]
        requested = counts.requested
        sent = counts.sent
        answered = counts.answered
        failed = counts.failed
        timeouts = counts.timeouts
        aborted = counts.aborted
        peakInFlight = counts.peakInFlight
        longest = counts.longest
        response = RunFigures.Percentiles(timeline.distribution(.response, in: slot))
        service = RunFigures.Percentiles(timeline.distribution(.service, in: slot))
        sendError = RunFigures.Percentiles(timeline.distribution(.sendError, in: slot))
    }
}

extension RunFigures.Route {
    /// Several routes together.
    init(name: String, _ parts: [RouteBook.Route]) {
        self.init(name: name)
        var whole = RouteBook.Route(key: [])
        for part in parts { whole.add(part) }
        sent = whole.sent
        answered = whole.answered
        failed = whole.failed
        aborted = whole.aborted
        requestBytes = whole.requestBytes
        answerBytes = whole.answerBytes
        longestResponse = whole.longestResponse
        longestService = whole.longestService
        response = RunFigures.Percentiles(whole.responseTime)
        service = RunFigures.Percentiles(whole.serviceTime)
    }
}

extension Timeline {
    /// Fewer requests in a stretch say nothing of how long answers take.
    private static let leastInStretch: UInt64 = 10
    /// Fewer stretches show no course.
    private static let leastStretches = 24

    /// The same in stretches as they are drawn: neither too many nor too empty.
    var drawn: Timeline {
        var timeline = self
        let requested = slots.reduce(0 as UInt64) { $0 + max($1.requested, $1.sent) }
        while timeline.slots.count > RunFigures.pointLimit
            || timeline.slots.count >= 2 * Self.leastStretches
                && requested < Self.leastInStretch * UInt64(timeline.slots.count)
        {
            timeline.double()
        }
        return timeline
    }
}
