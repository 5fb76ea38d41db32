import Bytes
package import Messages
package import Packets
import Traces

/// A message as it went by, for the history of its connection.
package struct HistoryMessage: Hashable, Sendable {
    package var kind: MessageKind
    package var exchange: UInt64
    package var connection: UInt64
    package var start: PacketTime
    /// `nil` where the trace does not hold the end.
    package var end: PacketTime?
    /// Method and target of a request, status of a response.
    package var title: String
    /// Bytes of the body on the wire, and of those the ones in the trace.
    package var wireLength: UInt64 = 0
    package var storedLength: UInt64 = 0
    /// Events inside of it.
    package var events: UInt64 = 0
    package var flags: MessageFlags = []

    /// Characters of a title that are kept.
    private static let titleLimit = 120

    init(_ record: HeadRecord) {
        kind = record.kind
        exchange = record.exchange
        connection = record.connection
        start = record.start
        guard let head = try? record.parsed() else {
            title = "with a head that cannot be read"
            return
        }
        switch record.kind {
        case .request:
            let method = WireText(head.bytes[head.methodRange.bounds]).text
            title = PlainText.line(
                method + " " + WireText(head.bytes[head.targetRange.bounds]).text,
                maximumCount: Self.titleLimit
            )
        case .response: title = head.status.map { String($0) } ?? "without a status"
        }
    }

    mutating func close(_ record: EndRecord) {
        end = record.time
        wireLength = record.wireLength
        flags = record.flags
    }

    /// Whether the trace holds it as it was sent.
    package var isWhole: Bool { end != nil && flags.isDisjoint(with: Self.damages) }

    /// Whether it is worth a line where usual messages are only counted.
    package var isRemarkable: Bool { !isWhole || !flags.isDisjoint(with: Self.oddities) }

    private static let damages: MessageFlags = [.truncated, .gap, .incomplete, .reset, .unknownFields]
    private static let oddities: MessageFlags = [.noRequest, .upgraded, .smuggling]
}
