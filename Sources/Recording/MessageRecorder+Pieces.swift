import Anonymization
import Messages
import Packets
import Traces

extension MessageRecorder {
    /// Writes what can go of the messages of the current connection that have been open for long.
    ///
    /// To be called about once a second of packet time, with `now` as that time. Of a message of which less than one
    /// piece came since, everything goes out from then on as soon as it is there.
    mutating func deliverOpenMessages() {
        for kind in [MessageKind.request, .response] where connections[current].isOpen(kind) {
            for ordinal in connections[current].openOrdinals(kind) {
                connections[current].turn(to: ordinal, kind)
                deliverOpen(kind)
            }
        }
    }

    private mutating func deliverOpen(_ kind: MessageKind) {
        guard let delivery = connections[current][kind]?.delivery, delivery != .events, output.isAccepting
        else { return }
        if delivery == .whole {
            guard let message = connections[current][kind], !message.isFiltered,
                message.selection != .undecided, let head = message.head,
                let chosen = self.delivery(of: message, head)
            else { return }
            beginDelivery(kind, chosen)
        }
        connections[current][kind]?.measure()
        deliverHeld(kind)
    }

    /// How a message that is still open can go out by now; `nil` where it has to wait.
    private mutating func delivery(
        of message: borrowing OpenMessage,
        _ head: borrowing Head
    ) -> OpenMessage.Delivery? {
        let age = now.nanoseconds(since: message.start)
        guard age >= options.limits.openAge, head.kind == .response || !output.needsBody else {
            return nil
        }
        guard let body = output.openBody(of: head) else { return .pieces }
        // What is not all there is replaced whole in any case.
        guard !message.hasGap, !message.flags.contains(.truncated) else { return .masked }
        return switch body {
        case .jsonLines: .jsonLines
        case .lines: .lines
        case .grpc: .grpc
        case .opaque: .masked
        case .whole: age >= options.limits.heldAge ? .masked : nil
        }
    }

    /// Writes everything held of a body that is written in parts, but for what has to become whole first.
    mutating func deliverHeld(_ kind: MessageKind) {
        guard let delivery = connections[current][kind]?.delivery,
            let count = connections[current][kind]?.body.count, count > 0
        else { return }
        switch delivery {
        case .whole, .events: break
        case .pieces, .masked: deliver(count, of: kind)
        case .jsonLines: deliverParts(of: .jsonLines, kind, withRest: false)
        case .lines: deliverParts(of: .lines, kind, withRest: false)
        case .grpc: deliverParts(of: .grpc, kind, withRest: false)
        }
    }

    /// Writes the whole lines or messages of a body, and with `withRest` what is held behind them.
    ///
    /// A part that is longer than the limit, or not all there, is masked to its end. Once something is none of what the
    /// body is said to be, nothing of it can be judged any more.
    mutating func deliverParts(of body: OpenBody, _ kind: MessageKind, withRest: Bool) {
        // Taken out, so that its body is changed in place.
        guard var message = connections[current][kind].take() else { return }
        var start = 0
        if message.isInsideMask {
            let lineFeed = message.body.firstIndex(of: 0x0A)
            start = lineFeed.map { $0 + 1 } ?? message.body.count
            write(0..<start, of: &message, kind, masked: true)
            message.isInsideMask = lineFeed == nil
            message.searched = 0
        }
        var end = start
        if start < message.body.count {
            let rest = message.body.span.extracting(start..<message.body.count)
            end += rest.endOfWholeParts(of: body, searched: max(0, message.searched - start))
        }
        message.searched = message.body.count
        let isLast = withRest && message.isIntact
        // The last line needs no end.
        if isLast, body == .jsonLines || body == .lines { end = message.body.count }
        if end > start { write(start..<end, of: &message, kind, as: body) }
        let rest = message.body.count - end
        if rest > 0, withRest || rest > options.limits.eventBytes || message.delivery == .masked {
            if message.delivery != .masked { output.append(.masked(.incomplete)) }
            write(end..<message.body.count, of: &message, kind, masked: true)
            // Lines are found again; behind a cut message of gRPC nothing is.
            if body == .grpc { message.delivery = .masked }
            message.isInsideMask = true
            end = message.body.count
        }
        if end > 0 {
            heldBytes -= end
            if output.isAccepting { message.removeBody(end) } else { message.lose(end) }
        }
        connections[current][kind] = message
    }

    /// Writes parts that are whole.
    private mutating func write(
        _ range: Range<Int>,
        of message: inout OpenMessage,
        _ kind: MessageKind,
        as body: OpenBody
    ) {
        guard output.isAccepting else { return }
        var bytes = Array(message.body[range])
        let head = message.head
        if !output.anonymizePart(&bytes, of: body, head: head, in: message.scope, of: kind) {
            message.delivery = .masked
            message.isInsideMask = true
        }
        write(bytes, of: &message, kind)
    }

    /// Writes bytes that are held, as they are or as filler.
    private mutating func write(
        _ range: Range<Int>,
        of message: inout OpenMessage,
        _ kind: MessageKind,
        masked: Bool
    ) {
        guard output.isAccepting, !range.isEmpty else { return }
        var bytes = Array(message.body[range])
        if masked {
            let hasLines = message.delivery == .jsonLines || message.delivery == .lines
            Anonymizer.mask(&bytes, keepsLines: hasLines)
        }
        write(bytes, of: &message, kind)
    }

    /// Writes the first `count` bytes that are held of a body, as they are or masked.
    mutating func deliver(_ count: Int, of kind: MessageKind) {
        guard var message = connections[current][kind].take() else { return }
        heldBytes -= count
        if output.isAccepting {
            if message.delivery == .masked, !message.isInsideMask {
                message.isInsideMask = true
                noteMask(of: message)
            }
            write(0..<count, of: &message, kind, masked: message.delivery == .masked)
            message.removeBody(count)
        } else {
            message.lose(count)
        }
        connections[current][kind] = message
    }

    private mutating func noteMask(of message: borrowing OpenMessage) {
        var reason = WholeReplacement.incomplete
        if let head = message.head, case .opaque? = output.openBody(of: head) { reason = .unknownType }
        output.append(.masked(reason))
    }

    private mutating func write(_ bytes: [UInt8], of message: inout OpenMessage, _ kind: MessageKind) {
        if let head = message.head { repeatHead(head, of: &message, kind) }
        let connection = connectionNumber()
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + BodyRecord.maximumCount)
            let record = BodyRecord(
                kind: kind,
                exchange: message.exchange,
                connection: connection,
                time: message.last,
                bytes: bytes.count == end - start ? bytes : Array(bytes[start..<end])
            )
            output.append(.record(.body(record)))
            start = end
        }
    }
}
