/// By how much the clock of a target is ahead of the one here, as far as its answers tell.
///
/// A `Date` of whole seconds was written between the sending of a request and the arrival of the answer, which brackets
/// the offset; many answers at different moments narrow that down to their round trip. What a line says of when it was
/// written cannot be after its arrival; where a few lines say so all the same, it is they that are wrong.
package struct ClockBracket: Hashable, Sendable {
    /// Nanoseconds; the offset lies between them, as far as dates tell.
    package private(set) var low = Int64.min
    package private(set) var high = Int64.max
    /// By how much lines were ahead when they came: those that were furthest, the furthest first.
    private var leads: [Int64] = []
    private var lines: UInt64 = 0
    /// Lines that contradicted the dates when they came.
    private var contradictions: UInt64 = 0

    /// Clocks that differ by less may be one.
    static let slack: Int64 = 5_000_000
    /// Clocks that differ by more are not the same one, whatever answers and lines take.
    private static let apart: Int64 = 1_000_000_000
    /// As many of the lines that are furthest ahead are kept.
    private static let limit = 16

    package init() {}

    /// Notes the `Date` of an answer. All in nanoseconds since 1970; `date` by the target's clock.
    package mutating func note(date: Int64, sent: Int64, received: Int64) {
        low = max(low, date - received)
        high = min(high, date + 1_000_000_000 - sent)
    }

    /// Notes a moment by the target's clock that was told of here at `received`.
    package mutating func note(moment: Int64, received: Int64) {
        let lead = moment - received
        lines += 1
        if contradicts(lead) { contradictions += 1 }
        let place = leads.firstIndex { $0 < lead } ?? leads.count
        guard place < Self.limit else { return }
        if leads.count == Self.limit { leads.removeLast() }
        leads.insert(lead, at: place)
    }

    /// Whether a line was further ahead than the dates allow.
    private func contradicts(_ lead: Int64) -> Bool { high < .max && lead > high &+ Self.slack }

    /// Whether lines count alone, since dates contradict one another or more than a few lines. Those of servers do that
    /// write the same `Date` for a while; one line of many may be wrong by itself.
    private var isOverruled: Bool {
        guard low <= high else { return true }
        let count = max(contradictions, UInt64(leads.prefix(while: contradicts).count))
        return count == lines ? lines > 0 : count > max(1, lines / 100)
    }

    /// The most by which lines are ahead, without a few that are far ahead of all others; `nil` where there are none.
    private var lead: Int64? {
        guard !leads.isEmpty else { return nil }
        let few = min(Int(clamping: lines / 100), leads.count - 1)
        let place = stride(from: few, to: 0, by: -1).first { leads[$0 - 1] - leads[$0] > Self.apart }
        return leads[place ?? 0]
    }

    /// What the offset lies between.
    private var bounds: (least: Int64, most: Int64) {
        if high == .max || isOverruled { return (lead ?? .min, .max) }
        return (max(low, leads.first { !contradicts($0) } ?? .min), high)
    }

    /// Nanoseconds: 0 where both clocks may be the same one, else the middle of what may be.
    package var offset: Int64 {
        let (least, most) = bounds
        if least <= Self.slack, most >= -Self.slack { return 0 }
        if most == .max { return least }
        if least == .min { return most }
        return least + (most - least) / 2
    }

    /// How far the offset may be off, in nanoseconds; `nil` where no answer had a date that fits.
    package var uncertainty: UInt64? {
        guard !isOverruled, low > .min, high < .max else { return nil }
        let (offset, least) = (offset, min(bounds.least, high))
        return max((offset - least).magnitude, (high - offset).magnitude)
    }

    /// Whether lines and dates are of clocks that are far apart, so that nobody can say how long a line took.
    package var isDisputed: Bool {
        guard low <= high, high < .max, isOverruled, offset != 0, let lead else { return false }
        return lead - high > Self.apart
    }
}
