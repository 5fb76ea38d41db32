import Bytes

extension HTTPConversation {
    mutating func readRequests(_ bytes: Span<UInt8>, into sink: inout some MessageSink & ~Copyable) {
        var offset = 0
        while true {
            let step = requests.next(bytes, at: &offset)
            switch step {
            case .more:
                return
            case .began:
                beginRequest()
                sink.receive(.began(.request, requestOrdinal), bytes: Span())
            case .head:
                requests.decideFraming()
                let method = requests.head.requestMethod
                if pairing.isLost {
                    passOver(requestOrdinal)
                } else {
                    let end = requestOffset &+ UInt64(offset)
                    queue.updateLast { ($0.method, $0.headEnd) = (method, end) }
                }
                sink.head(&requests.head, of: requestOrdinal)
            case .abandoned(let answerable):
                if answerable {
                    let end = requestOffset &+ UInt64(offset)
                    queue.updateLast { ($0.isAbandoned, $0.headEnd) = (true, end) }
                } else {
                    queue.removeLast()
                }
                sink.receive(.abandoned(.request, requestOrdinal), bytes: Span())
            // The usual ones, for which the parser need not be handed on.
            case .body(let range):
                sink.receive(.body(.request, requestOrdinal), bytes: bytes.extracting(range.bounds))
            case .end(let end):
                sink.receive(.end(.request, requestOrdinal, end), bytes: Span())
            default:
                sink.pass(step, .request, requestOrdinal, from: bytes, endingAt: offset, of: requests)
            }
        }
    }

    private mutating func beginRequest() {
        requestOrdinal = takeOrdinal()
        if unreadResponseBytes > 0 { pairing.noticePipelining() }
        if pairing.isLost { return }
        let verdict = pairing.beginRequest(waiting: queue.count)
        switch verdict.waiting {
        case .stay: break
        case .areAnswered: passOver(allBut: 0)
        case .areLost:
            passOver(allBut: 0)
            requests.mark(.pipelined)
            return
        }
        if queue.count == requests.limits.outstandingRequests {
            queue.removeFirst()
            forgottenRequests &+= 1
        }
        if !queue.isEmpty { requests.mark(.pipelined) }
        queue.append(RequestQueue.Entry(ordinal: requestOrdinal, followsLoss: verdict.followsLoss))
    }
}

extension MessageSink where Self: ~Copyable {
    /// Hands on the steps that mean the same in both directions.
    mutating func pass(
        _ step: ParserStep,
        _ kind: MessageKind,
        _ ordinal: ExchangeOrdinal,
        from bytes: Span<UInt8>,
        endingAt offset: Int,
        of parser: borrowing HTTPParser
    ) {
        switch step {
        case .body(let range):
            receive(.body(kind, ordinal), bytes: bytes.extracting(range.bounds))
        case .heldBody:
            receive(.body(kind, ordinal), bytes: parser.trailers.span)
        case .bodyGap(let count):
            receive(.bodyGap(kind, ordinal, count: count), bytes: Span())
        case .trailers:
            receive(.trailers(kind, ordinal), bytes: parser.trailers.span)
        case .end(let end):
            receive(.end(kind, ordinal, end), bytes: Span())
        case .skipped(let count, .upgraded):
            // What was held as the start of a head stands in `trailers`.
            let isHeld = count > UInt64(offset)
            let skipped = isHeld ? parser.trailers.span : bytes.extracting((offset &- Int(count))..<offset)
            receive(.skipped(kind, count: count, .upgraded), bytes: skipped)
        case .skipped(let count, let reason):
            receive(.skipped(kind, count: count, reason), bytes: Span())
        case .more, .began, .head, .abandoned:
            preconditionFailure("the conversation itself takes \(step)")
        }
    }
}
