import LoadPlans
import Messages
import Replay
import Reports

/// Runs the steps of a search for the limit, each a stage of its own.
struct KneeRunner {
    let stage: Stage
    let criteria: [Criterion]
    /// Which requests set runs going, where the plan follows them.
    let executions: RoutePattern?
    /// What the replays of the stage are told at its own load, by scenario.
    let replays: [String: ReplayPlan]
    /// What there is to send in one pass, by scenario; none of those whose requests depend on each other.
    let totals: [String: TraceTotals]
    let watch: TargetWatch
    let quiet: Bool

    init(
        stage: Stage,
        criteria: [Criterion],
        executions: RoutePattern?,
        replays: [String: ReplayPlan],
        totals: [String: TraceTotals],
        watch: TargetWatch,
        quiet: Bool
    ) {
        self.stage = stage
        self.criteria = criteria
        self.executions = executions
        self.replays = replays
        self.totals = totals
        self.watch = watch
        self.quiet = quiet
    }

    /// Seconds at the start of a step that say more of what was before.
    private static let settling: Int64 = 1_000_000_000
    /// What one pass is thinned to at least: all that is left out has to be read as well.
    private static let leastShare = 1.0 / 32
    /// For how many times the length of a step runs are waited for.
    private static let patience = 10.0

    /// `runner` makes one for a step.
    mutating func run(
        _ runner: () throws -> StageRunner
    ) throws -> (outcome: StageRunner.Outcome, finding: KneeFinding) {
        let measure = StepMeasure(criteria, executions: executions)
        guard !measure.budgets.isEmpty else {
            throw CommandFailure(
                "stage \(stage.name) looks for the load that breaks a criterion, and the plan has none about a time or a share"
            )
        }
        var search = KneeSearch(limits: try limits(Array(replays.values)))
        var outcomes: [(multiplier: Double, outcome: StageRunner.Outcome)] = []
        while case .run(let multiplier, let seconds) = search.next(), !Interrupt.isRequested {
            var runner = try runner()
            runner.patience = UInt64(seconds * Self.patience * 1e9)
            runner.adjust = { [totals] in try Self.adjust(&$0, multiplier, seconds, of: totals[$1]) }
            let outcome = try runner.run()
            var step = measure.step(
                outcome.record,
                multiplier: multiplier,
                offered: outcome.summaries.reduce(0) { $0 + ($1.requestedRate ?? 0) },
                resources: means(outcome.record, seconds: seconds)
            )
            step.isReplayerBound = outcome.summaries.contains(where: Self.isReplayerBound)
            search.take(step)
            outcomes.append((multiplier, outcome))
            say(step)
        }
        let finding = KneeFinding(
            search,
            resources: MeasuredResource.found(in: Array(watch.series.rows.keys))
        )
        guard var outcome = best(outcomes, finding) else {
            throw CommandFailure("interrupted before the first step of stage \(stage.name)")
        }
        outcome.result.remarks += finding.sentences
        outcome.wasInterrupted = Interrupt.isRequested
        outcome.stop = nil
        return (outcome, finding)
    }

    /// The limits of the plan, within what speeds and rates there are.
    private func limits(_ plans: [ReplayPlan]) throws -> KneeSearch.Limits {
        var limits = stage.knee
        for plan in plans {
            switch plan.pacing {
            case .speed(let speed):
                limits.least = max(limits.least, Speed.range.lowerBound / speed.factor)
                limits.upTo = min(limits.upTo, Speed.range.upperBound / speed.factor)
            case .rate(let rate):
                limits.least = max(limits.least, Rate.range.lowerBound / rate.perSecond)
                limits.upTo = min(limits.upTo, Rate.range.upperBound / rate.perSecond)
            case .speeds, .rates, .maximum:
                throw CommandFailure(
                    "a search for the limit multiplies one 'speed' or 'rate', and no course of them"
                )
            }
        }
        guard limits.from < limits.upTo, limits.from >= limits.least else {
            throw CommandFailure(
                "stage \(stage.name): its 'speed' or 'rate' leaves no room for multiples from \(limits.from) on"
            )
        }
        return limits
    }

