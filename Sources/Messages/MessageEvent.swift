/// The position of an exchange on its connection, counted from 0 in the order of first sight.
///
/// A response carries the ordinal of the request that it answers; one without a request has one of its own.
package typealias ExchangeOrdinal = UInt32

/// How a message ended.
package struct MessageEnd: Sendable {
    /// De-chunked body bytes on the wire, as far as they went by, kept or not; those in gaps inside the body count.
    package var bodyLength: UInt64
    /// Everything known at the end: the flags of the head and those that came later.
    package var flags: MessageFlags

    package init(bodyLength: UInt64, flags: MessageFlags) {
        self.bodyLength = bodyLength
        self.flags = flags
    }
}

/// Why bytes of a connection belong to no message; each case is a bucket of the ledger.
package enum SkippedBytes: UInt8, CaseIterable, Sendable {
    /// After 101 or a 2xx to CONNECT.
    case upgraded
    /// Not HTTP, or HTTP damaged beyond what can be followed.
    case unparsable
    /// A head longer than its limit.
    case oversize
    /// Before the first message that could be recognised after joining or after a gap.
    case beforeJoin
    /// On a stream of HTTP/2 that is over: it was reset, and its sender did not know yet.
    case aborted
}

/// What the parser found, in order for each direction of a connection.
package enum MessageEvent: Sendable {
    /// The first byte of a message.
    case began(MessageKind, ExchangeOrdinal)
    /// Body bytes with the transfer coding removed; they are the `bytes` beside the event.
    case body(MessageKind, ExchangeOrdinal)
    /// `count` body bytes were never captured.
    case bodyGap(MessageKind, ExchangeOrdinal, count: UInt64)
    /// Trailer section as captured, empty line excluded; it is the `bytes` beside the event.
    case trailers(MessageKind, ExchangeOrdinal)
    case end(MessageKind, ExchangeOrdinal, MessageEnd)
    /// A message that began will give no head: `end` will not follow.
    case abandoned(MessageKind, ExchangeOrdinal)
    case skipped(MessageKind, count: UInt64, SkippedBytes)
}

/// Takes what the parser found; heads and bytes are borrowed for the length of the call.
package protocol MessageSink: ~Copyable {
    /// The head of a message that has begun is complete.
    ///
    /// Its storage may be kept and other storage left in its place: its bytes and fields are not looked at again.
    mutating func head(_ head: inout Head, of ordinal: ExchangeOrdinal)
    /// `bytes` is empty for every event but `.body`, `.trailers` and `.skipped` with the reason `upgraded`.
    mutating func receive(_ event: MessageEvent, bytes: Span<UInt8>)
}
