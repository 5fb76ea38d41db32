import Bytes
import Compression
import Packets
import Testing
import TraceFiles
import Traces

/// Files of later versions: what may be passed over is, what must be understood stops the reader with a message.
@Suite struct EvolutionTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A member as a later version might write it, with checksums that are right.
    static func member(
        _ kind: UInt8,
        sequence: UInt32,
        _ raw: [UInt8],
        recordCount: UInt32 = 0,
        time: PacketTime? = nil
    ) -> [UInt8] {
        var packed: [UInt8] = []
        var deflater = Deflater(.raw)
        deflater.append(raw.span, to: &packed)
        deflater.finish(into: &packed)
        var bytes: [UInt8] = []
        MemberHeader(
            kind: MemberKind(rawValue: kind),
            sequence: sequence,
            tag: SampleTrace.header.traceID.high,
            compressedSize: UInt32(packed.count),
            compressedCRC: CRC32(of: packed.span).value,
            rawSize: UInt32(raw.count),
            recordCount: recordCount,
            earliestStart: time ?? .distantFuture,
            lastTime: time ?? .distantPast
        ).append(to: &bytes)
        bytes += packed
        bytes.appendLittleEndian(CRC32(of: raw.span).value)
        bytes.appendLittleEndian(UInt32(raw.count))
        return bytes
    }

    /// The sample's first member, then `members`.
    func file(_ members: [UInt8]...) throws -> String {
        let bytes = try SampleTrace.bytes()
        let first = try #require(try MemberHeader.parse(bytes.span))
        return try folder.write(Array(bytes[..<first.memberSize]) + members.flatMap { $0 }, to: "a")
    }

    static func encoded(_ record: TraceRecord, type: UInt8) throws -> [UInt8] {
        var block = BlockEncoder()
        try block.append(record)
        var bytes = block.bytes
        bytes[4] = type
        return bytes
    }

    static let close = TraceRecord.connectionClose(
        ConnectionCloseRecord(connection: 7, time: SampleTrace.time(0), reason: .fin)
    )

    static func closing(sequence: UInt32) throws -> [UInt8] {
        member(2, sequence: sequence, try encoded(close, type: 2), recordCount: 1, time: SampleTrace.time(0))
    }

    @Test func aKindOfBlockWithBit7IsPassedOver() throws {
        let path = try file(Self.member(0x85, sequence: 1, [1, 2, 3]), Self.closing(sequence: 2))
        let reader = try TraceReader(path: path)
        #expect(try reader.allRecords() == [Self.close])
        #expect(reader.damage.isEmpty)
    }

    @Test func aKindOfBlockWithoutBit7StopsTheReader() throws {
        let path = try file(Self.member(5, sequence: 1, [1, 2, 3]), Self.closing(sequence: 2))
        let reader = try TraceReader(path: path)
        #expect(throws: TraceReadError(.unknownBlock(5), path: path)) { _ = try reader.allRecords() }
    }

    @Test func aTypeOfRecordWithBit7IsPassedOverAndCounted() throws {
        let raw = try Self.encoded(Self.close, type: 0x8A) + Self.encoded(Self.close, type: 2)
        let path = try file(Self.member(2, sequence: 1, raw, recordCount: 2, time: SampleTrace.time(0)))
        let reader = try TraceReader(path: path)
        #expect(try reader.allRecords() == [Self.close])
        #expect(reader.ignoredRecords == 1)
        #expect(reader.damage.isEmpty)
    }

    @Test func aTypeOfRecordWithoutBit7StopsTheReader() throws {
        let raw = try Self.encoded(Self.close, type: 0x0A)
        let path = try file(Self.member(2, sequence: 1, raw, recordCount: 1, time: SampleTrace.time(0)))
        let reader = try TraceReader(path: path)
        #expect(throws: TraceReadError(.unknownRecord(0x0A), path: path)) { _ = try reader.allRecords() }
    }

    /// A value that no version of the format has: the block is what its writer wrote, so the writer was wrong.
    @Test func aRecordThatCannotBeReadCostsTheRestOfItsBlock() throws {
        var wrong = try Self.encoded(Self.close, type: 2)
        wrong[32] = 99
        let raw = try Self.encoded(Self.close, type: 2) + wrong
        let path = try file(
            Self.member(2, sequence: 1, raw, recordCount: 2, time: SampleTrace.time(0)),
            Self.closing(sequence: 2)
        )
        let reader = try TraceReader(path: path)
        #expect(try reader.allRecords() == [Self.close, Self.close])
        #expect(reader.damage.entries.map(\.fault) == [.record(RecordFault(.badValue, at: 33))])
        #expect(reader.damage.blocksLost == 1)
    }

    /// Numbers that jump are blocks that were lost; numbers that go back belong to no place in the file.
    @Test func sequenceNumbersTellWhatIsMissing() throws {
        let reader = try TraceReader(
            path: file(Self.closing(sequence: 1), Self.closing(sequence: 4), Self.closing(sequence: 2))
        )
        #expect(try reader.allRecords() == [Self.close, Self.close])
        #expect(reader.damage.blocksLost == 2)
        #expect(reader.damage.entries.map(\.fault) == [.outOfPlace])
    }
}
