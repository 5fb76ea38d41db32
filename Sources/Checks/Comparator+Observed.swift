import Bytes
import Messages
package import Traces

extension Comparator {
    /// Takes a message of the replay; interim responses are passed over.
    ///
    /// A request that is flagged as unanswered counts as failed.
    package mutating func observe(_ message: RecordedMessage) {
        guard !message.end.flags.contains(.interim) else { return }
        guard let key = key(of: message) else {
            counts.foreign += 1
            return
        }
        let loop = message.head.of?.loop ?? 0
        switch message.kind {
        case .request:
            sawObservedRequest = true
            guard let place = expectations.place(of: key) else { return }
            expectations[place].wasSent = true
            expectations[place].observedRequest = message.head
            if message.end.flags.contains(.noResponse) { fail(place, loop: loop, reason: "none") }
        case .response:
            do {
                try message.head.parse(into: &observedHead)
            } catch {
                counts.unreadable += 1
                return
            }
            guard let place = expectations.place(of: key), expectations[place].hasResponse else {
                if expectations.wasReleased(key) { counts.afterRelease += 1 } else { counts.unexpected += 1 }
                unlike?.insert(key.exchange)
                return
            }
            answer(message, at: place, loop: loop)
        }
    }

    /// Whether the recorded exchange of an observed message has not come yet, so that more of the recording has to be read
    /// before the message is observed; where there is none in all of it, that shows only at its end.
    package func awaits(_ message: RecordedMessage) -> Bool {
        guard !message.end.flags.contains(.interim), let key = key(of: message) else { return false }
        guard let place = expectations.place(of: key) else { return !expectations.wasReleased(key) }
        return message.kind == .response && !expectations[place].hasResponse
            && !expectations[place].isWithoutResponse
    }

    /// What an observed message answers; `nil` where that is of another trace.
    private func key(of message: RecordedMessage) -> ExchangeKey? {
        guard let reference = message.head.of else { return ExchangeKey(exchange: message.exchange) }
        if let trace, reference.trace != trace { return nil }
        guard !joinsLoops else {
            return ExchangeKey(exchange: reference.exchange, loop: reference.loop, copy: reference.copy)
        }
        return ExchangeKey(exchange: reference.exchange, loop: loop == nil ? 0 : reference.loop)
    }

    /// Says that the request of a recorded exchange was sent and failed; `reason` is shown in the report.
    package mutating func observeFailure(of exchange: UInt64, loop: UInt32 = 0, reason: String) {
        let key = ExchangeKey(exchange: exchange, loop: joinsLoops || self.loop != nil ? loop : 0)
        guard let place = expectations.place(of: key) else { return }
        fail(place, loop: loop, reason: reason)
    }

    /// Takes an answer, of which the head has been parsed.
    private mutating func answer(_ message: RecordedMessage, at place: ExpectationTable.Place, loop: UInt32) {
        let ruleSet = expectations[place].ruleSet
        let route = expectations[place].route
        guard let (expected, observed) = pair(message, at: place) else {
            counts.unreadable += 1
            return
        }
        if evidence != nil {
            learn(expected, observed, at: place)
            return
        }
        let noise = table.noiseIndices[route]
        var judge = DifferenceJudge(
            rules: noise == nil ? table.ruleSets[ruleSet] : table.ruleSetsWithNoise[ruleSet],
            number: ruleSet,
            noise: noise,
            moments: (expected.end, observed.end),
            references: OwnReferences(
                expected: expectations[place].request,
                observed: expectations[place].observedRequest,
                target: target
            ),
            limits: limits
        )
        comparison.compare(expected, observed, into: &judge)
        if noise != nil, case .message = expectations[place].response { compareNewHeaders(into: &judge) }
        settle(judge, comparison.bodyOutcome, at: place, loop: loop, expected: expected)
    }

    /// The recorded response and the observed one in the form for comparing, with the values of those header fields that
    /// may differ.
    private mutating func pair(
        _ message: RecordedMessage,
        at place: ExpectationTable.Place
    ) -> (StoredResponse, StoredResponse)? {
        let recorded: RecordedMessage
        switch expectations[place].response {
        case .none: return nil
        case .stored(let stored):
            return (stored, self.stored(message, observedHead, authority: observedAuthority(at: place)))
        case .message(let kept): recorded = kept
        }
        guard (try? recorded.head.parse(into: &expectedHead)) != nil else { return nil }
        // What is learned is held against the answers of other runs, too.
        if evidence != nil {
            let authority = authority(of: expectations[place].request)
            return (
                stored(recorded, expectedHead, authority: authority),
                stored(message, observedHead, authority: observedAuthority(at: place))
            )
        }
        var left = noValues
        var right = noValues
        for (index, name) in headers.enumerated()
        where !ComparedHeader.isSpelledAlike(name, in: expectedHead, observedHead) {
            let isReference = ComparedHeader.isReference(name)
            left[index] = ComparedHeader.value(
                of: name,
                in: expectedHead,
                authority: isReference ? authority(of: expectations[place].request) : nil
            )
            right[index] = ComparedHeader.value(
                of: name,
                in: observedHead,
                authority: isReference ? observedAuthority(at: place) : nil
            )
        }
        return (
            StoredResponse(recorded, head: expectedHead, headers: left, limits: limits),
            StoredResponse(message, head: observedHead, headers: right, limits: limits)
        )
    }

