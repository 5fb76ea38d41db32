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

    /// Seconds at the start of a step that say more of what was before.
    private static let settling: Int64 = 1_000_000_000
    /// What one pass is thinned to at least: all that is left out has to be read as well.
    private static let leastShare = 1.0 / 32

    private typealias Step = (multiplier: Double, outcome: StageRunner.Outcome)

    /// `runner` makes one for each step, which is told its number. Answers nothing where it was interrupted before the first of
    /// them, and no finding where none came to its end.
    mutating func run(
        _ runner: (_ number: Int) throws -> StageRunner
    ) throws -> (outcome: StageRunner.Outcome, finding: KneeFinding?)? {
        let measure = StepMeasure(criteria, executions: executions)
        var search = KneeSearch(limits: try limits())
        var steps: [Step] = []
        var cut: StageRunner.Outcome?
        var failure: (any Error)?
        while failure == nil, cut == nil, !Interrupt.isRequested,
            case .run(let multiplier, let seconds) = search.next()
        {
            do {
                var runner = try runner(steps.count + 1)
                runner.progress.part = "\(Quantity.digits(multiplier))x"
                runner.patience = UInt64(seconds * KneeSearch.patience * 1e9)
                runner.adjust = { [totals] in try Self.adjust(&$0, multiplier, seconds, of: totals[$1]) }
                let outcome = try runner.run()
                // What came to no end says nothing of its load.
                if let error = outcome.failure { throw error }
                guard !outcome.wasInterrupted, !Interrupt.isRequested else {
                    // Nobody waited for its last answers and runs.
                    cut = outcome
                    break
                }
                var step = measure.step(
                    outcome.record,
                    multiplier: multiplier,
                    offered: outcome.summaries.reduce(0) { $0 + ($1.requestedRate ?? 0) },
                    resources: means(outcome, seconds: seconds)
                )
                step.isReplayerBound = outcome.summaries.contains(where: Self.isReplayerBound)
                step.folder = outcome.result.folder
                search.take(step)
                steps.append((multiplier, outcome))
                say(step)
            } catch {
                failure = error
            }
        }
        let finding =
            search.steps.isEmpty
            ? nil
            : KneeFinding(search, resources: MeasuredResource.found(in: Array(watch.series.rows.keys)))
        let shown = finding.flatMap { self.shown(steps, $0) }
        guard var outcome = shown?.outcome ?? cut else {
            if let failure { throw failure }
            return nil
        }
        outcome.result.remarks += finding?.sentences ?? []
        if let shown {
            outcome.result.remarks.append(
                "figures and charts of the stage are those of the step at \(Quantity.digits(shown.multiplier))x"
                    + (outcome.result.folder.map { ", \($0)" } ?? "")
            )
        }
        if Interrupt.isRequested {
            outcome.result.remarks.append("the search was interrupted in step \(steps.count + 1)")
        } else if let failure {
            outcome.result.isSound = false
            outcome.result.remarks.append(
                "the search ended in step \(steps.count + 1): \(CommandFailure.message(of: failure))"
            )
        }
        outcome.wasInterrupted = Interrupt.isRequested
        outcome.stop = nil
        outcome.failure = failure
        return (outcome, finding)
    }

    /// The limits of the plan, within what speeds and rates there are.
    private func limits() throws -> KneeSearch.Limits {
        do {
            return try stage.knee.bounded(by: replays.values.map(\.pacing))
        } catch {
            throw CommandFailure("stage \(stage.name): \(error.description)")
        }
    }

    /// The step that stands for the stage: the last one at the safe load, else the last of all.
    private func shown(_ steps: [Step], _ finding: KneeFinding) -> Step? {
        guard case .found(let safe, _) = finding.limit else { return steps.last }
        return steps.last { $0.multiplier == safe } ?? steps.last
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
            throw CommandFailure(KneeSearch.Limits.Refusal.course.description)
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

    /// What was observed in a step of resources while its load went on, in the mean; what else there is stands in the series.
    private func means(_ outcome: StageRunner.Outcome, seconds: Double) -> [String: Double] {
        let series = watch.series
        let found = MeasuredResource.found(in: Array(series.rows.keys))
        var means: [String: Double] = [:]
        let start = outcome.loadStart + Self.settling
        let end = min(outcome.record.end, outcome.loadStart + Int64(seconds * 1e9))
        for name in Set(found.flatMap(\.series)) {
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
