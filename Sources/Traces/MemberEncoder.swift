import Bytes
import Compression
import Packets

/// Writes the gzip members of one trace file, header and trailer by hand around a raw deflate stream.
///
/// One per file, since it numbers the members. It may be moved to the thread that writes.
package struct MemberEncoder: ~Copyable, Sendable {
    private let tag: UInt64
    private var sequence: UInt32
    private var deflater: BlockDeflater
    private var compressed: [UInt8] = []

    /// One block of fixed codes with nothing in it (RFC 1951, section 3.2.6): the last member has the same size at
    /// every level.
    private static let emptyStream: [UInt8] = [0x03, 0x00]

    /// `level` is 0 (stored) or 1 (fast) to 12 (small); `sequence` is the number of the first member it will write.
    package init(trace: TraceID, level: Int32 = 6, sequence: UInt32 = 0) {
        tag = trace.high
        self.sequence = sequence
        deflater = BlockDeflater(level: level)
    }

    /// Appends the first member of a file.
    package mutating func append(_ header: TraceHeader, to output: inout [UInt8]) {
        let line = header.line
        append(.header, line.span, to: &output)
    }

    /// Appends a data block and answers its header.
    @discardableResult
    package mutating func append(_ block: borrowing BlockEncoder, to output: inout [UInt8]) -> MemberHeader {
        append(.data, block.bytes.span, count: block.recordCount, times: block.times, to: &output)
    }

    /// Appends the index and the last member; `offset` is where the index will start in the file.
    package mutating func append(_ index: TraceIndex, at offset: UInt64, to output: inout [UInt8]) {
        let bytes = index.bytes
        let empty: [UInt8] = []
        append(.index, bytes.span, to: &output)
        append(.end, empty.span, indexOffset: offset, to: &output)
    }

    @discardableResult
    private mutating func append(
        _ kind: MemberKind,
        _ raw: Span<UInt8>,
        count: UInt32 = 0,
        times: BlockTimes = BlockTimes(),
        indexOffset: UInt64 = 0,
        to output: inout [UInt8]
    ) -> MemberHeader {
        compressed.removeAll(keepingCapacity: true)
        if raw.isEmpty {
            compressed.append(contentsOf: Self.emptyStream)
        } else {
            deflater.append(raw, to: &compressed)
        }
        let header = MemberHeader(
            kind: kind,
            sequence: sequence,
            tag: tag,
            compressedSize: UInt32(compressed.count),
            compressedCRC: CRC32(of: compressed.span).value,
            rawSize: UInt32(raw.count),
            recordCount: count,
            earliestStart: times.earliestStart,
            lastTime: times.lastTime,
            indexOffset: indexOffset
        )
        sequence &+= 1
        header.append(to: &output)
        output.append(contentsOf: compressed)
        output.appendLittleEndian(CRC32(of: raw).value)
        output.appendLittleEndian(UInt32(raw.count))
        return header
    }
}
