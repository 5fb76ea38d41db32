package import Replay

/// Everything that was measured in one stage, with its distributions.
package struct StageRecord: Sendable {
    /// Whose time or number it is; an empty tenant for what is nobody's.
    package struct Key<Thing: Hashable & Sendable>: Hashable, Sendable {
        package var thing: Thing
        package var tenant: String

        package init(_ thing: Thing, tenant: String) {
            self.thing = thing
            self.tenant = tenant
        }
    }

    package var stage: Stage
    /// Nanoseconds since 1970.
    package var start: Int64 = 0
    package var end: Int64 = 0
    package var requests = RequestBook()
    /// Of times that are not of requests.
    package private(set) var times: [Key<Criterion.MeasuredTime>: Latencies] = [:]
    package private(set) var counts: [Key<Criterion.CountedThing>: UInt64] = [:]
    /// What was looked for in part alone: what was found may break a bound, and keeps none.
    private var openTimes: Set<Criterion.MeasuredTime> = []
    private var openCounts: Set<Criterion.CountedThing> = []
    /// By the name of the probe.
    package var probes: [String: ProbeTally] = [:]
    /// How times that are not of requests went in the course of it, where that is kept.
    package private(set) var trends: [Criterion.MeasuredTime: StepTrend] = [:]
    package var keepsTrends = false

    package init(stage: Stage) {
        self.stage = stage
    }

    /// `from` is when it began, in nanoseconds since 1970.
    package mutating func note(
        _ time: Criterion.MeasuredTime,
        nanoseconds: UInt64,
        tenant: String,
        from: Int64? = nil
    ) {
        times[Key(time, tenant: tenant), default: Latencies()].record(nanoseconds: nanoseconds)
        if keepsTrends, let from { trends[time, default: StepTrend()].note(nanoseconds, at: from) }
    }

    package mutating func set(_ time: Criterion.MeasuredTime, _ distribution: Latencies, tenant: String) {
        times[Key(time, tenant: tenant)] = distribution
    }

    package mutating func set(_ thing: Criterion.CountedThing, _ count: UInt64, tenant: String) {
        counts[Key(thing, tenant: tenant)] = count
    }

    /// Says that a time was not measured as it has to be.
    package mutating func leaveOpen(_ time: Criterion.MeasuredTime) { openTimes.insert(time) }

    /// Says that not all was counted.
    package mutating func leaveOpen(_ thing: Criterion.CountedThing) { openCounts.insert(thing) }

    package func isOpen(_ figure: Criterion.Figure) -> Bool {
        switch figure {
        case .time(let time, _): openTimes.contains(time)
        case .count(let thing): openCounts.contains(thing)
        case .share, .rate: false
        }
    }

    /// The tenants about whom something is known, sorted.
    package var tenants: [String] {
        Set(requests.tenants).union(times.keys.map(\.tenant)).union(counts.keys.map(\.tenant))
            .subtracting([""]).sorted()
    }

    /// The distribution of a time of runs or log lines; of all tenants together where none is named.
    package func distribution(_ time: Criterion.MeasuredTime, tenant: String?) -> Latencies {
        var whole = Latencies()
        for (key, latencies) in times where key.thing == time && (tenant == nil || key.tenant == tenant) {
            whole.add(latencies)
        }
        return whole
    }

    /// A number; of all tenants together where none is named. `nil` where nobody counted.
    package func count(_ thing: Criterion.CountedThing, tenant: String?) -> UInt64? {
        var sum: UInt64?
        for (key, count) in counts where key.thing == thing && (tenant == nil || key.tenant == tenant) {
            sum = (sum ?? 0).addingSaturating(count)
        }
        return sum
    }
}

extension StageRecord {
    /// The figure of a criterion for one tenant, or for all together; `nil` where nothing of it was measured.
    package func value(of criterion: Criterion, tenant: String?) -> Double? {
        switch criterion.figure {
        case .time(let time, let statistic):
            guard time.isOfRequests else { return distribution(time, tenant: tenant).value(statistic) }
            let total = requests.total(route: criterion.route, tenant: tenant)
            return (time == .response ? total.response : total.service).value(statistic)
        case .share(let outcomes):
            return requests.total(route: criterion.route, tenant: tenant).share(outcomes)
        case .rate: return requests.total(route: criterion.route, tenant: tenant).rate
        case .count(.requests):
            return Double(requests.total(route: criterion.route, tenant: tenant).requests)
        case .count(.peakRunning) where tenant == nil:
            // The peaks of tenants need not be at the same time; the one of all is counted for itself.
            return (counts[Key(.peakRunning, tenant: "")] ?? count(.peakRunning, tenant: nil)).map {
                Double($0)
            }
        case .count(let thing): return count(thing, tenant: tenant).map { Double($0) }
        }
    }

    /// Whether the requests that a criterion is about are told apart from others.
    package func tellsApart(_ criterion: Criterion, tenant: String?) -> Bool {
        !criterion.figure.isOfRequests || requests.tellsApart(route: criterion.route, tenant: tenant)
    }
}

extension Latencies {
    /// In nanoseconds; `nil` where nothing was recorded.
    package func value(_ statistic: Criterion.Statistic) -> Double? {
        switch statistic {
        case .percentile(let percent): percentile(percent).map { Double($0) * 1_000 }
        case .mean: count > 0 ? Double(total) / Double(count) * 1_000 : nil
        }
    }
}
