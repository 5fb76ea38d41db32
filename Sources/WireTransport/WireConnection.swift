import Replay
import Transports

/// One connection to the target: its socket, the request on it and the answer to that.
struct WireConnection {
    enum Phase {
        /// There is no socket.
        case closed
        case connecting
        /// Nothing is asked and nothing awaited.
        case idle
        /// The kernel has not taken all of the request yet.
        case sending
        /// The whole request is sent.
        case awaiting
    }

    /// The machine's number for it; `nil` while the slot is free.
    var number: ConnectionID?
    var descriptor: Int32 = -1
    var phase = Phase.closed
    /// The request on it, from its start until it is given back.
    var transfer: TransferID?
    /// An answer has come over it.
    var isReused = false
    /// Which of the target's addresses is tried.
    var address = 0
    /// The request allows another one after it.
    var mayBeReused = true
    var request = OutgoingRequest()
    var response: IncomingResponse
    /// What the client of the request does on purpose.
    var fault: ClientFault?
    /// Until when the answer is read slowly.
    var slowUntil: MonotonicTime = 0
    /// What is recorded of the request's answer, where that was a stream.
    var recorded: RecordedStream?
    /// What the answer has become, where it is a stream.
    var stream: LiveStream?
    /// When the stream is looked at next, `.max` for never; earlier entries of the timers count for nothing.
    var streamTimer = MonotonicTime.max
    /// Tells one request of the slot from the next.
    var serial: UInt32 = 0

    init(response: IncomingResponse) {
        self.response = response
    }

    var isBusy: Bool {
        switch phase {
        case .connecting, .sending, .awaiting: true
        case .closed, .idle: false
        }
    }
}
