import Bytes
import Messages
import Packets
import Testing
import Traces

@Suite struct TraceIndexTests {
    static let index: TraceIndex = {
        var index = TraceIndex()
        for number in 1...3 as ClosedRange<UInt32> {
            let header = MemberHeader(
                kind: .data,
                sequence: number,
                tag: 1,
                compressedSize: 10,
                rawSize: 20,
                recordCount: 2,
                earliestStart: PacketTime(nanoseconds: Int64(number)),
                lastTime: PacketTime(nanoseconds: .max)
            )
            index.append(TraceIndex.Block(header, offset: UInt64(number) << 40))
        }
        index.totals.requests = 5
        index.totals.responses = 4
        index.totals.connections = 3
        index.totals.first = PacketTime(nanoseconds: -1)
        index.totals.last = PacketTime(nanoseconds: 9)
        index.ledger = [LedgerCount(name: "packets.delivered", value: 7)]
        index.anonymized = [LedgerCount(name: "email", value: 8)]
        return index
    }()

    @Test func whatWasWrittenIsRead() {
        #expect(TraceIndex(parsing: Self.index.bytes.span) == Self.index)
        #expect(Self.index.isComplete)
        #expect(Self.index.totals.rawBytes == 60)
        #expect(TraceIndex(parsing: (Self.index.bytes + [1, 2, 3]).span) == Self.index)
    }

    @Test func everyCutIsNoticed() {
        let bytes = Self.index.bytes
        for count in 0..<bytes.count {
            #expect(TraceIndex(parsing: bytes.span.extracting(0..<count)) == nil)
        }
    }

    /// A count that the bytes cannot hold makes nobody allocate.
    @Test func hostileCountsAreRefused() {
        let bytes = Self.index.bytes
        let place = bytes.count - 3 * 40 - 8
        for count in [4, 1_000_001, .max] as [UInt32] {
            var changed = bytes
            changed.replaceSubrange(
                place..<place + 4,
                with: (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
            )
            #expect(TraceIndex(parsing: changed.span) == nil)
        }
    }

    @Test func totalsCountMessagesAtTheirEnd() {
        var totals = TraceTotals()
        var interim = TraceRecordTests.end
        interim.flags = .interim
        totals.count(.head(TraceRecordTests.head))
        #expect(totals.responses == 0)
        totals.count(.end(interim))
        #expect(totals.responses == 0)
        totals.count(.whole(TraceRecordTests.head, body: [], TraceRecordTests.end))
        #expect(totals.responses == 1)
        #expect(totals.requests == 0)
        #expect(totals.records == 3)
        #expect(totals.span?.first == PacketTime(nanoseconds: 3))
        #expect(totals.span?.last == PacketTime(nanoseconds: 4))
        #expect(TraceTotals().span == nil)
    }
}
