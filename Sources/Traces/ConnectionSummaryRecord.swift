package import Packets

/// What became of a connection as a whole, written at its end: of those without a message in the trace, and of those
/// on which something happened that is worth a note.
package struct ConnectionSummaryRecord: Hashable, Sendable {
    /// What a connection turned out to carry; the numbers are those of the file.
    package enum Content: UInt8, Sendable {
        /// Nothing that could be recognised.
        case unrecognised = 0
        case http = 1
        case other = 2
    }

    /// `nil` where nothing of it is in the trace.
    package var connection: UInt64?
    package var opened: PacketTime
    package var closed: PacketTime
    package var source: UInt16
    package var client: Endpoint
    package var server: Endpoint
    package var sawHandshake: Bool
    /// Given up because too many connections were open.
    package var isEvicted: Bool
    package var reason: ConnectionCloseRecord.Reason
    package var content: Content
    package var packets: UInt64
    /// Bytes that were handed on of the streams of client and server, by what became of them: the names are those of
    /// the ledger without the section. Counts of 0 are left out.
    package var bytes: [LedgerCount]
    /// Notes that are nowhere because the connection had too many.
    package var notesLeftOut: UInt64
    /// The notes of a connection without a number; those of others are records of their own.
    package var notes: [NoteRecord]

    package init(
        connection: UInt64?,
        opened: PacketTime,
        closed: PacketTime,
        source: UInt16,
        client: Endpoint,
        server: Endpoint,
        sawHandshake: Bool,
        isEvicted: Bool,
        reason: ConnectionCloseRecord.Reason,
        content: Content,
        packets: UInt64,
        bytes: [LedgerCount],
        notesLeftOut: UInt64,
        notes: [NoteRecord]
    ) {
        self.connection = connection
        self.opened = opened
        self.closed = closed
        self.source = source
        self.client = client
        self.server = server
        self.sawHandshake = sawHandshake
        self.isEvicted = isEvicted
        self.reason = reason
        self.content = content
        self.packets = packets
        self.bytes = bytes
        self.notesLeftOut = notesLeftOut
        self.notes = notes
    }
}
