import Bytes
import Packets

extension TraceIndex {
    private static let entrySize: UInt32 = 40
    private static let totalsSize: UInt32 = 64

    /// The index as it stands in its member.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 + blocks.count * Int(Self.entrySize))
        bytes.appendLittleEndian(Self.totalsSize)
        bytes.appendLittleEndian(totals.requests)
        bytes.appendLittleEndian(totals.responses)
        bytes.appendLittleEndian(totals.connections)
        bytes.appendLittleEndian(totals.records)
        bytes.appendLittleEndian(totals.rawBytes)
        bytes.appendLittleEndian(totals.first.nanoseconds)
        bytes.appendLittleEndian(totals.last.nanoseconds)
        bytes.appendLittleEndian(blockCount)
        bytes.appendCounts(ledger)
        bytes.appendCounts(anonymized)
        bytes.appendLittleEndian(UInt32(blocks.count))
        bytes.appendLittleEndian(Self.entrySize)
        for block in blocks {
            bytes.appendLittleEndian(block.offset)
            bytes.appendLittleEndian(block.memberSize)
            bytes.appendLittleEndian(block.rawSize)
            bytes.appendLittleEndian(block.recordCount)
            bytes.appendLittleEndian(block.sequence)
            bytes.appendLittleEndian(block.earliestStart.nanoseconds)
            bytes.appendLittleEndian(block.lastTime.nanoseconds)
        }
        return bytes
    }

    /// Reads an inflated index; `nil` when it is cut or contradicts itself.
    package init?(parsing bytes: Span<UInt8>) {
        var cursor = ByteCursor(bytes)
        guard let size = cursor.littleEndian(UInt32.self), size >= Self.totalsSize,
            let place = cursor.range(Int(size)),
            let ledger = cursor.counts(), let anonymized = cursor.counts(),
            let count = cursor.littleEndian(UInt32.self), count <= TraceLimits.indexedBlocks,
            let entrySize = cursor.littleEndian(UInt32.self), entrySize >= Self.entrySize
        else { return nil }
        self.init()
        totals = TraceTotals(bytes.extracting(place.bounds))
        blockCount = bytes.littleEndian(UInt64.self, at: place.offset + 56)
        self.ledger = ledger
        self.anonymized = anonymized
        guard UInt64(count) <= blockCount, cursor.remaining / Int(entrySize) >= Int(count) else { return nil }
        blocks.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let entry = cursor.range(Int(entrySize)) else { return nil }
            blocks.append(Block(bytes.extracting(entry.bounds)))
        }
    }
}

extension TraceIndex.Block {
    /// Reads an entry of at least 40 bytes.
    fileprivate init(_ bytes: Span<UInt8>) {
        self.init(
            offset: bytes.littleEndian(UInt64.self, at: 0),
            memberSize: bytes.littleEndian(UInt32.self, at: 8),
            rawSize: bytes.littleEndian(UInt32.self, at: 12),
            recordCount: bytes.littleEndian(UInt32.self, at: 16),
            sequence: bytes.littleEndian(UInt32.self, at: 20),
            earliestStart: PacketTime(nanoseconds: bytes.littleEndian(Int64.self, at: 24)),
            lastTime: PacketTime(nanoseconds: bytes.littleEndian(Int64.self, at: 32))
        )
    }
}

extension TraceTotals {
    /// Reads the first 56 bytes of the totals.
    fileprivate init(_ bytes: Span<UInt8>) {
        self.init()
        requests = bytes.littleEndian(UInt64.self, at: 0)
        responses = bytes.littleEndian(UInt64.self, at: 8)
        connections = bytes.littleEndian(UInt64.self, at: 16)
        records = bytes.littleEndian(UInt64.self, at: 24)
        rawBytes = bytes.littleEndian(UInt64.self, at: 32)
        first = PacketTime(nanoseconds: bytes.littleEndian(Int64.self, at: 40))
        last = PacketTime(nanoseconds: bytes.littleEndian(Int64.self, at: 48))
    }
}
