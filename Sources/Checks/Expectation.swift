import Messages
import Packets
import Traces

/// A recorded exchange that waits for the answer of a replay.
struct Expectation: Sendable {
    /// What is kept of the recorded response.
    enum Response: Sendable {
        /// It has not come.
        case none
        /// As it was read; nothing of it is looked at before there is an answer.
        case message(RecordedMessage)
        case stored(StoredResponse)
    }

    var route = RouteTable.unknown
    var ruleSet = 0
    /// The heads of the recorded request and the observed one, of which the authority is read where an answer names one.
    var request: HeadRecord?
    var observedRequest: HeadRecord?
    var response = Response.none
    /// The answer of the replay before, where noise is learned.
    var previous: StoredResponse?
    /// No response to it was recorded.
    var isWithoutResponse = false
    var wasSent = false
    var wasAnswered = false
    var hasFailed = false

    var hasResponse: Bool {
        if case .none = response { false } else { true }
    }

    /// How many bytes are held for it.
    var heldBytes: Int {
        switch response {
        case .none: 0
        case .message(let message): message.body.count
        case .stored(let stored): stored.bodyBytes
        }
    }

    /// When the recorded response ended, in nanoseconds since 1970; 0 where there is none.
    var end: Int64 {
        switch response {
        case .none: 0
        case .message(let message): message.end.time.nanoseconds
        case .stored(let stored): stored.end
        }
    }

    /// The status of the recorded response; 0 where its head cannot be read.
    var status: UInt16 {
        switch response {
        case .none: 0
        case .message(let message): (try? message.head.parsed())?.status ?? 0
        case .stored(let stored): stored.status
        }
    }
}
