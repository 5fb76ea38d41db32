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
    /// bound on purpose.
    package init(_ criterion: Criterion, in records: [StageRecord]) {
        let about = records.filter { record in
            criterion.stages.isEmpty
                ? record.stage.kind != .knee : criterion.stages.contains(record.stage.name)
        }
        var worst: (value: Double, stage: String, tenant: String?)?
        for record in about {
            let parties: [String?] =
                switch criterion.party {
                case .all: [nil]
                case .each: record.tenants
                case .tenant(let name): [name]
                }
            for party in parties {
                guard let value = record.value(of: criterion, tenant: party) else { continue }
                let isWorse =
                    worst.map { known in
                        criterion.relation == .equal
                            ? (value - criterion.bound).magnitude > (known.value - criterion.bound).magnitude
                            : criterion.relation.breaksUpwards ? value > known.value : value < known.value
                    } ?? true
                if isWorse { worst = (value, record.stage.name, party) }
            }
        }
        let verdict: Verdict =
            worst.map { criterion.relation.holds($0.value, criterion.bound) ? .pass : .fail } ?? .unknown
        self.init(
            criterion: criterion.description,
            verdict: verdict,
            value: worst?.value,
            unit: criterion.figure.unit,
            stage: worst?.stage,
            tenant: worst?.tenant
        )
    }

    /// The rows of a plan: its own criteria first, then those of its stages.
    package static func rows(of plan: LoadPlan, in records: [StageRecord]) -> [AcceptanceRow] {
        plan.criteria.map { AcceptanceRow($0, in: records) }
            + plan.stages.flatMap { stage in
                stage.criteria.map { AcceptanceRow($0, in: records.filter { $0.stage.name == stage.name }) }
            }
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
