import Checks

/// One thing for which a check failed, as tools that list findings want it: a difference, a slower route, a budget.
struct CheckFinding {
    /// What sort of thing it is; the raw value names it to tools, and stays.
    enum Rule: Hashable, CaseIterable {
        case difference(Difference.Kind)
        case slower
        case moreErrors
        case budget

        static var allCases: [Rule] {
            Difference.Kind.allCases.map(Rule.difference) + [.slower, .moreErrors, .budget]
        }

        var name: String {
            switch self {
            case .difference(let kind): "answer-\(kind.rawValue)"
            case .slower: "time-slower"
            case .moreErrors: "errors-more"
            case .budget: "budget-broken"
            }
        }
    }

    var rule: Rule
    /// Empty for what is said of all routes.
    var route: String
    /// The place in the answer, or the figure.
    var field: String
    /// In how many answers; 1 for what is said of all together.
    var count: Int
    /// What was expected and what came instead, in words.
    var sentence: String
    /// Another finding explains it.
    var isConsequence = false
    var example: Difference?
    var reproduction: String?
}

extension CheckReport {
    /// Everything for which the check failed: differences in their order, then times, then budgets.
    var findings: [CheckFinding] {
        let times = result.timingDecides ? result.timing?.routes ?? [] : []
        return result.groups.map(CheckFinding.init) + times.flatMap(CheckFinding.findings)
            + result.budgets.filter { !$0.isKept }.map(CheckFinding.init)
    }
}

extension CheckFinding {
    init(_ group: DifferenceGroup) {
        self.init(
            rule: .difference(group.kind),
            route: group.route,
            field: group.field,
            count: max(1, group.count),
            sentence: (["\(group.example.place): \(group.example.sentence)"] + group.sessionRemarks)
                .joined(separator: "; "),
            isConsequence: group.consequences == group.count,
            example: group.example,
            reproduction: group.reproduction
        )
    }

    init(_ result: BudgetResult) {
        let value = result.value.map { result.budget.shown($0) } ?? "no answer of this route"
        self.init(
            rule: .budget,
            route: "",
            field: result.budget.description,
            count: 1,
            sentence: "measured: \(value)"
        )
    }

    static func findings(of route: RouteTiming) -> [CheckFinding] {
        var findings = route.changes.filter { $0.verdict == .worse }.map { change in
            CheckFinding(
                rule: .slower,
                route: route.route,
                field: "p\(Int((change.quantile * 100).rounded()))",
                count: 1,
                sentence: change.sentence
            )
        }
        if route.errors.verdict == .worse {
            findings.append(
                CheckFinding(
                    rule: .moreErrors,
                    route: route.route,
                    field: "errors",
                    count: 1,
                    sentence: "\(route.errors.baseline.sentence), now \(route.errors.candidate.sentence)"
                )
            )
        }
        return findings
    }
}

extension CheckFinding.Rule {
    /// One sentence for the list of rules.
    var explanation: String {
        switch self {
        case .difference(let kind):
            switch kind {
            case .missing: "Something that was recorded is not in the answer."
            case .added: "The answer has something that was not recorded."
            case .renamed: "A member has another name, and the same value."
            case .type: "A value is of another type."
            case .value: "A value is another."
            case .order: "The elements of a list come in another order."
            case .bytes: "A body without structure has other bytes."
            case .incomplete: "The answer ended before it was whole."
            case .frequency: "What varies by itself varies more often than it did."
            case .noResponse: "A request was sent and got no answer."
            }
        case .slower: "A quantile of a route's service time is larger than the baseline's."
        case .moreErrors: "More requests of a route fail than in the baseline."
        case .budget: "A budget is not kept."
        }
    }
}
