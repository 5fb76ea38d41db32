package import Packets

/// How much the reassembler is ready to hold, and how long it waits; every limit that is hit is counted.
package struct ReassemblyLimits: Sendable {
    /// Connections in the table, those just closed included; past it the one closed longest ago is forgotten, or
    /// where all are open, the one that was idle longest is closed as expired.
    package var connections = 65_536
    /// Nanoseconds of packet time without a packet after which a connection is closed as expired.
    package var idle: Int64 = 600_000_000_000
    /// Nanoseconds of packet time for which a connection that is over is remembered, so that late copies of its
    /// segments do not look like a new one; as long as TIME-WAIT lasts on Linux.
    package var linger: Int64 = 60_000_000_000
    /// Out-of-order bytes held for one direction of a connection; past it the hole before them becomes a gap.
    package var outOfOrderBytes = 4 << 20
    /// Out-of-order pieces held for one direction of a connection; past it the hole becomes a gap.
    package var outOfOrderPieces = 4_096
    /// Out-of-order bytes held in all; past it the connection that brought the last ones pays with a gap.
    package var outOfOrderBytesInAll = 128 << 20
    /// How far from the expected byte a segment may stand to belong to the stream, in bytes.
    ///
    /// The largest window that TCP can announce is 1 GiB (RFC 7323, section 2.3); senders in use announce a few MiB.
    package var window: Int64 = 64 << 20
    /// Segments outside the window in a row, each going on where the one before ended, after which the sender is taken
    /// to have jumped and is followed from the last of them on.
    package var jumpSegments = 3
    /// Packets of a connection that may follow the acknowledgement of bytes not seen before they count as a gap.
    ///
    /// A capture can hold an acknowledgement a few packets before what it acknowledges: several receive queues,
    /// several interfaces.
    package var acknowledgedHolePackets = 32
    /// Nanoseconds of packet time that may pass likewise, whichever comes first.
    package var acknowledgedHoleTime: Int64 = 100_000_000
    /// Nanoseconds of packet time that a hole may last where the other side, which would acknowledge what was sent
    /// behind it, is not captured at all; a sender repeats what was lost within a few round trips.
    package var unconfirmedHoleTime: Int64 = 2_000_000_000
    /// Ports that mark a server where no handshake was seen; without one of them, the lower port is the server's.
    package var serverPorts = PortSet([80, 8080, 8000, 3000])

    package init() {}

    package static let standard = ReassemblyLimits()
}
