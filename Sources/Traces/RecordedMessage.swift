package import Messages
package import Packets

/// A message put together again from its records.
package struct RecordedMessage: Equatable, Sendable {
    package var head: HeadRecord
    package var body: [UInt8]
    package var end: EndRecord

    package init(head: HeadRecord, body: [UInt8], end: EndRecord) {
        self.head = head
        self.body = body
        self.end = end
    }

    package var kind: MessageKind { head.kind }
    package var exchange: UInt64 { head.exchange }
    package var connection: UInt64 { head.connection }
    package var start: PacketTime { head.start }
}
