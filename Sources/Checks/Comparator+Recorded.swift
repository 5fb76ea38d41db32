import Messages
package import Traces

extension Comparator {
    /// Takes a message of the recording; interim responses are passed over, and so is what a server sends unasked.
    package mutating func expect(_ message: RecordedMessage) {
        guard message.end.flags.isDisjoint(with: [.interim, .pushed]) else { return }
        var key = ExchangeKey(exchange: message.exchange, loop: loop ?? 0)
        if let reference = message.head.of {
            key = ExchangeKey(exchange: reference.exchange, loop: reference.loop, copy: reference.copy)
            joinsLoops = true
            if trace != nil { trace = reference.trace }
        }
        let known = expectations.place(of: key)
        guard known != nil || expectations.count < limits.exchanges else {
            if message.kind == .response { counts.overLimit += 1 }
            return
        }
        switch message.kind {
        case .request:
            guard let found = try? table.place(message.head) else {
                counts.unreadable += 1
                return
            }
            let place = known ?? expectations.insert(key)
            if expectations[place].hasResponse {
                // The response came first: it moves to the route that is known only now.
                table.update(RouteTable.unknown) { $0.expected -= 1 }
                table.update(found.route) { $0.expected += 1 }
            }
            expectations[place].route = found.route
            expectations[place].ruleSet = found.ruleSet
            expectations[place].request = message.head
            expectations[place].isWithoutResponse = message.end.flags.contains(.noResponse)
        case .response:
            expectResponse(message, at: known, key)
        }
    }

    private mutating func expectResponse(
        _ message: RecordedMessage,
        at known: ExpectationTable.Place?,
        _ key: ExchangeKey
    ) {
        if let known, expectations[known].hasResponse { return }
        do {
            try message.head.parse(into: &expectedHead)
        } catch {
            counts.unreadable += 1
            return
        }
        let place = known ?? expectations.insert(key)
        let count = message.body.count
        makeRoom(for: count)
        if bodyBytes + count > limits.bodyBytes {
            let authority = authority(of: expectations[place].request)
            var stored = stored(message, expectedHead, authority: authority)
            stored.compact()
            expectations[place].response = .stored(stored)
        } else {
            expectations[place].response = .message(message)
            bodyBytes += count
        }
        if (loop ?? 0) == 0 { counts.expected += 1 }
        let route = expectations[place].route
        table.update(route) { $0.expected += 1 }
    }

    /// What is kept of a response when it is looked at only later, or held against several.
    func stored(_ message: RecordedMessage, _ head: borrowing Head, authority: String?) -> StoredResponse {
        StoredResponse(
            message,
            head: head,
            headers: headers.map { ComparedHeader.value(of: $0, in: head, authority: authority) },
            limits: limits
        )
    }

    /// What a request was sent to; `nil` where that is not known.
    func authority(of request: HeadRecord?) -> String? {
        guard let request, let head = try? request.parsed() else { return nil }
        return head.authority
    }

    /// Lets answered exchanges go until `count` more bytes fit, as far as there are any.
    private mutating func makeRoom(for count: Int) {
        while bodyBytes + count > limits.bodyBytes, let place = popAnswered() {
            bodyBytes -= expectations[place].heldBytes
            guard !releases else {
                expectations.release(place)
                continue
            }
            guard case .message(let message) = expectations[place].response,
                let head = try? message.head.parsed()
            else {
                if case .stored(var stored) = expectations[place].response {
                    stored.compact()
                    expectations[place].response = .stored(stored)
                }
                continue
            }
            var stored = stored(message, head, authority: authority(of: expectations[place].request))
            stored.compact()
            expectations[place].response = .stored(stored)
        }
    }

    /// Whether nothing is asked about an exchange again, once its answer has come and some time has passed.
    private var releases: Bool { (joinsLoops || loop != nil) && evidence == nil }

    /// Notes that an answer has come; beyond the limit, the exchange that has been answered for longest is let go.
    mutating func noteAnswered(_ place: ExpectationTable.Place) {
        expectations[place].wasAnswered = true
        answered.append(place)
        guard releases else { return }
        while answered.count - firstAnswered > limits.answeredExchanges, let place = popAnswered() {
            bodyBytes -= expectations[place].heldBytes
            expectations.release(place)
        }
    }

    private mutating func popAnswered() -> ExpectationTable.Place? {
        guard firstAnswered < answered.count else { return nil }
        let place = answered[firstAnswered]
        firstAnswered += 1
        if firstAnswered > 1_024, firstAnswered > answered.count / 2 {
            answered.removeFirst(firstAnswered)
            firstAnswered = 0
        }
        return place
    }
}
