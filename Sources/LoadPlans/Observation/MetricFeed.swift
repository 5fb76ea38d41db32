/// Turns pages of metrics, one after the other, into samples that can be drawn: gauges as they are, counters as what they
/// grow by in a second, and histograms as the mean of what was observed since the page before.
package struct MetricFeed: Sendable {
    private var before: [String: Double] = [:]
    private var lastTime: Int64?

    package init() {}

    /// `time` in nanoseconds since 1970.
    package mutating func take(_ page: Exposition, at time: Int64) -> [MetricSample] {
        defer { lastTime = time }
        let seconds = lastTime.map { Double(time - $0) / 1e9 } ?? 0
        var samples: [MetricSample] = []
        var now: [String: Double] = [:]
        var counts: [String: Double] = [:]
        for sample in page.samples where sample.name.contains("_count") { counts[sample.name] = sample.value }
        for sample in page.samples {
            let (name, labels) = Self.split(sample.name)
            switch page.kind(of: sample) {
            case .gauge, .untyped: samples.append(sample)
            case .summary: continue
            case .counter, .histogram:
                // A bucket is a part of a distribution, of which the mean is told.
                guard !name.hasSuffix("_bucket") else { continue }
                now[sample.name] = sample.value
                // One that was not there before has begun at nothing.
                guard seconds > 0 else { continue }
                let then = before[sample.name] ?? 0
                // One that has become smaller has begun anew.
                let growth = sample.value >= then ? sample.value - then : sample.value
                if name.hasSuffix("_sum") {
                    let counter = String(name.dropLast(4)) + "_count" + labels
                    if let count = counts[counter], count > before[counter] ?? 0 {
                        let mean = String(name.dropLast(4)) + "_mean" + labels
                        samples.append(
                            MetricSample(name: mean, value: growth / (count - (before[counter] ?? 0)))
                        )
                    }
                } else {
                    samples.append(MetricSample(name: Self.rate(name) + labels, value: growth / seconds))
                }
            }
        }
        before = now
        // What has grown beyond what a number can be is none that could be drawn.
        return samples.filter(\.value.isFinite)
    }

    /// `requests_total` becomes `requests_per_second`, `cpu_seconds_total` `cpu_seconds_per_second`.
    private static func rate(_ name: String) -> String {
        (name.hasSuffix("_total") ? String(name.dropLast(6)) : name) + "_per_second"
    }

    private static func split(_ name: String) -> (name: String, labels: String) {
        guard let brace = name.firstIndex(of: "{") else { return (name, "") }
        return (String(name[..<brace]), String(name[brace...]))
    }
}
