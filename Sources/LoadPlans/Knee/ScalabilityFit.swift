/// Throughput and response time over load by the universal scalability law (Gunther, *Guerrilla Capacity Planning*, 2007):
///
///     X(N) = λN / (1 + σ(N − 1) + κN(N − 1))
///
/// N is how many requests are in the target at once, σ what they wait for each other, κ what they cost each other. Of an open
/// loop N is not chosen but measured: by Little's law it is throughput times mean response time.
package struct ScalabilityFit: Hashable, Sendable {
    /// Requests in a second of one alone.
    package var lambda: Double
    /// From 0 on.
    package var sigma: Double
    package var kappa: Double
    /// For each step: throughput measured less throughput by the law, as a share of what was measured.
    package var residuals: [Double]
    /// The share of the variation of throughput that the law explains.
    package var determination: Double

    /// The least squares of the relative errors, searched for downhill from each point of a grid; `nil` where there are fewer than
    /// three steps. Requests that never meet say what one alone takes, and nothing of what they cost each other.
    package init?(_ steps: [KneeStep]) {
        let points = steps.filter { $0.throughput > 0 && $0.meanResponse > 0 }
            .map { (load: $0.throughput * $0.meanResponse, throughput: $0.throughput) }
        guard points.count >= 3 else { return nil }
        var best: (lambda: Double, sigma: Double, kappa: Double, error: Double)?
        for sigma in [0, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 0.9] {
            for kappa in [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1] {
                let fitted = Self.descend(from: (sigma, kappa), points)
                if fitted.error < best?.error ?? .infinity { best = fitted }
            }
        }
        guard let best else { return nil }
        (lambda, sigma, kappa) = (best.lambda, best.sigma, best.kappa)
        let law = (best.lambda, best.sigma, best.kappa)
        residuals = points.map { 1 - Self.throughput($0.load, law) / $0.throughput }
        let mean = points.reduce(0) { $0 + $1.throughput } / Double(points.count)
        let total = points.reduce(0) { $0 + ($1.throughput - mean) * ($1.throughput - mean) }
        let left = points.reduce(0) { sum, point in
            let difference = point.throughput - Self.throughput(point.load, law)
            return sum + difference * difference
        }
        determination = total > 0 ? max(0, 1 - left / total) : 0
    }

    /// Requests in a second with `load` of them in the target at once.
    package func throughput(at load: Double) -> Double { Self.throughput(load, (lambda, sigma, kappa)) }

    /// The most that the law allows for, and at how many at once that is; `nil` where it has no end.
    package var peak: (load: Double, throughput: Double)? {
        if kappa > 0, sigma < 1 {
            let load = max(1, ((1 - sigma) / kappa).squareRoot())
            return (load, throughput(at: load))
        }
        return sigma > 0 ? (.infinity, lambda / sigma) : nil
    }

    private typealias Law = (lambda: Double, sigma: Double, kappa: Double)
    private typealias Point = (load: Double, throughput: Double)

    private static func throughput(_ load: Double, _ law: (Double, Double, Double)) -> Double {
        let (lambda, sigma, kappa) = law
        // Below one at once they do not meet.
        let others = max(0, load - 1)
        return lambda * load / (1 + sigma * others + kappa * load * others)
    }

    /// The best λ for σ and κ: the relative errors are linear in it.
    private static func lambda(_ sigma: Double, _ kappa: Double, _ points: [Point]) -> Double {
        var sum = 0.0
        var squares = 0.0
        for point in points {
            let share = throughput(point.load, (1, sigma, kappa)) / point.throughput
            sum += share
            squares += share * share
        }
        return squares > 0 ? sum / squares : 0
    }

    private static func error(_ law: Law, _ points: [Point]) -> Double {
        points.reduce(0) { sum, point in
            let difference = 1 - throughput(point.load, law) / point.throughput
            return sum + difference * difference
        }
    }

    /// Goes down from a start in σ and κ, with λ at its best, until nothing gets better.
    private static func descend(from start: (Double, Double), _ points: [Point]) -> (
        lambda: Double, sigma: Double, kappa: Double, error: Double
    ) {
        var (sigma, kappa) = start
        var law: Law = (lambda(sigma, kappa, points), sigma, kappa)
        var error = error(law, points)
        var step = 1.0
        for _ in 0..<200 where step > 1e-9 {
            var isBetter = false
            for (across, along) in [(1.0, 0.0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)]
            {
                let newSigma = min(max(0, sigma + across * step * max(sigma, 1e-3)), 1)
                let newKappa = min(max(0, kappa + along * step * max(kappa, 1e-7)), 1)
                let candidate: Law = (lambda(newSigma, newKappa, points), newSigma, newKappa)
                let candidateError = Self.error(candidate, points)
                if candidateError < error {
                    (sigma, kappa, law, error) = (newSigma, newKappa, candidate, candidateError)
                    isBetter = true
                }
            }
            if !isBetter { step /= 2 }
        }
        return (law.lambda, law.sigma, law.kappa, error)
    }
}
