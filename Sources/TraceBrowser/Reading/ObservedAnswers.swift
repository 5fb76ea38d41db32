import Messages
package import TraceFiles
package import Traces

/// Where the answers of a replay stand in the trace of what it observed, by the recorded exchange.
///
/// Of several answers to one request, those of loops and copies among them, the first is kept.
package struct ObservedAnswers: Sendable {
    /// In the order of the recorded exchanges.
    private var exchanges: [UInt64] = []
    private var answers: [ExchangeRow] = []
    package private(set) var blocks: [BlockPlace] = []
    /// Answers to requests of another trace.
    package private(set) var foreign: UInt64 = 0

    /// Reads the trace of a replay of `trace` to its end. An answer without a reference belongs to the exchange of its own
    /// number.
    package init(
        _ reader: TraceReader,
        to trace: TraceID,
        limits: BrowserLimits = BrowserLimits()
    ) throws {
        var outline = TraceOutline(limits: limits)
        var pairs: [(recorded: UInt64, observed: UInt64)] = []
        while try reader.nextBlock() {
            guard let block = reader.block else { break }
            outline.begin(BlockPlace(offset: block.offset, sequence: block.sequence))
            let bytes = reader.blockBytes
            var prefixes = RecordCursor(bytes.span)
            while let prefix = try prefixes.nextPrefix() {
                var cursor = RecordCursor(bytes.span, from: prefix.offset)
                guard let record = try cursor.next(.withoutBodies), cursor.offset == prefixes.offset else {
                    continue
                }
                if let head = record.requestHead {
                    if let of = head.of, of.trace != trace {
                        foreign += 1
                    } else {
                        pairs.append((head.of?.exchange ?? head.exchange, head.exchange))
                    }
                }
                outline.add(record, at: prefix.offset)
            }
        }
        outline.finish()
        blocks = outline.blocks
        pairs.sort { ($0.recorded, $0.observed) < ($1.recorded, $1.observed) }
        for pair in pairs where exchanges.last != pair.recorded {
            guard let index = outline.rowIndex(of: pair.observed) else { continue }
            exchanges.append(pair.recorded)
            answers.append(outline.rows[index])
        }
    }

    /// The row of the answer to a recorded exchange; O(log n).
    package func answer(to exchange: UInt64) -> ExchangeRow? {
        var (low, high) = (0, exchanges.count)
        while low < high {
            let middle = (low + high) / 2
            if exchanges[middle] < exchange { low = middle + 1 } else { high = middle }
        }
        return low < exchanges.count && exchanges[low] == exchange ? answers[low] : nil
    }

    /// Whether the answer has another status or another length than the recorded one; contents are compared one by one
    /// only.
    package func hasChanged(_ row: ExchangeRow) -> Bool {
        guard let answer = answer(to: row.exchange) else { return false }
        return answer.status != row.status || answer.responseBytes != row.responseBytes
    }

    package var count: Int { exchanges.count }
}

extension TraceRecord {
    fileprivate var requestHead: HeadRecord? {
        switch self {
        case .head(let head), .whole(let head, _, _): head.kind == .request ? head : nil
        case .body, .event, .end, .connectionOpen, .connectionClose, .ledgerSnapshot, .note,
            .connectionSummary,
            .endpointLedger, .anonymized:
            nil
        }
    }
}
