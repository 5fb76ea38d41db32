import Messages

/// Puts messages together as ``MessageAssembler`` does, and gives an answer that opened a WebSocket session out when the
/// session is over, with what the server said in it as its body: see ``WebSocketTranscript``.
///
/// Such an answer is flagged `incomplete` where the server did not end the session, and `truncated` where something that
/// was said is missing. One that has a body already was given out in this form before, and goes through as it is.
package struct SessionAssembler: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Sessions that are open at once; of those beyond nothing is gathered.
        package var sessions = 65_536
        /// Bytes of all open ones; what is said beyond is missing.
        package var bytes = 64 << 20

        package init() {}
    }

    private struct Session {
        var response: RecordedMessage
        var transcript = WebSocketTranscript()
        /// Bytes of it that are counted among those held.
        var held = 0
    }

    private let limits: Limits
    private var messages = MessageAssembler()
    /// By exchange.
    private var sessions: [UInt64: Session] = [:]
    private var exchangeOnConnection: [UInt64: UInt64] = [:]
    /// The exchange of a session that was observed by a replay: all of it stands in one place.
    private var replayed: UInt64?
    private var heldBytes = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    package var counts: MessageAssembler.Counts { messages.counts }

    /// Takes a record, and hands over the messages that end with it.
    package mutating func receive(_ record: TraceRecord, _ take: (RecordedMessage) -> Void) {
        if !sessions.isEmpty {
            switch record {
            case .event(let event) where event.eventKind == .webSocket:
                say(event)
                return
            case .ledgerSnapshot: return
            case .connectionClose(let close):
                if let exchange = exchangeOnConnection[close.connection] { end(exchange, take) }
                return
            default: if let replayed { end(replayed, take) }
            }
        }
        guard let message = messages.receive(record) else { return }
        if message.opensSession, sessions.count < limits.sessions {
            begin(message, take)
        } else {
            take(message)
        }
    }

    /// Ends every open message and session: no more records will come.
    package mutating func finish(_ take: (RecordedMessage) -> Void) {
        for message in messages.finish() { take(message) }
        let open = sessions.values.map(\.response)
            .sorted { ($0.start, $0.exchange) < ($1.start, $1.exchange) }
        for response in open { end(response.exchange, take) }
    }

    private mutating func begin(_ response: RecordedMessage, _ take: (RecordedMessage) -> Void) {
        end(response.exchange, take)
        // What its connection carried before is over.
        if let earlier = exchangeOnConnection[response.connection] { end(earlier, take) }
        sessions[response.exchange] = Session(response: response)
        exchangeOnConnection[response.connection] = response.exchange
        if response.head.of != nil { replayed = response.exchange }
    }

    private mutating func say(_ event: EventRecord) {
        // Taken out, so that its text grows in place.
        guard var session = sessions.removeValue(forKey: event.exchange) else { return }
        let before = session.transcript.count
        if heldBytes + event.bytes.count <= limits.bytes {
            session.transcript.take(event)
        } else {
            session.response.end.flags.insert(.truncated)
        }
        session.held += session.transcript.count - before
        heldBytes += session.transcript.count - before
        sessions[event.exchange] = session
    }

    private mutating func end(_ exchange: UInt64, _ take: (RecordedMessage) -> Void) {
        guard let session = sessions.removeValue(forKey: exchange) else { return }
        heldBytes -= session.held
        if exchangeOnConnection[session.response.connection] == exchange {
            exchangeOnConnection[session.response.connection] = nil
        }
        if replayed == exchange { replayed = nil }
        take(session.response.saying(session.transcript))
    }
}

extension RecordedMessage {
    /// Whether it is an answer with which a WebSocket session begins, without what was said in it.
    package var opensSession: Bool {
        guard kind == .response, end.flags.contains(.upgraded), body.isEmpty,
            let head = try? head.parsed()
        else { return false }
        return head.opensWebSocket
    }

    /// The answer with what the server said in the session that it opened.
    package func saying(_ transcript: WebSocketTranscript) -> RecordedMessage {
        var message = self
        if transcript.isCut { message.end.flags.insert(.truncated) }
        if transcript.isEndedByServer {
            message.end.flags.remove(.incomplete)
        } else {
            message.end.flags.insert(.incomplete)
        }
        message.body = transcript.finish()
        message.end.wireLength = UInt64(message.body.count)
        return message
    }
}
