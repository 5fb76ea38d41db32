import Bytes
package import Messages
import SeededRandom

/// The client's side of a WebSocket connection that repeats a recorded one (RFC 6455), behind its handshake.
///
/// Messages go out at their recorded times, masked anew and in as many frames; pings are answered with what they hold,
/// and the session ends with a close handshake. Bytes come in and go out as values, and time is an argument.
package final class WebSocketSession {
    enum Phase {
        case open
        /// Our close frame is sent; the other one is awaited until the given time.
        case closing(until: MonotonicTime, as: StreamSummary.End)
        /// The session is over once what is left has gone out, or at the given time.
        case ended(StreamSummary.End, until: MonotonicTime)
    }

    var progress: StreamProgress
    private let conversation: WebSocketConversation
    private var masks: MaskingKeys
    private let timeout: UInt64
    private(set) var phase = Phase.open
    /// Frames that the kernel has not taken yet.
    package private(set) var outgoing: [UInt8] = []
    private var nextMessage = 0
    /// Since when the next message has waited for an answer.
    private var heldSince: MonotonicTime?
    /// Events that had come when the last message went out.
    private var receivedBefore = 0
    private let opened: MonotonicTime
    /// What came and went, where that is kept.
    package private(set) var log: StreamLog?
    /// When the message and the control message under way began.
    private var begun: (message: MonotonicTime, control: MonotonicTime)

    /// `extensions` are those that the target's answer agreed on; `seed` decides the masking keys.
    /// `keepsLog`: the messages of both sides are wanted with their times.
    package init(
        _ recorded: RecordedStream?,
        extensions: WebSocketExtensions,
        seed: UInt64,
        start: MonotonicTime,
        opened: MonotonicTime,
        timeout: UInt64,
        ledger: StreamLedger,
        keepsLog: Bool = false
    ) {
        progress = StreamProgress(
            .webSocket,
            recorded,
            start: start,
            opened: opened,
            timeout: timeout,
            ledger: ledger
        )
        conversation = WebSocketConversation(extensions)
        masks = MaskingKeys(seed: seed)
        self.timeout = timeout
        self.opened = opened
        log = keepsLog ? StreamLog() : nil
        begun = (opened, opened)
    }

    private var messages: [RecordedStream.ClientMessage] { progress.recorded?.messages ?? [] }

    /// How it ended, once everything has gone out.
    package var end: StreamSummary.End? {
        guard case .ended(let end, _) = phase, outgoing.isEmpty else { return nil }
        return end
    }

    // MARK: Bytes

    /// Takes bytes that came behind the handshake.
    package func receive(_ bytes: Span<UInt8>, at now: MonotonicTime) {
        guard !bytes.isEmpty else { return }
        progress.noteSign(at: now)
        var sink = Sink(session: self, now: now)
        conversation.receive(bytes, from: .response, room: .max, into: &sink)
    }

    /// Says that the target has closed the connection.
    package func finish(at now: MonotonicTime) {
        switch phase {
        case .closing(_, let end): close(as: end, at: now)
        case .ended: break
        case .open:
            // Some targets end without a word, and where all is said that is an end like another.
            close(as: progress.isComplete && nextMessage == messages.count ? .target : .broken, at: now)
        }
        outgoing.removeAll()
    }

    /// Says that the kernel has taken the first `count` bytes of ``outgoing``.
    package func removeOutgoing(_ count: Int) {
        outgoing.removeFirst(count)
    }

    private func takeMessage(_ message: WebSocketMessage, _ bytes: Span<UInt8>, at now: MonotonicTime) {
        let start = message.opcode.isControl ? begun.control : begun.message
        log?.append(.message(.response, message, Array(bytes)), from: start, to: now)
        switch message.opcode {
        case .text, .binary:
            let key =
                message.isUndecoded ? .unknown : EventKey.message(opcode: message.opcode.rawValue, bytes)
            progress.receive(key, at: now)
        case .ping:
            progress.ledger.noteSignOfLife()
            if case .open = phase, !isBlocked {
                append(.pong, bytes, frames: 1, at: now)
            }
        case .close: takeClose(bytes, at: now)
        case .pong, .continuation: break
        }
    }

    private func noteBegin(_ opcode: WebSocketOpcode, at now: MonotonicTime) {
        if opcode.isControl { begun.control = now } else { begun.message = now }
    }

    private func takeClose(_ bytes: Span<UInt8>, at now: MonotonicTime) {
        switch phase {
        case .open:
            // The status comes back as it came (section 5.5.1).
            append(.close, bytes.extracting(first: min(2, bytes.count)), frames: 1, at: now)
            close(as: .target, at: now)
        case .closing(_, let end): close(as: end, at: now)
        case .ended: break
        }
    }

    private func append(
        _ opcode: WebSocketOpcode,
        _ payload: Span<UInt8>,
        frames: UInt32,
        at now: MonotonicTime
    ) {
        if log != nil {
            var message = WebSocketMessage(opcode: opcode)
            message.frames = frames
            message.wireLength = UInt64(payload.count)
            log?.append(.message(.request, message, Array(payload)), from: now, to: now)
        }
        outgoing.appendWebSocketMessage(opcode, payload, frames: frames) { masks.next() }
    }

    private struct Sink: WebSocketSink {
        let session: WebSocketSession
        let now: MonotonicTime

        mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>) {
            switch event {
            case .began(.response, let opcode): session.noteBegin(opcode, at: now)
            case .message(.response, let message): session.takeMessage(message, bytes, at: now)
            // The connection carries no frames, or none any more.
            case .skipped(.response, _, .unparsable): session.close(as: .broken, at: now)
            case .message, .skipped, .began, .frame, .abandoned: break
            }
        }
    }
}

