import RealModule

/// SplitMix64 (Steele, Lea, Flood 2014, https://doi.org/10.1145/2714064.2660195): the same numbers from the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    private var spare: Double?

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A number from the standard normal distribution (Marsaglia's polar method).
    mutating func normal() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        while true {
            let x = Double.random(in: -1..<1, using: &self)
            let y = Double.random(in: -1..<1, using: &self)
            let square = x * x + y * y
            guard square > 0, square < 1 else { continue }
            let factor = (-2 * Double.log(square) / square).squareRoot()
            spare = y * factor
            return x * factor
        }
    }

    /// A number from the gamma distribution of shape `shape`, at least 1 (Marsaglia and Tsang 2000,
    /// https://doi.org/10.1145/358407.358414).
    mutating func gamma(_ shape: Double) -> Double {
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let v = 1 + c * x
            guard v > 0 else { continue }
            let cube = v * v * v
            let uniform = Double.random(in: 0..<1, using: &self)
            if uniform > 0, Double.log(uniform) < 0.5 * x * x + d - d * cube + d * Double.log(cube) {
                return d * cube
            }
        }
    }

    /// A number from the beta distribution: the `rank`-th of `count` uniform numbers in order of size.
    mutating func orderStatistic(_ rank: Int, of count: Int) -> Double {
        let left = gamma(Double(rank))
        let right = gamma(Double(count + 1 - rank))
        return left / (left + right)
    }
}
