/// How a pool stands, and how long transactions waited for a connection of it.
package struct PoolStatus: Sendable, Equatable {
    /// Connections that the pool may have.
    package internal(set) var size = 0
    /// Connections that are open: current.
    package internal(set) var open = 0
    /// Connections on which a transaction is under way: current.
    package internal(set) var inUse = 0
    /// Transactions that wait for a connection: current.
    package internal(set) var waiting = 0
    /// Transactions refused because too many waited.
    package internal(set) var refused: UInt64 = 0
    /// Transactions that waited too long.
    package internal(set) var timedOut: UInt64 = 0
    /// Connections that broke.
    package internal(set) var lost: UInt64 = 0
    /// How long transactions waited, in seconds.
    package internal(set) var waits = DurationHistogram()
    /// How long they then took, in seconds.
    package internal(set) var uses = DurationHistogram()

    package init() {}
}

/// Durations counted in buckets, as Prometheus has them.
package struct DurationHistogram: Sendable, Equatable {
    /// The upper bounds of the buckets, in seconds; one more bucket takes the rest.
    package static let bounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    /// How many durations fell into each bucket, not cumulated.
    package private(set) var buckets = [UInt64](repeating: 0, count: bounds.count + 1)
    package private(set) var count: UInt64 = 0
    /// In seconds.
    package private(set) var sum = 0.0

    package init() {}

    package mutating func record(seconds: Double) {
        let place = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        buckets[place] &+= 1
        count &+= 1
        sum += seconds
    }

    /// The upper bound of the bucket in which the part `share` of all durations lies, 0 where there are none.
    package func bound(ofShare share: Double) -> Double {
        var seen: UInt64 = 0
        for (place, bucket) in buckets.enumerated() {
            seen &+= bucket
            if count > 0, Double(seen) >= share * Double(count) {
                return place < Self.bounds.count ? Self.bounds[place] : Self.bounds[Self.bounds.count - 1]
            }
        }
        return 0
    }
}
