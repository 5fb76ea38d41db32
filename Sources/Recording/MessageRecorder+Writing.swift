import Anonymization
import Bytes
import Messages
import Packets
import Streams
import Traces

extension MessageRecorder {
    /// The number of the current connection in the trace; its opening is written first.
    mutating func connectionNumber() -> UInt64 {
        let known = connections[current].number
        if let known, connections[current].part == part { return known }
        let number = known ?? connectionCount
        if known == nil { connectionCount &+= 1 }
        connections[current].number = number
        connections[current].part = part
        let opening = connections[current].opening
        let record = ConnectionOpenRecord(
            connection: number,
            time: known == nil ? connections[current].openedAt : now,
            source: options.source,
            client: opening.client,
            server: opening.server,
            sawHandshake: opening.sawHandshake,
            isRepeated: known != nil
        )
        output.append(.opening(record))
        writeHeldNotes(number)
        return number
    }

    /// Writes the end of the current connection, if anything of it is in the trace.
    mutating func close(_ reason: CloseReason) {
        guard let number = connections[current].number, output.isAccepting else { return }
        let reason = ConnectionCloseRecord.Reason(rawValue: reason.rawValue) ?? .expired
        let record = ConnectionCloseRecord(connection: number, time: now, reason: reason)
        output.append(.record(.connectionClose(record)))
    }

    /// Writes what is left of a message that is over.
    mutating func write(_ message: inout OpenMessage, _ kind: MessageKind, wireLength: UInt64) {
        // Taken out, so that an edit of the head finds nobody else who holds its bytes.
        guard let head = message.head.take() else { return }
        let connection = connectionNumber()
        let end = EndRecord(
            kind: kind,
            exchange: message.exchange,
            connection: connection,
            time: message.last,
            wireLength: wireLength,
            flags: message.flags,
            trailers: message.trailers
        )
        switch message.delivery {
        case .whole: writeWhole(head, &message, end)
        case .pieces, .events, .jsonLines, .lines, .grpc, .masked:
            var end = end
            repeatHead(head, of: &message, kind)
            connections[current][kind] = message
            deliverRest(kind)
            if let last = connections[current][kind].take() {
                // The disk may have had no room for the rest, and what is written now has a hole then.
                end.flags.formUnion(last.flags)
                noteLoss(ofRest: last.lostBytes - message.lostBytes)
            }
            writeEnd(end, head: head, message.scope)
        }
    }

    private mutating func writeWhole(
        _ head: consuming Head,
        _ message: inout OpenMessage,
        _ end: consuming EndRecord
    ) {
        let isComplete = message.flags.isDisjoint(with: [.truncated, .gap, .incomplete])
        var whole = WholeMessage(
            head: head,
            body: message.takeBody(),
            end: end,
            start: message.start,
            scope: message.scope,
            isComplete: isComplete
        )
        output.append(whole: &whole)
        // What has been left there is storage, of this message or of one before.
        spare.keep(&whole.body)
        spare.keep(&whole.head)
    }

    /// Ends a message of which the head is in the trace.
    private func writeEnd(_ end: consuming EndRecord, head: consuming Head, _ scope: RuleScope) {
        output.append(end.trailers.isEmpty ? .record(.end(end)) : .end(end, head, scope))
    }
}

extension MessageRecorder {
    /// Writes the head of a message that is not over, which goes out in parts from now on.
    ///
    /// An event stream may stay open for hours; it is rewritten event by event. Other bodies go out in parts once they
    /// are large, where nothing is rewritten, or have been open for long.
    mutating func beginDelivery(_ kind: MessageKind, _ delivery: OpenMessage.Delivery) {
        guard output.isAccepting, let message = connections[current][kind], !message.isFiltered,
            message.selection != .undecided, let head = message.head
        else { return }
        writeHead(head, message, kind)
        connections[current][kind]?.part = part
        connections[current][kind]?.delivery = delivery
    }

    private mutating func writeHead(
        _ head: consuming Head,
        _ message: borrowing OpenMessage,
        _ kind: MessageKind,
        isRepeated: Bool = false
    ) {
        let whole = WholeMessage(
            head: head,
            body: [],
            end: EndRecord(
                kind: kind,
                exchange: message.exchange,
                connection: connectionNumber(),
                time: message.last,
                wireLength: 0,
                flags: []
            ),
            start: message.start,
            scope: message.scope,
            isComplete: false
        )
        output.append(.head(whole, isRepeated: isRepeated))
    }

    /// Writes the head again where a new part of the recording has begun, so that each part can be read alone.
    mutating func repeatHead(
        _ head: borrowing Head,
        of message: inout OpenMessage,
        _ kind: MessageKind
    ) {
        guard message.part != part else { return }
        message.part = part
        let copy = copy head
        writeHead(copy, message, kind, isRepeated: true)
    }

    /// Moves bytes that were counted as stored to those for which the disk had no room.
    private mutating func noteLoss(ofRest count: Int) {
        counts.storedBodies &-= UInt64(count)
        counts.diskFull &+= UInt64(count)
    }

    /// Writes those parts of an open message that can go now.
    mutating func deliverPart(_ kind: MessageKind) {
        guard let delivery = connections[current][kind]?.delivery else { return }
        switch delivery {
        case .events: deliverEvents(kind, withRest: false)
        case .jsonLines, .lines, .grpc: deliverHeld(kind)
        case .pieces, .masked:
            if connections[current][kind]?.goesAtOnce == true { return deliverHeld(kind) }
            while let count = connections[current][kind]?.body.count, count >= BodyRecord.maximumCount {
                deliver(BodyRecord.maximumCount, of: kind)
            }
        case .whole:
            guard !isAnonymizing, kind == .response || !output.needsBody, output.isAccepting,
                let count = connections[current][kind]?.body.count, count > BodyRecord.maximumCount,
                connections[current][kind]?.selection != .undecided
            else { return }
            beginDelivery(kind, .pieces)
            while let count = connections[current][kind]?.body.count, count >= BodyRecord.maximumCount {
                deliver(BodyRecord.maximumCount, of: kind)
            }
        }
    }

    /// Writes all that is held of a message that is written in parts; of an event stream that is a cut event, of lines
    /// the last one.
    mutating func deliverRest(_ kind: MessageKind) {
        guard let message = connections[current][kind], !message.body.isEmpty else { return }
        switch message.delivery {
        case .events: deliverEvents(kind, withRest: true)
        case .jsonLines: deliverParts(of: .jsonLines, kind, withRest: true)
        case .lines: deliverParts(of: .lines, kind, withRest: true)
        case .grpc: deliverParts(of: .grpc, kind, withRest: true)
        case .whole, .pieces, .masked: deliver(message.body.count, of: kind)
        }
    }
}

extension Head {
    /// Whether the body is a stream of events that can be read as it comes.
    var carriesEvents: Bool {
        guard kind == .response, framing != .none, let type = value(of: "content-type") else { return false }
        // Nearly all types begin otherwise, and this is asked of every response.
        guard type.count > 0, type[0] | 0x20 == 0x74 else { return false }
        return MediaType(type) == .eventStream && fieldIndex(of: "content-encoding") == nil
    }
}
