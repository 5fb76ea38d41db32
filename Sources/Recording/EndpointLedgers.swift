package import Packets
import Streams
package import Traces

/// The ledger of each server, and of what belongs to none.
///
/// Their sum is the ledger of the recording: every packet, byte, message and connection is in one of them.
package struct EndpointLedgers: Hashable, Sendable {
    /// By address and port.
    package var servers: [EndpointLedger] = []
    /// Servers past the limit for those with a ledger of their own.
    package var other = Ledger()
    /// Packets without a connection: not TCP, not for the ports asked for, unusable, lost.
    package var none = Ledger()

    package init() {}

    init(
        _ table: EndpointTable,
        total: Ledger,
        strays: StreamCounts,
        copiedBytes: UInt64,
        otherPortBytes: UInt64
    ) {
        for (server, row) in zip(table.servers, table.rows) {
            if let server { servers.append(EndpointLedger(server: server, ledger: row.ledger)) }
        }
        servers.sort { $0.server < $1.server }
        other = table.rows[EndpointTable.other].ledger
        none.packets = total.packets
        none.packets.followed = strays.strayPackets
        none.packets.delivered &-= total.packets.followed &- strays.strayPackets
        none.packets.seen &-= total.packets.followed &- strays.strayPackets
        none.bytes.received = otherPortBytes &+ total.bytes.sampled &+ strays.strayBytes &+ copiedBytes
        none.bytes.duplicate = copiedBytes
        none.bytes.sampled = total.bytes.sampled
        none.connections.opened = total.connections.sampled
        none.connections.sampled = total.connections.sampled
        none.bytes.otherPort = otherPortBytes
        none.bytes.resetPayload = strays.strayBytes
    }

    /// The counts that differ from those of the whole, and the sums that do not add up; empty when all is right.
    package func check(against total: Ledger) -> [LedgerImbalance] {
        let all = servers.map(\.ledger) + [other, none]
        var found = all.flatMap { $0.check() }
        for entry in LedgerEntry.all {
            let sum = all.reduce(0 as UInt64) { $0 &+ $1[keyPath: entry.value] }
            let whole = total[keyPath: entry.value]
            if sum != whole { found.append(LedgerImbalance(entry: entry, total: whole, sum: sum)) }
        }
        return found
    }
}

extension EndpointLedgers {
    /// The ledgers as a trace holds them: those of servers, and of the rest where anything is in it.
    package func records(at time: PacketTime) -> [EndpointRecord] {
        var all = servers.map { (EndpointRecord.Subject.server($0.server), $0.ledger) }
        all += [(.other, other), (.none, none)]
        return all.compactMap { subject, ledger in
            let counts = ledger.counts.filter { $0.value > 0 }
            return counts.isEmpty ? nil : EndpointRecord(time: time, subject: subject, counts: counts)
        }
    }

    /// The ledgers that a trace holds.
    package init(_ records: [EndpointRecord]) {
        for record in records {
            let ledger = Ledger(record.counts)
            switch record.subject {
            case .server(let server): servers.append(EndpointLedger(server: server, ledger: ledger))
            case .other: other = ledger
            case .none: none = ledger
            }
        }
        servers.sort { $0.server < $1.server }
    }
}

/// What became of everything that one server sent and was sent.
package struct EndpointLedger: Hashable, Sendable {
    package var server: Endpoint
    package var ledger: Ledger

    package init(server: Endpoint, ledger: Ledger) {
        self.server = server
        self.ledger = ledger
    }
}
