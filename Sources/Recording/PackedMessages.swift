import Anonymization
import Bytes
import Messages
import Packets
import Traces

/// Messages that are over, one behind the other: what one thread hands to another of small ones.
///
/// Bytes and fields of all stand in two arrays, so that a message is handed over for a copy of them, read again in the
/// order in which they were written, and its own memory stays with the thread that took it and with its processor's caches.
struct PackedMessages: Sendable {
    /// The longest head, and the longest body, that is packed; what is longer is not worth a copy.
    static let longest = 16 << 10

    /// What is known of one message besides its bytes and fields.
    private struct Entry {
        var start: StartLine
        var version: HTTPVersion
        var framing: BodyFraming
        var headFlags: MessageFlags
        var compressedCount: Int?
        var headCount: Int
        var fieldCount: Int
        var bodyCount: Int
        var kind: MessageKind
        var exchange: UInt64
        var connection: UInt64
        var began: PacketTime
        var ended: PacketTime
        var wireLength: UInt64
        var flags: MessageFlags
        var scope: RuleScope
        var isComplete: Bool
    }

    private var entries: [Entry] = []
    private var fields: [HeaderField] = []
    private var bytes: [UInt8] = []
    private var nextEntry = 0
    private var nextField = 0
    private var nextByte = 0

    /// Takes a copy of a message; false where that is not worth it.
    mutating func append(_ message: borrowing WholeMessage) -> Bool {
        let (head, body) = (message.head.bytes.count, message.body.count)
        guard head <= Self.longest, body <= Self.longest, message.end.trailers.isEmpty else { return false }
        bytes.append(contentsOf: message.head.bytes.span, message.body.span)
        message.head.fields.withUnsafeBufferPointer { fields.append(contentsOf: $0) }
        entries.append(
            Entry(
                start: message.head.start,
                version: message.head.version,
                framing: message.head.framing,
                headFlags: message.head.flags,
                compressedCount: message.head.compressedCount,
                headCount: head,
                fieldCount: message.head.fields.count,
                bodyCount: body,
                kind: message.end.kind,
                exchange: message.end.exchange,
                connection: message.end.connection,
                began: message.start,
                ended: message.end.time,
                wireLength: message.end.wireLength,
                flags: message.end.flags,
                scope: message.scope,
                isComplete: message.isComplete
            )
        )
        return true
    }

    /// Makes `message` the next one, in the storage that it has.
    mutating func next(into message: inout WholeMessage) {
        let entry = entries[nextEntry]
        nextEntry += 1
        let body = nextByte + entry.headCount
        let end = body + entry.bodyCount
        message.head.bytes.replaceAll(with: bytes.span.extracting(nextByte..<body))
        message.body.replaceAll(with: bytes.span.extracting(body..<end))
        nextByte = end
        let lastField = nextField + entry.fieldCount
        fields.withUnsafeBufferPointer { all in
            let count = message.head.fields.count
            message.head.fields
                .replaceSubrange(0..<count, with: UnsafeBufferPointer(rebasing: all[nextField..<lastField]))
        }
        nextField = lastField
        message.head.start = entry.start
        message.head.version = entry.version
        message.head.framing = entry.framing
        message.head.flags = entry.headFlags
        message.head.compressedCount = entry.compressedCount
        message.end.kind = entry.kind
        message.end.exchange = entry.exchange
        message.end.connection = entry.connection
        message.end.time = entry.ended
        message.end.wireLength = entry.wireLength
        message.end.flags = entry.flags
        if !message.end.trailers.isEmpty { message.end.trailers = [] }
        message.start = entry.began
        message.scope = entry.scope
        message.isComplete = entry.isComplete
    }

    /// Forgets the messages; the storage stays.
    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        nextEntry = 0
        nextField = 0
        nextByte = 0
    }
}

extension WholeMessage {
    /// One that has nothing in it yet, to be made another.
    static var withoutStorage: WholeMessage {
        WholeMessage(
            head: .withoutStorage,
            body: [],
            end: EndRecord(
                kind: .request,
                exchange: 0,
                connection: 0,
                time: .distantPast,
                wireLength: 0,
                flags: []
            ),
            start: .distantPast,
            scope: .unknown,
            isComplete: false
        )
    }
}
