import Messages
import Packets

// What messages are read into, where they stand: moving one as a whole costs as much as reading its fields.

extension RecordedMessage {
    /// A message without anything in it.
    package static var blank: RecordedMessage {
        RecordedMessage(head: .blank(.request), body: [], end: .blank(.request))
    }

    /// Gives up the memory of its bytes.
    package mutating func clear() {
        head.bytes = []
        body = []
        end.trailers = []
    }
}

extension HeadRecord {
    static func blank(_ kind: MessageKind) -> HeadRecord {
        HeadRecord(
            kind: kind,
            exchange: 0,
            connection: 0,
            start: .distantPast,
            encoding: .http1,
            bytes: [],
            framing: .none
        )
    }
}

extension EndRecord {
    static func blank(_ kind: MessageKind) -> EndRecord {
        EndRecord(kind: kind, exchange: 0, connection: 0, time: .distantPast, wireLength: 0, flags: [])
    }
}

extension OrderedMessage {
    /// A message without anything in it.
    package static var blank: OrderedMessage {
        OrderedMessage(message: .blank, connection: nil, trace: 0)
    }
}
