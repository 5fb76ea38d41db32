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
            names: rules.headers,
            limits: limits
        )
        var comparison = ResponseComparison(
            names: rules.headers,
            rules: table.ruleSets[expectation.ruleSet],
            limits: limits
        )
        comparison.compare(expected, observed)
        settle(comparison, key, expectation, loop: loop)
    }

    private mutating func settle(
        _ comparison: ResponseComparison,
        _ key: Key,
        _ expectation: Expectation,
        loop: UInt32
    ) {
        let differs = !comparison.findings.isEmpty || comparison.foundBeyondLimit > 0
        counts.compared += 1
        counts.ignored += comparison.ignored
        counts.differencesBeyondLimit += comparison.foundBeyondLimit
        if differs { counts.different += 1 }
        switch comparison.bodyOutcome {
        case .compared: break
        case .cut: counts.bodiesCut += 1
        case .notComparable: counts.bodiesNotCompared += 1
        }
        table.update(expectation.route) {
            $0.compared += 1
            if differs { $0.different += 1 }
        }
        for finding in comparison.findings {
            add(finding, exchange: key.exchange, loop: loop, route: expectation.route)
        }
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
        add(finding, exchange: exchange, loop: loop, route: route)
    }

    private mutating func add(_ finding: Finding, exchange: UInt64, loop: UInt32, route: Int) {
        log.add(
            Difference(
                exchange: exchange,
                loop: loop,
                route: table.routes[route].name,
                field: finding.field,
                kind: finding.kind,
                expected: finding.expected,
                observed: finding.observed
            ),
            route: route
        )
    }
}
