extension StageResult {
    /// What one statement took of the database in the course of a stage.
    package struct StatementRow: Hashable, Sendable {
        /// The number that PostgreSQL gives it, by which series name it, too.
        package var id: Int64
        /// One line without literals; empty where the database had forgotten it.
        package var text: String
        package var calls: UInt64
        /// Of all calls together, in microseconds.
        package var time: UInt64
        /// Of the time of all statements in the same stretch, from 0 to 1.
        package var share: Double

        package init(id: Int64, text: String, calls: UInt64, time: UInt64, share: Double) {
            self.id = id
            self.text = text
            self.calls = calls
            self.time = time
            self.share = share
        }
    }

    /// Statements told of.
    package static let statementLimit = 10

    /// Rows for those statements that took the most.
    package static func statementRows(
        _ grown: [(id: Int64, total: StatementTotals.Total)],
        texts: [Int64: String]
    ) -> [StatementRow] {
        let whole = grown.reduce(0) { $0 + $1.total.milliseconds }
        return grown.prefix(statementLimit).map { id, total in
            StatementRow(
                id: id,
                text: StatementText.told(texts[id] ?? ""),
                calls: total.calls,
                time: UInt64(min(total.milliseconds * 1_000, 1e18)),
                share: whole > 0 ? total.milliseconds / whole : 0
            )
        }
    }
}
