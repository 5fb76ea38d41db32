/// What a check found: the verdict, the counts behind it, and the differences, grouped and one by one.
package struct CheckResult: Hashable, Sendable {
    package var verdict: Verdict
    /// What kept the check from being complete, a sentence each; empty for a whole one.
    package var reasons: [String]
    package var counts: CheckCounts
    /// Sorted by name.
    package var routes: [CheckedRoute]
    /// The most frequent first.
    package var groups: [DifferenceGroup]
    /// How long the answers took, where both sides were observed.
    package var timing: TimingComparison?
    /// Whether a slower route fails the check; otherwise it is only said.
    package var timingDecides = true
    /// In the order of the rules.
    package var budgets: [BudgetResult] = []
    /// What was used of a baseline, if there was one.
    package var baseline: BaselineUse?
    /// Recorded exchanges that are held against an answer of the baseline.
    package var answersOfBaseline = 0
    /// Where it was asked for: exchanges whose answers are not as expected, or cannot be held against anything.
    package var unlike: Set<UInt64> = []
    /// In the order of discovery, up to ``CheckLimits/differences``; `counts.differences` has them all.
    package var differences: [Difference]

    package init(
        verdict: Verdict,
        reasons: [String],
        counts: CheckCounts,
        routes: [CheckedRoute],
        groups: [DifferenceGroup],
        differences: [Difference]
    ) {
        self.verdict = verdict
        self.reasons = reasons
        self.counts = counts
        self.routes = routes
        self.groups = groups
        self.differences = differences
    }
}

extension CheckResult {
    /// Adds what is said of the time that answers took; a route that got slower, or fails more often, fails the check.
    ///
    /// Unless it `decides`: then it is only said.
    package mutating func add(_ timing: TimingComparison, decides: Bool = true) {
        self.timing = timing
        timingDecides = decides
        if timing.hasRegression, decides { verdict = .fail }
    }

    /// Adds what became of the budgets; one that is not kept fails the check, and so does one of which nothing is known.
    package mutating func add(_ budgets: [BudgetResult]) {
        self.budgets = budgets
        if !budgets.allSatisfy(\.isKept) { verdict = .fail }
    }
}

/// Every exchange of the recording and every answer to it, in the bucket where it ended.
package struct CheckCounts: Hashable, Sendable {
    /// Recorded exchanges that have a response.
    package var expected = 0
    /// Answers held against a recorded response; more than `expected` when a recording was replayed in a loop.
    package var compared = 0
    /// Of those, the ones with a difference.
    package var different = 0
    /// Requests that were sent and got no response.
    package var noResponse = 0
    /// Recorded exchanges of which the observed side knows nothing.
    package var notSent = 0
    /// Answers for which no response was recorded.
    package var unexpected = 0
    /// Further answers to exchanges that were answered long before, beyond ``CheckLimits/answeredExchanges``.
    package var afterRelease = 0
    /// Answers to requests of another trace.
    package var foreign = 0
    /// Messages with a head that cannot be read.
    package var unreadable = 0
    /// Recorded exchanges beyond ``CheckLimits/exchanges``.
    package var overLimit = 0
    /// Compared answers of which the recording does not have the whole body; status and headers were compared.
    package var bodiesCut = 0
    /// Compared answers with bodies in codings that cannot be read, or kept as a fingerprint that does not match.
    package var bodiesNotCompared = 0
    package var differences = 0
    /// Differences that a rule let pass.
    package var ignored = 0
    /// Differences that the noise explains.
    package var explained = 0
    /// Differences beyond ``CheckLimits/differencesPerExchange``: counted, not told apart.
    package var differencesBeyondLimit = 0
    /// Differences in none of the groups, since there were too many of those.
    package var ungrouped = 0

    package init() {}
}

/// One route of the recording and how its answers fared.
package struct CheckedRoute: Hashable, Sendable {
    /// Method and template of the path.
    package var name: String
    package var expected = 0
    package var compared = 0
    package var different = 0
    package var noResponse = 0

    package init(name: String) {
        self.name = name
    }
}

/// The same difference in any number of exchanges.
package struct DifferenceGroup: Hashable, Sendable {
    package var route: String
    /// With the indices of arrays left open.
    package var field: String
    package var kind: Difference.Kind
    package var count: Int
    /// Of those, the ones that another difference explains, of the same answer or of an earlier one of the session.
    package var consequences = 0
    /// The earlier difference that they follow from, where that is of another answer.
    package var cause: Name?
    /// Later answers of sessions that differ because of it.
    package var followers = 0
    /// The first exchange of the recording that has it.
    package var first: UInt64
    /// A command line that sends the request of the example, where that was looked up.
    package var reproduction: String?
    /// The one that takes the least room to show, and of those the first.
    package var example: Difference

    package init(route: String, field: String, kind: Difference.Kind, count: Int, example: Difference) {
        self.route = route
        self.field = field
        self.kind = kind
        self.count = count
        self.example = example
        first = example.exchange
    }

    /// What tells a group from others.
    package struct Name: Hashable, Sendable {
        package var route: String
        package var field: String
        package var kind: Difference.Kind

        package init(_ group: DifferenceGroup) {
            route = group.route
            field = group.field
            kind = group.kind
        }
    }
}
