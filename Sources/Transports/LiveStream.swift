package import Replay

/// What an answer is that goes on after its head.
package enum LiveStream {
    case events(ReplayedEventStream)
    case session(WebSocketSession)

    /// When it is to be looked at although nothing has come.
    package var wakeTime: MonotonicTime {
        switch self {
        case .events(let events): events.wakeTime
        case .session(let session): session.wakeTime
        }
    }
}