// MARK: Time

extension WebSocketSession {
    /// When ``act(at:)`` is to be called although nothing has come.
    package var wakeTime: MonotonicTime {
        switch phase {
        case .closing(let until, _), .ended(_, let until): return until
        case .open: break
        }
        if isBlocked { return progress.silenceLimit }
        guard nextMessage < messages.count else { return min(progress.silenceLimit, closeTime) }
        return max(dueTime(of: nextMessage), releaseTime)
    }

    /// Sends what is due, and ends the session where its time is over.
    package func act(at now: MonotonicTime) {
        switch phase {
        case .closing(let until, let end):
            if until <= now {
                close(as: end, at: now)
                outgoing.removeAll()
            }
            return
        case .ended(_, let until):
            if until <= now { outgoing.removeAll() }
            return
        case .open: break
        }
        sendMessages(at: now)
        guard case .open = phase else { return }
        if nextMessage == messages.count, closeTime <= now {
            let isOverdue = progress.recorded?.endsAtServer == true
            beginClose(status: 1_000, as: isOverdue ? .overdue : .client, at: now)
        } else if progress.silenceLimit <= now, nextMessage == messages.count || isBlocked {
            close(as: .silent, at: now)
            outgoing.removeAll()
        }
    }

    /// Ends the session with the run, with a close handshake: the client goes away (section 7.4.1).
    package func cutShort(at now: MonotonicTime) {
        guard case .open = phase else { return }
        beginClose(status: 1_001, as: .cutShort, at: now)
    }

    /// Closes the accounts; without effect where they are closed.
    package func close(as end: StreamSummary.End, at now: MonotonicTime) {
        if case .ended = phase { return }
        phase = .ended(end, until: now.adding(StreamLimits.closePatience))
        progress.end(end, at: now, messagesNotSent: messages.count - nextMessage)
    }

    private func sendMessages(at now: MonotonicTime) {
        while nextMessage < messages.count, !isBlocked {
            let message = messages[nextMessage]
            let due = dueTime(of: nextMessage)
            guard due <= now, releaseTime <= now else {
                if due <= now, heldSince == nil { heldSince = now }
                return
            }
            nextMessage += 1
            // What it waited for an answer is not its own lateness.
            let since = max(due, heldSince == nil ? opened : now)
            progress.ledger.noteMessage(error: now - min(now, since), wasHeldBack: heldSince != nil)
            heldSince = nil
            receivedBefore = progress.received
            if message.opcode == WebSocketOpcode.close.rawValue {
                append(.close, message.bytes.span, frames: 1, at: now)
                phase = .closing(until: now.adding(StreamLimits.closePatience), as: .client)
                return
            }
            if let opcode = WebSocketOpcode(rawValue: message.opcode) {
                append(opcode, message.bytes.span, frames: message.frames, at: now)
            }
        }
    }

    /// The target takes nothing for the time.
    private var isBlocked: Bool { outgoing.count >= StreamLimits.outgoingBytes }

    private func dueTime(of index: Int) -> MonotonicTime {
        // As fast as possible only answers are waited for.
        guard progress.ledger.factor > 0 else { return opened }
        return progress.start.adding(progress.ledger.scaled(messages[index].offset))
    }

    /// When the next message may go at the latest: the recorded client had an answer to the one before by then, and so
    /// should this one, whatever the speed.
    private var releaseTime: MonotonicTime {
        if messages[nextMessage].opcode == WebSocketOpcode.close.rawValue {
            // Who left after the last answer did not leave before it.
            if progress.received >= messages[nextMessage].eventsBefore || progress.isComplete { return 0 }
            return max(dueTime(of: nextMessage), opened).adding(StreamLimits.lateness)
        }
        let before = nextMessage == 0 ? 0 : messages[nextMessage - 1].eventsBefore
        let expected = min(1, messages[nextMessage].eventsBefore - before)
        if progress.received - receivedBefore >= expected || progress.isComplete { return 0 }
        return max(dueTime(of: nextMessage), opened).adding(StreamLimits.replyPatience)
    }

    /// When the session is closed from this side, every message being sent.
    private var closeTime: MonotonicTime {
        if let leave = progress.leaveTime { return leave }
        if let overdue = progress.overdueTime { return overdue }
        // Nothing is recorded of it, so there is nothing to say.
        return opened
    }

    private func beginClose(status: UInt16, as end: StreamSummary.End, at now: MonotonicTime) {
        let payload = [UInt8(status >> 8), UInt8(status & 0xFF)]
        append(.close, payload.span, frames: 1, at: now)
        phase = .closing(until: now.adding(StreamLimits.closePatience), as: end)
    }
}

/// Masking keys, as many as are asked for: the same for the same seed.
package struct MaskingKeys: Sendable {
    private var numbers: SeededGenerator

    package init(seed: UInt64) { numbers = SeededGenerator(seed: seed) }

    package mutating func next() -> UInt32 { UInt32(truncatingIfNeeded: numbers.next()) }
}
