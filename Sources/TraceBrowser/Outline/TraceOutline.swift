import Bytes
import Messages
package import Packets
import Replay
import Signatures
package import Traces

/// What a list of a trace's exchanges needs, made in one pass over it: a row for each, and the names that rows share.
///
/// Feed it every record together with where it stands, then call ``finish()``. Rows stand in the order in which their
/// first message ended until then, in the order of their starts from then on.
package struct TraceOutline: Sendable {
    package struct Connection: Sendable {
        package var number: UInt64
        package var client: Endpoint
        package var server: Endpoint
        package var sawHandshake: Bool
    }

    package struct Route: Hashable, Sendable {
        package var method: String
        package var template: String

        package init(method: String, template: String) {
            self.method = method
            self.template = template
        }
    }

    /// What was left out because of a limit.
    package struct Counts: Hashable, Sendable {
        package var exchanges: UInt64 = 0
        package var notes: UInt64 = 0
    }

    /// The route of exchanges whose request is not in the trace or cannot be read.
    package static let unknownRoute: UInt16 = 0
    /// The route of all that came after too many others.
    package static let otherRoute: UInt16 = 1

    private let limits: BrowserLimits
    package private(set) var rows: [ExchangeRow] = []
    package private(set) var routes = [
        Route(method: "?", template: "?"), Route(method: "*", template: "other routes"),
    ]
    package private(set) var connections: [Connection] = []
    package private(set) var notes: [NoteRecord] = []
    package private(set) var blocks: [BlockPlace] = []
    package private(set) var leftOut = Counts()
    package private(set) var isFinished = false
    /// The earliest start and the latest end, in nanoseconds since 1970.
    package private(set) var span: ClosedRange<Int64>?

    private var routeNumbers: [Route: UInt16] = [:]
    private var connectionIndices: [UInt64: UInt32] = [:]
    /// The rows of exchanges of which more is to come.
    private var open: [UInt64: UInt32] = [:]
    private var head = Head.empty(.request)
    private let sessions = SessionReader(rule: .automatic, schemes: .builtIn)

    package init(limits: BrowserLimits = BrowserLimits()) {
        self.limits = limits
    }

    /// Says that the records of another block follow.
    package mutating func begin(_ block: BlockPlace) { blocks.append(block) }

    /// Takes a record of the block that was begun last, `offset` bytes into it; bodies may be left out.
    package mutating func add(_ record: TraceRecord, at offset: Int) {
        let place = RecordPlace(
            block: UInt32(truncatingIfNeeded: blocks.count - 1),
            offset: UInt32(truncatingIfNeeded: offset)
        )
        switch record {
        case .connectionOpen(let record): open(record)
        case .head(let head): begin(head, at: place)
        case .whole(let head, _, let end):
            begin(head, at: place)
            finish(end)
        case .end(let end): finish(end)
        case .event(let event):
            if event.eventKind == .webSocket, let index = rowIndex(of: event.exchange) {
                rows[index].insert(ExchangeRow.Mark.events)
            }
        case .note(let note): keep(note)
        case .body, .connectionClose, .connectionSummary, .ledgerSnapshot, .endpointLedger, .anonymized: break
        }
    }

    /// Says that nothing more comes, and sorts the rows by their starts.
    package mutating func finish() {
        isFinished = true
        open = [:]
        routeNumbers = [:]
        let isSorted = zip(rows, rows.dropFirst()).allSatisfy { $0.start <= $1.start }
        if !isSorted { rows.sort { ($0.start, $0.exchange) < ($1.start, $1.exchange) } }
    }

    /// The index of the row of an exchange; O(1) where numbers run as recorders count, else O(n).
    package func rowIndex(of exchange: UInt64) -> Int? {
        if let index = open[exchange] { return Int(index) }
        guard let first = rows.first?.exchange else { return nil }
        let guess = Int(clamping: exchange &- min(first, exchange))
        let near = max(0, guess - Self.nearby)..<min(rows.count, guess + Self.nearby)
        if near.lowerBound < near.upperBound,
            let index = rows[near].firstIndex(where: { $0.exchange == exchange })
        {
            return index
        }
        return rows.firstIndex { $0.exchange == exchange }
    }

    /// How far an exchange may be from where its number would have it.
    private static let nearby = 4_096
}

extension TraceOutline {
    private mutating func open(_ record: ConnectionOpenRecord) {
        guard connectionIndices[record.connection] == nil, connections.count < limits.connections else {
            return
        }
        connectionIndices[record.connection] = UInt32(connections.count)
        connections.append(
            Connection(
                number: record.connection,
                client: record.client,
                server: record.server,
                sawHandshake: record.sawHandshake
            )
        )
    }

