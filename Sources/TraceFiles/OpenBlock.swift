import Packets
import Traces

/// The block of a trace that is being filled, with what has been appended to the trace in all.
///
/// One value, so that the writer that holds it looks at it once for a record.
struct OpenBlock: Sendable {
    var block = BlockEncoder()
    /// What has been appended so far; bytes are counted by the writing thread.
    var totals = TraceTotals()
    var ledger: LedgerRecord?
    var lastTick: UInt64?
    /// The tick before the first record of the block, or after it where there was none.
    var start: UInt64?
    /// False once the trace is finished or abandoned.
    var isOpen = true

    /// Appends a record and answers how many bytes the block has.
    mutating func append(_ record: TraceRecord) throws(RecordTooLong) -> Int {
        begin()
        try block.append(record)
        totals.count(record)
        return block.bytes.count
    }

    /// Appends a message as one record and answers how many bytes the block has.
    mutating func append(
        whole head: HeadRecord,
        body: [UInt8],
        _ end: EndRecord
    ) throws(RecordTooLong) -> Int {
        begin()
        try block.append(whole: head, body: body, end)
        totals.count(whole: head, end)
        return block.bytes.count
    }

    private mutating func begin() {
        precondition(isOpen, "nothing is appended to a trace that is finished or abandoned")
        if block.isEmpty { start = lastTick }
    }

    /// Appends the ledger as of the end of the block, where one is kept.
    mutating func appendLedger() throws(RecordTooLong) {
        guard let ledger else { return }
        try block.append(.ledgerSnapshot(ledger))
        totals.records &+= 1
    }
}
