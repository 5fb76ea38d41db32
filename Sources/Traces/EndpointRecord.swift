package import Packets

/// The ledger of one server, as it stood when the record was written; a later one replaces it.
package struct EndpointRecord: Hashable, Sendable {
    /// Whose ledger it is.
    package enum Subject: Hashable, Sendable {
        case server(Endpoint)
        /// The servers for which there was no ledger left.
        case other
        /// What belongs to no server.
        case none
    }

    package var time: PacketTime
    package var subject: Subject
    /// Counts of 0 are left out.
    package var counts: [LedgerCount]

    package init(time: PacketTime, subject: Subject, counts: [LedgerCount]) {
        self.time = time
        self.subject = subject
        self.counts = counts
    }
}
