import Messages
package import Packets

/// What a trace holds in all.
package struct TraceTotals: Hashable, Sendable {
    /// Requests of which the end has been written.
    package var requests: UInt64 = 0
    /// Responses of which the end has been written, interim (1xx) ones left out.
    package var responses: UInt64 = 0
    package var connections: UInt64 = 0
    package var records: UInt64 = 0
    /// Bytes of the data blocks before compression.
    package var rawBytes: UInt64 = 0
    /// Start of the earliest message; meaningless while there is none.
    package var first = PacketTime.distantFuture
    /// The latest moment at which something of a message was seen; meaningless while there is none.
    package var last = PacketTime.distantPast

    package init() {}

    /// The time from the first to the last moment of a message, or `nil` when there is none.
    package var span: (first: PacketTime, last: PacketTime)? {
        first <= last ? (first, last) : nil
    }

    /// Adds one record; bytes are for the caller to add.
    package mutating func count(_ record: TraceRecord) {
        records &+= 1
        switch record {
        case .connectionOpen: connections &+= 1
        case .connectionClose, .ledgerSnapshot, .note, .connectionSummary, .endpointLedger, .anonymized: break
        case .head(let head):
            first = min(first, head.start)
            last = max(last, head.start)
        case .body(let body): last = max(last, body.time)
        case .event(let event): last = max(last, event.time)
        case .end(let end): count(end)
        case .whole(let head, _, let end): countWhole(head, end)
        }
    }

    /// Adds the record of a whole message.
    package mutating func count(whole head: borrowing HeadRecord, _ end: borrowing EndRecord) {
        records &+= 1
        countWhole(head, end)
    }

    private mutating func countWhole(_ head: borrowing HeadRecord, _ end: borrowing EndRecord) {
        first = min(first, head.start)
        last = max(last, head.start)
        count(end)
    }

    private mutating func count(_ end: borrowing EndRecord) {
        last = max(last, end.time)
        switch end.kind {
        case .request: if !end.flags.contains(.pushed) { requests &+= 1 }
        case .response: if !end.flags.contains(.interim) { responses &+= 1 }
        }
    }
}
