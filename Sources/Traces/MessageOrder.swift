import Messages
package import Packets

/// A message with what belongs to it when several traces are read as one.
package struct OrderedMessage: Equatable, Sendable {
    package var message: RecordedMessage
    /// The connection it came on; `nil` when the record of its opening was lost.
    package var connection: ConnectionOpenRecord?
    /// Which of the traces it is from, counted from 0.
    package var trace: Int

    package init(message: RecordedMessage, connection: ConnectionOpenRecord?, trace: Int) {
        self.message = message
        self.connection = connection
        self.trace = trace
    }
}

/// Gives messages out in the order of their starts, as far as a bounded window allows.
///
/// Messages with the same start come in the order of their exchanges, a request before its responses, and these in
/// the order in which they were inserted.
package struct MessageOrder: Sendable {
    package struct Limits: Hashable, Sendable {
        package var messages: Int
        /// Bytes of heads and bodies.
        package var bytes: Int

        package init(messages: Int = 262_144, bytes: Int = 32 << 20) {
            self.messages = messages
            self.bytes = bytes
        }
    }

    private struct Entry: Sendable {
        var message: OrderedMessage
        var insertion: UInt64

        func precedes(_ other: Entry) -> Bool {
            message.precedes(other.message)
                ?? (insertion < other.insertion)
        }
    }

    private let limits: Limits
    private var heap: [Entry] = []
    private var insertions: UInt64 = 0
    private var heldBytes = 0
    private var lastStart = PacketTime.distantPast
    /// Messages that came out after one that started later.
    package private(set) var late: UInt64 = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    package var isEmpty: Bool { heap.isEmpty }

    /// O(log n).
    package mutating func insert(_ message: OrderedMessage) {
        heldBytes += message.heldBytes
        heap.append(Entry(message: message, insertion: insertions))
        insertions &+= 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The next message, if nothing that is still to come can start before it, or if the window is full.
    ///
    /// `floor` is the earliest start that may still come. O(log n).
    package mutating func next(floor: PacketTime) -> OrderedMessage? {
        guard let first = heap.first?.message else { return nil }
        let isFull = heap.count > limits.messages || heldBytes > limits.bytes
        guard first.start <= floor || isFull else { return nil }
        removeFirst()
        heldBytes -= first.heldBytes
        if first.start < lastStart { late += 1 }
        lastStart = max(lastStart, first.start)
        return first
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].precedes(heap[least]) {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}

extension OrderedMessage {
    fileprivate var start: PacketTime { message.start }

    fileprivate var heldBytes: Int {
        message.head.bytes.count + message.body.count + message.end.trailers.count
    }

    /// `nil` for interim and final responses of one exchange that start at the same time.
    fileprivate func precedes(_ other: OrderedMessage) -> Bool? {
        if start != other.start { return start < other.start }
        if message.exchange != other.message.exchange { return message.exchange < other.message.exchange }
        if message.kind == other.message.kind { return nil }
        return message.kind.rawValue < other.message.kind.rawValue
    }
}
