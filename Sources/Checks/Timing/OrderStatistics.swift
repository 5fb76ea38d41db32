import RealModule
import SeededRandom

/// Draws order statistics of uniform numbers, which say where a quantile of a sample may lie; the same from the same seed.
struct OrderStatistics {
    private var generator: SeededGenerator
    private var spare: Double?

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// A number from the standard normal distribution (Marsaglia's polar method).
    private mutating func normal() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        while true {
            let x = Double.random(in: -1..<1, using: &generator)
            let y = Double.random(in: -1..<1, using: &generator)
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let factor = (-2 * Double.log(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }

    /// A number from the gamma distribution of shape `shape`, at least 1 (Marsaglia and Tsang 2000,
    /// https://doi.org/10.1145/358407.358414).
    private mutating func gamma(_ shape: Double) -> Double {
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = 1 + c * x
            guard v > 0 else { continue }
            let cube = v * v * v
            let uniform = Double.random(in: 0..<1, using: &generator)
            if uniform > 0, Double.log(uniform) < 0.5 * x * x + d - d * cube + d * Double.log(cube) {
                return d * cube
            }
        }
    }

    /// A number from the beta distribution: the `rank`-th of `count` uniform numbers in order of size.
    mutating func draw(_ rank: Int, of count: Int) -> Double {
        let left = gamma(Double(rank))
        let right = gamma(Double(count + 1 - rank))
        return left / (left + right)
    }
}
