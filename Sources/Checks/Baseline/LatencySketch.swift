/// How long answers took, in buckets narrow enough to compare quantiles by.
///
/// Below 256 ns a bucket holds one value; above, each power of two is cut into 128 buckets of the same width, so that a
/// value is told to 0.4 % of itself. Only buckets with something in them are kept: a route's times lie in some hundred.
package struct LatencySketch: Hashable, Sendable {
    /// Buckets that 64 bits of nanoseconds can fall into.
    package static let mostBuckets = 58 * 128

    /// By bucket: how many times lie in it; none is 0.
    package private(set) var counts: [Int: UInt64] = [:]
    package private(set) var total: UInt64 = 0

    package init() {}

    /// Adds `count` times to a bucket; false where there is no such bucket, or they would be too many to count.
    package mutating func add(_ count: UInt64, toBucket bucket: Int) -> Bool {
        guard (0..<Self.mostBuckets).contains(bucket), count > 0 else { return false }
        let (sum, overflow) = total.addingReportingOverflow(count)
        guard !overflow else { return false }
        total = sum
        counts[bucket, default: 0] += count
        return true
    }

    /// Adds a time in nanoseconds.
    package mutating func add(_ time: UInt64) {
        _ = add(1, toBucket: Self.bucket(of: time))
    }

    /// The number of the bucket of a time; larger times have no smaller number.
    package static func bucket(of time: UInt64) -> Int {
        guard time >= 256 else { return Int(time) }
        let shift = 56 - time.leadingZeroBitCount
        // The highest bit says which power of two, the seven below it where in it.
        return 128 + shift * 128 + Int((time >> shift) & 127)
    }

    /// The least time of a bucket, and how many nanoseconds it spans.
    package static func bounds(of bucket: Int) -> (low: UInt64, width: UInt64) {
        guard bucket >= 256 else { return (UInt64(bucket), 1) }
        let shift = (bucket - 128) / 128
        return (UInt64(128 + (bucket - 128) % 128) << shift, 1 << shift)
    }

    /// Times that fill the buckets as the counts say, evenly, the least first; at most `limit` of them, each standing for
    /// as many.
    package func samples(limit: Int) -> [UInt64] {
        guard total > 0, limit > 0 else { return [] }
        var samples: [UInt64] = []
        let wanted = min(UInt64(limit), total)
        samples.reserveCapacity(Int(wanted))
        var before: UInt64 = 0
        var next: UInt64 = 0
        for bucket in counts.keys.sorted() {
            let count = counts[bucket] ?? 0
            let (low, width) = Self.bounds(of: bucket)
            while next < wanted {
                // The middle of the share of all times for which a sample stands.
                let place = (Double(next) + 0.5) * Double(total) / Double(wanted) - Double(before)
                guard place < Double(count) else { break }
                samples.append(low + UInt64(Double(width) * max(0, place) / Double(count)))
                next += 1
            }
            before += count
        }
        return samples
    }

    /// The time below which a share of `quantile` lies, in nanoseconds; `nil` for none.
    package func value(at quantile: Double) -> UInt64? {
        guard total > 0 else { return nil }
        let rank = max(1, min(total, UInt64((quantile * Double(total)).rounded(.up))))
        var before: UInt64 = 0
        for bucket in counts.keys.sorted() {
            before += counts[bucket] ?? 0
            if before >= rank {
                let (low, width) = Self.bounds(of: bucket)
                return low + width / 2
            }
        }
        return nil
    }
}
