import Messages
package import Packets
package import Traces

/// Gathers from the records of a trace what answers a question about one exchange, one connection or one moment.
///
/// Give it every record in the order of the file, then ``finish()``. Memory is bounded by what is open at a time.
package struct TraceHistory: Sendable {
    package enum Question: Hashable, Sendable {
        case exchange(UInt64, connection: UInt64)
        case connection(UInt64)
        /// Everything from `from` to `to`, both inclusive.
        case moment(PacketTime, from: PacketTime, to: PacketTime)
    }

    private struct MessageKey: Hashable {
        var exchange: UInt64
        var kind: MessageKind
    }

    package let question: Question
    /// The start of the first message of the trace, from which times are counted.
    package let origin: PacketTime
    /// Whether the packets were captured as they came, and not read from a file.
    package let isLive: Bool
    package private(set) var connections: [UInt64: ConnectionHistory] = [:]
    /// Connections without a message in the trace, around the moment.
    package private(set) var others: [ConnectionSummaryRecord] = []
    package private(set) var othersLeftOut: UInt64 = 0
    private(set) var drops = DropTimeline()
    /// The snapshots of the ledger next before and after the moment.
    package private(set) var ledgerBefore: LedgerRecord?
    package private(set) var ledgerAfter: LedgerRecord?
    private(set) var lastLedger: LedgerRecord?
    private var open: [MessageKey: HistoryMessage] = [:]

    /// Connections without a message that are kept.
    private static let otherLimit = 200

    package init(_ question: Question, origin: PacketTime, isLive: Bool) {
        self.question = question
        self.origin = origin
        self.isLive = isLive
    }

    package mutating func receive(_ record: TraceRecord) {
        switch record {
        case .connectionOpen(let opening): open(opening)
        case .connectionClose(let close): self.close(close)
        case .head(let head):
            guard concerns(head.connection, at: head.start) else { return }
            let key = MessageKey(exchange: head.exchange, kind: head.kind)
            if let unended = open.updateValue(HistoryMessage(head), forKey: key),
                !isRepetition(of: unended, head)
            {
                add(unended)
            }
        case .body(let body):
            let key = MessageKey(exchange: body.exchange, kind: body.kind)
            open[key]?.storedLength &+= UInt64(body.bytes.count)
        case .event(let event):
            let key = MessageKey(exchange: event.exchange, kind: event.kind)
            open[key]?.events &+= 1
            open[key]?.storedLength &+= UInt64(event.bytes.count)
        case .end(let end):
            let key = MessageKey(exchange: end.exchange, kind: end.kind)
            guard var message = open.removeValue(forKey: key) else { return }
            message.close(end)
            add(message)
        case .whole(let head, let body, let end):
            guard concerns(head.connection, at: end.time) else { return }
            var message = HistoryMessage(head)
            message.storedLength = UInt64(body.count)
            message.close(end)
            add(message)
        case .ledgerSnapshot(let ledger): take(ledger)
        case .note(let note):
            guard let number = note.connection, concerns(number, at: note.time),
                isInWindow(note.time, note.time)
            else { return }
            connections[number, default: ConnectionHistory()].add(note)
        case .connectionSummary(let summary): take(summary)
        case .endpointLedger, .anonymized: break
        }
    }

    /// Takes the messages of which the end is not in the trace.
    package mutating func finish() {
        for message in open.values.sorted(by: { $0.start < $1.start }) { add(message) }
        open = [:]
    }
}

extension TraceHistory {
    /// The exchange that is asked for.
    package var exchange: UInt64? {
        if case .exchange(let number, _) = question { number } else { nil }
    }

    /// Whether what happens on a connection at a time may belong to the answer.
    private func concerns(_ connection: UInt64, at time: PacketTime) -> Bool {
        switch question {
        case .exchange(_, let number), .connection(let number): connection == number
        case .moment(_, let from, let to): time >= from || connections[connection] != nil && time <= to
        }
    }

    private func isInWindow(_ start: PacketTime, _ end: PacketTime) -> Bool {
        guard case .moment(_, let from, let to) = question else { return true }
        return start <= to && end >= from
    }

    private mutating func open(_ opening: ConnectionOpenRecord) {
        switch question {
        case .exchange(_, let number), .connection(let number):
            guard opening.connection == number else { return }
        case .moment(_, _, let to): guard opening.time <= to else { return }
        }
        if connections[opening.connection]?.opening == nil {
            connections[opening.connection, default: ConnectionHistory()].opening = opening
        }
    }

    private mutating func close(_ close: ConnectionCloseRecord) {
        guard connections[close.connection] != nil else { return }
        if case .moment(_, let from, _) = question, close.time < from {
            connections[close.connection] = nil
        } else {
            connections[close.connection]?.close = close
        }
    }

    private mutating func add(_ message: HistoryMessage) {
        guard isInWindow(message.start, message.end ?? .distantFuture) else { return }
        connections[message.connection, default: ConnectionHistory()].add(message, keeping: exchange)
    }

    /// A head that a later part of a recording repeats.
    private func isRepetition(of message: HistoryMessage, _ head: HeadRecord) -> Bool {
        message.start == head.start && message.connection == head.connection
    }

    private mutating func take(_ summary: ConnectionSummaryRecord) {
        if let number = summary.connection {
            if connections[number] != nil { connections[number]?.summary = summary }
            return
        }
        guard case .moment = question, isInWindow(summary.opened, summary.closed) else { return }
        if others.count < Self.otherLimit { others.append(summary) } else { othersLeftOut += 1 }
    }

    private mutating func take(_ ledger: LedgerRecord) {
        drops.receive(ledger)
        lastLedger = ledger
        guard case .moment(_, let from, let to) = question else { return }
        if ledger.time <= from { ledgerBefore = ledger }
        if ledger.time >= to, ledgerAfter == nil { ledgerAfter = ledger }
    }
}
