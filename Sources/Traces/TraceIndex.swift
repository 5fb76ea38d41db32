package import Packets

/// Where the blocks of a finished trace are, and what they hold in all.
package struct TraceIndex: Hashable, Sendable {
    /// One data block, in the order of the file.
    package struct Block: Hashable, Sendable {
        /// Where its member starts in the file.
        package var offset: UInt64
        /// Bytes of the member.
        package var memberSize: UInt32
        /// Bytes before compression.
        package var rawSize: UInt32
        package var recordCount: UInt32
        /// The number in its header; one that is missing here was lost.
        package var sequence: UInt32
        package var earliestStart: PacketTime
        package var lastTime: PacketTime

        package init(_ header: MemberHeader, offset: UInt64) {
            self.offset = offset
            memberSize = UInt32(truncatingIfNeeded: header.memberSize)
            rawSize = header.rawSize
            recordCount = header.recordCount
            sequence = header.sequence
            earliestStart = header.earliestStart
            lastTime = header.lastTime
        }

        init(
            offset: UInt64,
            memberSize: UInt32,
            rawSize: UInt32,
            recordCount: UInt32,
            sequence: UInt32,
            earliestStart: PacketTime,
            lastTime: PacketTime
        ) {
            self.offset = offset
            self.memberSize = memberSize
            self.rawSize = rawSize
            self.recordCount = recordCount
            self.sequence = sequence
            self.earliestStart = earliestStart
            self.lastTime = lastTime
        }
    }

    /// Empty when there are more than ``TraceLimits/indexedBlocks``: then the file is to be scanned.
    package var blocks: [Block] = []
    /// How many data blocks the file has.
    package var blockCount: UInt64 = 0
    package var totals = TraceTotals()
    /// The ledger as it stood at the end.
    package var ledger: [LedgerCount] = []
    /// What was anonymized, by kind.
    package var anonymized: [LedgerCount] = []

    package init() {}

    /// Adds a block that was written.
    package mutating func append(_ block: Block) {
        blockCount += 1
        totals.rawBytes &+= UInt64(block.rawSize)
        if blockCount <= TraceLimits.indexedBlocks {
            blocks.append(block)
        } else {
            blocks.removeAll()
        }
    }

    /// Whether every data block is listed.
    package var isComplete: Bool { UInt64(blocks.count) == blockCount }
}
