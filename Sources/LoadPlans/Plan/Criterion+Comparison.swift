import Replay

extension Criterion.Figure {
    /// Reads `2x against STAGE` or `1.5x + 20ms against last run`, of which `first` has been taken already; `nil` where
    /// `first` is no multiple.
    func comparison(
        _ first: String,
        _ rest: inout ArraySlice<String>,
        _ refusal: (String) -> UnreadableValue
    ) throws(UnreadableValue) -> Criterion.Comparison? {
        var words = [first]
        while let word = rest.first, word == "+" || words.last == "+" {
            words.append(word)
            rest = rest.dropFirst()
        }
        let parts = words.joined().split(separator: "+", omittingEmptySubsequences: false)
        guard parts[0].hasSuffix("x"), let factor = Self.number(parts[0].dropLast()), factor > 0 else {
            return nil
        }
        var slack = 0.0
        if parts.count > 1 {
            guard parts.count == 2, let more = bound(String(parts[1])) else {
                throw refusal(
                    "'\(words.joined(separator: " "))' is no bound for it; give one such as 2x + 20ms"
                )
            }
            slack = more
        }
        let isAgainst = rest.popFirst() == "against"
        guard isAgainst, let name = rest.popFirst() else {
            throw refusal("'against STAGE' or 'against last run' stands behind a multiple such as '\(first)'")
        }
        if name == "last", rest.first == "run" {
            rest = rest.dropFirst()
            return Criterion.Comparison(factor: factor, slack: slack, place: .lastRun)
        }
        return Criterion.Comparison(factor: factor, slack: slack, place: .stage(name))
    }
}

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
                records.first { $0.stage.name == name }.flatMap { $0.value(of: self, tenant: tenant) }
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
