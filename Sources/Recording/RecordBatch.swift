package import Anonymization
package import Messages
package import Packets
package import Traces

/// A message that is over, as it was captured: what its record is made of.
package struct WholeMessage: Sendable {
    /// Head and body; the trailers are those of ``end``.
    var raw: RawMessage
    /// Everything else that is known of it.
    package var end: EndRecord
    package var start: PacketTime
    /// Which rules apply to it.
    package var scope: RuleScope

    init(
        head: Head,
        body: [UInt8],
        end: EndRecord,
        start: PacketTime,
        scope: RuleScope,
        isComplete: Bool
    ) {
        raw = RawMessage(head: head, body: body, isBodyComplete: isComplete)
        self.end = end
        self.start = start
        self.scope = scope
    }

    package var head: Head {
        @inline(__always)
        _read { yield raw.head }
        @inline(__always)
        _modify { yield &raw.head }
    }

    package var body: [UInt8] {
        @inline(__always)
        _read { yield raw.body }
        @inline(__always)
        _modify { yield &raw.body }
    }

    /// Whether the whole body is at hand.
    package var isComplete: Bool {
        @inline(__always)
        get { raw.isBodyComplete }
        @inline(__always)
        set { raw.isBodyComplete = newValue }
    }
}

/// What the recorder has found out, in the order in which it goes into the trace; what rules are for is as it was captured.
package enum RecordingStep: Sendable {
    /// Nothing in the record is looked at any more.
    case record(TraceRecord)
    case opening(ConnectionOpenRecord)
    case summary(ConnectionSummaryRecord)
    /// The head of a message that goes out in parts.
    case head(WholeMessage, isRepeated: Bool)
    /// The end of one, with the head under which its trailers are read.
    case end(EndRecord, Head, RuleScope)
    /// One or several whole server-sent events.
    case events(EventRecord, RuleScope)
    /// A message of a WebSocket.
    case streamed(EventRecord, StreamedContent, RuleScope)
    /// A comment of a capture file.
    case comment(NoteRecord, [UInt8])
    /// Something was masked, for a reason.
    case masked(WholeReplacement)
    /// A batch of packets is over: where everything went so far, at a time of a clock that only goes forward.
    indirect case mark(at: UInt64, PacketTime, Ledger)
}

/// Some steps of a recording, handed from the thread that reads messages to the one that rewrites them.
///
/// Batches go round: what was written keeps its storage, which serves the messages to come.
package struct RecordBatch: Sendable {
    /// Steps after which a batch is handed on.
    package static let fullCount = 64
    /// Bytes of heads and bodies after which it is.
    package static let fullBytes = 256 << 10

    /// What comes next.
    enum Place: UInt8 {
        /// The next of the packed messages.
        case packed
        /// The next of the messages that are not packed.
        case message
        /// The next of the other steps.
        case step
    }

    /// In what order the messages and the other steps come.
    private(set) var order: [Place] = []
    var steps: [RecordingStep] = []
    var packed = PackedMessages()
    /// The first ``messageCount`` are those of the order; the others are storage.
    var messages: [WholeMessage] = []
    private var messageCount = 0
    /// Bytes of heads and bodies of messages, and of events.
    package private(set) var bytes = 0

    package init() {}

    package var isEmpty: Bool { order.isEmpty }

    package var isFull: Bool { order.count >= Self.fullCount || bytes >= Self.fullBytes }

    mutating func append(_ step: consuming RecordingStep) {
        switch step {
        case .events(let record, _), .streamed(let record, _, _): bytes += record.bytes.count
        case .record(.body(let record)): bytes += record.bytes.count
        case .record, .opening, .summary, .head, .end, .comment, .masked, .mark: break
        }
        order.append(.step)
        steps.append(step)
    }

    /// Takes a message; what is left in its place is storage, of it or of one that was written.
    mutating func append(whole message: inout WholeMessage) {
        bytes += message.head.bytes.count + message.body.count
        guard !packed.append(message) else { return order.append(.packed) }
        if messageCount == messages.count {
            messages.append(message)
            message.head = .withoutStorage
            message.body = []
            message.end.trailers = []
        } else {
            swap(&messages[messageCount], &message)
        }
        messageCount += 1
        order.append(.message)
    }

    /// Forgets what was written; the storage of the messages stays.
    mutating func removeAll() {
        order.removeAll(keepingCapacity: true)
        steps.removeAll(keepingCapacity: true)
        packed.removeAll()
        messageCount = 0
        bytes = 0
    }
}

/// Has batches written, in order, on whatever thread it likes.
package protocol BatchCarrier: AnyObject {
    /// Takes a batch, which is not empty, and leaves an empty one in its place; waits where too much is under way.
    func carry(_ batch: inout RecordBatch)
    /// Waits until everything that was taken is written.
    func settle()
    /// Whether nothing can be written for now, such as on a full disk.
    var isHeldUp: Bool { get }
}

/// Writes the batches of a recording; one at a time, in the order in which they were handed over.
package protocol BatchWriter: AnyObject {
    /// Leaves the batch empty; false once the output takes nothing more.
    func write(_ batch: inout RecordBatch) -> Bool
}
