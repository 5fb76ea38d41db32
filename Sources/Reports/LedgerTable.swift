import Packets
package import Recording
package import Traces

/// The ledger as tables for a screen of 80 columns.
package enum LedgerTable {
    /// Servers shown; those with the most messages first.
    private static let shownServers = 20

    /// Section by section: the total, then each bucket with its share of it, then the notes in parentheses, which are
    /// no part of the sum. Names that are not known here stand at the end.
    package static func text(_ counts: [LedgerCount], isStyled: Bool = false, showsAll: Bool = false)
        -> String
    {
        let ledger = Ledger(counts)
        var table = Table([.init("ledger"), .init(""), .init("count", .right), .init("share", .right)])
        var isEmpty = true
        for section in LedgerSection.allCases {
            let entries = LedgerEntry.all.filter { $0.section == section }
            guard entries.contains(where: { ledger[keyPath: $0.value] > 0 }) else { continue }
            let total = entries.filter { $0.role == .total }.reduce(0) { $0 + ledger[keyPath: $1.value] }
            for entry in entries where showsAll || entry.role == .total || ledger[keyPath: entry.value] > 0 {
                isEmpty = false
                table.append(row(entry, ledger[keyPath: entry.value], of: total))
            }
        }
        let known = Set(LedgerEntry.all.map(\.fullName))
        for count in counts where !known.contains(count.name) && count.value > 0 {
            isEmpty = false
            table.append(["", count.name, Quantity.count(count.value), ""])
        }
        return isEmpty ? "" : table.text(indent: 2, isStyled: isStyled)
    }

    private static func row(_ entry: LedgerEntry, _ value: UInt64, of total: UInt64) -> [String] {
        let words = entry.name.split(separator: "_").joined(separator: " ")
        let count = Quantity.count(value)
        switch entry.role {
        case .total: return [entry.section.rawValue, words, count, ""]
        case .bucket:
            return ["", words, count, total > 0 ? Quantity.percent(Double(value) / Double(total)) : ""]
        case .note: return ["", "(\(words))", count, ""]
        }
    }

    /// A row for each server: what of it is in the trace, and what is not.
    package static func text(_ endpoints: EndpointLedgers, isStyled: Bool = false) -> String {
        let servers = endpoints.servers.sorted { messages($1.ledger) < messages($0.ledger) }
        guard !servers.isEmpty else { return "" }
        var table = Table([
            .init("server", maximumWidth: 24), .init("opened", .right), .init("requests", .right),
            .init("responses", .right), .init("received", .right), .init("missing", .right),
        ])
        for server in servers.prefix(shownServers) {
            table.append(row(server.server.description, server.ledger))
        }
        if servers.count > shownServers {
            table.append(row("\(servers.count - shownServers) more", sum(servers.dropFirst(shownServers))))
        }
        if endpoints.other != Ledger() { table.append(row("all others", endpoints.other)) }
        return table.text(indent: 2, isStyled: isStyled)
    }

    private static func messages(_ ledger: Ledger) -> UInt64 {
        ledger.requests.stored &+ ledger.responses.stored
    }

    private static func row(_ name: String, _ ledger: Ledger) -> [String] {
        [
            name, Quantity.count(ledger.connections.opened), Quantity.count(ledger.requests.stored),
            Quantity.count(ledger.responses.stored), Quantity.bytes(ledger.bytes.received),
            ledger.bytes.missing > 0 ? Quantity.bytes(ledger.bytes.missing) : "–",
        ]
    }

    private static func sum(_ servers: ArraySlice<EndpointLedger>) -> Ledger {
        var sum = Ledger()
        for server in servers {
            for entry in LedgerEntry.all {
                sum[keyPath: entry.value] &+= server.ledger[keyPath: entry.value]
            }
        }
        return sum
    }
}
