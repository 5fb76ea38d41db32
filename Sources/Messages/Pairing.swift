/// What a gap in one direction takes away besides bytes of the message under way.
enum MessageLoss: UInt8, Comparable, Sendable {
    case none
    /// Perhaps the end of the message under way, perhaps others too.
    case possible
    /// At least part of a message that was not begun.
    case certain

    static func < (left: MessageLoss, right: MessageLoss) -> Bool { left.rawValue < right.rawValue }
}

/// How far the order of messages still tells which response answers which request, once some have been lost.
///
/// Both directions are read in an order in which they can have been sent. So a client that waits for each response
/// before its next request leaves no doubt: what it waited for when it sends the next was answered, if in a gap. With
/// pipelined requests only counting would help, and what was lost cannot be counted.
struct Pairing: Sendable {
    /// A request was sent while another waited.
    private(set) var pipelines = false
    /// Nothing says that there are requests which nobody knows of.
    private var isSure: Bool
    /// An exchange was whole since it was last unsure.
    private var hasPaired = false
    /// Not all was captured: what was sent when tells more than what was seen in which order.
    private(set) var isPartial: Bool
    /// Responses can no longer be told apart by their order; for good.
    private(set) var isLost = false
    /// Since the last response began.
    private var responses = MessageLoss.none
    /// Behind the youngest request.
    private var requests = MessageLoss.none
    /// A response came, or was lost, since requests were.
    private var isAnsweredSinceLoss = false

    init(isSure: Bool) {
        self.isSure = isSure
        isPartial = !isSure
    }

    /// Takes in that requests were lost while `waiting` others were not answered.
    mutating func loseRequests(_ loss: MessageLoss, waiting: Int = 0) {
        guard loss != .none else { return }
        isPartial = true
        if loss == .certain, waiting > 0, responses == .none { pipelines = true }
        requests = max(requests, loss)
        isAnsweredSinceLoss = responses != .none
    }

    mutating func loseResponses(_ loss: MessageLoss) {
        guard loss != .none else { return }
        isPartial = true
        responses = max(responses, loss)
        isAnsweredSinceLoss = true
    }

    /// Takes in that a message was sent before what a client that waits would have waited for.
    mutating func noticePipelining() { pipelines = true }

    /// What a request that begins says about those that wait.
    enum Waiting {
        /// They do wait.
        case stay
        /// They have been answered, in a gap.
        case areAnswered
        /// It cannot be known whether they have.
        case areLost
    }

    /// Takes in that a request begins while `waiting` others are not answered.
    ///
    /// - Returns: What becomes of those, and whether requests may have been lost before the new one: which are not
    ///   answered yet either, if the client pipelines.
    mutating func beginRequest(waiting: Int) -> (waiting: Waiting, followsLoss: Bool) {
        let loss = requests
        requests = .none
        if waiting == 0 {
            responses = .none
            if loss == .none {
                if hasPaired { isSure = true }
                return (.stay, false)
            }
        }
        if loss == .certain, !isAnsweredSinceLoss { pipelines = true }
        var outcome = Waiting.stay
        if waiting > 0 {
            if responses != .none, !pipelines {
                outcome = .areAnswered
                responses = .none
            } else {
                pipelines = true
                if !isSure { outcome = .areLost }
            }
        }
        if outcome == .areLost { isLost = true }
        if loss != .none || outcome == .areAnswered {
            isSure = false
            hasPaired = false
        }
        return (outcome, loss != .none)
    }

    /// Which request a response that begins answers.
    enum Answered {
        case oldest
        case youngest
        /// One that was never seen; those that wait have been answered.
        case unseen
        /// It cannot be known, and so it is for all that follow.
        case lost
    }

    /// Takes in that a response begins while the requests in `queue` are not answered, of which the server had received
    /// something of the oldest `received` when it sent it.
    mutating func beginResponse(to queue: borrowing RequestQueue, received: Int) -> Answered {
        // Sent before the client had the response at hand.
        if received < queue.count { pipelines = true }
        let loss = responses
        responses = .none
        isAnsweredSinceLoss = true
        if isLost { return .lost }
        var answered = Answered.oldest
        if loss != .none {
            if requests != .none {
                answered = pipelines ? .lost : .unseen
            } else if pipelines {
                let candidates = received - (loss == .certain ? 1 : 0)
                answered = candidates > 1 || queue.followsLoss(among: received) ? .lost : .youngest
            } else {
                answered = .youngest
            }
        } else if pipelines {
            let isInDoubt = received > 0 ? queue.followsLoss(among: 1) : queue.isEmpty && requests != .none
            if isInDoubt { answered = .lost }
        }
        if received == 0, !queue.isEmpty, answered != .lost { answered = .unseen }
        if answered == .lost { isLost = true }
        return answered
    }

    /// Takes in that a response ended of which the request is known.
    mutating func endExchange() {
        hasPaired = true
    }
}
