package import LoadPlans
import Replay

/// What the stages of a plan would send.
package struct PlanForecast: Sendable {
    struct Part: Sendable {
        var stage: Stage
        var scenario: String
        var forecast: ReplayForecast
    }

    let plan: LoadPlan
    private(set) var parts: [Part] = []

    package init(plan: LoadPlan) {
        self.plan = plan
    }

    package mutating func add(_ forecast: ReplayForecast, of scenario: String, in stage: Stage) {
        parts.append(Part(stage: stage, scenario: scenario, forecast: forecast))
    }

    /// What would keep the plan from being run as it is meant, a sentence each.
    package var problems: [String] {
        parts.compactMap { part in
            let place = "stage \(part.stage.name), \(part.scenario)"
            if let refusal = part.forecast.refusal { return "\(place): \(refusal)" }
            if part.forecast.sent.requests == 0 { return "\(place): nothing would be sent" }
            return nil
        }
    }

    var total: UInt64 { parts.reduce(0) { $0 + $1.forecast.sent.requests } }

    /// A table of the stages, each with its scenarios below where it has several; with the routes where they are asked for.
    package func text(showsRoutes: Bool) -> String {
        var table = Table([
            Table.Column("stage", maximumWidth: 24), Table.Column("kind"),
            Table.Column("scenario", maximumWidth: 24),
            Table.Column("requests", .right), Table.Column("mean", .right),
            Table.Column("most in 1 s", .right), Table.Column("at least", .right),
            Table.Column("on top", .right),
        ])
        for stage in stages {
            table.append(cells(stage))
            guard stage.scenarios.count > 1 else { continue }
            for part in parts where part.stage.name == stage.name { table.append(Self.cells(part)) }
        }
        let text = table.text() + "\n" + summary
        guard showsRoutes else { return text }
        return parts.reduce(text) { text, part in
            text + "\n\(part.stage.name), \(part.scenario)\n\(part.forecast.text())"
        }
    }

    private func cells(_ stage: StageRow) -> [String] {
        let isSum = stage.scenarios.count > 1 || stage.search != nil
        return [
            stage.name, stage.kind.rawValue,
            stage.scenarios.count == 1 ? stage.scenarios[0] : "\(stage.scenarios.count) together",
            Quantity.count(stage.requests), stage.meanRate.map { Quantity.rate(perSecond: $0) } ?? "–",
            stage.peak.map { (isSum ? "≤ " : "") + Quantity.count($0) } ?? "–",
            stage.least > 0 ? Self.duration(stage.least) : "–",
            stage.search.map { "up to \($0.steps - 1) more steps" } ?? "up to \(Self.duration(stage.waits))",
        ]
    }

    private static func cells(_ part: Part) -> [String] {
        let forecast = part.forecast
        return [
            "", "", part.scenario, Quantity.count(forecast.sent.requests),
            forecast.meanRate.map { Quantity.rate(perSecond: $0) } ?? "–",
            forecast.isUnpaced ? "–" : Quantity.count(forecast.sent.second.highest),
            forecast.isUnpaced ? "–" : duration(forecast.lastIntended), "",
        ]
    }

    /// What all stages come to, and what else there is.
    private var summary: String {
        let criteria = plan.criteria.count + plan.stages.reduce(0) { $0 + $1.criteria.count }
        var sentences = [
            "\(Quantity.count(total)) requests in at least \(Self.duration(duration)), and up to \(Self.duration(waits)) more "
                + "where answers, runs and lines are late"
        ]
        for stage in stages {
            guard let search = stage.search else { continue }
            sentences.append(
                "\(stage.name) looks for the limit in up to \(search.steps) steps of \(Self.duration(search.shortest)) to "
                    + "\(Self.duration(search.longest)), from \(Quantity.digits(search.from))x to at most "
                    + "\(Quantity.digits(search.upTo))x the load of the stage"
            )
        }
        sentences.append(
            "\(Quantity.count(criteria)) criteria"
                + (plan.probes.isEmpty ? "" : ", \(Quantity.count(plan.probes.count)) probes beside them")
                + "; nothing is sent now"
        )
        return sentences.joined(separator: "\n") + "\n"
    }

    private static func duration(_ nanoseconds: UInt64) -> String {
        Quantity.duration(nanoseconds: Int64(clamping: nanoseconds))
    }
}
