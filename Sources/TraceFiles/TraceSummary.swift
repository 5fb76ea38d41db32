package import Traces

/// What a trace file holds and in what state it is.
package struct TraceSummary: Sendable {
    package var header: TraceHeader
    package var totals: TraceTotals
    /// Bytes of the file; for a pipe 0.
    package var compressedBytes: UInt64
    package var blockCount: UInt64
    package var ledger: [LedgerCount]
    /// The ledger of each server, and of what belongs to none, in no order.
    package var endpoints: [EndpointRecord]
    /// What was anonymized, by kind; empty where the file is not finished.
    package var anonymized: [LedgerCount]
    /// The same by rule and kind: `credentials/*token as credential`.
    package var anonymizedByRule: [LedgerCount]
    package var isFinished: Bool
    package var damage: DamageReport

    /// Reads `reader` to its end, verifying every block, and sums up.
    ///
    /// A reader at its start gives the whole of the file; one that has been read gives what it has seen.
    package init(_ reader: TraceReader) throws(TraceReadError) {
        while try reader.nextRecord() != nil {}
        self.init(readToEnd: reader)
    }

    /// Sums up what a reader that is at its end has seen.
    package init(readToEnd reader: TraceReader) {
        header = reader.header
        totals = reader.totals
        compressedBytes = reader.fileSize ?? 0
        blockCount = reader.blocksRead
        ledger = reader.index?.ledger ?? reader.ledger?.counts ?? []
        endpoints = Array(reader.endpoints.values)
        anonymized = reader.index?.anonymized ?? []
        anonymizedByRule = reader.anonymizedByRule
        isFinished = reader.isFinished
        damage = reader.damage
    }
}
