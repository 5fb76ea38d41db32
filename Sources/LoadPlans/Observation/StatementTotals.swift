/// What each statement of a database has taken since the database counts (pg_stat_statements).
package struct StatementTotals: Hashable, Sendable {
    package struct Total: Hashable, Sendable {
        package var calls: UInt64
        package var milliseconds: Double

        package init(calls: UInt64, milliseconds: Double) {
            self.calls = calls
            self.milliseconds = milliseconds
        }
    }

    /// Statements told apart, as many as PostgreSQL itself keeps unless told otherwise; of more, those with the most time.
    package static let limit = 5_000

    /// By the number that PostgreSQL gives a statement.
    package private(set) var totals: [Int64: Total] = [:]

    package init() {}

    /// Reads rows of number, calls and milliseconds; others are passed over.
    package init(rows: [[UInt8]]) {
        for row in rows.prefix(Self.limit) {
            let cells = String(decoding: row, as: UTF8.self).split(separator: "\t")
            guard cells.count == 3, let id = Int64(cells[0]), let calls = UInt64(cells[1]),
                let milliseconds = Double(cells[2]), milliseconds.isFinite, milliseconds >= 0
            else { continue }
            totals[id] = Total(calls: calls, milliseconds: milliseconds)
        }
    }

    /// What statements took after `before`, those with the most time first; those that were not called are none.
    package func grown(since before: StatementTotals) -> [(id: Int64, total: Total)] {
        totals.compactMap { id, now -> (id: Int64, total: Total)? in
            guard now.calls != before.totals[id]?.calls ?? 0 else { return nil }
            // One that was not there before, or was forgotten in between, was counted from nothing.
            guard let then = before.totals[id], now.calls > then.calls, now.milliseconds >= then.milliseconds
            else { return (id: id, total: now) }
            return (
                id: id,
                total: Total(
                    calls: now.calls - then.calls,
                    milliseconds: now.milliseconds - then.milliseconds
                )
            )
        }
        .sorted { ($1.total.milliseconds, $0.id) < ($0.total.milliseconds, $1.id) }
    }
}
