import Messages
import Packets
import Streams

/// What a connection adds to the counts of its server besides its messages, as of now.
///
/// Plain numbers: a connection that is handed on is copied with all that it holds, and a ledger asks each of ten
/// thousand that may be open.
struct ConnectionTally: Sendable {
    var phase: ConnectionSlot.Phase
    /// A side began with something that is not HTTP.
    var isRejected: Bool
    var unreadBytes: UInt64
    var passedOver: UInt64
    /// Taken in and in no bucket yet.
    var pending: UInt64
    var isParsed = false
    var parsed = ByteCounts()
    var unanswered: UInt64 = 0
}

/// Whose a connection is, and what else of it is not known to its slot.
struct ConnectionStanding: Sendable {
    /// The row in the table of endpoints that it has been given.
    var endpoint: Int
    /// The end that is taken for its server.
    var server: Endpoint
    var sawHandshake: Bool
    /// Something of it is in the trace.
    var isRecorded: Bool
    /// Bytes of WebSocket that are in no bucket yet.
    var pending: UInt64
}

extension ConnectionSlot {
    /// O(1), but for a connection that is over: O(requests without a response).
    ///
    /// Inlined, or a slot that is looked at in an array would be copied for it with all that it holds.
    @inline(__always)
    func tally(isOver: Bool) -> ConnectionTally {
        var tally = ConnectionTally(
            phase: phase,
            isRejected: rejected[0] || rejected[1],
            unreadBytes: unreadBytes,
            passedOver: passedOver,
            pending: UInt64(prefixBytes)
        )
        guard let waiting = conversation?.addCounts(to: &tally.parsed) else { return tally }
        tally.isParsed = true
        tally.pending &+= waiting
        if isOver { tally.unanswered = conversation?.unansweredCount ?? 0 }
        return tally
    }
}

extension ConnectionMessages {
    /// Inlined for the same reason.
    @inline(__always)
    var standing: ConnectionStanding {
        ConnectionStanding(
            endpoint: endpoint,
            server: opening.server,
            sawHandshake: opening.sawHandshake,
            isRecorded: number != nil,
            pending: webSocket?.conversation.pendingBytes ?? 0
        )
    }
}
