/// By how much the clock of a target is ahead of the one here, as far as its answers tell.
///
/// A `Date` of whole seconds was written between the sending of a request and the arrival of the answer, which brackets
/// the offset; many answers at different moments narrow that down to their round trip. What a line says of when it was
/// written cannot be after its arrival.
package struct ClockBracket: Hashable, Sendable {
    /// Nanoseconds; the offset lies between them.
    package private(set) var low = Int64.min
    package private(set) var high = Int64.max
    /// The least by moments of lines alone.
    private var causal = Int64.min

    /// Clocks that differ by less may be one.
    private static let slack: Int64 = 5_000_000

    package init() {}

    /// Notes the `Date` of an answer. All in nanoseconds since 1970; `date` by the target's clock.
    package mutating func note(date: Int64, sent: Int64, received: Int64) {
        low = max(low, date - received)
        high = min(high, date + 1_000_000_000 - sent)
    }

    /// Notes a moment by the target's clock that was told of here at `received`.
    package mutating func note(moment: Int64, received: Int64) {
        causal = max(causal, moment - received)
    }

    /// Servers that write the same `Date` for a while contradict what their lines say; then those count alone.
    private var isContradictory: Bool { low > high || causal > high &+ Self.slack }

    /// Nanoseconds: 0 where both clocks may be the same one, else the middle of what may be.
    package var offset: Int64 {
        let least = isContradictory ? causal : max(low, causal)
        let most = isContradictory ? Int64.max : high
        if least <= Self.slack, most >= -Self.slack { return 0 }
        if most == .max { return least }
        if least == .min { return most }
        return least + (most - least) / 2
    }

    /// How far the offset may be off, in nanoseconds; `nil` where no answer had a date that fits.
    package var uncertainty: UInt64? {
        guard !isContradictory, low > .min, high < .max else { return nil }
        let least = max(low, min(causal, high))
        return max((offset - least).magnitude, (high - offset).magnitude)
    }
}
