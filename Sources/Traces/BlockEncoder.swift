package import Packets

/// Gathers the records of one block, with what its header will say of them.
///
/// The buffer is kept through ``removeAll()``, so that a recorder at work allocates nothing here.
package struct BlockEncoder: Sendable {
    /// The records, not yet compressed.
    package private(set) var bytes: [UInt8] = []
    package private(set) var recordCount: UInt32 = 0
    package private(set) var times = BlockTimes()

    package init() {}

    package var isEmpty: Bool { recordCount == 0 }

    /// Appends a record; one that is too long for the format is refused and leaves no trace.
    ///
    /// Traps when the block would hold more than ``TraceLimits/block``: close it long before.
    package mutating func append(_ record: TraceRecord) throws(RecordTooLong) {
        try record.append(to: &bytes)
        precondition(bytes.count <= TraceLimits.block, "a block is closed before it is full")
        recordCount += 1
        times.include(record)
    }

    /// Appends a message as one record; one that is too long for the format is refused and leaves no trace.
    package mutating func append(
        whole head: HeadRecord,
        body: [UInt8],
        _ end: EndRecord
    ) throws(RecordTooLong) {
        try bytes.append(whole: head, body: body, end)
        precondition(bytes.count <= TraceLimits.block, "a block is closed before it is full")
        recordCount += 1
        times.include(head.start)
        times.include(end.time)
    }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        recordCount = 0
        times = BlockTimes()
    }
}

/// The earliest start and the latest time of a block's records; ledger snapshots do not count.
package struct BlockTimes: Hashable, Sendable {
    package private(set) var earliestStart = PacketTime.distantFuture
    package private(set) var lastTime = PacketTime.distantPast

    package init() {}

    mutating func include(_ time: PacketTime) {
        earliestStart = min(earliestStart, time)
        lastTime = max(lastTime, time)
    }

    mutating func include(_ record: TraceRecord) {
        switch record {
        case .connectionOpen(let open): include(open.time)
        case .connectionClose(let close): include(close.time)
        case .head(let head): include(head.start)
        case .body(let body): include(body.time)
        case .event(let event): include(event.time)
        case .end(let end): include(end.time)
        case .whole(let head, _, let end):
            include(head.start)
            include(end.time)
        case .ledgerSnapshot, .note, .connectionSummary, .endpointLedger, .anonymized: break
        }
    }
}
