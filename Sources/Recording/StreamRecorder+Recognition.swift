import Bytes
import Messages
import Streams
import Traces

extension StreamRecorder {
    /// Looks at the first bytes of a side until it is clear whether they are HTTP.
    ///
    /// On a connection seen from its start the first byte of a side is that of a message, or the side is not HTTP; a
    /// server may still answer in HTTP what was no request. On one that was joined, each segment may be the first
    /// of a message, and the sides may be the wrong way round: whoever sends a request is the client.
    mutating func sniff(_ bytes: Span<UInt8>, from side: Side, _ index: Int) {
        let place = Int(side.rawValue)
        if slots[index].rejected[place] {
            slots[index].unreadBytes &+= UInt64(bytes.count)
            return
        }
        let wasHeld = !slots[index].prefixes[place].isEmpty
        let verdict: HTTPSniffer.Classification
        if wasHeld {
            slots[index].prefixes[place].append(contentsOf: bytes)
            messages.heldBytes += bytes.count
            verdict = classifyPrefix(of: side, mayEndLine: bytes.firstIndex(of: 0x0A) != nil, index)
        } else {
            verdict = HTTPSniffer.classify(bytes)
        }
        switch verdict {
        case .request: recognise(requestsFrom: side, bytes, wasHeld: wasHeld, from: side, index)
        case .response:
            recognise(requestsFrom: side.other, bytes, wasHeld: wasHeld, from: side, index)
        case .needsMore, .neither:
            if !wasHeld { hold(bytes, from: side, index) }
            let held = slots[index].prefixes[place]
            switch HTTP2Sniffer.classify(held.span, isJoined: slots[index].isJoined) {
            case .client:
                return recognise(requestsFrom: side, bytes, wasHeld: true, from: side, index, isHTTP2: true)
            case .server:
                return recognise(
                    requestsFrom: side.other,
                    bytes,
                    wasHeld: true,
                    from: side,
                    index,
                    isHTTP2: true
                )
            case .either:
                return recognise(
                    requestsFrom: .client,
                    bytes,
                    wasHeld: true,
                    from: side,
                    index,
                    isHTTP2: true
                )
            case .needsMore: break
            case .neither: if case .neither = verdict { return rejectPrefix(of: side, index) }
            }
            let limits = messages.options.limits
            guard
                slots[index].prefixes[place].count > limits.sniffedBytes
                    || messages.heldBytes > limits.openBytes
            else { return }
            rejectPrefix(of: side, index)
        }
    }

    /// Looks at a prefix again when its line may have ended, or when it is twice as long as the last time: one-byte
    /// segments then cost no more than a few looks.
    private mutating func classifyPrefix(
        of side: Side,
        mayEndLine: Bool,
        _ index: Int
    ) -> HTTPSniffer.Classification {
        let place = Int(side.rawValue)
        let count = slots[index].prefixes[place].count
        guard mayEndLine || count >= 2 * slots[index].sniffed[place] else { return .needsMore }
        slots[index].sniffed[place] = count
        let held = slots[index].prefixes[place]
        return HTTPSniffer.classify(held.span)
    }

    private mutating func hold(_ bytes: Span<UInt8>, from side: Side, _ index: Int) {
        slots[index].prefixes[Int(side.rawValue)] = Array(bytes)
        messages.heldBytes += bytes.count
    }

    mutating func dropPrefix(of side: Side, _ index: Int) {
        let place = Int(side.rawValue)
        messages.heldBytes -= slots[index].prefixes[place].count
        slots[index].prefixes[place] = []
        slots[index].sniffed[place] = 0
    }

    /// What a side began with is no HTTP.
    private mutating func rejectPrefix(of side: Side, _ index: Int) {
        let place = Int(side.rawValue)
        let count = slots[index].prefixes[place].count
        if slots[index].isJoined, slots[index].passedOver < messages.options.limits.searchedBytes {
            passOver(count, index)
            dropPrefix(of: side, index)
            return
        }
        slots[index].unreadBytes &+= UInt64(count)
        let prefix = slots[index].prefixes[place]
        let name = ForeignProtocol.name(of: prefix.span)
        messages.note(.notHTTP, of: slots[index].kind(of: side), amount: UInt64(count), detail: name)
        dropPrefix(of: side, index)
        slots[index].rejected[place] = true
        guard side == .server || slots[index].rejected[Int(Side.server.rawValue)] else { return }
        slots[index].phase = .foreign
        slots[index].unreadBytes &+= UInt64(slots[index].prefixBytes)
        for side in Side.allCases { dropPrefix(of: side, index) }
    }

    mutating func passOver(_ count: Int, _ index: Int) {
        slots[index].passedOver &+= UInt64(count)
    }

    private mutating func recognise(
        requestsFrom client: Side,
        _ bytes: Span<UInt8>,
        wasHeld: Bool,
        from side: Side,
        _ index: Int,
        isHTTP2: Bool = false
    ) {
        slots[index].phase = .http
        slots[index].isSwapped = client == .server
        if slots[index].isSwapped { messages.connections[index].swapEnds() }
        let server = messages.connections[index].opening.server
        guard !leavesOut(server) else {
            slots[index].phase = .otherPort
            slots[index].unreadBytes &+= UInt64(slots[index].prefixBytes + (wasHeld ? 0 : bytes.count))
            for side in Side.allCases { dropPrefix(of: side, index) }
            return
        }
        messages.connections[index].endpoint = messages.endpoints.row(of: server, isHTTP: true)
        if slots[index].passedOver > 0 {
            let start = (time: messages.connections[index].openedAt, offset: UInt64(0))
            let kind = slots[index].kind(of: side)
            messages.note(.beforeJoin, of: kind, amount: slots[index].passedOver, at: start)
        }
        let limits = messages.options.http
        let isJoined = slots[index].isJoined
        slots[index].conversation =
            isHTTP2
            ? HTTPConversation(http2: limits, joined: isJoined)
            : HTTPConversation(
                limits: limits,
                joined: isJoined,
                mayLackRequests: !messages.connections[index].opening.sawHandshake
            )
        for side in Side.allCases where slots[index].hasGap[Int(side.rawValue)] {
            let kind = slots[index].kind(of: side)
            slots[index].conversation?.lose(kind)
        }
        for held in [side, side.other] {
            let prefix = slots[index].prefixes[Int(held.rawValue)]
            dropPrefix(of: held, index)
            let kind = slots[index].kind(of: held)
            if held == side, !wasHeld {
                slots[index].conversation?.receive(bytes, from: kind, into: &messages)
            } else if !prefix.isEmpty {
                slots[index].conversation?.receive(prefix.span, from: kind, into: &messages)
            }
        }
    }
}

extension ConnectionMessages {
    fileprivate mutating func swapEnds() {
        swap(&opening.client, &opening.server)
        notes.swapDirections()
    }
}
