import Anonymization
import Bytes
import Messages
import Packets
import Traces

extension MessageRecorder {
    /// Writes the events of an open event stream that are whole, each with its own time.
    ///
    /// What is held behind them is written too where it is more than an event may hold, or `withRest` says so. A part
    /// of an event cannot be judged: where there is an anonymizer, it is masked, and so is what belongs to it.
    mutating func deliverEvents(_ kind: MessageKind, withRest: Bool) {
        // Taken out, so that its body is changed in place.
        guard var message = connections[current][kind].take() else { return }
        var start = 0
        var events = message.events
        while let end = events.nextEnd(in: message.body.span) {
            writeEvent(start..<end, of: &message, kind, isWhole: true)
            start = end
        }
        message.events = events
        let rest = message.body.count - start
        if rest > 0, withRest || rest > options.limits.eventBytes {
            // A record holds no more than this.
            while start < message.body.count {
                let end = min(message.body.count, start + TraceLimits.event)
                writeEvent(start..<end, of: &message, kind, isWhole: false)
                start = end
            }
        }
        if start > 0 {
            heldBytes -= start
            if output.isAccepting { message.removeBody(start) } else { message.lose(start) }
        }
        connections[current][kind] = message
    }

    private mutating func writeEvent(
        _ range: Range<Int>,
        of message: inout OpenMessage,
        _ kind: MessageKind,
        isWhole: Bool
    ) {
        defer { message.eventStart = now }
        begunEvents &+= 1
        counts.events.begun &+= 1
        guard output.isAccepting else {
            counts.events.diskFull &+= 1
            return
        }
        if let head = message.head { repeatHead(head, of: &message, kind) }
        var bytes = Array(message.body[range])
        var isRewritten = false
        if isAnonymizing {
            isRewritten = isWhole && !message.isInsideMask
            if !isRewritten { bytes.mask() }
            message.isInsideMask = !isWhole
        }
        let flags: EventFlags = isWhole ? [] : .incomplete
        counts.events.stored &+= 1
        counts.events.serverSent &+= 1
        counts.events.note(flags)
        let record = EventRecord(
            kind: kind,
            exchange: message.exchange,
            connection: connectionNumber(),
            time: message.last,
            eventKind: .serverSentEvent,
            opcode: 0,
            bytes: bytes,
            start: message.eventStart,
            flags: flags,
            wireLength: UInt64(range.count)
        )
        output.append(isRewritten ? .events(record, message.scope) : .record(.event(record)))
    }
}

extension [UInt8] {
    /// Replaces every byte but line ends by `x`.
    fileprivate mutating func mask() {
        for index in indices where self[index] != 0x0A && self[index] != 0x0D { self[index] = 0x78 }
    }
}
