import Messages
package import Traces

extension Comparator {
    /// Takes a message of the recording; interim responses are passed over, and so is what a server sends unasked.
    package mutating func expect(_ message: RecordedMessage) {
        guard message.end.flags.isDisjoint(with: [.interim, .pushed]) else { return }
        guard let head = try? message.head.parsed() else {
            counts.unreadable += 1
            return
        }
        var key = Key(exchange: message.exchange)
        if let reference = message.head.of {
            key = Key(exchange: reference.exchange, loop: reference.loop, copy: reference.copy)
            joinsLoops = true
            if trace != nil { trace = reference.trace }
        }
        guard expectations[key] != nil || expectations.count < limits.exchanges else {
            if message.kind == .response { counts.overLimit += 1 }
            return
        }
        switch message.kind {
        case .request: expectRequest(head, key)
        case .response: expectResponse(message, head, key)
        }
    }

    private mutating func expectRequest(_ head: borrowing Head, _ key: Key) {
        let (route, ruleSet) = table.place(head)
        let authority = head.authority
        if expectations[key]?.response != nil {
            // The response came first: it moves to the route that is known only now.
            table.update(RouteTable.unknown) { $0.expected -= 1 }
            table.update(route) { $0.expected += 1 }
        }
        expectations[key, default: Expectation()].route = route
        expectations[key]?.ruleSet = ruleSet
        expectations[key]?.authority = authority
    }

    private mutating func expectResponse(_ message: RecordedMessage, _ head: borrowing Head, _ key: Key) {
        let old = expectations[key] ?? Expectation()
        guard old.response == nil else { return }
        var response = StoredResponse(
            message,
            head: head,
            authority: old.authority,
            names: headers,
            limits: limits
        )
        makeRoom(for: response.bodyBytes)
        if bodyBytes + response.bodyBytes > limits.bodyBytes { response.compact() }
        bodyBytes += response.bodyBytes
        counts.expected += 1
        table.update(old.route) { $0.expected += 1 }
        expectations[key, default: old].response = response
    }

    /// Lets bodies of answered exchanges go until `count` more bytes fit, as far as there are any.
    private mutating func makeRoom(for count: Int) {
        while bodyBytes + count > limits.bodyBytes, firstReleasable < releasable.count {
            let key = releasable[firstReleasable]
            firstReleasable += 1
            bodyBytes -= expectations[key]?.response?.bodyBytes ?? 0
            expectations[key]?.response?.compact()
        }
        if firstReleasable > 1_024, firstReleasable > releasable.count / 2 {
            releasable.removeFirst(firstReleasable)
            firstReleasable = 0
        }
    }
}
