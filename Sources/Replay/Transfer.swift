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
    /// The request before it was signed, where it may be sent again.
    var unsigned: PreparedRequest?
}
