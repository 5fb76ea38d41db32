import Messages
package import Packets

/// A message that has begun in what was read and not ended: which it is, and when it began.
package struct OpenMessage: Hashable, Sendable {
    let exchange: UInt64
    let kind: MessageKind
    package let start: PacketTime
}
