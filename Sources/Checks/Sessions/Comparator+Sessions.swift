import Bytes
import Messages
import Packets
import Traces

extension Comparator {
    /// Tells the log of sessions of an answer that was compared, or of a request without one; `groups` are the numbers of
    /// the groups of its findings, `nil` for those in none.
    mutating func noteSession(
        _ findings: [(finding: Finding, group: Int?, isExplained: Bool)],
        of place: ExpectationTable.Place,
        loop: UInt32,
        expected: StoredResponse?
    ) {
        guard findings.isEmpty ? sessions.isListening : sessions.isLooking,
            let request = expectations[place].request
        else { return }
        var pass = expectations.key(at: place)
        pass.loop = loop
        let changes = changes(findings)
        var answer = SessionLog.Answer(
            key: pass,
            route: expectations[place].route,
            start: request.start.nanoseconds,
            end: expected?.end ?? expectations[place].end,
            request: SessionRequest(
                request,
                in: pass,
                readsFields: sessions.readsFields || !changes.isEmpty,
                &sessionHead
            ),
            changes: changes
        )
        if !changes.isEmpty, !answer.request.isSafe { addNames(to: &answer, at: place, expected) }
        sessions.note(answer)
        if !sessions.isLooking { sessions.close(table.routes) }
    }

    /// What differs, each group once.
    private func changes(
        _ findings: [(finding: Finding, group: Int?, isExplained: Bool)]
    ) -> [SessionLog.Change] {
        var changes: [SessionLog.Change] = []
        for (finding, group, isExplained) in findings {
            guard let group else { continue }
            if let index = changes.firstIndex(where: { $0.group == group }) {
                changes[index].count += 1
                continue
            }
            changes.append(
                SessionLog.Change(
                    group: group,
                    kind: finding.kind,
                    field: finding.field,
                    value: finding.change,
                    statuses: finding.statuses,
                    isExplained: isExplained
                )
            )
        }
        return changes
    }

    /// Adds what the recorded answer named: in its body, in where it led, in cookies.
    private mutating func addNames(
        to answer: inout SessionLog.Answer,
        at place: ExpectationTable.Place,
        _ expected: StoredResponse?
    ) {
        var message: RecordedMessage?
        if case .message(let kept) = expectations[place].response { message = kept }
        var body = message?.body ?? []
        if case .decoded(let decoded)? = expected?.body { body = decoded }
        let named = SessionValues.named(in: body.span)
        answer.named = named.values
        answer.givesToken = named.hasToken
        guard let message, (try? message.head.parse(into: &sessionHead)) != nil else { return }
        if let location = sessionHead.value(of: "location") {
            var parts: [UInt64] = []
            SessionValues.forEachPart(of: location) { parts.append($0.mixedHash) }
            // The rest of where it leads is common to many answers.
            answer.named += parts.suffix(1)
        }
        var index = sessionHead.fieldIndex(of: "set-cookie")
        while let field = index, answer.cookies.count < SessionRequest.mostKeys {
            let value = sessionHead.value(of: sessionHead.fields[field])
            let pair = value.extracting(0..<(value.firstIndex(of: 0x3B) ?? value.count))
            answer.cookies.append(.credential(pair, in: answer.key))
            index = sessionHead.fieldIndex(of: "set-cookie", from: field + 1)
        }
    }

    /// Says of each group what it follows from in the sessions that were seen.
    mutating func settleSessions() {
        sessions.close(table.routes)
        let found = sessions.consequences(of: log.groups, routeOfGroup: log.routes)
        for (group, consequence) in found.sorted(by: { $0.key < $1.key }) {
            log.follow(group, consequence)
        }
    }
}
