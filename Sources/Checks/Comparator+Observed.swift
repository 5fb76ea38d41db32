import Messages
package import Traces

extension Comparator {
    /// Takes a message of the replay; interim responses are passed over.
    ///
    /// A request that is flagged as unanswered counts as failed.
    package mutating func observe(_ message: RecordedMessage) {
        guard !message.end.flags.contains(.interim) else { return }
        var key = Key(exchange: message.exchange)
        if let reference = message.head.of {
            if let trace, reference.trace != trace {
                counts.foreign += 1
                return
            }
            key = Key(exchange: reference.exchange, loop: reference.loop, copy: reference.copy)
        }
        let loop = key.loop
        if !joinsLoops { key = Key(exchange: key.exchange) }
        switch message.kind {
        case .request:
            sawObservedRequest = true
            expectations[key]?.wasSent = true
            if message.end.flags.contains(.noResponse) { fail(key, loop: loop, reason: "none") }
            if let head = try? message.head.parsed() {
                expectations[key]?.observedAuthority = head.authority
            }
        case .response:
            guard let head = try? message.head.parsed() else {
                counts.unreadable += 1
                return
            }
            answer(message, head, key, loop: loop)
        }
    }

    /// Says that the request of a recorded exchange was sent and failed; `reason` is shown in the report.
    package mutating func observeFailure(of exchange: UInt64, loop: UInt32 = 0, reason: String) {
        fail(Key(exchange: exchange, loop: joinsLoops ? loop : 0), loop: loop, reason: reason)
    }

    private mutating func answer(_ message: RecordedMessage, _ head: borrowing Head, _ key: Key, loop: UInt32)
    {
        guard let expectation = expectations[key], let expected = expectation.response else {
            counts.unexpected += 1
            return
        }
        let observed = StoredResponse(
            message,
            head: head,
            authority: expectation.observedAuthority ?? target,
            names: headers,
            limits: limits
        )
        if evidence != nil {
            learn(expected, observed, key, expectation)
            return
        }
        var comparison = ResponseComparison(names: headers, limits: limits)
        var judge = DifferenceJudge(
            rules: table.ruleSets[expectation.ruleSet],
            noise: table.noiseIndices[expectation.route],
            limits: limits
        )
        comparison.compare(expected, observed, into: &judge)
        settle(judge, comparison.bodyOutcome, key, expectation, loop: loop)
    }

    /// Holds an answer of an unchanged target against the recording, and against the answer of the run before.
    private mutating func learn(
        _ expected: StoredResponse,
        _ observed: StoredResponse,
        _ key: Key,
        _ expectation: Expectation
    ) {
        var route = evidence?.routes.removeValue(forKey: expectation.route) ?? RouteEvidence()
        for (earlier, isRecorded) in [(expected, true), (expectation.previous, false)] {
            guard let earlier else { continue }
            var comparison = ResponseComparison(names: headers, limits: limits)
            var sink = LearningSink(route, isRecorded: isRecorded)
            comparison.compare(earlier, observed, into: &sink)
            route = sink.evidence
        }
        evidence?.routes[expectation.route] = route
        expectations[key]?.previous = observed
    }

    private mutating func settle(
        _ judge: DifferenceJudge,
        _ body: ResponseComparison.BodyOutcome,
        _ key: Key,
        _ expectation: Expectation,
        loop: UInt32
    ) {
        let differs = !judge.findings.isEmpty || judge.foundBeyondLimit > 0
        counts.compared += 1
        counts.ignored += judge.ignored
        counts.explained += judge.explained.count
        counts.differencesBeyondLimit += judge.foundBeyondLimit
        if differs { counts.different += 1 }
        switch body {
        case .compared: break
        case .cut: counts.bodiesCut += 1
        case .notComparable: counts.bodiesNotCompared += 1
        }
        table.update(expectation.route) {
            $0.compared += 1
            if differs { $0.different += 1 }
        }
        let hasOtherStatus = judge.findings.contains { $0.field == .status }
        for finding in judge.findings {
            var difference = difference(finding, exchange: key.exchange, loop: loop, route: expectation.route)
            difference.isConsequence = hasOtherStatus && finding.field != .status
            log.add(difference, route: expectation.route)
        }
        let explained = judge.explained.map { field, finding in
            let route = expectation.route
            return (field, difference(finding, exchange: key.exchange, loop: loop, route: route))
        }
        drift.note(explained, route: expectation.route)
        if !expectation.wasAnswered {
            expectations[key]?.wasAnswered = true
            releasable.append(key)
        }
    }

    private mutating func fail(_ key: Key, loop: UInt32, reason: String) {
        guard let expectation = expectations[key], let response = expectation.response else { return }
        expectations[key]?.hasFailed = true
        noResponse(expectation.route, response, exchange: key.exchange, loop: loop, reason: reason)
    }

    mutating func noResponse(
        _ route: Int,
        _ response: StoredResponse,
        exchange: UInt64,
        loop: UInt32,
        reason: String
    ) {
        counts.noResponse += 1
        table.update(route) { $0.noResponse += 1 }
        let finding = Finding(
            field: .response,
            kind: .noResponse,
            expected: ShownValue(response.status),
            observed: ShownValue(text: reason)
        )
        log.add(difference(finding, exchange: exchange, loop: loop, route: route), route: route)
    }

    private func difference(_ finding: Finding, exchange: UInt64, loop: UInt32, route: Int) -> Difference {
        Difference(
            exchange: exchange,
            loop: loop,
            route: table.routes[route].name,
            field: finding.field,
            kind: finding.kind,
            expected: finding.expected,
            observed: finding.observed
        )
    }
}
