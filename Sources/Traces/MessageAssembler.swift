import Messages
package import Packets

/// Puts messages together again from records in the order of the file.
///
/// A damaged block may have taken the beginning or the end of a message with it: what has no head is counted and left
/// out, what has no end comes out of ``finish()`` flagged `incomplete`.
package struct MessageAssembler: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Messages that have begun and not ended.
        package var openMessages: Int
        /// Bytes of their heads and bodies.
        package var bytes: Int

        package init(openMessages: Int = 65_536, bytes: Int = 64 << 20) {
            self.openMessages = openMessages
            self.bytes = bytes
        }
    }

    package struct Counts: Hashable, Sendable {
        /// Records of messages whose head was not there.
        package var withoutHead: UInt64 = 0
        /// Messages whose end was not there.
        package var withoutEnd: UInt64 = 0
        /// Messages left out because too many were open.
        package var overLimit: UInt64 = 0
        /// Bytes of bodies left out because too many were held; their messages are flagged `truncated`.
        package var bytesOverLimit: UInt64 = 0

        package init() {}
    }

    private struct Key: Hashable {
        var exchange: UInt64
        var kind: MessageKind
    }

    private let limits: Limits
    private var open: [Key: RecordedMessage] = [:]
    /// Messages that were put together ahead of their records; what comes of them is known.
    private var endedAhead: Set<Key> = []
    private var heldBytes = 0
    package private(set) var counts = Counts()

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes a record and answers the message that it ends; records of connections and the ledger end none.
    package mutating func receive(_ record: TraceRecord) -> RecordedMessage? {
        switch record {
        case .note, .connectionSummary, .endpointLedger, .anonymized: return nil
        case .connectionOpen, .connectionClose, .ledgerSnapshot: return nil
        case .event(let event):
            // A server-sent event is a piece of the body; a WebSocket message belongs to no body.
            if event.eventKind == .serverSentEvent {
                append(event.bytes, to: Key(exchange: event.exchange, kind: event.kind), at: event.time)
            }
            return nil
        case .whole(let head, let body, let end): return RecordedMessage(head: head, body: body, end: end)
        case .head(let head): return begin(head)
        case .body(let body):
            append(body.bytes, to: Key(exchange: body.exchange, kind: body.kind), at: body.time)
            return nil
        case .end(let end): return close(end)
        }
    }

    /// The start of the earliest message that has begun and not ended; the end of time when there is none. O(n).
    package var earliestOpenStart: PacketTime {
        open.values.reduce(.distantFuture) { min($0, $1.start) }
    }

    /// The earliest message that has begun and not ended. O(n).
    package var earliestOpen: OpenMessage? {
        guard let (key, message) = open.min(by: { $0.value.start < $1.value.start }) else { return nil }
        return OpenMessage(exchange: key.exchange, kind: key.kind, start: message.start)
    }

    /// Ends an open message before its records come: `pieces` gives those of them that are still to come, in order. They
    /// are passed over when they do come.
    ///
    /// A message that has no end even so is flagged `incomplete`.
    package mutating func endAhead(
        _ message: OpenMessage,
        pieces: (_ take: (TraceRecord) -> RecordedMessage?) throws -> RecordedMessage?
    ) rethrows -> RecordedMessage? {
        let key = Key(exchange: message.exchange, kind: message.kind)
        guard open.index(forKey: key) != nil else { return nil }
        var whole = try pieces { receive($0) }
        if whole == nil, let unended = open.removeValue(forKey: key) {
            counts.withoutEnd += 1
            heldBytes -= unended.heldBytes
            whole = unended
        }
        endedAhead.insert(key)
        return whole
    }

    /// Ends every open message: no more records will come.
    package mutating func finish() -> [RecordedMessage] {
        let messages = open.values.sorted { ($0.start, $0.exchange) < ($1.start, $1.exchange) }
        counts.withoutEnd += UInt64(messages.count)
        open.removeAll()
        endedAhead.removeAll()
        heldBytes = 0
        return messages
    }

    private mutating func begin(_ head: HeadRecord) -> RecordedMessage? {
        let key = Key(exchange: head.exchange, kind: head.kind)
        // What follows belongs to the message that an earlier part began.
        if head.isRepeated, open.index(forKey: key) != nil || endedAhead.contains(key) { return nil }
        endedAhead.remove(key)
        // The end of the one before was lost with its block.
        let unended = open.removeValue(forKey: key)
        if let unended {
            counts.withoutEnd += 1
            heldBytes -= unended.heldBytes
        }
        if open.count >= limits.openMessages {
            counts.overLimit += 1
        } else {
            var message = RecordedMessage(head: head, body: [], end: .missing(of: head))
            // Growing step by step would take up to twice the room, and copy it each time.
            if case .length(let count) = head.framing,
                count <= UInt64(limits.bytes - min(limits.bytes, heldBytes))
            {
                message.body.reserveCapacity(Int(count))
            }
            heldBytes += message.heldBytes
            open[key] = message
        }
        return unended
    }

    private mutating func append(_ bytes: [UInt8], to key: Key, at time: PacketTime) {
        guard let index = open.index(forKey: key) else {
            if !endedAhead.contains(key) { counts.withoutHead += 1 }
            return
        }
        open.values[index].end.time = max(open.values[index].end.time, time)
        open.values[index].end.wireLength &+= UInt64(bytes.count)
        if heldBytes + bytes.count > limits.bytes {
            counts.bytesOverLimit += UInt64(bytes.count)
            open.values[index].end.flags.insert(.truncated)
        } else if !open.values[index].end.flags.contains(.truncated) {
            heldBytes += bytes.count
            open.values[index].body.append(contentsOf: bytes)
        }
    }

    private mutating func close(_ end: EndRecord) -> RecordedMessage? {
        let key = Key(exchange: end.exchange, kind: end.kind)
        guard var message = open.removeValue(forKey: key) else {
            if endedAhead.remove(key) == nil { counts.withoutHead += 1 }
            return nil
        }
        heldBytes -= message.heldBytes
        let truncated = message.end.flags.intersection(.truncated)
        message.end = end
        message.end.flags.formUnion(truncated)
        // The part that holds its beginning was not read.
        if message.head.isRepeated { message.end.flags.formUnion(.incomplete) }
        return message
    }
}

extension RecordedMessage {
    fileprivate var heldBytes: Int { head.bytes.count + body.count }
}

extension EndRecord {
    /// Stands in for an end that has not come, as far as things are known.
    fileprivate static func missing(of head: HeadRecord) -> EndRecord {
        EndRecord(
            kind: head.kind,
            exchange: head.exchange,
            connection: head.connection,
            time: head.start,
            wireLength: 0,
            flags: .incomplete
        )
    }
}
