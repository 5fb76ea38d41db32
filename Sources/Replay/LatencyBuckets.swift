/// How many times lay within which bounds: 1, 2, 5, 10, … microseconds to a minute.
package struct LatencyBuckets: Hashable, Sendable {
    /// The upper bounds, themselves included, in microseconds.
    package static let bounds: [UInt64] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000,
        500_000,
        1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 60_000_000,
    ]

    /// One more than there are bounds: the last is of what lies beyond them.
    package private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)

    package init() {}

    /// Sorts a distribution; each time counts at the lower end of what three digits tell.
    package init(_ latencies: Latencies) {
        var place = 0
        for (microseconds, count) in latencies.counts {
            while place < Self.bounds.count, microseconds > Self.bounds[place] { place += 1 }
            counts[place] += count
        }
    }
}
