import Messages
import Packets
import Testing
import TraceFiles
import Traces

@Suite struct TraceReaderTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func whatWasWrittenIsRead() throws {
        try SampleTrace.write(to: folder.path("a"))
        let reader = try TraceReader(path: folder.path("a"))
        #expect(reader.header == SampleTrace.header)
        #expect(try reader.allRecords() == SampleTrace.records)
        #expect(reader.isFinished)
        #expect(reader.damage.isEmpty)
        #expect(reader.ledger?.counts == SampleTrace.finalLedger)
        let index = try #require(reader.index)
        #expect(index.totals == reader.totals)
        #expect(index.totals.requests == 3)
        #expect(index.totals.responses == 3)
        #expect(index.totals.connections == 1)
        #expect(index.totals.first == SampleTrace.time(1))
        #expect(index.totals.last == SampleTrace.time(12))
        #expect(index.ledger == SampleTrace.finalLedger)
        #expect(index.anonymized == SampleTrace.anonymized)
        #expect(index.blocks.map(\.earliestStart) == [0, 2, 10].map { SampleTrace.time($0) })
        // Again, from the start.
        try reader.rewind()
        #expect(reader.totals == TraceTotals())
        #expect(try reader.allRecords() == SampleTrace.records)
    }

    /// Whoever looks here and there goes back as well as forward, and loses no block by it.
    @Test func blocksAreReadInAnyOrder() throws {
        try SampleTrace.write(to: folder.path("a"))
        let reader = try TraceReader(path: folder.path("a"))
        let blocks = try #require(reader.index?.blocks)
        #expect(reader.blockBytes.isEmpty)
        for index in [2, 0, 1, 1, 2, 0] {
            #expect(try reader.read(blockAt: blocks[index].offset, sequence: blocks[index].sequence))
            #expect(reader.blockBytes.count == Int(blocks[index].rawSize))
            var cursor = RecordCursor(reader.blockBytes.span)
            #expect(try cursor.next() == SampleTrace.blocks[index].first)
        }
        #expect(reader.damage.isEmpty)
        #expect(
            try !reader.read(blockAt: blocks[1].offset + 1, sequence: blocks[1].sequence),
            "no block begins there"
        )
        #expect(
            try reader.read(blockAt: blocks[1].offset, sequence: blocks[1].sequence),
            "and it is read again all the same"
        )
    }

    @Test func theBlocksOfAnUnfinishedFileAreThoseOfItsIndex() throws {
        try SampleTrace.write(to: folder.path("a"))
        try SampleTrace.write(to: folder.path("b"), finished: false)
        let finished = try TraceReader(path: folder.path("a"))
        let unfinished = try TraceReader(path: folder.path("b.partial"))
        #expect(unfinished.index == nil)
        #expect(try unfinished.blocks() == finished.index?.blocks)
        #expect(try unfinished.blocks()?.count == 3)
        #expect(try unfinished.allRecords() == SampleTrace.records)
    }

    /// The first block is the least a recorder that was killed leaves behind; of all that follows at most the last
    /// block is lost, whichever byte was the last.
    @Test func aCutLosesAtMostTheBlockThatWasCut() throws {
        let bytes = try SampleTrace.bytes()
        let whole = try TraceReader(path: folder.write(bytes, to: "a"))
        let blocks = try #require(whole.index?.blocks)
        let starts = blocks.map { Int($0.offset) }
        var lost: [Int] = []
        for count in starts[0]..<bytes.count {
            let reader = try TraceReader(path: folder.write(Array(bytes[..<count]), to: "cut"))
            let wholeBlocks = blocks.filter { Int($0.offset) + Int($0.memberSize) <= count }.count
            let expected = SampleTrace.blocks[..<wholeBlocks].reduce(0) { $0 + $1.count + 1 }
            let records = try reader.allRecords()
            let isCut = !starts.contains(count) && count != Int(blocks[2].offset) + Int(blocks[2].memberSize)
            if records != Array(SampleTrace.records[..<expected]) || reader.isFinished { lost.append(count) }
            // Only a file that ends between two members looks as if it had never been longer.
            if isCut, count < bytes.count - MemberHeader.endMemberSize, !reader.damage.isCut {
                lost.append(count)
            }
        }
        #expect(lost.isEmpty)
    }

    /// Damage is reported, or the file is refused; what is read is never anything but what was written.
    @Test(arguments: [0xFF, 0x01] as [UInt8]) func everyInvertedByteIsReported(mask: UInt8) throws {
        let bytes = try SampleTrace.bytes()
        let blocks = try #require(try TraceReader(path: folder.write(bytes, to: "a")).index?.blocks)
        var silent: [Int] = []
        var invented: [Int] = []
        var lostMore: [Int] = []
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= mask
            let path = try folder.write(changed, to: "changed")
            do {
                let reader = try TraceReader(path: path)
                let records = try reader.allRecords()
                if reader.damage.isEmpty { silent.append(index) }
                // Exactly the block with the byte is missing.
                let hit = blocks.firstIndex {
                    (Int($0.offset)..<Int($0.offset) + Int($0.memberSize)).contains(index)
                }
                let expected = SampleTrace.blocks.indices.filter { $0 != hit }.flatMap { number in
                    SampleTrace.blocks[number] + [
                        .ledgerSnapshot(SampleTrace.ledger(UInt64(number + 1), at: Int64(number * 5)))
                    ]
                }
                if !records.allSatisfy(SampleTrace.records.contains) { invented.append(index) }
                if records != expected { lostMore.append(index) }
                if hit != nil, reader.damage.blocksLost != 1 { lostMore.append(index) }
            } catch let error as TraceReadError {
                // Only the first member is indispensable.
                if index >= Int(blocks[0].offset) { silent.append(index) }
                if case .open = error.reason { silent.append(index) }
            }
        }
        #expect(silent.isEmpty)
        #expect(invented.isEmpty)
        #expect(lostMore.isEmpty)
    }

    @Test(
        arguments: [
            ([], TraceReadError.Reason.empty),
            (Array("GET / HTTP/1.1\r\n".utf8), .foreign),
            ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4], .foreign),  // gzip of another make
            ([0x1F, 0x8B, 8, 6, 0, 0], .headerDamaged(.cut)),  // killed while the first bytes were written
        ] as [([UInt8], TraceReadError.Reason)]
    )
    func whatIsNoTraceIsRefused(bytes: [UInt8], reason: TraceReadError.Reason) throws {
        let path = try folder.write(bytes, to: "a")
        #expect(throws: TraceReadError(reason, path: path)) { _ = try TraceReader(path: path) }
    }

    @Test func whatIsNotThereIsAnErrorThatNamesIt() {
        do throws(TraceReadError) {
            _ = try TraceReader(path: folder.path("a"))
            Issue.record("there is no such file")
        } catch {
            #expect(error.description == "cannot open \(folder.path("a")): No such file or directory")
        }
    }

    @Test func anUnknownRequirementIsRefused() throws {
        var header = SampleTrace.header
        header.requires = ["sealed"]
        try SampleTrace.write(to: folder.path("a"), header: header)
        #expect(throws: TraceReadError(.header(.requires(["sealed"])), path: folder.path("a"))) {
            _ = try TraceReader(path: folder.path("a"))
        }
    }

    @Test func whatFollowsTheEndIsReported() throws {
        let bytes = try SampleTrace.bytes()
        for tail in [[0], Array(bytes), Array(bytes[..<100])] as [[UInt8]] {
            let reader = try TraceReader(path: folder.write(bytes + tail, to: "a"))
            #expect(try reader.allRecords() == SampleTrace.records)
            #expect(reader.damage.bytesSkipped == UInt64(tail.count))
            #expect(!reader.damage.isEmpty)
        }
    }

    /// A recorded body may hold a trace; when its block is damaged, nothing in it is taken for a block of this one.
    @Test func aTraceInsideABodyIsNotReadAsOne() throws {
        var other = SampleTrace.header
        other.traceID = TraceID(high: 1, low: 2)
        try SampleTrace.write(to: folder.path("inner"), header: other)
        let inner = try folder.read("inner")
        let writer = try TraceWriter(
            path: folder.path("a"),
            header: SampleTrace.header,
            options: .init(level: 0)
        )
        let head = SampleTrace.head(.request, 9, at: 0)
        try writer.append(.whole(head, body: inner, SampleTrace.end(.request, 9, at: 1)))
        try writer.closeBlock()
        try writer.append(SampleTrace.blocks[0][0])
        try writer.finish(ledger: [])
        var bytes = try folder.read("a")
        let first = try #require(try TraceReader(path: folder.path("a")).index?.blocks.first)
        bytes[Int(first.offset) + 30] ^= 1
        let reader = try TraceReader(path: folder.write(bytes, to: "b"))
        #expect(try reader.allRecords() == [SampleTrace.blocks[0][0]])
        #expect(reader.damage.blocksLost == 1)
    }

    @Test func gzipAcceptsTheFileAndShowsTheHeader() throws {
        try SampleTrace.write(to: folder.path("a.trace.gz"))
        #expect(try Program(["gzip", "-t", folder.path("a.trace.gz")]).status == 0)
        let shown = try Program(["zcat", folder.path("a.trace.gz")]).output
        let line = shown.prefix { $0 != 0x0A } + [0x0A]
        #expect(Array(line) == SampleTrace.header.line)
    }

    @Test func aSummaryIsTheSameWithAndWithoutIndex() throws {
        try SampleTrace.write(to: folder.path("a"))
        try SampleTrace.write(to: folder.path("b"), finished: false)
        let finished = try TraceSummary(TraceReader(path: folder.path("a")))
        let unfinished = try TraceSummary(TraceReader(path: folder.path("b.partial")))
        #expect(finished.totals == unfinished.totals)
        #expect(finished.ledger == unfinished.ledger)
        #expect(finished.isFinished)
        #expect(!unfinished.isFinished)
        #expect(finished.compressedBytes == UInt64(try folder.read("a").count))
    }
}
