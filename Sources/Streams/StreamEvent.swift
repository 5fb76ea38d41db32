package import Packets

/// A TCP connection within one recording; numbered from 0 in the order of first sight, never reused.
@usableFromInline
package struct ConnectionID: RawRepresentable, Hashable, Comparable, Sendable {
    @usableFromInline package let rawValue: UInt64

    @inlinable
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    // Other modules would call what the standard library derives from the raw value through a table.
    @inlinable
    package static func == (left: ConnectionID, right: ConnectionID) -> Bool {
        left.rawValue == right.rawValue
    }

    @inlinable
    package static func < (left: ConnectionID, right: ConnectionID) -> Bool { left.rawValue < right.rawValue }
}

/// The end of a connection that a byte came from.
@usableFromInline
package enum Side: UInt8, Sendable, CaseIterable {
    /// The end that opened the connection, as far as is known.
    case client
    case server

    package var other: Side { self == .client ? .server : .client }

    @inlinable
    package static func == (left: Side, right: Side) -> Bool {
        switch (left, right) {
        case (.client, .client), (.server, .server): true
        case (.client, .server), (.server, .client): false
        }
    }

    @inlinable
    package static func != (left: Side, right: Side) -> Bool { !(left == right) }
}

/// A position in a half-stream: bytes since the first byte after the SYN, or since the first byte seen.
///
/// 32-bit sequence numbers are widened once, on arrival, and never compared again (RFC 9293, section 3.4).
package struct StreamOffset: RawRepresentable, Hashable, Comparable, Sendable {
    package var rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static func < (left: StreamOffset, right: StreamOffset) -> Bool { left.rawValue < right.rawValue }
}

/// How a connection came into sight, with both of its ends.
package struct ConnectionOpening: Sendable {
    package var connection: ConnectionID
    package var client: Endpoint
    package var server: Endpoint
    /// False when the capture joined in the middle, with no SYN seen.
    package var sawHandshake: Bool

    package init(connection: ConnectionID, client: Endpoint, server: Endpoint, sawHandshake: Bool) {
        self.connection = connection
        self.client = client
        self.server = server
        self.sawHandshake = sawHandshake
    }
}

/// Why a connection is over.
package enum CloseReason: UInt8, Sendable {
    case fin = 1
    case reset = 2
    /// Nothing was seen for the idle limit, in packet time.
    case expired = 3
    /// The capture ended first.
    case endOfCapture = 4
    /// A new connection took the same pair of ports.
    case reused = 5
}

/// What happened on a connection, in stream order for each side.
package enum StreamEvent: Sendable {
    /// New bytes of a side, in order, each exactly once; they are the `bytes` handed over beside the event.
    case data(ConnectionID, Side)
    /// `count` bytes of a side are missing for good; what follows continues after them.
    case gap(ConnectionID, Side, count: Int64)
    /// The side will send nothing more (its FIN is in order).
    case finished(ConnectionID, Side)
    /// `count` captured bytes of a side are no part of its stream; told only where that is no usual retransmission.
    case setAside(ConnectionID, Side, count: Int64, SetAsideReason)
    case closed(ConnectionID, CloseReason)
}

/// Why captured bytes are no part of a stream, where an operator should know.
package enum SetAsideReason: UInt8, Sendable {
    /// Another copy of bytes, with other content; the first one counts.
    case conflicting
    /// Too far from what was expected.
    case outsideWindow
}

/// Takes what the reassembler found; the bytes are borrowed for the length of the call.
package protocol StreamSink: ~Copyable {
    mutating func opened(_ opening: ConnectionOpening, at time: PacketTime)
    /// `bytes` is empty for every event but `.data`. `time` is when the packet that brought the bytes was
    /// seen, for buffered bytes too, but never before that of what was handed over of the connection until then.
    mutating func receive(_ event: StreamEvent, bytes: Span<UInt8>, at time: PacketTime)
    /// The data that come next of a side were sent when its end had not yet received the last `unread` bytes handed over
    /// of the other side: they answer nothing in those. Told where it is so, which is seldom.
    mutating func crosses(_ connection: ConnectionID, _ side: Side, unread: Int64)
    /// What became of the bytes of a connection that is about to be closed; `closed` follows.
    mutating func settled(_ connection: ConnectionID, _ counts: ConnectionCounts)
    /// A segment of a connection that has been closed.
    mutating func receive(late segment: LateSegment)
}

extension StreamSink where Self: ~Copyable {
    package mutating func crosses(_ connection: ConnectionID, _ side: Side, unread: Int64) {}
    package mutating func settled(_ connection: ConnectionID, _ counts: ConnectionCounts) {}
    package mutating func receive(late segment: LateSegment) {}
}
