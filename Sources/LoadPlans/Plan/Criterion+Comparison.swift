extension Criterion {
    /// The stage that it compares with, where it does.
    package var comparedStage: String? {
        if case .stage(let name)? = comparison?.place { name } else { nil }
    }

    /// The bound of one tenant's figure, or of that of all together; `nil` where it has nothing to compare with.
    func bound(in records: [StageRecord], last: [AcceptanceRow], tenant: String?) -> Double? {
        guard let comparison else { return bound }
        let other: Double? =
            switch comparison.place {
            case .stage(let name):
                records.first { $0.stage.name == name && $0.tellsApart(self, tenant: tenant) }
                    .flatMap { $0.value(of: self, tenant: tenant) }
            case .lastRun:
                last.first { row in
                    row.criterion == description
                        && (stages.isEmpty || row.stage.map { stages.contains($0) } ?? false)
                }?.value
            }
        return other.map { $0 * comparison.factor + comparison.slack }
    }

    /// The figure in the stage where it is nearest to breaking a bound, without one.
    func value(in records: [StageRecord]) -> Double? {
        let parties: [String?] = if case .tenant(let name) = party { [name] } else { [nil] }
        let values = records.flatMap { record in parties.compactMap { record.value(of: self, tenant: $0) } }
        return relation.breaksUpwards ? values.max() : values.min()
    }

    /// The same about one stage.
    func about(_ stage: String) -> Criterion {
        Criterion(
            description: description,
            figure: figure,
            relation: relation,
            bound: bound,
            comparison: comparison,
            route: route,
            party: party,
            stages: [stage]
        )
    }
}
