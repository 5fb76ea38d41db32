import RealModule

/// How the share of requests of a route that fail differs.
package struct ErrorChange: Hashable, Sendable {
    package struct Share: Hashable, Sendable {
        package var errors: UInt64
        package var requests: UInt64
        /// Where the true share lies (Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953).
        package var interval: ClosedRange<Double>

        init(_ route: TimingBook.Route, z: Double) {
            errors = route.errors
            requests = route.requests
            interval = WilsonInterval.of(Int(clamping: route.errors), in: Int(clamping: route.requests), z: z)
        }

        package var value: Double { requests == 0 ? 0 : Double(errors) / Double(requests) }
    }

    package var baseline: Share
    package var candidate: Share
    package var verdict: TimingVerdict

    /// Newcombe's interval of the difference of two shares, from Wilson's of each (method 10 of
    /// https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I).
    init(_ baseline: TimingBook.Route, _ candidate: TimingBook.Route, level: Double) {
        let z = NormalQuantile.of(1 - level / 2)
        self.baseline = Share(baseline, z: z)
        self.candidate = Share(candidate, z: z)
        let (left, right) = (self.baseline, self.candidate)
        let change = right.value - left.value
        func distance(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        let low =
            change - distance(right.value - right.interval.lowerBound, left.interval.upperBound - left.value)
        let high =
            change + distance(right.interval.upperBound - right.value, left.value - left.interval.lowerBound)
        verdict = low > 0 ? .worse : high < 0 ? .better : .same
    }
}

/// Where a share lies of which some were counted.
package enum WilsonInterval {
    /// `count` of `total`, within `z` standard deviations; everything for none.
    package static func of(_ count: Int, in total: Int, z: Double) -> ClosedRange<Double> {
        guard total > 0 else { return 0...1 }
        let n = Double(total)
        let share = Double(count) / n
        let square = z * z
        let middle = (share + square / (2 * n)) / (1 + square / n)
        let half = z / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)).squareRoot()
        return max(0, min(middle - half, share))...min(1, max(middle + half, share))
    }
}

/// Quantiles of the standard normal distribution.
enum NormalQuantile {
    /// The number below which a share of `probability` lies, between 0 and 1; by bisection of the error function, to
    /// the last bit that matters.
    static func of(_ probability: Double) -> Double {
        var (low, high) = (-40.0, 40.0)
        while high - low > 1e-12 {
            let middle = (low + high) / 2
            if 0.5 * Double.erfc(-middle / 2.0.squareRoot()) < probability {
                low = middle
            } else {
                high = middle
            }
        }
        return (low + high) / 2
    }
}
