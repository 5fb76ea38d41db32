import Bytes

extension HTTPConversation {
    mutating func readResponses(_ bytes: Span<UInt8>, into sink: inout some MessageSink & ~Copyable) {
        var offset = 0
        while true {
            let step = responses.next(bytes, at: &offset)
            switch step {
            case .more:
                return
            case .began:
                beginResponse()
                sink.receive(.began(.response, answer.ordinal), bytes: Span())
            case .head:
                takeResponseHead()
                sink.head(&responses.head, of: answer.ordinal)
            case .body(let range):
                sink.receive(.body(.response, answer.ordinal), bytes: bytes.extracting(range.bounds))
            case .end(let end):
                sink.receive(.end(.response, answer.ordinal, end), bytes: Span())
                if endResponse() {
                    // What is held of a request that was never whole must end, or its bytes stay pending for good.
                    requests.leaveHTTP()
                    readRequests(Span(), into: &sink)
                    if answer.isHTTP2 {
                        continueAsHTTP2()
                    } else {
                        if isTunnel { tunnelStart = [] }
                    }
                    let rest = bytes.extracting(offset...)
                    if !rest.isEmpty { receive(rest, from: .response, into: &sink) }
                    return
                }
            case .abandoned(let answerable):
                sink.receive(.abandoned(.response, answer.ordinal), bytes: Span())
                if answerable { giveUpResponse() }
            default:
                // What cannot be read may have been responses.
                if case .skipped(_, let reason) = step, reason != .upgraded {
                    pairing.loseResponses(.possible)
                }
                sink.pass(step, .response, answer.ordinal, from: bytes, endingAt: offset, of: responses)
            }
        }
    }

    private mutating func beginResponse() {
        answer.isInterim = false
        answer.isUpgrade = false
        answer.isHTTP2 = false
        // Nothing was sent since the last one was answered.
        if answeredOffset == requestOffset { pairing.noticePipelining() }
        answer.requestOffset = requestOffset
        var received = queue.count
        // No server answers a head that it has not received to its end.
        if pairing.isPartial {
            received = queue.count(endingBefore: requestOffset &- min(requestOffset, unreadRequestBytes))
        }
        let answered = pairing.beginResponse(to: queue, received: received)
        if responses.followsGap { answer.followsInterim = false }
        let unread = queue.count &- received
        switch answered {
        case .oldest: break
        case .youngest: passOver(allBut: unread &+ 1)
        case .unseen: passOver(allBut: unread)
        case .lost: passOver(allBut: 0)
        }
        if answered == .unseen, unread > 0 {
            answer.ordinal = takeOrdinal()
            answer.hasNoEntry = true
            answer.followsInterim = false
            responses.mark(.noRequest)
            return
        }
        if answer.followsInterim, answer.hasNoEntry {
            responses.mark(.noRequest)
            return
        }
        guard let entry = queue.front else {
            answer.ordinal = takeOrdinal()
            answer.hasNoEntry = true
            responses.mark(.noRequest)
            return
        }
        answer.ordinal = entry.ordinal
        answer.hasNoEntry = false
        if entry.isAbandoned { responses.mark(.noRequest) }
    }

    private mutating func takeResponseHead() {
        let method = answeredMethod
        responses.decideFraming(answering: method)
        // Where the capture may hold one direction only, responses are taken at their word.
        if responses.flags.contains(.noRequest), !mayLackRequests || requests.hasBegun {
            responses.requestIsUnknown()
        }
        let status = responses.head.status ?? 0
        if status == 101, continuesAsHTTP2 {
            answer.isUpgrade = true
            answer.isHTTP2 = true
            // The answer to the request itself follows, on stream 1.
            responses.mark([.upgraded, .interim])
        } else if status == 101 || (method == .connect && (200...299).contains(status)) {
            answer.isUpgrade = true
            responses.mark(.upgraded)
            responses.leaveHTTP()
        } else if (100...199).contains(status) {
            answer.isInterim = true
            responses.mark(.interim)
        } else if !answer.hasNoEntry, !answer.followsInterim, queue.count == 1 {
            requests.bodyMayBeWithheld()
        }
    }

    /// Whether the response under way says that HTTP/2 in clear text follows.
    private var continuesAsHTTP2: Bool {
        guard let protocols = responses.head.value(of: "upgrade" as StaticString) else { return false }
        return protocols.equalsIgnoringCase("h2c")
    }

    /// Whether the response under way opens a tunnel.
    private var isTunnel: Bool { responses.head.status != 101 }

    private var answeredMethod: RequestMethod {
        guard !answer.hasNoEntry, let entry = queue.front, entry.ordinal == answer.ordinal else {
            return .other
        }
        return entry.method
    }

    /// Settles the exchange when its response has ended, and answers whether the connection leaves HTTP with it.
    private mutating func endResponse() -> Bool {
        answer.followsInterim = answer.isInterim
        if !answer.isInterim { answeredOffset = answer.requestOffset }
        if !answer.isInterim, !answer.isHTTP2, takeEntry() != nil { pairing.endExchange() }
        return answer.isUpgrade
    }

    /// A response was there but could not be read: its request waits no longer.
    private mutating func giveUpResponse() {
        answer.followsInterim = false
        if let entry = takeEntry(), !entry.isAbandoned { passOver(entry.ordinal) }
    }

    /// Takes the request that is answered out of the queue, if it is still there.
    mutating func takeEntry() -> RequestQueue.Entry? {
        guard !answer.hasNoEntry, queue.front?.ordinal == answer.ordinal else { return nil }
        return queue.removeFirst()
    }

    /// Waits no longer for responses to any but the `kept` youngest requests.
    mutating func passOver(allBut kept: Int) {
        while queue.count > kept, let entry = queue.removeFirst() {
            if !entry.isAbandoned { passOver(entry.ordinal) }
        }
    }

    mutating func passOver(_ ordinal: ExchangeOrdinal) {
        if passedOver.count < responses.limits.outstandingRequests {
            passedOver.append(ordinal)
        } else {
            forgottenRequests &+= 1
        }
    }
}
