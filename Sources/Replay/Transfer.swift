/// A request between being handed to the transport and its end.
struct Transfer {
    var scheduled: ScheduledRequest
    var lane: Int
    var connection: ConnectionID
    /// When it was handed over.
    var started: MonotonicTime
    /// When the transport sent it.
    var sent: MonotonicTime?
    var laneWait: UInt64
    /// How long it waited for the answer to another request.
    var answerWait: UInt64
    /// When it was due: the intended time, or the hand-over where there is no schedule.
    var intended: MonotonicTime
    /// What its client does on purpose.
    var fault: ClientFault?
    /// When it became an event stream or a WebSocket session; its times are noted then.
    var opened: MonotonicTime?
    /// The place of its route among the figures; 0 where none are kept.
    var route = 0
    /// The request before it was signed, where it may be sent again.
    var unsigned: PreparedRequest?
}

/// Asked in place: what is read of an optional in an array is a copy of all it holds.
extension Transfer {
    /// Notes when it was sent, and answers what decides how late that was.
    mutating func noteSent(
        at time: MonotonicTime
    ) -> (intended: MonotonicTime, started: MonotonicTime, laneWait: UInt64, answerWait: UInt64) {
        precondition(sent == nil, "a transfer was sent already")
        sent = time
        return (intended, started, laneWait, answerWait)
    }

    mutating func prepared() -> PreparedRequest { scheduled.request }
}
