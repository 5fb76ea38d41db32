/// What is worth knowing about a message beyond its bytes; kept in the trace as these 32 bits.
@usableFromInline
package struct MessageFlags: OptionSet, Hashable, Sendable {
    @usableFromInline package var rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    // Other modules would call what the standard library derives from the raw value through tables.

    @inlinable
    @inline(__always)
    package init(arrayLiteral flags: MessageFlags...) {
        rawValue = 0
        for flag in flags { rawValue |= flag.rawValue }
    }

    @inlinable
    package func contains(_ other: MessageFlags) -> Bool { rawValue & other.rawValue == other.rawValue }

    @inlinable
    package func isDisjoint(with other: MessageFlags) -> Bool { rawValue & other.rawValue == 0 }

    @inlinable
    package mutating func formUnion(_ other: MessageFlags) { rawValue |= other.rawValue }

    /// The body came with `Transfer-Encoding: chunked`.
    package static let chunked = MessageFlags(rawValue: 1 << 0)
    /// The body went on past the limit; the rest was counted, not kept.
    package static let truncated = MessageFlags(rawValue: 1 << 1)
    /// Bytes inside the message were never captured.
    package static let gap = MessageFlags(rawValue: 1 << 2)
    /// The connection or the capture ended before the message did.
    package static let incomplete = MessageFlags(rawValue: 1 << 3)
    /// A request for which no final response was seen.
    package static let noResponse = MessageFlags(rawValue: 1 << 4)
    /// A response whose request was not seen.
    package static let noRequest = MessageFlags(rawValue: 1 << 5)
    /// A 1xx response; 101 ends the exchange and is not interim.
    package static let interim = MessageFlags(rawValue: 1 << 6)
    /// The head or the target holds bytes that are not UTF-8.
    package static let latin1 = MessageFlags(rawValue: 1 << 7)
    /// The capture joined the connection in the middle.
    package static let joined = MessageFlags(rawValue: 1 << 8)
    /// The connection was reset before the message was complete.
    package static let reset = MessageFlags(rawValue: 1 << 9)
    /// The connection left HTTP after this message (101, or 2xx to CONNECT).
    package static let upgraded = MessageFlags(rawValue: 1 << 10)
    /// Framing that different parsers read differently (RFC 9112, sections 2.2, 5.1, 5.2, 6.3, 11.2).
    package static let smuggling = MessageFlags(rawValue: 1 << 11)
    /// The request was sent before the response to the one before it had ended.
    package static let pipelined = MessageFlags(rawValue: 1 << 12)

    /// HTTP/2: a request that a server says the client would send, and the response to it.
    package static let pushed = MessageFlags(rawValue: 1 << 13)
    /// HTTP/2: the head or the trailers refer to fields that were sent before the capture began, or in a gap.
    package static let unknownFields = MessageFlags(rawValue: 1 << 14)

    /// The names used in JSON, in the order of the bits.
    package static let names: [(flag: MessageFlags, name: String)] = [
        (.chunked, "chunked"), (.truncated, "truncated"), (.gap, "gap"), (.incomplete, "incomplete"),
        (.noResponse, "no-response"), (.noRequest, "no-request"), (.interim, "interim"), (.latin1, "latin1"),
        (.joined, "joined"), (.reset, "reset"), (.upgraded, "upgraded"), (.smuggling, "smuggling"),
        (.pipelined, "pipelined"), (.pushed, "pushed"), (.unknownFields, "unknown-fields"),
    ]
}
