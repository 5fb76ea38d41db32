package import Messages
package import Packets

/// One line of a history: when something happened, what, and in plain words what it means.
package struct HistoryLine: Hashable, Sendable {
    package var time: PacketTime
    /// For programs: `opened`, `request`, `response`, `gap`, `closed` and so on.
    package var event: String
    package var connection: UInt64?
    package var exchange: UInt64?
    package var direction: MessageKind?
    /// What the event counts, mostly bytes.
    package var amount: UInt64?
    package var text: String
}
