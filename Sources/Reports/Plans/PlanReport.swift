package import LoadPlans
import Packets

/// A run of a plan as people read it: acceptance first, then stages, then what holds the target up, then what changed.
package struct PlanReport: Sendable {
    package let run: PlanRun
    /// The run of the same plan before this one.
    package let previous: PlanRun?
    /// What was seen of the target and of the load over time; `nil` where that was not kept.
    package var series: SeriesTable?
    /// How the replays of the stages went, by stage and scenario.
    package var figures: [Part: RunFigures] = [:]
    /// What the page says of itself: the commands to do it again, and what made it.
    package var context = ReportContext()

    /// A scenario in a stage.
    package struct Part: Hashable, Sendable {
        package var stage: String
        package var scenario: String

        package init(stage: String, scenario: String) {
            self.stage = stage
            self.scenario = scenario
        }
    }

    package init(_ run: PlanRun, previous: PlanRun? = nil) {
        self.run = run
        self.previous = previous
    }

    var headline: String {
        let kept = run.acceptance.filter { $0.verdict == .pass }.count
        let criteria = "\(kept) of \(Quantity.count(run.acceptance.count)) criteria kept"
        if let reason = run.endedEarly { return "\(run.plan): ended early, \(reason); \(criteria)" }
        let unsound = run.stages.filter { !$0.isSound }.prefix(3).map { "; stage \($0.name) went wrong" }
        return "\(run.plan): \(run.isAccepted ? "accepted" : "not accepted"), \(criteria)\(unsound.joined())"
    }

    /// When, how long, against what.
    var facts: [(name: String, text: String)] {
        var facts: [(name: String, text: String)] = [
            ("started", String(UTCTime(PacketTime(nanoseconds: run.start)).description.prefix(19)) + "Z"),
            ("took", Quantity.duration(nanoseconds: run.end - run.start)),
            ("target", run.target),
            ("seed", "\(run.seed)"),
            ("version", run.version),
        ]
        facts += run.versions.map { ("version of \($0.name)", $0.text) }
        if let repeats = run.repeats { facts.append(("repeats", repeats)) }
        return facts + run.machine.map { ($0.name, $0.text) } + run.environment.map { ($0.name, $0.text) }
    }

    /// Why no bottleneck is named where none is; `nil` where one is.
    var withoutBottleneck: String? {
        guard let knee = run.knee else {
            return "Not looked for: no stage of the kind knee has found out where the target bends."
        }
        guard knee.resources.isEmpty else { return nil }
        switch knee.limit {
        case .found: return "None was found in what was observed."
        case .notFound:
            return "None was found: the target broke at no load up to the highest that was looked at."
        case .replayer: return "None was found: the replayer was the limit."
        }
    }

    /// A figure in its unit.
    static func figure(_ value: Double?, _ unit: AcceptanceRow.Unit) -> String {
        guard let value else { return "not measured" }
        switch unit {
        case .nanoseconds: return Quantity.duration(nanoseconds: Int64(min(max(value, 0), 9e18)))
        case .share: return Quantity.percent(value)
        case .perSecond: return Quantity.rate(perSecond: value)
        case .count: return Quantity.count(UInt64(min(max(value, 0), 9e18)))
        }
    }

    /// Where the figure of a criterion was found.
    static func place(_ row: AcceptanceRow) -> String {
        let bound = row.bound.map { "the bound was \(figure($0, row.unit))" }
        return [row.stage, row.tenant.map { "tenant \($0)" }, bound].compactMap { $0 }.joined(separator: ", ")
    }

    static func microseconds(_ value: UInt64) -> String {
        Quantity.duration(microseconds: Int64(clamping: value))
    }

    static func statuses(_ row: StageResult.RouteRow) -> String {
        row.statuses.sorted { $0.key < $1.key }.map { "\($0.key): \(Quantity.count($0.value))" }
            .joined(separator: ", ")
    }
}
