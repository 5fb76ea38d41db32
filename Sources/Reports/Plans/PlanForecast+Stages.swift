package import LoadPlans

extension PlanForecast {
    /// What a stage would send, its scenarios together, and how long it takes.
    package struct StageRow: Hashable, Sendable {
        package var name: String
        package var kind: Stage.Kind
        package var scenarios: [String]
        /// Of a search those of one pass, or of one step, at the stage's own load.
        package var requests: UInt64 = 0
        /// Requests a second in the mean; `nil` without a schedule.
        package var meanRate: Double?
        /// More are never sent within a second: the sum of what its scenarios send in theirs, which need not be the same one;
        /// of a search what its highest step sends. `nil` without a schedule.
        package var peak: UInt64?
        /// Nanoseconds that it takes at least, quiet before it included.
        package var least: UInt64 = 0
        /// Nanoseconds that may come on top where answers, runs and lines of logs are late; of a search in each step.
        package var waits: UInt64 = 0
        /// What a search may come to; `nil` of other stages.
        package var search: Search?
    }

    package struct Search: Hashable, Sendable {
        /// Steps at most.
        package var steps: Int
        /// Nanoseconds of the shortest step and of the longest.
        package var shortest: UInt64
        package var longest: UInt64
        /// Multiples of the stage's load.
        package var from: Double
        package var upTo: Double
    }

    /// The stages in their order.
    package var stages: [StageRow] { plan.stages.map(row) }

    private func row(_ stage: Stage) -> StageRow {
        let forecasts = parts.filter { $0.stage.name == stage.name }.map(\.forecast)
        var row = StageRow(name: stage.name, kind: stage.kind, scenarios: stage.scenarios)
        row.requests = forecasts.reduce(0) { $0 + $1.sent.requests }
        row.least = stage.pause.plus(forecasts.map(\.lastIntended).max() ?? 0)
        if !forecasts.contains(where: \.isUnpaced) {
            row.peak = forecasts.reduce(0) { $0 + $1.sent.second.highest }
            row.meanRate = forecasts.reduce(0) { $0 + ($1.meanRate ?? 0) }
        }
        row.waits = forecasts.map(\.timeout).max() ?? 0
        if stage.kind == .knee {
            let search = Search(stage.knee)
            row.search = search
            row.least = stage.pause.plus(search.shortest)
            row.peak = row.meanRate.map { UInt64(min(1e15, ($0 * search.upTo).rounded(.up))) }
            let patience = UInt64(min(1e18, Double(search.longest) * KneeSearch.patience))
            row.waits = row.waits.plus(min(plan.executions?.deadline ?? 0, patience))
        } else if let executions = plan.executions {
            row.waits = row.waits.plus(executions.deadline)
                .plus(executions.deadLetters == nil ? 0 : ExecutionRule.DeadLetters.patience)
        }
        if let logs = plan.logs, logs.covers(stage) { row.waits = row.waits.plus(logs.linger) }
        return row
    }

    /// Nanoseconds that all stages together take at least.
    package var duration: UInt64 { stages.reduce(0) { $0.plus($1.least) } }

    /// Nanoseconds that may come on top in all stages but searches.
    package var waits: UInt64 { stages.filter { $0.search == nil }.reduce(0) { $0.plus($1.waits) } }
}

extension PlanForecast.Search {
    fileprivate init(_ limits: KneeSearch.Limits) {
        func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(min(1e18, seconds * 1e9)) }
        self.init(
            steps: limits.steps,
            shortest: nanoseconds(limits.seconds),
            longest: nanoseconds(limits.longestStep),
            from: limits.from,
            upTo: limits.upTo
        )
    }
}

extension UInt64 {
    /// Times of a plan may be as long as there are numbers for them.
    fileprivate func plus(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
