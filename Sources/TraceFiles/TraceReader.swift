package import Traces

/// Reads a trace file or pipe from front to back, past damage, which it counts and never guesses at.
///
/// Used from one thread at a time.
package final class TraceReader {
    package let path: String
    package let header: TraceHeader
    /// The index of a finished file; `nil` for pipes, unfinished files, and files whose index is damaged.
    package let index: TraceIndex?
    /// The size of a regular file; `nil` for a pipe.
    package let fileSize: UInt64?

    private var walker: MemberWalker
    private var decoder = BlockDecoder()
    private var recordOffset = 0
    private var isEnded = false
    // Not watched for overlapping accesses, at every message: one thread reads, and nothing calls back.
    @exclusivity(unchecked)
    private var spares = SpareBytes()

    /// The block of which records are being read; `nil` before the first.
    package private(set) var block: TraceIndex.Block?
    /// What has been read so far; what was not selected is not in it.
    package private(set) var totals = TraceTotals()
    /// Server-sent events and WebSocket messages that have been read.
    package private(set) var eventsRead: UInt64 = 0
    /// Data blocks that were whole.
    package private(set) var blocksRead: UInt64 = 0
    /// The last snapshot that has been read.
    package private(set) var ledger: LedgerRecord?
    /// The last ledger of each server that has been read.
    package private(set) var endpoints: [EndpointRecord.Subject: EndpointRecord] = [:]
    /// What was anonymized by rule and kind, as the last record of that kind says.
    package private(set) var anonymizedByRule: [LedgerCount] = []
    /// Records of unknown type that were passed over, as their types allow.
    package private(set) var ignoredRecords: UInt64 = 0

    /// Opens a trace and reads its header; `-` is standard input.
    package init(path: String) throws(TraceReadError) {
        walker = try MemberWalker(path: path)
        self.path = walker.input.path
        header = walker.header
        fileSize = walker.input.size
        // A pipe is not opened again: without a writer that would wait for ever.
        index = fileSize == nil ? nil : try TraceIndex.read(from: path, tag: header.traceID.high)
    }

    /// Whether the file has its last member; for a pipe known only at its end.
    package var isFinished: Bool { walker.isFinished || index != nil }

    /// Whether all that can be read has been read.
    package var isAtEnd: Bool { isEnded }

    /// What could not be read so far.
    package var damage: DamageReport { walker.damage }

    /// Goes on to the next block that is whole; false at the end.
    package func nextBlock() throws(TraceReadError) -> Bool {
        while let member = try walker.next() {
            do throws(MemberFault) {
                try decoder.decode(walker.input.window, member)
            } catch {
                if case .record(let fault) = error, case .unknownType(let type) = fault.reason {
                    throw TraceReadError(.unknownRecord(type), path: path)
                }
                walker.reject(error)
                continue
            }
            recordOffset = 0
            block = TraceIndex.Block(member, offset: walker.offset)
            blocksRead += 1
            totals.rawBytes &+= UInt64(member.rawSize)
            return true
        }
        isEnded = true
        block = nil
        return false
    }

    /// The next record of the block at hand; `nil` at its end.
    package func nextRecordInBlock(
        _ selection: RecordSelection = .everything
    ) throws(TraceReadError) -> TraceRecord? {
        guard block != nil else { return nil }
        var cursor = RecordCursor(decoder.bytes.span, from: recordOffset)
        defer { ignoredRecords += UInt64(cursor.ignored) }
        do throws(RecordFault) {
            let record = try cursor.next(selection)
            recordOffset = cursor.offset
            if let record {
                totals.count(record)
                keep(record)
                if case .event = record { eventsRead += 1 }
            }
            return record
        } catch {
            try reject(error)
            return nil
        }
    }

    /// Hands what is left of the records of the block at hand to `body`, in order; the block is at its end then. Of a message
    /// in one piece it gets the place where it stands, and may leave another there.
    ///
    /// Cheaper than ``nextRecordInBlock(_:)`` record by record.
    func forEachRecordInBlock(
        _ selection: RecordSelection,
        _ body: (consuming RecordCursor.Step, inout RecordedMessage) -> Void
    ) throws(TraceReadError) {
        guard block != nil else { return }
        var totals = totals
        var spares = SpareBytes()
        swap(&spares, &self.spares)
        defer {
            self.totals = totals
            swap(&spares, &self.spares)
        }
        do throws(RecordFault) {
            var cursor = RecordCursor(decoder.bytes.span, from: recordOffset)
            defer {
                recordOffset = cursor.offset
                ignoredRecords += UInt64(cursor.ignored)
            }
            var message = RecordedMessage.blank
            while let step = try cursor.next(selection, &spares, into: &message) {
                switch step {
                case .message: totals.count(whole: message.head, message.end)
                case .record(let record):
                    totals.count(record)
                    if case .event = record { eventsRead += 1 }
                    keep(record)
                }
                body(step, &message)
            }
        } catch {
            try reject(error)
        }
    }

    /// Takes memory of a record that is done with; it serves for those that ``forEachRecordInBlock(_:_:)`` reads next.
    func reuse(_ bytes: consuming [UInt8]) { spares.give(bytes) }

    /// Hands the records of one message in the block at hand to `body` until it answers false; others are not decoded, and
    /// nothing is counted.
    func forEachRecordInBlock(
        of message: OpenMessage,
        _ body: (TraceRecord) -> Bool
    ) throws(TraceReadError) {
        guard block != nil else { return }
        do throws(RecordFault) {
            var cursor = RecordCursor(decoder.bytes.span)
            while let record = try cursor.next(of: message) {
                if !body(record) { return }
            }
        } catch {
            try reject(error)
        }
    }

    /// Goes to a place in the file where a block begins, or where the file ends.
    func seek(to offset: UInt64) throws(TraceReadError) {
        try walker.seek(to: offset)
        block = nil
        isEnded = false
        recordOffset = 0
    }

    /// Goes to the block of that number, forward or back, and inflates it; false where it cannot be used.
    package func read(blockAt offset: UInt64, sequence: UInt32) throws(TraceReadError) -> Bool {
        try walker.seek(to: offset, sequence: sequence)
        block = nil
        isEnded = false
        return try nextBlock() && block?.offset == offset
    }

    /// The block at hand before compression, for a ``RecordCursor``; empty where there is none.
    package var blockBytes: [UInt8] { block == nil ? [] : decoder.bytes }

    /// Where the block at hand ends in the file.
    var endOfBlock: UInt64 { walker.end }

    /// Gives the rest of the block at hand up: it is what was written, so the writer was wrong, and the rest of it
    /// cannot be believed.
    private func reject(_ fault: RecordFault) throws(TraceReadError) {
        if case .unknownType(let type) = fault.reason {
            throw TraceReadError(.unknownRecord(type), path: path)
        }
        walker.reject(.record(fault))
        block = nil
    }

    private func keep(_ record: TraceRecord) {
        switch record {
        case .ledgerSnapshot(let snapshot): ledger = snapshot
        case .anonymized(let record): anonymizedByRule = record.counts
        case .endpointLedger(let endpoint):
            guard endpoints.count < Self.endpointLimit || endpoints[endpoint.subject] != nil else { return }
            endpoints[endpoint.subject] = endpoint
        default: break
        }
    }

    /// Servers of which the ledgers are kept; a recorder writes far fewer.
    private static let endpointLimit = 65_536

    /// The next record in the order of the file; `nil` at its end.
    package func nextRecord(
        _ selection: RecordSelection = .everything
    ) throws(TraceReadError) -> TraceRecord? {
        while true {
            if let record = try nextRecordInBlock(selection) { return record }
            guard try nextBlock() else { return nil }
        }
    }

    /// Goes back to the first block of a file and forgets what was counted.
    package func rewind() throws(TraceReadError) {
        try walker.rewind()
        block = nil
        isEnded = false
        recordOffset = 0
        totals = TraceTotals()
        eventsRead = 0
        ledger = nil
        endpoints = [:]
        anonymizedByRule = []
        blocksRead = 0
        ignoredRecords = 0
    }

    /// The data blocks in the order of the file: from the index, or else from the headers of the blocks.
    ///
    /// `nil` for a pipe, and where there are more than ``TraceLimits/indexedBlocks``. Without an index the whole file
    /// is read, but not inflated.
    package func blocks() throws(TraceReadError) -> [TraceIndex.Block]? {
        guard fileSize != nil else { return nil }
        if let index { return index.isComplete ? index.blocks : nil }
        var scan = try MemberWalker(path: path)
        var blocks: [TraceIndex.Block] = []
        while let member = try scan.next(skipping: true) {
            if blocks.count == TraceLimits.indexedBlocks { return nil }
            blocks.append(TraceIndex.Block(member, offset: scan.offset))
        }
        return blocks
    }

    /// Appends the block at hand as it stands in the file.
    func appendMember(to bytes: inout [UInt8]) {
        if block != nil { walker.appendCurrent(to: &bytes) }
    }

    /// Appends the first member of the file.
    func appendHeaderMember(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: walker.headerMember)
    }

    var isBeingWritten: Bool { walker.input.isBeingWritten }
}
