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
    package var connections = ConnectionLedger()

    package init() {}

    /// The sums that do not add up; empty for a right ledger.
    package func check() -> [LedgerImbalance] {
        LedgerSection.allCases.compactMap { section in
            let total = self.total(of: section).value
            let sum = buckets(of: section).reduce(0) { $0 &+ $1.value }
            return total == sum ? nil : LedgerImbalance(section: section, total: total, sum: sum)
        }
    }

    /// All counts in a fixed order, with names such as `packets.delivered`.
    package var counts: [LedgerCount] {
        LedgerSection.allCases.flatMap { section in
            ([total(of: section)] + buckets(of: section) + notes(of: section)).map {
                LedgerCount(name: "\(section.rawValue).\($0.name)", value: $0.value)
            }
        }
    }
}

/// The parts of the ledger, each with a sum of its own.
package enum LedgerSection: String, CaseIterable, Sendable {
    case packets
    case bytes
    case requests
    case responses
    case connections
}

/// A total that is not the sum of its buckets.
package struct LedgerImbalance: Hashable, Sendable, CustomStringConvertible {
    package var section: LedgerSection
    package var total: UInt64
    package var sum: UInt64

    package init(section: LedgerSection, total: UInt64, sum: UInt64) {
        self.section = section
        self.total = total
        self.sum = sum
    }

    package var description: String {
        "\(section.rawValue): the total is \(total), the buckets add up to \(sum)"
    }
}
