import Messages
import Packets
import Streams
import Traces

extension StreamRecorder {
    /// Writes what became of a connection that is over, where its messages alone do not tell: of one without any, or
    /// with something to note.
    ///
    /// One with a server that was not asked for leaves no more behind than packets that have none of the ports.
    mutating func summarise(_ index: Int, _ reason: CloseReason, row: Int) {
        guard slots[index].phase != .otherPort else { return }
        let counts = slots[index].streams
        let number = messages.connections[index].number
        if number == nil {
            guard messages.output.isAccepting, allowance.take(at: messages.now) else {
                messages.endpoints.rows[row].countUntold()
                return
            }
        } else {
            guard messages.output.isAccepting, messages.connections[index].notes.count > 0 || counts.isEvicted
            else { return }
        }
        let opening = messages.connections[index].opening
        let summary = ConnectionSummaryRecord(
            connection: number,
            opened: messages.connections[index].openedAt,
            closed: messages.now,
            source: messages.options.source,
            client: opening.client,
            server: opening.server,
            sawHandshake: opening.sawHandshake,
            isEvicted: counts.isEvicted,
            reason: ConnectionCloseRecord.Reason(rawValue: reason.rawValue) ?? .expired,
            content: slots[index].content,
            packets: counts.packets,
            bytes: slots[index].byteCounts.filter { $0.value > 0 },
            notesLeftOut: messages.connections[index].notes.leftOut,
            notes: messages.connections[index].notes.release()
        )
        messages.output.append(.summary(summary))
    }
}

extension ConnectionSlot {
    fileprivate var content: ConnectionSummaryRecord.Content {
        switch phase {
        case .http: .http
        case .foreign, .otherPort: .other
        case .unrecognised: rejected[0] || rejected[1] ? .other : .unrecognised
        }
    }

    /// Where the bytes of the connection went, by the names of the ledger. Heads and bodies are those that were read,
    /// written or not.
    fileprivate var byteCounts: [LedgerCount] {
        var parsed = ByteCounts()
        if let conversation {
            parsed = conversation.counts(of: .request) + conversation.counts(of: .response)
        }
        return [
            LedgerCount(name: "received", value: streams.received),
            LedgerCount(name: "heads", value: parsed.heads),
            LedgerCount(name: "bodies", value: parsed.bodies),
            LedgerCount(name: "framing", value: parsed.framing),
            LedgerCount(name: "upgraded", value: parsed.upgraded),
            LedgerCount(name: "unparsable", value: parsed.unparsable),
            LedgerCount(name: "oversize", value: parsed.oversize),
            LedgerCount(name: "aborted", value: parsed.aborted),
            LedgerCount(name: "before_join", value: parsed.beforeJoin &+ passedOver &+ streams.beforeJoin),
            LedgerCount(name: "not_http", value: unreadBytes),
            LedgerCount(name: "duplicate", value: streams.duplicate),
            LedgerCount(name: "conflicting", value: streams.conflicting),
            LedgerCount(name: "late", value: streams.late),
            LedgerCount(name: "outside_window", value: streams.outsideWindow),
            LedgerCount(name: "after_close", value: streams.afterClose),
            LedgerCount(name: "reset_payload", value: streams.resetPayload),
            LedgerCount(name: "missing", value: streams.missing),
        ]
    }
}
