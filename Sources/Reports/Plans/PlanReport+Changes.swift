import LoadPlans

extension PlanReport {
    /// A figure that two runs of a plan have in common.
    package struct Change: Hashable, Sendable {
        package var what: String
        package var before: String
        package var after: String
        /// How much larger it is, as a share of what it was; `nil` where it was nothing.
        package var growth: Double?
        /// Whether a criterion is kept that was not, or the other way round.
        package var verdict: String?
    }

    /// Figures that moved by less are as they were.
    static let noteworthy = 0.1

    /// What changed since the run before: criteria whose verdict is another first, then figures that moved by a tenth or
    /// more, those that moved most first.
    package var changes: [Change] {
        guard let previous else { return [] }
        var turned: [Change] = []
        var moved: [Change] = []
        for row in run.acceptance {
            guard let old = previous.acceptance.first(where: { $0.criterion == row.criterion }) else {
                continue
            }
            var change = Change(
                what: row.criterion,
                before: Self.figure(old.value, old.unit),
                after: Self.figure(row.value, row.unit),
                growth: Self.growth(from: old.value, to: row.value)
            )
            if old.verdict != row.verdict {
                change.verdict = "\(old.verdict.rawValue) → \(row.verdict.rawValue)"
                turned.append(change)
            } else if let growth = change.growth, growth.magnitude >= Self.noteworthy {
                moved.append(change)
            }
        }
        for stage in run.stages {
            guard let old = previous.stages.first(where: { $0.name == stage.name }) else { continue }
            moved += changes(of: stage, since: old)
        }
        return turned + moved.sorted { ($0.growth ?? 0).magnitude > ($1.growth ?? 0).magnitude }
    }

    private func changes(of stage: StageResult, since old: StageResult) -> [Change] {
        var changes: [Change] = []
        func note(_ what: String, _ before: Double, _ after: Double, _ show: (Double) -> String) {
            guard let growth = Self.growth(from: before, to: after), growth.magnitude >= Self.noteworthy
            else { return }
            changes.append(
                Change(
                    what: "\(stage.name): \(what)",
                    before: show(before),
                    after: show(after),
                    growth: growth
                )
            )
        }
        func time(_ value: Double) -> String { Self.microseconds(UInt64(max(0, value))) }
        note("answers in a second", old.total.rate, stage.total.rate) { Quantity.rate(perSecond: $0) }
        for row in stage.routes {
            guard let before = old.routes.first(where: { $0.route == row.route && $0.tenant == row.tenant })
            else { continue }
            let name = row.tenant.isEmpty ? row.route : "\(row.route) of \(row.tenant)"
            note("p95 of \(name)", Double(before.p95), Double(row.p95), time)
        }
        return changes
    }

    private static func growth(from before: Double?, to after: Double?) -> Double? {
        guard let before, let after, before > 0 else { return nil }
        return after / before - 1
    }

    static func growth(_ growth: Double?) -> String {
        guard let growth else { return "" }
        return (growth < 0 ? "−" : "+") + Quantity.percent(growth.magnitude)
    }
}
