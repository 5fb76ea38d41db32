import Messages
import Packets
import Traces

extension TraceHistory {
    /// What happened, in order of time.
    package var lines: [HistoryLine] {
        var lines = connections.sorted { $0.key < $1.key }.flatMap { self.lines(of: $1, number: $0) }
        for other in others { lines += self.lines(of: other) }
        return lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }

    private func lines(of history: ConnectionHistory, number: UInt64) -> [HistoryLine] {
        var lines: [HistoryLine] = []
        let isMoment = exchange == nil && connections.count != 1
        // Around a moment an idle connection says nothing.
        let isIdle = history.messages.isEmpty && history.notes.isEmpty
        if let opening = history.opening, shows(opening.time), !isMoment || !isIdle || isNear(opening.time) {
            let how =
                opening.sawHandshake ? "with its handshake" : "in the middle: its beginning was not captured"
            lines.append(
                HistoryLine(
                    time: opening.time,
                    event: opening.sawHandshake ? "opened" : "joined",
                    connection: number,
                    text:
                        "connection \(number), \(opening.client) to \(opening.server), was first seen, \(how)"
                )
            )
        }
        for message in history.messages where exchange == nil || message.exchange == exchange {
            lines.append(
                HistoryLine(
                    time: message.start,
                    event: message.kind == .request ? "request" : "response",
                    connection: number,
                    exchange: message.exchange,
                    direction: message.kind,
                    amount: message.wireLength,
                    text: HistoryWords.text(of: message)
                )
            )
        }
        for note in history.notes { lines.append(line(for: note, number)) }
        if let close = history.close, shows(close.time), !isMoment || !isIdle || isNear(close.time) {
            var text = "connection \(number) was \(HistoryWords.end(close.reason))"
            if history.summary?.isEvicted == true { text += " (too many connections were open)" }
            lines.append(HistoryLine(time: close.time, event: "closed", connection: number, text: text))
        }
        return lines
    }

    private func line(for note: NoteRecord, _ number: UInt64?) -> HistoryLine {
        let words = HistoryWords.words(for: note)
        return HistoryLine(
            time: note.time,
            event: words.event,
            connection: number,
            exchange: note.exchange,
            direction: note.direction,
            amount: note.amount,
            text: words.text
        )
    }

    /// A connection without a message in the trace, in one line, with its notes behind.
    private func lines(of other: ConnectionSummaryRecord) -> [HistoryLine] {
        let what =
            switch other.content {
            case .unrecognised: "nothing that could be recognised"
            case .http: "HTTP without a whole message"
            case .other: "no HTTP"
            }
        let received = other.bytes.first { $0.name == "received" }?.value ?? 0
        let length = Quantity.duration(nanoseconds: other.closed.nanoseconds(since: other.opened))
        let text =
            "a connection that is not in the trace, \(other.client) to \(other.server): \(what), "
            + "\(Quantity.count(other.packets)) packets, \(HistoryWords.size(received)), \(length); "
            + HistoryWords.end(other.reason)
        return [HistoryLine(time: other.opened, event: "other_connection", amount: received, text: text)]
            + other.notes.map { line(for: $0, nil) }
    }

    private func isNear(_ time: PacketTime) -> Bool {
        guard case .moment(_, let from, let to) = question else { return true }
        return from <= time && time <= to
    }

    /// Around a moment, what is long past is left out.
    private func shows(_ time: PacketTime) -> Bool {
        guard case .moment(_, _, let to) = question else { return true }
        return time <= to
    }
}
