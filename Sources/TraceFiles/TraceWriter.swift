import Packets
package import Traces

/// Writes a trace file: `NAME.partial`, mode 0600, renamed when it is finished.
///
/// Used from one thread; blocks are deflated and written on another. A writer that goes without ``finish(ledger:anonymized:)``
/// leaves an unfinished file that is readable to its last whole block.
package final class TraceWriter {
    package struct Options: Hashable, Sendable {
        /// 1 (fast) to 9 (small).
        package var level: Int32
        /// Bytes before compression after which ``TraceWriter/tick(now:ledger:)`` closes a block.
        package var blockSize: Int
        /// Nanoseconds after which a block with records in it is closed.
        package var blockAge: UInt64
        /// Closed blocks that may wait for the writing thread before ``TraceWriter/append(_:)`` waits for it.
        package var queuedBlocks: Int
        /// Replace a file of the same name.
        package var force: Bool
        /// Wait for room where the disk is full, instead of failing.
        package var waitsForRoom = false
        /// Looks at each closed block before it is written, on the writing thread.
        package var inspector: BlockInspector?

        package init(
            level: Int32 = 1,
            blockSize: Int = 256 << 10,
            blockAge: UInt64 = 1_000_000_000,
            queuedBlocks: Int = 4,
            force: Bool = false
        ) {
            precondition(
                blockSize > 0 && blockSize <= TraceLimits.block / 4,
                "a block holds 1 byte to 4 MiB before compression"
            )
            self.level = level
            self.blockSize = blockSize
            self.blockAge = blockAge
            self.queuedBlocks = queuedBlocks
            self.force = force
        }
    }

    private let options: Options
    private let writer: BlockWriter
    /// Not watched for overlapping accesses at run time, at every record: one thread appends, and nothing that is
    /// called meanwhile comes back.
    @exclusivity(unchecked)
    private var open = OpenBlock()

    /// A block that nobody ticks is closed at this multiple of its size.
    private static let hardLimitFactor = 2

    /// Creates `path.partial` and writes the header; `-` is standard output, and devices and named pipes are written
    /// to as they are.
    package convenience init(
        path: String,
        header: TraceHeader,
        options: Options = Options()
    ) throws(TraceWriteError) {
        try self.init(path: path, header: header, options: options, progress: nil)
    }

    init(
        path: String,
        header: TraceHeader,
        options: Options,
        progress: WritingProgress?
    ) throws(TraceWriteError) {
        self.options = options
        writer = try BlockWriter(
            try Publication.open(path, force: options.force),
            header: header,
            level: options.level,
            queuedBlocks: options.queuedBlocks,
            waitsForRoom: options.waitsForRoom,
            inspector: options.inspector,
            progress: progress
        )
        try writer.start()
    }

    deinit {
        abandon()
        writer.join()
    }

    /// The name that the file has while it is written.
    package var partialPath: String { writer.publication.partialPath }

    /// Bytes in the file so far, without what still waits.
    package var bytesWritten: UInt64 { writer.bytesWritten }

    /// How often a closed block had to wait for the writing thread.
    package var waits: UInt64 { writer.queue.waits }

    /// What has been appended so far; bytes are counted by the writing thread.
    package var totals: TraceTotals { open.totals }

    /// Blocks that wait for the writing thread.
    package var queuedBlocks: Int { writer.queue.waiting }

    /// Why nothing is written at present: the disk is full, and the writer waits for room.
    package var stalled: SystemFault? { writer.queue.stalled }

    /// False when the disk is full and the memory for what waits is full too; what is appended all the same is kept.
    package var isAccepting: Bool {
        writer.queue.stalled == nil || open.block.bytes.count < options.blockSize
    }

    /// Appends a record to the open block.
    ///
    /// `recordTooLong` leaves this record out and no more; every other error is what stopped the writing thread, and
    /// the file then ends with the last block that was written whole.
    package func append(_ record: TraceRecord) throws(TraceWriteError) {
        if let failure = writer.queue.failureSoFar() { throw failure }
        let size: Int
        do throws(RecordTooLong) {
            size = try open.append(record)
        } catch {
            throw TraceWriteError(.recordTooLong(error), path: partialPath)
        }
        if size >= options.blockSize * Self.hardLimitFactor { try closeBlock() }
    }

    /// Appends a message as one record; as ``append(_:)-`` does.
    package func append(
        whole head: HeadRecord,
        body: [UInt8],
        _ end: EndRecord
    ) throws(TraceWriteError) {
        if let failure = writer.queue.failureSoFar() { throw failure }
        let size: Int
        do throws(RecordTooLong) {
            size = try open.append(whole: head, body: body, end)
        } catch {
            throw TraceWriteError(.recordTooLong(error), path: partialPath)
        }
        if size >= options.blockSize * Self.hardLimitFactor { try closeBlock() }
    }

    /// Appends a message: in one record when it is small, else head, bodies and end.
    package func append(_ message: RecordedMessage) throws(TraceWriteError) {
        try message.forEachRecord { record throws(TraceWriteError) in try append(record) }
    }

    /// Closes the block when it is full or old; says whether it did.
    ///
    /// `now` is nanoseconds of a clock that only goes forward. `ledger` is called only when a block is closed; its
    /// snapshot goes into that block. Call it after each batch of records and ten times a second in quiet times.
    @discardableResult
    package func tick(now: UInt64, ledger: () -> LedgerRecord?) throws(TraceWriteError) -> Bool {
        let time = max(open.lastTick ?? now, now)
        open.lastTick = time
        guard !open.block.isEmpty else { return false }
        let start = open.start ?? time
        open.start = start
        if stalled != nil { return false }
        guard open.block.bytes.count >= options.blockSize || time - start >= options.blockAge else {
            return false
        }
        try closeBlock(ledger: ledger())
        return true
    }

    /// Closes the block when it is full or old; for a writer that keeps no ledger.
    @discardableResult
    package func tick(now: UInt64) throws(TraceWriteError) -> Bool {
        try tick(now: now) { nil }
    }

    /// Hands the open block to the writing thread, with a snapshot of the ledger at its end; nothing happens when it
    /// is empty. Waits when too many blocks are queued.
    package func closeBlock(ledger snapshot: LedgerRecord? = nil) throws(TraceWriteError) {
        if let failure = writer.queue.failureSoFar() { throw failure }
        guard !open.block.isEmpty else { return }
        if let snapshot { open.ledger = snapshot }
        do throws(RecordTooLong) {
            try open.appendLedger()
        } catch {
            throw TraceWriteError(.recordTooLong(error), path: partialPath)
        }
        writer.queue.push(&open.block)
        open.start = nil
    }

    /// Writes what is left, the index and the last member, brings all to the disk and gives the file its name.
    package func finish(
        ledger counts: [LedgerCount],
        anonymized: [LedgerCount] = []
    ) throws(TraceWriteError) {
        try beginFinishing(ledger: counts, anonymized: anonymized)
        writer.queue.giveUp()
        try awaitFinishing()
    }

    /// Hands over what is left, and leaves finishing to the writing thread.
    func beginFinishing(
        ledger counts: [LedgerCount],
        anonymized: [LedgerCount] = []
    ) throws(TraceWriteError) {
        precondition(open.isOpen, "a trace is finished once")
        let time = open.block.times.lastTime > .distantPast ? open.block.times.lastTime : totals.last
        if !counts.isEmpty { open.ledger = LedgerRecord(time: time, counts: counts) }
        try closeBlock()
        open.isOpen = false
        writer.ending = BlockWriter.Ending(totals: totals, ledger: counts, anonymized: anonymized)
        writer.queue.close()
    }

    /// Whether the writing thread is done with a trace that was handed over.
    var isConcluded: Bool { writer.isConcluded }

    /// Waits no longer for room on a full disk.
    func giveUp() { writer.queue.giveUp() }

    /// Waits until the writing thread is done.
    func awaitFinishing() throws(TraceWriteError) {
        writer.join()
        if let failure = writer.queue.failureSoFar() { throw failure }
    }

    /// Writes what has been appended and leaves the file unfinished.
    package func abandon() {
        guard open.isOpen else { return }
        // What stopped the writing thread has been said already, or nobody is left to hear it.
        try? closeBlock()
        open.isOpen = false
        writer.queue.giveUp()
        writer.join()
    }

    /// Abandons the trace and removes its file; standard output, devices and named pipes stay.
    package func discard() {
        abandon()
        writer.publication.discard()
    }
}
