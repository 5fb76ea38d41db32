/// What is worth knowing about a message beyond its bytes; kept in the trace as these 32 bits.
@usableFromInline
package struct MessageFlags: OptionSet, Hashable, Sendable {
    @usableFromInline package var rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    // Other modules would call what the standard library derives from the raw value through tables, and ask a function for
    // each constant.

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
    @inlinable package static var chunked: MessageFlags { MessageFlags(rawValue: 1 << 0) }
    /// The body went on past the limit; the rest was counted, not kept.
    @inlinable package static var truncated: MessageFlags { MessageFlags(rawValue: 1 << 1) }
    /// Bytes inside the message were never captured.
    @inlinable package static var gap: MessageFlags { MessageFlags(rawValue: 1 << 2) }
    /// The connection or the capture ended before the message did.
    @inlinable package static var incomplete: MessageFlags { MessageFlags(rawValue: 1 << 3) }
    /// A request for which no final response was seen.
    @inlinable package static var noResponse: MessageFlags { MessageFlags(rawValue: 1 << 4) }
    /// A response whose request was not seen.
    @inlinable package static var noRequest: MessageFlags { MessageFlags(rawValue: 1 << 5) }
    /// A 1xx response; 101 ends the exchange and is not interim.
    @inlinable package static var interim: MessageFlags { MessageFlags(rawValue: 1 << 6) }
    /// The head or the target holds bytes that are not UTF-8.
    @inlinable package static var latin1: MessageFlags { MessageFlags(rawValue: 1 << 7) }
    /// The capture joined the connection in the middle.
    @inlinable package static var joined: MessageFlags { MessageFlags(rawValue: 1 << 8) }
    /// The connection was reset before the message was complete.
    @inlinable package static var reset: MessageFlags { MessageFlags(rawValue: 1 << 9) }
    /// The connection left HTTP after this message (101, or 2xx to CONNECT).
    @inlinable package static var upgraded: MessageFlags { MessageFlags(rawValue: 1 << 10) }
    /// Framing that different parsers read differently (RFC 9112, sections 2.2, 5.1, 5.2, 6.3, 11.2).
    @inlinable package static var smuggling: MessageFlags { MessageFlags(rawValue: 1 << 11) }
    /// The request was sent before the response to the one before it had ended.
    @inlinable package static var pipelined: MessageFlags { MessageFlags(rawValue: 1 << 12) }

    /// HTTP/2: a request that a server says the client would send, and the response to it.
    @inlinable package static var pushed: MessageFlags { MessageFlags(rawValue: 1 << 13) }
    /// HTTP/2: the head or the trailers refer to fields that were sent before the capture began, or in a gap.
    @inlinable package static var unknownFields: MessageFlags { MessageFlags(rawValue: 1 << 14) }

    /// The names used in JSON, in the order of the bits.
    package static let names: [(flag: MessageFlags, name: String)] = [
        (.chunked, "chunked"), (.truncated, "truncated"), (.gap, "gap"), (.incomplete, "incomplete"),
        (.noResponse, "no-response"), (.noRequest, "no-request"), (.interim, "interim"), (.latin1, "latin1"),
        (.joined, "joined"), (.reset, "reset"), (.upgraded, "upgraded"), (.smuggling, "smuggling"),
        (.pipelined, "pipelined"), (.pushed, "pushed"), (.unknownFields, "unknown-fields"),
    ]
}
