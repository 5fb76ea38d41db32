import Messages

/// Whether an exchange is recorded.
enum Selection: Sendable {
    /// Nothing has been seen yet that tells; recorded where nothing is asked.
    case open
    /// The request is one to record, if the status of the response is.
    case undecided
    case taken
    case leftOut
}

/// A message that is over, of an exchange of which the status is not known yet.
struct UndecidedMessage: Sendable {
    var message: OpenMessage
    var kind: MessageKind
    var end: MessageEnd

    /// What is held of it in memory.
    var heldBytes: Int {
        (message.head?.bytes.count ?? 0) + message.body.count + message.trailers.count
    }
}