    /// Tells of fields of the answer that neither the recorded one has nor any that the noise was learned from.
    private func compareNewHeaders(into judge: inout DifferenceJudge) {
        for field in observedHead.fields where field.name.count <= NoiseHeaders.longestName {
            let name = observedHead.bytes.span.extracting(field.name.bounds)
            guard !knownHeaders.contains(name.caselessNumber()), name.count > 0, name[0] != 0x3A,
                expectedHead.fieldIndex(of: name) == nil
            else { continue }
            let text = String(decoding: Array(name), as: UTF8.self).lowercased()
            let value = ComparedHeader.value(of: text, in: observedHead, authority: nil) ?? ""
            judge.differ(.header(text), .added, nil, .header(text, value))
        }
    }

    /// What the observed request was sent to.
    private func observedAuthority(at place: ExpectationTable.Place) -> String? {
        authority(of: expectations[place].observedRequest) ?? target
    }

    /// Holds an answer of an unchanged target against the recording, and against the answer of the run before.
    private mutating func learn(
        _ expected: StoredResponse,
        _ observed: StoredResponse,
        at place: ExpectationTable.Place
    ) {
        let number = expectations[place].route
        var route = evidence?.routes.removeValue(forKey: number) ?? RouteEvidence()
        let asked = expectations[place].observedRequest
        for (earlier, isRecorded) in [(expected, true), (expectations[place].previous, false)] {
            guard let earlier else { continue }
            let references = OwnReferences(
                expected: isRecorded ? expectations[place].request : asked,
                observed: asked,
                target: target
            )
            var sink = LearningSink(route, isRecorded: isRecorded, references: references)
            comparison.compare(earlier, observed, into: &sink)
            route = sink.evidence
        }
        evidence?.routes[number] = route
        expectations[place].previous = observed
    }

    private mutating func settle(
        _ judge: DifferenceJudge,
        _ body: ResponseComparison.BodyOutcome,
        at place: ExpectationTable.Place,
        loop: UInt32,
        expected: StoredResponse
    ) {
        let route = expectations[place].route
        let exchange = expectations.key(at: place).exchange
        let differs = !judge.findings.isEmpty || judge.foundBeyondLimit > 0
        counts.compared += 1
        counts.ignored += judge.ignored
        counts.explained += judge.explained.count
        counts.differencesBeyondLimit += judge.foundBeyondLimit
        if differs { counts.different += 1 }
        if differs || body != .compared { unlike?.insert(exchange) }
        switch body {
        case .compared: break
        case .cut: counts.bodiesCut += 1
        case .notComparable: counts.bodiesNotCompared += 1
        }
        table.update(route) {
            $0.compared += 1
            if differs { $0.different += 1 }
        }
        let hasOtherStatus = judge.findings.contains { $0.field == .status }
        var noted: [(finding: Finding, group: Int?, isExplained: Bool)] = []
        for finding in judge.findings {
            var difference = difference(finding, exchange: exchange, loop: loop, route: route)
            difference.isConsequence = hasOtherStatus && finding.field != .status
            noted.append((finding, log.add(difference, route: route), difference.isConsequence))
        }
        noteSession(noted, of: place, loop: loop, expected: expected)
        if !judge.explained.isEmpty {
            let explained = judge.explained.map { field, finding in
                (field, difference(finding, exchange: exchange, loop: loop, route: route))
            }
            drift.note(explained, route: route)
        }
        if !expectations[place].wasAnswered { noteAnswered(place) }
    }

    private mutating func fail(_ place: ExpectationTable.Place, loop: UInt32, reason: String) {
        guard expectations[place].hasResponse else { return }
        expectations[place].hasFailed = true
        let found = noResponse(
            expectations[place].route,
            status: expectations[place].status,
            exchange: expectations.key(at: place).exchange,
            loop: loop,
            reason: reason
        )
        noteSession([(found.finding, found.group, false)], of: place, loop: loop, expected: nil)
    }

    /// Notes a request that was not answered; the number of the group that it is in.
    @discardableResult
    mutating func noResponse(
        _ route: Int,
        status: UInt16,
        exchange: UInt64,
        loop: UInt32,
        reason: String
    ) -> (finding: Finding, group: Int?) {
        counts.noResponse += 1
        table.update(route) { $0.noResponse += 1 }
        let finding = Finding(
            field: .response,
            kind: .noResponse,
            expected: ShownValue(status),
            observed: ShownValue(text: reason)
        )
        let group = log.add(difference(finding, exchange: exchange, loop: loop, route: route), route: route)
        return (finding, group)
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
