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

    /// Nanoseconds from the start of the first stage to the last request, pauses included; scenarios of a stage run side by
    /// side. Stages without a schedule count for nothing.
    package var duration: UInt64 {
        plan.stages.reduce(0) { sum, stage in
            let longest = parts.filter { $0.stage.name == stage.name }.map(\.forecast.lastIntended).max() ?? 0
            return sum + stage.pause + longest
        }
    }

    var total: UInt64 { parts.reduce(0) { $0 + $1.forecast.sent.requests } }

    /// A table of the stages; with the routes below where they are asked for.
    package func text(showsRoutes: Bool) -> String {
        var table = Table([
            Table.Column("stage", maximumWidth: 24), Table.Column("kind"),
            Table.Column("scenario", maximumWidth: 24),
            Table.Column("requests", .right), Table.Column("mean", .right),
            Table.Column("most in 1 s", .right), Table.Column("lasts", .right),
        ])
        for part in parts {
            let forecast = part.forecast
            table.append([
                part.stage.name, part.stage.kind.rawValue, part.scenario,
                Quantity.count(forecast.sent.requests),
                forecast.meanRate.map { Quantity.rate(perSecond: $0) } ?? "–",
                forecast.isUnpaced ? "–" : Quantity.count(forecast.sent.second.highest),
                forecast.isUnpaced
                    ? "–" : Quantity.duration(nanoseconds: Int64(clamping: forecast.lastIntended)),
            ])
        }
        var text = table.text()
        text +=
            "\n\(Quantity.count(total)) requests in \(Quantity.duration(nanoseconds: Int64(clamping: duration)))"
            + "; \(Quantity.count(plan.criteria.count + plan.stages.reduce(0) { $0 + $1.criteria.count })) criteria"
            + (plan.probes.isEmpty ? "" : ", \(Quantity.count(plan.probes.count)) probes beside them")
            + "; nothing is sent now\n"
        guard showsRoutes else { return text }
        for part in parts {
            text += "\n\(part.stage.name), \(part.scenario)\n\(part.forecast.text())"
        }
        return text
    }
}
