/// In which way a run made its load, as it was asked for.
package struct LoadSummary: Hashable, Sendable {
    /// What made the load what it was.
    package enum Kind: String, Hashable, Sendable {
        /// The trace as it was recorded.
        case recorded
        /// Time compressed or stretched.
        case speed
        /// Sessions cloned.
        case copies
        /// A rate of arrivals with the mix of the trace.
        case rate
        /// No schedule.
        case max
    }

    /// Several where they were put together; in the order of the cases.
    package var kinds: [Kind] = [.recorded]
    /// The speed or the rate as it was asked for, with its course; `nil` for the recorded speed and for none.
    package var course: String?
    package var arrivals: Arrivals = .recorded
    /// How many sessions stood for one.
    package var copies: UInt32 = 1
    /// Nanoseconds of recorded time by which copies were later at most.
    package var spread: Int64 = 0
    package var sample: Double = 1
    package var shard: Shard = .whole
    package var seed: UInt64 = 1
    /// Sessions of which requests were drawn, before copying; `nil` where nobody asked for sessions.
    package var sessions: Int?
    /// There were more sessions than were told apart.
    package var isSessionCountCut = false
    /// Whether anything of the run followed from the seed.
    package var usesSeed = false

    package init() {}

    /// Whether there is anything to say that speed and rate do not say already.
    package var isPlain: Bool {
        copies == 1 && arrivals == .recorded && sample >= 1 && shard == .whole && !usesSeed
    }
}

extension RequestFeed {
    /// How the load of the run is made, and how many sessions were drawn by now.
    package var load: LoadSummary {
        var load = LoadSummary()
        load.kinds = plan.loadKinds
        load.course = plan.pacing.course
        load.arrivals = plan.arrivals
        load.copies = plan.copies.count
        load.spread = plan.copies.count > 1 ? plan.copies.spread : 0
        load.sample = plan.selection.sample
        load.shard = plan.selection.shard
        load.seed = plan.seed
        load.usesSeed =
            plan.needsSessions || plan.habits.changesOrder || plan.arrivals == .poisson
        load.sessions = plan.needsSessions ? sessionCount.count : nil
        load.isSessionCountCut = sessionCount.isCut
        return load
    }
}

extension ReplayPlan {
    fileprivate var loadKinds: [LoadSummary.Kind] {
        var kinds: [LoadSummary.Kind] = []
        switch pacing {
        case .speed(let speed): if speed != .recorded { kinds.append(.speed) }
        case .speeds: kinds.append(.speed)
        case .rate, .rates: kinds.append(.rate)
        case .maximum: kinds.append(.max)
        }
        if copies.count > 1 { kinds.insert(.copies, at: 0) }
        return kinds.isEmpty ? [.recorded] : kinds
    }
}

extension Pacing {
    /// What was asked for, in its own spelling.
    fileprivate var course: String? {
        switch self {
        case .speed(let speed): speed == .recorded ? nil : "\(speed)"
        case .rate(let rate): "\(rate)"
        case .speeds(let shape): shape.text
        case .rates(let shape): shape.text
        case .maximum: nil
        }
    }
}

extension Speed: CustomStringConvertible {
    package var description: String { "\(Self.shortest(factor))x" }

    /// A number without a fraction where it has none.
    static func shortest(_ number: Double) -> String {
        let whole = number.rounded()
        return whole == number && abs(number) < 1e15 ? "\(Int64(whole))" : "\(number)"
    }
}

extension Rate: CustomStringConvertible {
    package var description: String { "\(Speed.shortest(perSecond))/s" }
}
