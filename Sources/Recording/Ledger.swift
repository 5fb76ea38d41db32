package import Traces

/// Where everything went that a recording was given: packets, bytes, messages, connections.
///
/// Each thing is in exactly one bucket, so each total is the sum of its buckets; ``check()`` says where it is not.
/// Totals and buckets are counted in different places.
package struct Ledger: Hashable, Sendable {
    package var packets = PacketLedger()
    package var bytes = ByteLedger()
    package var requests = MessageLedger()
    package var responses = MessageLedger()
    package var events = EventLedger()
    package var connections = ConnectionLedger()

    package init() {}

    /// The ledger that these counts describe, such as those of a trace; names that are not known here are left out.
    package init(_ counts: [LedgerCount]) {
        let values = Dictionary(counts.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        for entry in LedgerEntry.all { self[keyPath: entry.value] = values[entry.fullName] ?? 0 }
    }

    /// The sums that do not add up; empty for a right ledger.
    package func check() -> [LedgerImbalance] {
        LedgerSection.allCases.compactMap { section in
            let total = sum(of: .total, in: section)
            let sum = sum(of: .bucket, in: section)
            return total == sum ? nil : LedgerImbalance(section: section, total: total, sum: sum)
        }
    }

    private func sum(of role: LedgerEntry.Role, in section: LedgerSection) -> UInt64 {
        LedgerEntry.all.reduce(0) { sum, entry in
            entry.section == section && entry.role == role ? sum &+ self[keyPath: entry.value] : sum
        }
    }

    /// All counts in a fixed order, with names such as `packets.delivered`.
    package var counts: [LedgerCount] {
        LedgerEntry.all.map { LedgerCount(name: $0.fullName, value: self[keyPath: $0.value]) }
    }
}

/// The parts of the ledger, each with a sum of its own.
package enum LedgerSection: String, CaseIterable, Sendable {
    case packets
    case bytes
    case requests
    case responses
    case events
    case connections
}

/// A total that is not the sum of its buckets, or a count that is not the sum of those of all servers.
package struct LedgerImbalance: Hashable, Sendable, CustomStringConvertible {
    package var section: LedgerSection
    /// The count that is wrong over all servers; `nil` where the buckets of a section are.
    package var count: String?
    package var total: UInt64
    package var sum: UInt64

    package init(section: LedgerSection, total: UInt64, sum: UInt64) {
        self.section = section
        self.total = total
        self.sum = sum
    }

    init(entry: LedgerEntry, total: UInt64, sum: UInt64) {
        self.init(section: entry.section, total: total, sum: sum)
        count = entry.name
    }

    package var description: String {
        guard let count else {
            return "\(section.rawValue): the total is \(total), the buckets add up to \(sum)"
        }
        return "\(section.rawValue): \(count) is \(total), the servers' add up to \(sum)"
    }
}
