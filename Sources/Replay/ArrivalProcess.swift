/// Gives requests other moments than the recorded ones: as many, in the same order, in another rhythm.
struct ArrivalProcess: Sendable {
    private let arrivals: Arrivals
    /// In nanoseconds of recorded time.
    private let meanGap: Double
    private let seed: UInt64
    private var count: UInt64 = 0
    private var last = 0.0

    /// `totals` are those of everything that is sent, by whichever machine.
    init(_ arrivals: Arrivals, totals: TraceTotals, seed: UInt64) {
        self.arrivals = arrivals
        meanGap = Double(totals.period) / Double(max(totals.requests, 1))
        self.seed = seed
    }

    /// The moment of the next request, in nanoseconds of recorded time; the first is at 0.
    mutating func next(recorded: Int64) -> Int64 {
        defer { count += 1 }
        switch arrivals {
        case .recorded:
            return recorded
        case .uniform:
            return Int64(min(Double(count) * meanGap, 9e18))
        case .poisson:
            guard count > 0 else { return 0 }
            var hash = StableHash(seed: seed)
            hash.combine(0x200)
            hash.combine(count)
            last += -meanGap * Self.logarithm(1 - hash.unit)
            return Int64(min(last, 9e18))
        }
    }

    /// The natural logarithm of a number above 0 and up to 1.
    ///
    /// By the series of ln((1+z)/(1−z)) on the mantissa, good to the last digits; no room of this kind links a library
    /// of mathematics.
    static func logarithm(_ number: Double) -> Double {
        var mantissa = number.significand
        var exponent = Double(number.exponent)
        // A mantissa around 1 makes the series short.
        if mantissa > 1.4142135623730951 {
            mantissa /= 2
            exponent += 1
        }
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        var term = ratio
        var sum = 0.0
        var divisor = 1.0
        while divisor < 40 {
            sum += term / divisor
            term *= square
            divisor += 2
        }
        return 2 * sum + exponent * 0.6931471805599453
    }
}
