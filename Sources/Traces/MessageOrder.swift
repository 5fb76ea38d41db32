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

/// Gives messages out in the order of their starts, and events in that of their times, as far as a bounded window
/// allows.
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

    /// What decides the order of a message, and where it waits. The heap moves these few words, never a message.
    private struct Place: Sendable {
        var start: PacketTime
        var exchange: UInt64
        var kind: UInt8
        var insertion: UInt64
        var slot: Int
        var size: Int
        var isEvent: Bool { kind == OrderedEvent.rank }

        func precedes(_ other: Place) -> Bool {
            if start != other.start { return start < other.start }
            if exchange != other.exchange { return exchange < other.exchange }
            if kind != other.kind { return kind < other.kind }
            return insertion < other.insertion
        }
    }

    /// How far from the end of the run a place is looked for; what belongs further up goes into the heap.
    private static let runReach = 32

    private let limits: Limits
    /// Places in order, those before `runStart` given out: what is read is nearly in order, and costs little then.
    private var run: [Place] = []
    private var runStart = 0
    /// What came too far out of order for the run.
    private var heap: [Place] = []
    private var waiting = EntrySlots()
    private var insertions: UInt64 = 0
    private var heldBytes = 0
    private var lastStart = PacketTime.distantPast
    /// Messages that came out after one that started later.
    package private(set) var late: UInt64 = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    package var isEmpty: Bool { count == 0 }

    /// Whether more is held than should be: the first is then given out although an earlier one may come.
    package var isFull: Bool { count > limits.messages || heldBytes > limits.bytes }

    /// The start of the first entry that waits; the end of time where none does.
    package var firstStart: PacketTime {
        let ofRun = runStart < run.count ? run[runStart].start : .distantFuture
        return min(ofRun, heap.first?.start ?? .distantFuture)
    }

    private var count: Int { run.count - runStart + heap.count }

    /// O(log n), and O(1) where messages come nearly in order.
    package mutating func insert(_ message: consuming OrderedMessage) {
        insert(exchanging: &message.message, connection: message.connection, trace: message.trace)
    }

    /// Takes the message that stands in `message`, and leaves there one that is given up. O(log n), and O(1) where
    /// messages come nearly in order.
    package mutating func insert(
        exchanging message: inout RecordedMessage,
        connection: ConnectionOpenRecord?,
        trace: Int
    ) {
        var place = Place(
            start: message.start,
            exchange: message.exchange,
            kind: message.kind.rawValue,
            insertion: insertions,
            slot: 0,
            size: message.waitingBytes
        )
        place.slot = waiting.put(exchanging: &message, connection: connection, trace: trace)
        insert(place)
    }

    /// O(log n), and O(1) where entries come nearly in order.
    package mutating func insert(_ event: OrderedEvent) {
        insert(
            Place(
                start: event.event.time,
                exchange: event.event.exchange,
                kind: OrderedEvent.rank,
                insertion: insertions,
                slot: waiting.put(event),
                size: event.waitingBytes
            )
        )
    }

    private mutating func insert(_ place: Place) {
        heldBytes += place.size
        insertions &+= 1
        if !insertIntoRun(place) { insertIntoHeap(place) }
    }

    private mutating func insertIntoRun(_ place: Place) -> Bool {
        var index = run.count
        let reach = max(runStart, index - Self.runReach)
        while index > reach, place.precedes(run[index - 1]) { index -= 1 }
        if index == reach, reach > runStart, place.precedes(run[index - 1]) { return false }
        if index == run.count { run.append(place) } else { run.insert(place, at: index) }
        return true
    }

    private mutating func insertIntoHeap(_ place: Place) {
        heap.append(place)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The next message or event, if nothing that is still to come can start before it, or if the window is full.
    ///
    /// `floor` is the earliest start that may still come. O(log n).
    package mutating func nextEntry(floor: PacketTime) -> OrderedEntry? {
        guard let place = nextPlace(floor: floor) else { return nil }
        if place.isEvent { return waiting.takeEvent(place.slot).map { .event($0) } }
        var message = OrderedMessage.blank
        waiting.take(place.slot, exchanging: &message)
        return .message(message)
    }

    private mutating func nextPlace(floor: PacketTime) -> Place? {
        let isHeapNext: Bool
        let first: Place
        if runStart < run.count {
            isHeapNext = heap.first?.precedes(run[runStart]) ?? false
            first = isHeapNext ? heap[0] : run[runStart]
        } else {
            guard let least = heap.first else { return nil }
            isHeapNext = true
            first = least
        }
        guard first.start <= floor || isFull else { return nil }
        if isHeapNext { removeFirstOfHeap() } else { removeFirstOfRun() }
        if first.start < lastStart { late += 1 }
        lastStart = max(lastStart, first.start)
        heldBytes -= first.size
        return first
    }

    private mutating func removeFirstOfRun() {
        runStart += 1
        if runStart == run.count {
            run.removeAll(keepingCapacity: true)
            runStart = 0
        } else if runStart >= 1_024, runStart * 2 >= run.count {
            run.removeFirst(runStart)
            runStart = 0
        }
    }

    /// The next message; events before it are passed over.
    package mutating func next(floor: PacketTime) -> OrderedMessage? {
        var message = OrderedMessage.blank
        return next(floor: floor, exchanging: &message) ? message : nil
    }

    /// The next message, in the place of one that is done with; false where there is none. Events before it are passed over.
    package mutating func next(floor: PacketTime, exchanging message: inout OrderedMessage) -> Bool {
        while let place = nextPlace(floor: floor) {
            guard place.isEvent else {
                waiting.take(place.slot, exchanging: &message)
                return true
            }
            _ = waiting.takeEvent(place.slot)
        }
        return false
    }

    private mutating func removeFirstOfHeap() {
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
