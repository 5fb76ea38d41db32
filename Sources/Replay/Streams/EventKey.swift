import Bytes

/// What tells one event of a stream from another: its id where it has one, else its content.
package struct EventKey: Hashable, Sendable {
    /// 64 bits of a digest; 0 where the event was not seen as a whole, so that it is like no other.
    package let digest: UInt64
    package let isID: Bool

    package init(digest: UInt64, isID: Bool) {
        self.digest = digest
        self.isID = isID
    }

    /// An event of which too little is known.
    package static let unknown = EventKey(digest: 0, isID: false)

    /// The key of a WebSocket message.
    package static func message(opcode: UInt8, _ bytes: Span<UInt8>) -> EventKey {
        let digest = bytes.isEmpty ? 1 : bytes.number(seed: 1)
        return EventKey(digest: max(1, digest ^ UInt64(opcode) << 56), isID: false)
    }
}
