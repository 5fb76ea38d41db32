/// What became of the segments and payload bytes that the reassembler was given.
///
/// Every captured payload byte is in exactly one bucket: ``received`` is the sum of ``buckets`` and ``held``.
package struct StreamCounts: Hashable, Sendable {
    package var segments: UInt64 = 0
    /// Captured payload bytes of all segments.
    package var received: UInt64 = 0

    /// Bytes handed on, each once and in order.
    package var delivered: UInt64 = 0
    /// Further copies of bytes that were there already: retransmissions, overlaps, keep-alive probes.
    package var duplicate: UInt64 = 0
    /// Further copies that differ from the first; seen only while the first is held.
    package var conflicting: UInt64 = 0
    /// Bytes too far from the expected one to belong to the stream, or before its first one.
    package var outsideWindow: UInt64 = 0
    /// Bytes before the place where the capture joined, seen when later ones had been handed on.
    package var beforeJoin: UInt64 = 0
    /// Bytes that came when their place had been given up as a gap; in `missing` too. Known of the last gap only:
    /// what belongs to an older one is a `duplicate`.
    package var late: UInt64 = 0
    /// Bytes after a FIN or on a connection that was over.
    package var afterClose: UInt64 = 0
    /// Payload of reset segments, which is no stream data (RFC 9293, section 3.5.3).
    package var resetPayload: UInt64 = 0
    /// Out-of-order bytes that wait for what comes before them.
    package var held: UInt64 = 0

    /// Bytes of the streams that were never captured, in ``gaps`` pieces.
    package var missing: UInt64 = 0
    package var gaps: UInt64 = 0
    /// Gaps declared because a limit for out-of-order bytes was hit.
    package var gapsByLimit: UInt64 = 0

    package var connections: UInt64 = 0
    /// Connections of which no handshake was seen.
    package var joined: UInt64 = 0
    /// Connections closed because the table was full.
    package var evicted: UInt64 = 0
    /// Resets with a sequence number that the sender cannot have reached.
    package var implausibleResets: UInt64 = 0
    /// Directions that went on elsewhere, with a gap in between.
    package var resynchronised: UInt64 = 0
    /// Segments without payload that belong to no known connection.
    package var unconnected: UInt64 = 0

    /// Packets that belong to no connection, and their payload bytes, which are in `resetPayload`.
    package var strayPackets: UInt64 = 0
    package var strayBytes: UInt64 = 0

    package init() {}

    /// The bytes that were neither handed on nor are held.
    var setAside: UInt64 {
        duplicate &+ conflicting &+ outsideWindow &+ beforeJoin &+ late &+ afterClose &+ resetPayload
    }

    /// The sum of the places where a received byte can end.
    package var buckets: UInt64 {
        delivered &+ setAside
    }

    /// Whether every received byte is accounted for.
    package var isBalanced: Bool { received == buckets &+ held }
}
