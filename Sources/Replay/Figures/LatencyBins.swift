/// The bins into which times are sorted where distributions are kept many times over: for each stretch of a run and for
/// each route.
///
/// Sixteen bins to a doubling, so a time is told to within a sixteenth of itself; below 16 µs to the microsecond.
package enum LatencyBins {
    /// As many as times up to 2^32 µs need, which is beyond ``Latencies/ceiling``.
    package static let count = (32 - 3) * 16

    /// The bin of a time in microseconds; what is beyond ``Latencies/ceiling`` counts as that. O(1).
    package static func index(of microseconds: UInt64) -> Int {
        let value = min(microseconds, Latencies.ceiling)
        guard value >= 16 else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - 4
        return shift * 16 + Int(value >> UInt64(shift))
    }

    /// The times of a bin, in microseconds.
    package static func bounds(of index: Int) -> Range<UInt64> {
        precondition((0..<count).contains(index), "there is no bin \(index)")
        guard index >= 16 else { return UInt64(index)..<UInt64(index) + 1 }
        let shift = UInt64(index / 16 - 1)
        let low = UInt64(16 + index % 16) << shift
        return low..<low + 1 << shift
    }
}

/// A distribution of times by the bins of ``LatencyBins``.
package struct BinnedLatencies: Hashable, Sendable {
    package private(set) var counts = [UInt64](repeating: 0, count: LatencyBins.count)
    package private(set) var total: UInt64 = 0

    package init() {}

    package mutating func record(microseconds: UInt64) {
        counts[LatencyBins.index(of: microseconds)] += 1
        total += 1
    }

    /// Adds the counts of as many bins as there are.
    mutating func add(_ others: Span<UInt32>) {
        precondition(others.count == counts.count, "a distribution has a count for each bin")
        for index in others.indices where others[index] > 0 {
            counts[index] += UInt64(others[index])
            total += UInt64(others[index])
        }
    }

    package mutating func add(_ other: BinnedLatencies) {
        for index in counts.indices { counts[index] += other.counts[index] }
        total += other.total
    }

    /// The time that a share of 0 to 1 of all does not exceed, in microseconds, to within a sixteenth; `nil` where there
    /// are none. Within a bin times are taken for evenly spread.
    package func quantile(_ share: Double) -> UInt64? {
        guard total > 0 else { return nil }
        let rank = max(1, min(Double(total), share * Double(total)))
        var before: UInt64 = 0
        for (index, count) in counts.enumerated() where count > 0 {
            if Double(before + count) >= rank {
                let bounds = LatencyBins.bounds(of: index)
                let place = (rank - Double(before) - 0.5) / Double(count)
                return bounds.lowerBound + UInt64(max(0, place) * Double(bounds.count))
            }
            before += count
        }
        return nil
    }
}
