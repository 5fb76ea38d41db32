import LoadPlans
import Replay
import Reports

/// Runs the steps of a search for the limit, each a stage of its own.
struct KneeRunner {
    let stage: Stage
    let criteria: [Criterion]
    /// What the replays of the stage are told at its own load.
    let replays: [ReplayPlan]
    let watch: TargetWatch
    let quiet: Bool

    init(
        stage: Stage,
        criteria: [Criterion],
        replays: [ReplayPlan],
        watch: TargetWatch,
        quiet: Bool
    ) {
        self.stage = stage
        self.criteria = criteria
        self.replays = replays
        self.watch = watch
        self.quiet = quiet
    }

    /// Seconds at the start of a step that say more of what was before.
    private static let settling: Int64 = 1_000_000_000

    /// `runner` makes one for a step.
    mutating func run(
        _ runner: () throws -> StageRunner
    ) throws -> (outcome: StageRunner.Outcome, finding: KneeFinding) {
        let measure = StepMeasure(criteria)
        guard !measure.budgets.isEmpty else {
            throw CommandFailure(
                "stage \(stage.name) looks for the load that breaks a criterion, and the plan has none about a time or a share"
            )
        }
        var search = KneeSearch(limits: try limits(replays))
        var outcomes: [(multiplier: Double, outcome: StageRunner.Outcome)] = []
        while case .run(let multiplier, let seconds) = search.next(), !Interrupt.isRequested {
            var runner = try runner()
            runner.patience = UInt64(seconds * 1e9)
            runner.adjust = { try Self.adjust(&$0, multiplier, seconds) }
            let outcome = try runner.run()
            var step = measure.step(
                outcome.record,
                multiplier: multiplier,
                offered: outcome.summaries.reduce(0) { $0 + ($1.requestedRate ?? 0) },
                resources: means(outcome.record)
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

    private static func adjust(_ plan: inout ReplayPlan, _ multiplier: Double, _ seconds: Double) throws {
        plan.loops = nil
        plan.duration = UInt64(seconds * 1e9)
        plan.abortConditions = []
        switch plan.pacing {
        case .speed(let speed):
            guard let faster = Speed(factor: speed.factor * multiplier) else {
                throw CommandFailure(
                    "a search for the limit at \(speed.factor * multiplier) times the recorded speed is beyond "
                        + "\(Speed.range.upperBound); replay copies, or take 'rate' in place of 'speed'"
                )
            }
            plan.pacing = .speed(faster)
        case .rate(let rate):
            guard let faster = Rate(perSecond: rate.perSecond * multiplier) else {
                throw CommandFailure(
                    "a rate of \(rate.perSecond * multiplier)/s is beyond what can be asked for"
                )
            }
            plan.pacing = .rate(faster)
        case .speeds, .rates, .maximum:
            throw CommandFailure(
                "a search for the limit multiplies one 'speed' or 'rate', and no course of them"
            )
        }
    }

    /// Whether what was sent says more of the replayer than of the target.
    private static func isReplayerBound(_ summary: ReplaySummary) -> Bool {
        guard summary.bottleneck == .replayer, let asked = summary.requestedRate else { return false }
        return (summary.achievedRate ?? 0) < 0.97 * asked || summary.sendError.p50 > 5_000
    }

    /// What was observed in a step, in the mean.
    private func means(_ record: StageRecord) -> [String: Double] {
        let series = watch.series
        var means: [String: Double] = [:]
        let start = record.start + Self.settling
        let end = record.start + Int64((Double(record.end - record.start)).rounded())
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
