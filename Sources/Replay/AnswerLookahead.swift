import Messages
import Packets
import Traces

/// Reads messages ahead of a request until its recorded answer has been seen.
///
/// Only requests whose signature or session depends on the answer cause any reading ahead. Both bounds are those of
/// ``ReplayLimits``; a request whose answer lies beyond them counts as unanswered.
struct AnswerLookahead {
    /// The message at hand, which is read in the place of the one before.
    private(set) var message = RecordedMessage.blank
    private let limits: ReplayLimits
    private var buffer: [RecordedMessage] = []
    /// Where each of them came from.
    private var clients: [IPAddress?] = []
    /// Where the message that was handed out last came from.
    private(set) var client: IPAddress?
    /// Messages before this index have been handed out.
    private var head = 0
    private var bytes = 0

    init(limits: ReplayLimits) {
        self.limits = limits
    }

    mutating func removeAll() {
        buffer.removeAll(keepingCapacity: true)
        clients.removeAll(keepingCapacity: true)
        head = 0
        bytes = 0
    }

    /// Goes on to the next message; false at the end.
    mutating func next(from source: inout some RequestSource) throws -> Bool {
        guard head < buffer.count else {
            if head > 0 { removeAll() }
            let isThere = try source.next(exchanging: &message)
            client = source.client
            return isThere
        }
        message = buffer[head]
        client = clients[head]
        head += 1
        bytes -= Self.cost(message)
        if head > 1_024, head * 2 > buffer.count {
            buffer.removeFirst(head)
            clients.removeFirst(head)
            head = 0
        }
        return true
    }

    /// Gives up the message at hand: its head is the source's again, its body is the request's that was made of it.
    mutating func release(to source: inout some RequestSource) {
        var bytes: [UInt8] = []
        swap(&bytes, &message.head.bytes)
        source.reuse(bytes)
        message.body = []
    }

    /// The final recorded answer to an exchange, or `nil` when there is none within the bounds.
    mutating func answer(to exchange: UInt64, from source: inout some RequestSource) throws
        -> RecordedMessage?
    {
        for message in buffer[head...] where Self.isAnswer(message, to: exchange) { return message }
        while buffer.count - head < limits.lookahead, bytes < limits.lookaheadBytes {
            guard let message = try source.next() else { return nil }
            buffer.append(message)
            clients.append(source.client)
            bytes += Self.cost(message)
            if Self.isAnswer(message, to: exchange) { return message }
        }
        return nil
    }

    private static func cost(_ message: RecordedMessage) -> Int {
        message.head.bytes.count + message.body.count + 200
    }

    private static func isAnswer(_ message: RecordedMessage, to exchange: UInt64) -> Bool {
        message.kind == .response && message.exchange == exchange && !message.end.flags.contains(.interim)
            && message.status != nil
    }
}

extension RecordedMessage {
    /// The status of an answer; `nil` where the head cannot be read.
    var status: UInt16? {
        guard let head = try? head.parsed(), case .response(let status, _) = head.start else { return nil }
        return status
    }
}
