import Bytes
package import Messages
import Packets

/// A query made ready for the rows of one outline: what many rows share has been decided once.
struct RowPredicate {
    private let routes: [Bool]
    private let statuses: [Bool]?
    private let clients: [Bool]?
    private let query: ExchangeQuery
    private let required: [(flags: UInt32, marks: UInt8, isNegated: Bool)]
    private let findings: TraceSearch.Findings?
    private let times: Range<Int64>?
    private let connectionNumbers: [UInt64]
    private let hasSlow: UInt32

    /// `times` are starts in nanoseconds since 1970; `findings` those of the query's search.
    init(
        _ query: ExchangeQuery,
        times: Range<Int64>?,
        findings: TraceSearch.Findings?,
        for outline: borrowing TraceOutline
    ) {
        self.query = query
        self.times = times
        self.findings = findings
        hasSlow = query.slower ?? 0
        routes = outline.routes.map { route in
            query.methods.allSatisfy { $0.allows(route.method) }
                && query.routes.allSatisfy { $0.allows(route.template) }
        }
        if let status = query.status {
            statuses = (0..<1_000).map { status.matches(status: UInt16($0)) }
        } else {
            statuses = nil
        }
        if query.clients.isEmpty {
            clients = nil
        } else {
            clients = outline.connections.map { connection in
                query.clients.allSatisfy {
                    $0.allows(connection.client.description, or: connection.client.address.description)
                }
            }
        }
        connectionNumbers = query.connections.isEmpty ? [] : outline.connections.map(\.number)
        required = query.flags.map { term in
            var flags: MessageFlags = []
            for (flag, name) in MessageFlags.names where term.names.contains(name) { flags.formUnion(flag) }
            var marks: ExchangeRow.Mark = []
            if term.names.contains("noted") { marks.insert(.noted) }
            if term.names.contains("signed") { marks.insert(.signed) }
            if term.names.contains("websocket") { marks.insert(.events) }
            return (flags.rawValue, marks.rawValue, term.isNegated)
        }
    }

    /// Whether a row is asked for; `hasChanged` says whether its observed answer differs, where there is one.
    func allows(_ row: ExchangeRow, hasChanged: @autoclosure () -> Bool) -> Bool {
        if let times, !times.contains(row.start) { return false }
        if !routes[Int(row.route)] { return false }
        if let statuses, Int(row.status) >= statuses.count || !statuses[Int(row.status)] { return false }
        if hasSlow > 0, row.duration == ExchangeRow.unknown || row.duration < hasSlow { return false }
        let connection = Int(row.connection)
        if let clients, connection >= clients.count || !clients[connection] { return false }
        for term in query.connections {
            let isNamed =
                connection < connectionNumbers.count && term.numbers.contains(connectionNumbers[connection])
            if isNamed == term.isNegated { return false }
        }
        for term in query.sessions where term.numbers.contains(row.session) == term.isNegated { return false }
        for term in required {
            let has = row.shownFlags.rawValue & term.flags != 0 || row.marks.rawValue & term.marks != 0
            if has == term.isNegated { return false }
        }
        if let changed = query.changed, hasChanged() != changed { return false }
        if let findings, !findings.contains(row.exchange) { return false }
        return true
    }
}

extension ExchangeRow {
    /// The flags of both messages, and what only a look at the whole trace tells.
    package var shownFlags: MessageFlags {
        var flags = flags
        if request.isKnown, status == 0 { flags.insert(.noResponse) }
        if !request.isKnown { flags.insert(.noRequest) }
        return flags
    }
}

extension ExchangeQuery.Pattern {
    func allows(_ text: String, or other: String? = nil) -> Bool {
        matches(text) || other.map(matches) ?? false ? !isNegated : isNegated
    }

    private func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return patterns.contains { Wildcard.matches($0.span, bytes.span, ignoringCase: true) }
    }
}
