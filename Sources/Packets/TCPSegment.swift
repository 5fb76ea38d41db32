package import Bytes

/// The control bits of a TCP header (RFC 9293, section 3.1).
@usableFromInline
package struct TCPFlags: OptionSet, Hashable, Sendable {
    @usableFromInline package let rawValue: UInt8

    @inlinable
    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    // Other modules would call what the standard library derives from the raw value through a table, and ask a
    // function for each constant.

    @inlinable
    package func contains(_ other: TCPFlags) -> Bool { rawValue & other.rawValue == other.rawValue }

    @inlinable
    package func isDisjoint(with other: TCPFlags) -> Bool { rawValue & other.rawValue == 0 }

    @inlinable package static var fin: TCPFlags { TCPFlags(rawValue: 0x01) }
    @inlinable package static var syn: TCPFlags { TCPFlags(rawValue: 0x02) }
    @inlinable package static var reset: TCPFlags { TCPFlags(rawValue: 0x04) }
    @inlinable package static var push: TCPFlags { TCPFlags(rawValue: 0x08) }
    @inlinable package static var acknowledgement: TCPFlags { TCPFlags(rawValue: 0x10) }
}

/// One TCP segment as it stood in a packet; the payload stays in the packet's buffer.
package struct TCPSegment: Sendable {
    package var source: Endpoint
    package var destination: Endpoint
    /// Sequence number of the first payload byte, or of the SYN.
    package var sequence: UInt32
    /// Meaningful only when `flags` holds `.acknowledgement`.
    package var acknowledgement: UInt32
    package var flags: TCPFlags
    package var window: UInt16
    /// Where the captured payload stands in the packet that was dissected.
    package var payload: ByteRange
    /// Payload bytes that were on the wire but not captured, because of the snapshot length.
    package var uncaptured: Int
    /// The virtual network in which the addresses are meant; 0 outside of all.
    package var network: UInt32
    /// What stood around the packet.
    package var encapsulation: Encapsulation

    package init(
        source: Endpoint,
        destination: Endpoint,
        sequence: UInt32,
        acknowledgement: UInt32,
        flags: TCPFlags,
        window: UInt16,
        payload: ByteRange,
        uncaptured: Int,
        network: UInt32 = 0,
        encapsulation: Encapsulation = []
    ) {
        self.source = source
        self.destination = destination
        self.sequence = sequence
        self.acknowledgement = acknowledgement
        self.flags = flags
        self.window = window
        self.payload = payload
        self.uncaptured = uncaptured
        self.network = network
        self.encapsulation = encapsulation
    }
}
