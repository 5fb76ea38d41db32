/// What became of one criterion of a plan.
package struct AcceptanceRow: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        case pass
        case fail
        /// Nothing of it was measured, which is no pass.
        case unknown
    }

    /// As the plan has it.
    package var criterion: String
    package var verdict: Verdict
    /// The figure where it is nearest to breaking the bound, in the unit of ``unit``.
    package var value: Double?
    package var unit: Unit
    /// Where that was.
    package var stage: String?
    package var tenant: String?
    /// What the bound came to, where it is a multiple of another figure.
    package var bound: Double?

    package enum Unit: String, Hashable, Sendable, CaseIterable {
        case nanoseconds
        case share
        case perSecond = "per_second"
        case count
    }

    package init(
        criterion: String,
        verdict: Verdict,
        value: Double?,
        unit: Unit,
        stage: String?,
        tenant: String?
    ) {
        self.criterion = criterion
        self.verdict = verdict
        self.value = value
        self.unit = unit
        self.stage = stage
        self.tenant = tenant
    }
}

extension AcceptanceRow {
    /// Holds a criterion against the stages it is about: the worst of them counts, and of tenants the worst one.
    ///
    /// A criterion that names no stage is about each but those that look for the limit of the target, which break every
    /// bound on purpose. `last` is what became of the plan's criteria in the run before.
    package init(_ criterion: Criterion, in records: [StageRecord], last: [AcceptanceRow] = []) {
        let about = records.filter { record in
            criterion.stages.isEmpty
                ? record.stage.kind != .knee : criterion.stages.contains(record.stage.name)
        }
        // What all stages together say is no pass where one of them leaves it open.
        let open = about.first { $0.isOpen(criterion.figure) }
        var worst: Place?
        // Nothing to compare with is no pass, whatever else there is; nor is what is not told apart.
        var lacksBound = false
        var lacksFigures = false
        for record in about {
            let parties: [String?] =
                switch criterion.party {
                case .all: [nil]
                case .each: record.tenants
                case .tenant(let name): [name]
                }
            for party in parties {
                if !record.tellsApart(criterion, tenant: party) { lacksFigures = true }
                guard let value = record.value(of: criterion, tenant: party) else { continue }
                guard let bound = criterion.bound(in: records, last: last, tenant: party) else {
                    lacksBound = true
                    continue
                }
                let place = Place(value: value, bound: bound, stage: record.stage.name, tenant: party)
                if worst.map({ place.isWorse(than: $0, by: criterion.relation) }) ?? true { worst = place }
            }
        }
        if open != nil, let place = worst, criterion.relation.holds(place.value, place.bound) { worst = nil }
        let isKept = worst.map { criterion.relation.holds($0.value, $0.bound) }
        let isUnknown = isKept == nil || lacksBound || lacksFigures
        let verdict: Verdict = isKept == false ? .fail : isUnknown ? .unknown : .pass
        self.init(
            criterion: criterion.description,
            verdict: verdict,
            value: worst?.value ?? (lacksBound ? criterion.value(in: about) : nil),
            unit: criterion.figure.unit,
            stage: worst?.stage ?? open?.stage.name ?? (lacksBound ? criterion.stages.first : nil),
            tenant: worst?.tenant
        )
        if criterion.comparison != nil { bound = worst?.bound }
    }

    /// A figure somewhere, and what it is held to there.
    private struct Place {
        var value: Double
        var bound: Double
        var stage: String
        var tenant: String?

        func isWorse(than other: Place, by relation: Criterion.Relation) -> Bool {
            let (own, known) = (value - bound, other.value - other.bound)
            if relation == .equal { return own.magnitude > known.magnitude }
            return relation.breaksUpwards ? own > known : own < known
        }
    }

    /// The rows of a plan: its own criteria first, then those of its stages, then its probes.
    package static func rows(
        of plan: LoadPlan,
        in records: [StageRecord],
        last: [AcceptanceRow] = []
    ) -> [AcceptanceRow] {
        plan.criteria.map { AcceptanceRow($0, in: records, last: last) }
            + plan.stages.flatMap { stage in
                stage.criteria.map { AcceptanceRow($0, of: stage, in: records, last: last) }
            }
            + plan.probes.filter { probe in plan.stages.contains { probe.runs(in: $0) } }
            .map { AcceptanceRow($0, in: records) }
    }

    /// Holds a criterion of a stage against that stage; what it compares with may be another.
    package init(
        _ criterion: Criterion,
        of stage: Stage,
        in records: [StageRecord],
        last: [AcceptanceRow] = []
    ) {
        self.init(criterion.about(stage.name), in: records, last: last)
    }
}

extension Criterion.Figure {
    package var unit: AcceptanceRow.Unit {
        switch self {
        case .time: .nanoseconds
        case .share: .share
        case .rate: .perSecond
        case .count: .count
        }
    }
}
