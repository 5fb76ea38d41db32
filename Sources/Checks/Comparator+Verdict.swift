extension Comparator {
    /// Settles the exchanges without an answer and draws the verdict.
    ///
    /// - An answer that differs, and a request that was sent and not answered, fail the check.
    /// - A recorded exchange of which the observed trace has neither request nor answer was not sent, which leaves
    ///   the check inconclusive. Where the observed trace holds no requests at all that cannot be told from a
    ///   failure, and it fails, unless the input is known to be damaged.
    /// - With nothing compared, damaged input, answers to another trace or bodies that could not be compared, a check
    ///   that found no difference is inconclusive.
    package consuming func finish() -> CheckResult {
        settleSessions()
        settleUnanswered()
        for group in drift.groups(
            routes: table.routes,
            noise: table.noises,
            level: limits.falseDiscoveryRate
        ) { log.add(group) }
        counts.differences = log.count
        counts.ungrouped = log.ungrouped
        let reasons = reasons()
        let hasFailed = log.count > 0 || counts.differencesBeyondLimit > 0
        var result = CheckResult(
            verdict: hasFailed ? .fail : reasons.isEmpty ? .pass : .inconclusive,
            reasons: reasons,
            counts: counts,
            routes: table.routes
                .filter { $0.expected + $0.compared + $0.noResponse > 0 }
                .sorted { $0.name < $1.name },
            groups: log.sortedGroups,
            differences: log.differences
        )
        result.answersOfBaseline = answersOfBaseline
        result.unlike = unlike ?? []
        return result
    }

    private mutating func settleUnanswered() {
        let silenceIsFailure = !sawObservedRequest && counts.compared > 0 && damage.isEmpty
        for (key, expectation) in expectations.sorted
        where expectation.hasResponse && !expectation.wasAnswered && !expectation.hasFailed {
            if expectation.wasSent || silenceIsFailure {
                noResponse(
                    expectation.route,
                    status: expectation.status,
                    exchange: key.exchange,
                    loop: key.loop,
                    reason: "none"
                )
            } else if loop == nil || key.loop == 0 {
                counts.notSent += 1
            }
        }
    }

    private func reasons() -> [String] {
        var reasons = damage
        func add(_ count: Int, _ sentence: String) {
            if count > 0 { reasons.append("\(count) \(sentence)") }
        }
        if counts.expected == 0 {
            reasons.append("the recording holds no response")
        } else if counts.compared == 0, counts.noResponse == 0 {
            reasons.append("no answer could be held against a recorded one")
        }
        add(counts.notSent, "recorded requests were not sent")
        add(counts.foreign, "observed messages answer another trace")
        add(counts.unreadable, "messages have a head that cannot be read")
        add(counts.overLimit, "recorded responses are beyond the limit of \(limits.exchanges)")
        add(counts.bodiesNotCompared, "bodies could not be compared")
        add(counts.afterRelease, "answers came again after what they are compared with was given up")
        return reasons
    }
}
