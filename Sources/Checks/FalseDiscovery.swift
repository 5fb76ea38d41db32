import RealModule

/// Tells chance from change where something differs now and then.
package enum FalseDiscovery {
    /// How likely it is that `differing` or more of `answers` differ where `expected` of `learned` did and nothing has
    /// changed: the upper tail of the hypergeometric distribution (Fisher's exact test, one-sided).
    ///
    /// O(min(answers, differing + expected)).
    package static func chance(of differing: Int, in answers: Int, where expected: Int, of learned: Int)
        -> Double
    {
        precondition(
            (0...answers).contains(differing) && (0...learned).contains(expected),
            "more differ than there are"
        )
        let total = answers + learned
        let successes = differing + expected
        let whole = logBinomial(total, answers)
        var chance = 0.0
        for count in differing...max(differing, min(answers, successes))
        where answers - count <= total - successes {
            chance += Double.exp(
                logBinomial(successes, count) + logBinomial(total - successes, answers - count) - whole
            )
        }
        return min(1, chance)
    }

    /// Which of several chances are small enough to be discoveries, if no more than a share of `level` among those may
    /// be false (Benjamini and Hochberg, 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x); `tests` counts all
    /// that were looked at, those not listed with chance 1.
    package static func discoveries(_ chances: [Double], tests: Int, level: Double) -> [Bool] {
        let order = chances.indices.sorted { chances[$0] < chances[$1] }
        var limit = -1.0
        for (rank, index) in order.enumerated()
        where chances[index] <= level * Double(rank + 1) / Double(max(tests, chances.count)) {
            limit = chances[index]
        }
        return chances.map { $0 <= limit }
    }

    private static func logBinomial(_ total: Int, _ chosen: Int) -> Double {
        guard chosen >= 0, chosen <= total else { return -.infinity }
        return Double.logGamma(Double(total) + 1) - Double.logGamma(Double(chosen) + 1)
            - Double.logGamma(Double(total - chosen) + 1)
    }
}
