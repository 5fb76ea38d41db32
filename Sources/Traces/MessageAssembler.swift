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

    /// Ends every open message: no more records will come.
    package mutating func finish() -> [RecordedMessage] {
        let messages = open.values.sorted { ($0.start, $0.exchange) < ($1.start, $1.exchange) }
        counts.withoutEnd += UInt64(messages.count)
        open.removeAll()
        heldBytes = 0
        return messages
    }

    private mutating func begin(_ head: HeadRecord) -> RecordedMessage? {
        let key = Key(exchange: head.exchange, kind: head.kind)
        // What follows belongs to the message that an earlier part began.
        if head.isRepeated, open.index(forKey: key) != nil { return nil }
        // The end of the one before was lost with its block.
        let unended = open.removeValue(forKey: key)
        if let unended {
            counts.withoutEnd += 1
            heldBytes -= unended.heldBytes
        }
        if open.count >= limits.openMessages {
            counts.overLimit += 1
        } else {
            let message = RecordedMessage(head: head, body: [], end: .missing(of: head))
            heldBytes += message.heldBytes
            open[key] = message
        }
        return unended
    }

    private mutating func append(_ bytes: [UInt8], to key: Key, at time: PacketTime) {
        guard let index = open.index(forKey: key) else {
            counts.withoutHead += 1
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
        guard var message = open.removeValue(forKey: Key(exchange: end.exchange, kind: end.kind)) else {
            counts.withoutHead += 1
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
