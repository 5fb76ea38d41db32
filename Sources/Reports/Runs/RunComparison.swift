package import Checks
package import JSON

/// Runs side by side: their figures, and the times and answers of each against those of the first.
package struct RunComparison: Sendable {
    /// More are not read side by side.
    package static let mostRuns = 8

    package struct Run: Sendable {
        package var name: String
        package var record: RunRecord?
        /// What `replay --json` and `check --json` wrote of it.
        package var replay: JSONValue?
        package var check: JSONValue?
        /// What a comparison of its answers with the first run's found; `nil` for the first, and where the answers of
        /// either were not kept.
        package var against: CheckResult?

        package init(
            name: String,
            record: RunRecord? = nil,
            replay: JSONValue? = nil,
            check: JSONValue? = nil,
            against: CheckResult? = nil
        ) {
            self.name = name
            self.record = record
            self.replay = replay
            self.check = check
            self.against = against
        }
    }

    package var runs: [Run]

    package init(_ runs: [Run]) {
        precondition((2...Self.mostRuns).contains(runs.count), "two to \(Self.mostRuns) runs are compared")
        self.runs = runs
    }
}

/// One figure of all runs.
struct ComparedFigure {
    enum Unit: String {
        case count
        case perSecond = "per_second"
        case microseconds = "us"
        case seconds
        /// Of 1.
        case share
    }

    /// As JSON names it.
    var key: String
    /// As people do.
    var title: String
    var unit: Unit
    /// `nil` where a run did not have it.
    var values: [Double?]

    func shown(_ value: Double) -> String {
        switch unit {
        case .count: Quantity.count(UInt64(max(0, min(value, 1e18))))
        case .perSecond: Quantity.rate(perSecond: value)
        case .microseconds: Quantity.duration(nanoseconds: Int64(max(-9e18, min(value * 1e3, 9e18))))
        case .seconds: Quantity.duration(nanoseconds: Int64(max(-9e18, min(value * 1e9, 9e18))))
        case .share: Quantity.percent(value)
        }
    }

    /// What became of the first run's value, as a ratio; `nil` where there is no telling.
    func change(_ index: Int) -> Double? {
        guard index > 0, let first = values[0], let value = values[index], first > 0, unit != .count else {
            return nil
        }
        return value / first
    }
}

extension RunComparison {
    /// The share of requests of a run that failed, with Wilson's interval at 95 %.
    struct Errors {
        var failed: UInt64
        var sent: UInt64
        var share: Double { sent == 0 ? 0 : Double(failed) / Double(sent) }
        var interval: ClosedRange<Double> {
            // The quantile of the normal distribution at 97.5 %.
            WilsonInterval.of(Int(clamping: failed), in: Int(clamping: sent), z: 1.959964)
        }
    }

    func errors(of run: Run) -> Errors? {
        guard let requests = run.replay?["requests"], let sent = requests["sent"]?.number(UInt64.self),
            let failed = requests["failed"]?.number(UInt64.self), failed <= sent
        else { return nil }
        return Errors(failed: failed, sent: sent)
    }

    /// The figures that at least one run has.
    var figures: [ComparedFigure] {
        func figure(_ key: String, _ title: String, _ unit: ComparedFigure.Unit, _ read: (Run) -> Double?)
            -> ComparedFigure
        {
            ComparedFigure(key: key, title: title, unit: unit, values: runs.map(read))
        }
        var all = [
            figure("sent", "requests sent", .count) { $0.replay?["requests"]?["sent"]?.double },
            figure("responded", "answered", .count) { $0.replay?["requests"]?["responded"]?.double },
            figure("failed", "failed", .count) { $0.replay?["requests"]?["failed"]?.double },
            figure("wall_seconds", "took", .seconds) { $0.replay?["wall_seconds"]?.double },
            figure("requested_rate", "rate asked for", .perSecond) { $0.replay?["requested_rate"]?.double },
            figure("achieved_rate", "rate achieved", .perSecond) { $0.replay?["achieved_rate"]?.double },
        ]
        for (key, title) in [
            ("response_time_us", "response time"), ("service_time_us", "service time"),
            ("send_error_us", "send error"),
        ] {
            for (part, name) in [
                ("p50", "p50"), ("p90", "p90"), ("p99", "p99"), ("p999", "p99.9"), ("max", "max"),
            ] {
                all.append(
                    figure("\(key).\(part)", "\(title) \(name)", .microseconds) {
                        $0.replay?[key]?[part]?.double
                    }
                )
            }
        }
        all += [
            figure("compared", "answers compared", .count) { $0.check?["compared"]?.double },
            figure("different", "different", .count) { $0.check?["counts"]?["different"]?.double },
            figure("no_response", "without response", .count) { $0.check?["counts"]?["no_response"]?.double },
        ]
        return all.filter { $0.values.contains { $0 != nil } }
    }

    /// Every status and every error of any run, and how often each run had it.
    func counts(_ key: String) -> [(name: String, values: [UInt64])] {
        var names: Set<String> = []
        for run in runs {
            if case .object(let members)? = run.replay?[key] { names.formUnion(members.map(\.name)) }
        }
        return names.sorted().map { name in
            (name, runs.map { $0.replay?[key]?[name]?.number(UInt64.self) ?? 0 })
        }
    }
}
