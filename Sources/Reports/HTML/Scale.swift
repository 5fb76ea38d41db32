import RealModule

/// How values become places along an axis.
package struct Scale: Sendable {
    package enum Kind: Sendable {
        case linear
        /// Equal ratios are equally far apart; values below the domain stand at its start.
        case logarithmic
    }

    package let kind: Kind
    /// Not empty; above 0 on a logarithmic scale.
    package let domain: ClosedRange<Double>
    /// Where the ends of the domain stand, in the units of the drawing; the first may be the larger.
    package let places: (start: Double, end: Double)

    package init(_ kind: Kind, _ domain: ClosedRange<Double>, from start: Double, to end: Double) {
        self.kind = kind
        var domain = domain
        if kind == .logarithmic {
            let low = max(domain.lowerBound, .leastNormalMagnitude)
            domain = low...max(low, domain.upperBound)
        }
        if domain.upperBound <= domain.lowerBound {
            domain = domain.lowerBound...(kind == .linear ? domain.lowerBound + 1 : domain.lowerBound * 2)
        }
        self.domain = domain
        places = (start, end)
    }

    /// The place of a value; values outside the domain stand at its end.
    package func place(_ value: Double) -> Double {
        let value = min(max(value, domain.lowerBound), domain.upperBound)
        let share =
            switch kind {
            case .linear: (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
            case .logarithmic:
                Double.log(value / domain.lowerBound) / Double.log(domain.upperBound / domain.lowerBound)
            }
        return places.start + share * (places.end - places.start)
    }
}

/// The values at which an axis has a mark.
package enum Ticks {
    /// Round numbers over a range, about `count` of them: 1, 2 or 5 times a power of ten apart (Heckbert, "Nice numbers
    /// for graph labels", Graphics Gems, 1990).
    package static func linear(_ domain: ClosedRange<Double>, count: Int) -> [Double] {
        guard domain.upperBound > domain.lowerBound, count > 0 else { return [domain.lowerBound] }
        return multiples(
            of: niceStep(above: (domain.upperBound - domain.lowerBound) / Double(count)),
            in: domain
        )
    }

    /// 1, 2 or 5 times a power of ten: the least of them that is not below `step`.
    package static func niceStep(above step: Double) -> Double {
        let power = Double.pow(10, floor(Double.log10(step)))
        let factor = step / power
        // A step that misses a round number by the last bits is that number.
        let slack = 1 + 1e-9
        return power * (factor <= slack ? 1 : factor <= 2 * slack ? 2 : factor <= 5 * slack ? 5 : 10)
    }

    /// Moments of a run, in seconds: apart by what a clock shows.
    package static func time(_ seconds: ClosedRange<Double>, count: Int) -> [Double] {
        let least = (seconds.upperBound - seconds.lowerBound) / Double(max(count, 1))
        guard least > 0 else { return [seconds.lowerBound] }
        let round: [Double] = [
            5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400,
        ]
        guard least > 2 else { return linear(seconds, count: count) }
        let step = round.first { $0 >= least } ?? niceStep(above: least / 86_400) * 86_400
        return multiples(of: step, in: seconds)
    }

    /// Powers of ten over a range, and 2 and 5 times them where there are few.
    package static func logarithmic(_ domain: ClosedRange<Double>, count: Int) -> [Double] {
        guard domain.lowerBound > 0 else { return [] }
        let first = Int(floor(Double.log10(domain.lowerBound)))
        let last = Int(floor(Double.log10(domain.upperBound)))
        let slack = 1e-9
        let inside = domain.lowerBound * (1 - slack)...domain.upperBound * (1 + slack)
        func ticks(_ factors: [Double], every step: Int) -> [Double] {
            var ticks: [Double] = []
            for exponent in stride(from: first, through: last, by: step) {
                let power = Double.pow(10, exponent)
                ticks += factors.map { $0 * power }
            }
            return ticks.filter { inside.contains($0) }
        }
        for factors in [[1.0, 2, 5], [1, 3]] {
            let fine = ticks(factors, every: 1)
            if fine.count <= count { return fine }
        }
        let decades = max(1, last - first + 1)
        return ticks([1], every: (decades + count - 1) / max(count, 1))
    }

    private static func multiples(of step: Double, in domain: ClosedRange<Double>) -> [Double] {
        let slack = step * 1e-9
        let first = -floor(-(domain.lowerBound - slack) / step)
        let count = floor((domain.upperBound + slack) / step) - first
        // A step is never much smaller than a share of the range.
        guard count >= 0, count < 1_000 else { return [] }
        return (0...Int(count)).map { (first + Double($0)) * step }
    }

    /// The largest whole number that is not above a value; `rounded()` would need the C library's.
    private static func floor(_ value: Double) -> Double {
        guard value.magnitude < 9e15 else { return value }
        let whole = Double(Int64(value))
        return whole > value ? whole - 1 : whole
    }
}
