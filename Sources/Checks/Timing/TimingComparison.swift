import RealModule

/// Whether the answers of one side take longer than those of the other, by route.
package struct TimingComparison: Hashable, Sendable {
    /// How sure a statement has to be, and how much of a change matters.
    package struct Terms: Hashable, Sendable {
        /// The chance of any false alarm among all routes, if nothing has changed.
        package var level = 0.05
        /// The least change of a median that is one, as a share; twice as much at p90, four times at p99, where fewer
        /// answers say more about chance than about the server.
        package var minimumEffect = 0.05
        package var seed: UInt64 = 1
        /// Draws of the bootstrap.
        package var draws = 10_000

        package init() {}

        func effect(at quantile: Double) -> Double {
            quantile < 0.9 ? minimumEffect : quantile < 0.99 ? 2 * minimumEffect : 4 * minimumEffect
        }
    }

    package static let quantiles = [0.5, 0.9, 0.99]

    package var terms: Terms
    /// Sorted by name; routes that one side lacks are left out.
    package var routes: [RouteTiming]
    /// Answers a second of both sides; 0 where there were none.
    package var throughput: (baseline: Double, candidate: Double) { (baselineRate, candidateRate) }
    private let baselineRate: Double
    private let candidateRate: Double

    package init(_ baseline: TimingBook, _ candidate: TimingBook, terms: Terms = Terms()) {
        self.terms = terms
        baselineRate = Self.rate(baseline)
        candidateRate = Self.rate(candidate)
        let (baselineRoutes, candidateRoutes) = (baseline.routes, candidate.routes)
        let names = baselineRoutes.keys.filter { candidateRoutes[$0] != nil }.sorted()
        // One statement for each quantile and one for the errors; Bonferroni's correction needs nothing of how they
        // hang together.
        let level = terms.level / Double(max(1, names.count * (Self.quantiles.count + 1)))
        var statistics = OrderStatistics(seed: terms.seed)
        routes = names.map { name in
            let left = baselineRoutes[name] ?? TimingBook.Route()
            let right = candidateRoutes[name] ?? TimingBook.Route()
            return RouteTiming(name, left, right, terms: terms, level: level, using: &statistics)
        }
    }

    /// Whether any route is slower, or fails more often.
    package var hasRegression: Bool {
        routes.contains(where: \.isRegression)
    }

    private static func rate(_ book: TimingBook) -> Double {
        let answers = book.routes.values.reduce(0 as UInt64) { $0 + $1.answers }
        return book.seconds > 0 ? Double(answers) / book.seconds : 0
    }
}

/// What can be said of one route.
package struct RouteTiming: Hashable, Sendable {
    package var route: String
    /// By quantile, the lowest first.
    package var changes: [QuantileChange]
    package var errors: ErrorChange

    /// It got slower, or fails more often.
    package var isRegression: Bool {
        errors.verdict == .worse || changes.contains { $0.verdict == .worse }
    }

    init(
        _ name: String,
        _ baseline: TimingBook.Route,
        _ candidate: TimingBook.Route,
        terms: TimingComparison.Terms,
        level: Double,
        using statistics: inout OrderStatistics
    ) {
        route = name
        let left = baseline.samples.sorted()
        let right = candidate.samples.sorted()
        changes = TimingComparison.quantiles.map {
            QuantileChange(at: $0, left, right, terms: terms, level: level, using: &statistics)
        }
        errors = ErrorChange(baseline, candidate, level: level)
    }
}

/// What a comparison says of one figure.
package enum TimingVerdict: String, Hashable, Sendable {
    case worse
    case better
    /// A change that matters can be ruled out.
    case same
    /// Neither a change that matters nor its absence can be shown.
    case notEnoughData = "not-enough-data"
}

/// How one quantile of a route's service time differs.
package struct QuantileChange: Hashable, Sendable {
    /// Fewer answers beyond a quantile say nothing of it.
    static let leastBeyond = 10.0

    /// From 0 to 1.
    package var quantile: Double
    /// In nanoseconds.
    package var baseline: UInt64
    package var candidate: UInt64
    /// Candidate over baseline, and the interval in which it lies.
    package var ratio: Double
    package var interval: ClosedRange<Double>
    package var verdict: TimingVerdict
    /// How many answers on each side would do, where there are too few.
    package var needed: Int?

    init(
        at quantile: Double,
        _ left: [UInt64],
        _ right: [UInt64],
        terms: TimingComparison.Terms,
        level: Double,
        using statistics: inout OrderStatistics
    ) {
        self.quantile = quantile
        let effect = terms.effect(at: quantile)
        let count = min(left.count, right.count)
        let least = Int((Self.leastBeyond / (1 - quantile)).rounded(.up))
        baseline = left.isEmpty ? 0 : left[Self.rank(quantile, left.count) - 1]
        candidate = right.isEmpty ? 0 : right[Self.rank(quantile, right.count) - 1]
        ratio = Self.ratio(baseline, candidate)
        guard count >= 2 * least else {
            interval = 0...Double.infinity
            verdict = .notEnoughData
            needed = 10 * least
            return
        }
        interval = Self.interval(
            at: quantile,
            left,
            right,
            draws: terms.draws,
            level: level,
            using: &statistics
        )
        // A change of just the least size is measured as a smaller one half of the time; half of it is not often missed.
        if interval.lowerBound > 1, ratio >= 1 + effect / 2 {
            verdict = .worse
        } else if interval.upperBound < 1, ratio <= 1 / (1 + effect / 2) {
            verdict = .better
        } else if interval.upperBound < 1 + effect, interval.lowerBound > 1 / (1 + effect) {
            verdict = .same
        } else {
            verdict = .notEnoughData
            // The interval narrows with the square root of the number of answers.
            let width = Double.log(interval.upperBound / interval.lowerBound) / 2
            let wanted = Double.log(1 + effect)
            let factor = max(1.1, (width / wanted) * (width / wanted))
            needed = Int(min(1e9, Double(count) * factor).rounded(.up))
        }
    }

    /// The interval of the ratio by the percentile bootstrap.
    ///
    /// A quantile of a resample is an order statistic of it, and which one of the sorted samples that is follows from
    /// an order statistic of uniform numbers: no resample is made, and every draw takes the same time.
    private static func interval(
        at quantile: Double,
        _ left: [UInt64],
        _ right: [UInt64],
        draws: Int,
        level: Double,
        using statistics: inout OrderStatistics
    ) -> ClosedRange<Double> {
        func draw(_ samples: [UInt64]) -> UInt64 {
            let place = statistics.draw(rank(quantile, samples.count), of: samples.count)
            return samples[min(samples.count - 1, Int(place * Double(samples.count)))]
        }
        var ratios: [Double] = []
        ratios.reserveCapacity(draws)
        for _ in 0..<draws { ratios.append(ratio(draw(left), draw(right))) }
        ratios.sort()
        // At least one draw lies beyond either end, however small the level.
        let beyond = max(1, Int(Double(draws) * level / 2))
        return ratios[beyond]...ratios[draws - 1 - beyond]
    }

    private static func rank(_ quantile: Double, _ count: Int) -> Int {
        min(count, max(1, Int((quantile * Double(count)).rounded(.up))))
    }

    /// Nothing is faster than a nanosecond.
    private static func ratio(_ baseline: UInt64, _ candidate: UInt64) -> Double {
        Double(max(1, candidate)) / Double(max(1, baseline))
    }
}
