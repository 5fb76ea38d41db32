/// How much of a rate is left: filled evenly, emptied by whoever comes.
package struct TokenBucket: Sendable {
    /// Tokens a second.
    package let rate: Double
    /// Most tokens that it holds.
    package let capacity: Double
    private var level: Double
    private var filled: Int64

    /// A full bucket at `now`, in nanoseconds.
    package init(rate: Double, capacity: Double? = nil, now: Int64) {
        self.rate = rate
        self.capacity = max(1, capacity ?? rate)
        level = self.capacity
        filled = now
    }

    /// Takes one token if there is one.
    package mutating func take(at now: Int64) -> Bool {
        fill(now)
        guard level >= 1 else { return false }
        level -= 1
        return true
    }

    /// Whole tokens that are left.
    package var remaining: Int { max(0, Int(level)) }

    /// Seconds until a token is there again, at least 1.
    package var secondsUntilNext: Int { max(1, Int(((1 - level) / rate).rounded(.up))) }

    private mutating func fill(_ now: Int64) {
        guard now > filled else { return }
        level = min(capacity, level + Double(now - filled) / 1e9 * rate)
        filled = now
    }
}