    /// The row of an exchange of which a message begins; a new one where none is open.
    private mutating func row(for record: HeadRecord) -> Int? {
        if let index = open[record.exchange] { return Int(index) }
        guard rows.count < limits.exchanges else {
            leftOut.exchanges += record.kind == .request ? 1 : 0
            return nil
        }
        var row = ExchangeRow(exchange: record.exchange, start: record.start.nanoseconds)
        row.connection = connectionIndices[record.connection] ?? ExchangeRow.unknown
        row.route = Self.unknownRoute
        open[record.exchange] = UInt32(rows.count)
        rows.append(row)
        return rows.count - 1
    }

    private mutating func begin(_ record: HeadRecord, at place: RecordPlace) {
        guard let index = row(for: record) else { return }
        let start = record.start.nanoseconds
        rows[index].start = min(rows[index].start, start)
        span = min(span?.lowerBound ?? start, start)...max(span?.upperBound ?? start, start)
        let isReadable = (try? record.parse(into: &head)) != nil
        switch record.kind {
        case .request:
            guard !rows[index].request.isKnown else { return }
            rows[index].request = place
            if record.signature != nil { rows[index].insert(ExchangeRow.Mark.signed) }
            guard isReadable else { return }
            rows[index].route = route(of: head)
            rows[index].session = session(of: record, rows[index])
        case .response:
            if !rows[index].response.isKnown { rows[index].response = place }
            guard isReadable, let status = head.status, status >= 200 || status == 101 else { return }
            rows[index].status = status
        }
    }

    private func session(of record: HeadRecord, _ row: ExchangeRow) -> UInt64 {
        let connection = Int(row.connection)
        let client = connection < connections.count ? connections[connection].client.address : nil
        // The automatic rule looks at nothing but the head.
        let message = RecordedMessage(head: record, body: [], end: .nothing(of: record))
        return sessions.key(of: message, head: head, client: client).value
    }

    private mutating func route(of head: borrowing Head) -> UInt16 {
        let route = Route(
            method: String(decoding: head.bytes[head.methodRange], as: UTF8.self),
            template: RouteTemplate(target: head.target).description
        )
        if let number = routeNumbers[route] { return number }
        guard routes.count < min(limits.routes, Int(UInt16.max)) else { return Self.otherRoute }
        let number = UInt16(routes.count)
        routes.append(route)
        routeNumbers[route] = number
        return number
    }

    private mutating func finish(_ end: EndRecord) {
        guard let opened = open[end.exchange] else { return }
        let index = Int(opened)
        let time = end.time.nanoseconds
        if let known = span { span = known.lowerBound...max(known.upperBound, time) }
        rows[index].insert(end.flags)
        switch end.kind {
        case .request:
            rows[index].requestBytes = UInt32(clamping: end.wireLength)
            rows[index].insert(ExchangeRow.Mark.requestEnded)
        case .response:
            if end.flags.contains(.interim) { return }
            rows[index].responseBytes = UInt32(clamping: end.wireLength)
            rows[index].insert(ExchangeRow.Mark.responseEnded)
            if rows[index].request.isKnown {
                let (elapsed, overflow) = time.subtractingReportingOverflow(rows[index].start)
                rows[index].duration =
                    overflow
                    ? ExchangeRow.unknown - 1
                    : UInt32(clamping: min(max(0, elapsed / 1_000), Int64(ExchangeRow.unknown - 1)))
            }
        }
        // A WebSocket goes on behind its upgrade.
        if rows[index].marks.isSuperset(of: [.requestEnded, .responseEnded]),
            !end.flags.contains(.upgraded)
        {
            open[end.exchange] = nil
        }
    }

    private mutating func keep(_ note: NoteRecord) {
        guard notes.count < limits.notes else {
            leftOut.notes += 1
            return
        }
        notes.append(note)
        if let exchange = note.exchange, let index = rowIndex(of: exchange) {
            rows[index].insert(ExchangeRow.Mark.noted)
        }
    }
}

extension EndRecord {
    /// Stands where no end is looked at.
    fileprivate static func nothing(of head: HeadRecord) -> EndRecord {
        EndRecord(
            kind: head.kind,
            exchange: head.exchange,
            connection: head.connection,
            time: head.start,
            wireLength: 0,
            flags: []
        )
    }
}
