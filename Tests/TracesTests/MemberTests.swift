import Bytes
import Packets
import Testing
import Traces

@Suite struct MemberTests {
    static let trace = TraceID(high: 0x0123_4567_89AB_4DEF, low: 0x8123_4567_89AB_CDEF)

    static func member(seed: UInt64, count: Int) throws -> (bytes: [UInt8], raw: [UInt8]) {
        var random = RandomRecords(seed: seed)
        var block = BlockEncoder()
        for record in random.list(count) { try block.append(record) }
        var encoder = MemberEncoder(trace: trace, sequence: 7)
        var bytes: [UInt8] = []
        let header = encoder.append(block, to: &bytes)
        #expect(header.memberSize == bytes.count)
        return (bytes, block.bytes)
    }

    /// `nil` when more bytes are needed.
    static func read(_ bytes: [UInt8]) throws(MemberFault) -> [UInt8]? {
        guard let header = try MemberHeader.parse(bytes.span) else { return nil }
        var decoder = BlockDecoder()
        try decoder.decode(bytes.span, header)
        return decoder.bytes
    }

    @Test func whatWasWrittenIsRead() throws {
        let (bytes, raw) = try Self.member(seed: 1, count: 50)
        #expect(try Self.read(bytes) == raw)
        let header = try #require(try MemberHeader.parse(bytes.span))
        #expect(header.kind == .data)
        #expect(header.sequence == 7)
        #expect(header.tag == Self.trace.high)
        #expect(header.recordCount == 50)
    }

    /// Every bit, and every whole byte: header, extra field, checksums, compressed bytes with the padding of the last.
    @Test func everyChangeOfAnyByteIsSeen() throws {
        let (bytes, _) = try Self.member(seed: 2, count: 3)
        var unseen: [(byte: Int, mask: UInt8)] = []
        for index in bytes.indices {
            for mask in [1, 2, 4, 8, 16, 32, 64, 128, 255] as [UInt8] {
                var changed = bytes
                changed[index] ^= mask
                if (try? Self.read(changed)) != nil { unseen.append((index, mask)) }
            }
        }
        #expect(unseen.isEmpty)
        #expect(try Self.read(bytes) != nil)
    }

    @Test func everyCutNeedsMoreOrIsAFault() throws {
        let (bytes, _) = try Self.member(seed: 3, count: 3)
        for count in 0..<bytes.count {
            let cut = Array(bytes[..<count])
            if count < MemberHeader.usualSize {
                #expect(try Self.read(cut) == nil)
            } else {
                #expect(throws: MemberFault.cut) { _ = try Self.read(cut) }
            }
        }
    }

    @Test func longerExtraFieldsOfLaterVersionsAreRead() throws {
        let (bytes, raw) = try Self.member(seed: 4, count: 3)
        // Eight more bytes in the subfield, then a subfield of somebody else.
        var longer = Array(bytes[..<72]) + [1, 2, 3, 4, 5, 6, 7, 8, 0x41, 0x42, 1, 0, 9]
        longer[10] += 13
        longer[14] += 8
        let crc = GzipChecksum.crc32(longer)
        longer += [UInt8(truncatingIfNeeded: crc), UInt8(truncatingIfNeeded: crc >> 8)] + bytes[74...]
        #expect(try Self.read(longer) == raw)
        #expect(try MemberHeader.parse(longer.span)?.memberSize == longer.count)
    }

    @Test func sizesBeyondTheLimitsAreRefused() {
        for header in [
            MemberHeader(kind: .data, sequence: 1, tag: 0, rawSize: UInt32(TraceLimits.block) + 1),
            MemberHeader(kind: .data, sequence: 1, tag: 0, compressedSize: .max),
            MemberHeader(kind: .header, sequence: 0, tag: 0, rawSize: UInt32(TraceLimits.header) + 1),
            MemberHeader(kind: .end, sequence: 0, tag: 0, rawSize: 1),
        ] {
            var bytes: [UInt8] = []
            header.append(to: &bytes)
            #expect(throws: MemberFault.tooLarge) { _ = try MemberHeader.parse(bytes.span) }
        }
    }

    /// The count and the times of the header are held against the records, whatever the checksums say.
    @Test func aHeaderThatContradictsItsRecordsIsAFault() throws {
        let (bytes, _) = try Self.member(seed: 5, count: 3)
        let honest = try #require(try MemberHeader.parse(bytes.span))
        for change in [
            { $0.recordCount += 1 }, { $0.earliestStart = $0.earliestStart.advanced(by: 1) },
            { $0.lastTime = $0.lastTime.advanced(by: -1) },
        ] as [(inout MemberHeader) -> Void] {
            var header = honest
            change(&header)
            var changed: [UInt8] = []
            header.append(to: &changed)
            changed += bytes[74...]
            #expect(throws: MemberFault.contents) { _ = try Self.read(changed) }
        }
    }

    @Test func timesLeaveLedgerSnapshotsOut() throws {
        var block = BlockEncoder()
        try block.append(
            .ledgerSnapshot(LedgerRecord(time: PacketTime(nanoseconds: 1), counts: []))
        )
        #expect(block.times == BlockTimes())
        var encoder = MemberEncoder(trace: Self.trace)
        var bytes: [UInt8] = []
        encoder.append(block, to: &bytes)
        #expect(try Self.read(bytes) == block.bytes)
    }
}

/// CRC-32 bit by bit, as RFC 1952 has it in its appendix: a second opinion.
enum GzipChecksum {
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB8_8320 }
        }
        return ~crc
    }
}

@Suite struct MemberSearchTests {
    @Test func findsTheNextMemberOfTheSameTrace() throws {
        let (member, _) = try MemberTests.member(seed: 1, count: 2)
        let header = try #require(try MemberHeader.parse(member.span))
        // A beginning that is none, one of another trace, then the real one.
        var other: [UInt8] = []
        MemberHeader(kind: .data, sequence: 1, tag: 1).append(to: &other)
        let bytes = [0x1F, 0x8B, 8, 6, 0x1F] + other + member
        let place = bytes.count - member.count
        let found = MemberSearch.next(in: bytes.span, from: 0, tag: header.tag)
        #expect(found == .found(offset: place, header))
        #expect(
            MemberSearch.next(in: bytes.span, from: place + 1, tag: header.tag) == .none(before: bytes.count)
        )
        // A header that is cut may become one.
        #expect(
            MemberSearch.next(in: bytes.span.extracting(0..<place + 20), from: 0, tag: header.tag)
                == .none(before: place)
        )
    }
}
