import Histogram

/// A distribution of times in microseconds, with three significant digits.
package struct Latencies: Sendable {
    private var histogram = Histogram<UInt64>(highestTrackableValue: Latencies.ceiling)
    private var sum: UInt64 = 0

    /// The longest time told apart, an hour in microseconds; longer ones count as this.
    package static let ceiling: UInt64 = 3_600_000_000

    package init() {}

    package mutating func record(nanoseconds: UInt64) {
        let microseconds = min(nanoseconds / 1_000, Self.ceiling)
        histogram.record(microseconds)
        sum = sum.addingReportingOverflow(microseconds).partialValue
    }

    /// Adds what another distribution holds.
    package mutating func add(_ other: Latencies) {
        histogram.add(other.histogram)
        sum = sum.addingReportingOverflow(other.sum).partialValue
    }

    /// All times together, in microseconds.
    package var total: UInt64 { sum }

    /// What was recorded, from the least up: times in microseconds and how often each was met.
    package var counts: some Sequence<(microseconds: UInt64, count: UInt64)> {
        histogram.recordedValues().lazy.map { (histogram.lowestEquivalentForValue($0.value), $0.count) }
    }

    /// How many times were recorded.
    package var count: UInt64 { histogram.totalCount }

    /// In microseconds; `nil` where nothing was recorded. `percent` goes from 0 to 100, which is the longest.
    package func percentile(_ percent: Double) -> UInt64? {
        guard histogram.totalCount > 0 else { return nil }
        return percent >= 100 ? histogram.maxRecorded : histogram.valueAtPercentile(percent)
    }

    /// The percentiles so far.
    package var summary: LatencySummary {
        guard histogram.totalCount > 0 else { return LatencySummary() }
        return LatencySummary(
            count: histogram.totalCount,
            mean: Double(sum) / Double(histogram.totalCount),
            p50: histogram.valueAtPercentile(50),
            p90: histogram.valueAtPercentile(90),
            p99: histogram.valueAtPercentile(99),
            p999: histogram.valueAtPercentile(99.9),
            max: histogram.maxRecorded
        )
    }
}

/// Percentiles of a distribution of times, in microseconds; all 0 where nothing was measured.
package struct LatencySummary: Hashable, Sendable {
    package var count: UInt64 = 0
    package var mean = 0.0
    package var p50: UInt64 = 0
    package var p90: UInt64 = 0
    package var p99: UInt64 = 0
    package var p999: UInt64 = 0
    package var max: UInt64 = 0

    package init() {}

    package init(
        count: UInt64,
        mean: Double,
        p50: UInt64,
        p90: UInt64,
        p99: UInt64,
        p999: UInt64,
        max: UInt64
    ) {
        self.count = count
        self.mean = mean
        self.p50 = p50
        self.p90 = p90
        self.p99 = p99
        self.p999 = p999
        self.max = max
    }
}