    /// The step at the safe load stands for the stage.
    private func best(
        _ outcomes: [(multiplier: Double, outcome: StageRunner.Outcome)],
        _ finding: KneeFinding
    ) -> StageRunner.Outcome? {
        guard case .found(let safe, _) = finding.limit,
            let best = outcomes.last(where: { $0.multiplier == safe })
        else { return outcomes.last?.outcome }
        return best.outcome
    }

    /// Makes of a replay one of the recorded mix at so many times its load: of requests from the whole of the trace, at even
    /// gaps, so that steps differ in their load and in nothing else.
    private static func adjust(
        _ plan: inout ReplayPlan,
        _ multiplier: Double,
        _ seconds: Double,
        of totals: TraceTotals?
    ) throws {
        plan.loops = nil
        if plan.arrivals == .recorded { plan.arrivals = .uniform }
        if let totals, let rate = rate(plan.pacing, of: totals) {
            let wanted = rate * multiplier * seconds / Double(plan.copies.count)
            let passes = max(1, (wanted / Double(totals.requests)).rounded(.up))
            plan.thinning = min(1, max(leastShare, wanted / passes / Double(totals.requests)))
            // What is left of the trace takes as long as all of it.
            plan.pacing = .rate(try Self.rate(rate * multiplier))
        } else {
            try adjust(&plan.pacing, multiplier)
        }
        plan.duration = UInt64(seconds * 1e9)
        plan.abortConditions = []
    }

    /// Requests a second at the recorded load; `nil` where there is no one such number.
    private static func rate(_ pacing: Pacing, of totals: TraceTotals) -> Double? {
        switch pacing {
        case .speed(let speed): speed.factor * Double(totals.requests) * 1e9 / Double(totals.period)
        case .rate(let rate): rate.perSecond
        case .speeds, .rates, .maximum: nil
        }
    }

    private static func adjust(_ pacing: inout Pacing, _ multiplier: Double) throws {
        switch pacing {
        case .speed(let speed):
            guard let faster = Speed(factor: speed.factor * multiplier) else {
                throw CommandFailure(
                    "a search for the limit at \(speed.factor * multiplier) times the recorded speed is beyond "
                        + "\(Speed.range.upperBound); replay copies, or take 'rate' in place of 'speed'"
                )
            }
            pacing = .speed(faster)
        case .rate(let rate): pacing = .rate(try Self.rate(rate.perSecond * multiplier))
        case .speeds, .rates, .maximum:
            throw CommandFailure(
                "a search for the limit multiplies one 'speed' or 'rate', and no course of them"
            )
        }
    }

    private static func rate(_ exact: Double) throws -> Rate {
        // As it is shown: nobody asks for 158.239481/s.
        let perSecond = exact < 1 ? exact : (exact * 100).rounded() / 100
        guard let rate = Rate(perSecond: perSecond) else {
            throw CommandFailure("a rate of \(perSecond)/s is beyond what can be asked for")
        }
        return rate
    }

    /// Whether what was sent says more of the replayer than of the target.
    private static func isReplayerBound(_ summary: ReplaySummary) -> Bool {
        guard summary.bottleneck == .replayer, let asked = summary.requestedRate else { return false }
        return (summary.achievedRate ?? 0) < 0.97 * asked || summary.sendError.p50 > 5_000
    }

    /// What was observed in a step while its load went on, in the mean.
    private func means(_ record: StageRecord, seconds: Double) -> [String: Double] {
        let series = watch.series
        var means: [String: Double] = [:]
        let start = record.start + Self.settling
        let end = min(record.end, record.start + Int64(seconds * 1e9))
        for name in series.rows.keys {
            let values = series.values(name, from: start, to: end)
            if !values.isEmpty { means[name] = values.reduce(0, +) / Double(values.count) }
        }
        return means
    }

    private func say(_ step: KneeStep) {
        guard !quiet else { return }
        let verdict = step.isReplayerBound ? "the replayer was the limit" : step.isBroken ? "broken" : "held"
        StandardError.print(
            "tapedeck: \(Quantity.digits(step.multiplier))x, \(Quantity.rate(perSecond: step.throughput)): \(verdict)"
        )
    }
}
