import Messages
package import Packets

/// An event with what belongs to it when several traces are read as one.
package struct OrderedEvent: Equatable, Sendable {
    package var event: EventRecord
    /// The connection it came on; `nil` when the record of its opening was lost.
    package var connection: ConnectionOpenRecord?
    /// Which of the traces it is from, counted from 0.
    package var trace: Int

    package init(event: EventRecord, connection: ConnectionOpenRecord?, trace: Int) {
        self.event = event
        self.connection = connection
        self.trace = trace
    }
}

/// What stands in traces that are read in order: a message in the place of its start, an event in that of its end.
///
/// Not in a box of its own: moving a few hundred bytes some times costs less than memory for each and counting who has it.
package enum OrderedEntry: Equatable, Sendable {
    case message(OrderedMessage)
    case event(OrderedEvent)

    /// What decides its place.
    package var time: PacketTime {
        switch self {
        case .message(let message): message.message.start
        case .event(let event): event.event.time
        }
    }

    /// What one takes besides its bytes, roughly.
    static let overhead = MemoryLayout<OrderedMessage>.stride + 160
}

extension RecordedMessage {
    /// What it takes while it waits for its turn, roughly, in bytes.
    var waitingBytes: Int { head.bytes.count + body.count + end.trailers.count + OrderedEntry.overhead }
}

extension OrderedEvent {
    /// Its place among what has the same time and exchange: a request comes first, then its responses, then events.
    static let rank: UInt8 = 2

    /// What it takes while it waits for its turn, roughly, in bytes.
    var waitingBytes: Int { event.bytes.count + OrderedEntry.overhead }
}
