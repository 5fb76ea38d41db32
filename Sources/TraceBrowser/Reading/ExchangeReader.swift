import Messages
package import Traces

/// Puts exchanges together from where their rows say that their records begin.
package struct ExchangeReader: Sendable {
    private let shelf: BlockShelf
    private let blocks: [BlockPlace]
    private let limits: BrowserLimits

    /// `blocks` are those of the outline that the rows are of.
    package init(_ shelf: BlockShelf, blocks: [BlockPlace], limits: BrowserLimits = BrowserLimits()) {
        self.shelf = shelf
        self.blocks = blocks
        self.limits = limits
    }

    /// The whole exchange, within the limits.
    package func exchange(_ row: ExchangeRow) throws -> RecordedExchange {
        var exchange = RecordedExchange()
        if row.request.isKnown {
            exchange.request = try messages(.request, of: row, from: row.request).last
        }
        if row.response.isKnown {
            let responses = try messages(.response, of: row, from: row.response)
            if let last = responses.last, !last.end.flags.contains(.interim) { exchange.response = last }
            exchange.interim = responses.filter { $0.end.flags.contains(.interim) }
        }
        if row.marks.contains(.events) { try readEvents(of: row, into: &exchange) }
        return exchange
    }

    /// The head of the request, without its body; `nil` where there is none.
    package func requestHead(_ row: ExchangeRow) throws -> HeadRecord? {
        guard row.request.isKnown else { return nil }
        var head: HeadRecord?
        try forEachRecord(of: row.exchange, from: row.request, blockCount: 1, .withoutBodies) { record in
            switch record {
            case .head(let found) where found.kind == .request: head = found
            case .whole(let found, _, _) where found.kind == .request: head = found
            default: return true
            }
            return false
        }
        return head
    }

    /// The messages of one direction up to the first that is not interim.
    private func messages(
        _ kind: MessageKind,
        of row: ExchangeRow,
        from place: RecordPlace
    ) throws -> [RecordedMessage] {
        var assembler = MessageAssembler(
            limits: MessageAssembler.Limits(openMessages: 2, bytes: limits.exchangeBytes)
        )
        var messages: [RecordedMessage] = []
        let hasEnd = row.marks.contains(kind == .request ? .requestEnded : .responseEnded)
        // Of what has no end, a few blocks tell enough.
        let blockCount = hasEnd ? limits.blocksPerMessage : min(64, limits.blocksPerMessage)
        try forEachRecord(of: row.exchange, from: place, blockCount: blockCount) { record in
            guard record.messageKind == kind else { return true }
            if let message = assembler.receive(record) {
                messages.append(message)
                return message.end.flags.contains(.interim)
            }
            return assembler.counts.bytesOverLimit == 0
        }
        return messages + assembler.finish()
    }

    private func readEvents(of row: ExchangeRow, into exchange: inout RecordedExchange) throws {
        var events: [EventRecord] = []
        var bytes = 0
        var hasMore = false
        let place = row.response.isKnown ? row.response : row.request
        try forEachRecord(of: row.exchange, from: place, blockCount: limits.blocksPerMessage) { record in
            guard case .event(let event) = record, event.eventKind == .webSocket else { return true }
            guard events.count < limits.shownEvents, bytes + event.bytes.count <= limits.shownBody else {
                hasMore = true
                return false
            }
            bytes += event.bytes.count
            events.append(event)
            return true
        }
        exchange.events = events
        exchange.hasMoreEvents = hasMore
    }

    /// Hands the records of an exchange's messages to `take` until that answers false.
    private func forEachRecord(
        of exchange: UInt64,
        from place: RecordPlace,
        blockCount: Int,
        _ selection: RecordSelection = .everything,
        _ take: (TraceRecord) -> Bool
    ) throws {
        let first = Int(place.block)
        guard first < blocks.count else { return }
        for index in first..<min(blocks.count, first + blockCount) {
            guard let bytes = try shelf.bytes(of: blocks[index]) else { continue }
            let start = index == first ? Int(place.offset) : 0
            guard start <= bytes.count else { return }
            var prefixes = RecordCursor(bytes.span, from: start)
            while let prefix = try prefixes.nextPrefix() {
                guard prefix.exchange == exchange, prefix.belongsToMessage else { continue }
                var cursor = RecordCursor(bytes.span, from: prefix.offset)
                guard let record = try cursor.next(selection), cursor.offset == prefixes.offset else {
                    continue
                }
                if !take(record) { return }
            }
        }
    }
}

extension TraceRecord {
    /// The direction of a piece of a message.
    fileprivate var messageKind: MessageKind? {
        switch self {
        case .head(let head), .whole(let head, _, _): head.kind
        case .body(let body): body.kind
        case .event(let event): event.kind
        case .end(let end): end.kind
        case .connectionOpen, .connectionClose, .ledgerSnapshot, .note, .connectionSummary, .endpointLedger,
            .anonymized:
            nil
        }
    }
}
