import Foundation
import Messages
import Packets
import Testing
import TraceFiles
import Traces

@Suite struct TraceWriterTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func theFileHasItsNameOnlyWhenItIsFinished() throws {
        let writer = try TraceWriter(path: folder.path("a.trace.gz"), header: SampleTrace.header)
        #expect(try folder.names == ["a.trace.gz.partial"])
        #expect(try folder.mode(of: "a.trace.gz.partial") == 0o600)
        try writer.append(SampleTrace.blocks[0][0])
        try writer.finish(ledger: SampleTrace.finalLedger)
        #expect(try folder.names == ["a.trace.gz"])
        #expect(try folder.mode(of: "a.trace.gz") == 0o600)
        #expect(try TraceReader(path: folder.path("a.trace.gz")).isFinished)
    }

    @Test func whatWasAbandonedIsReadable() throws {
        do {
            let writer = try TraceWriter(path: folder.path("a"), header: SampleTrace.header)
            try writer.append(SampleTrace.blocks[0][0])
        }
        let reader = try TraceReader(path: folder.path("a.partial"))
        #expect(try reader.allRecords() == [SampleTrace.blocks[0][0]])
        #expect(!reader.isFinished)
        #expect(reader.damage.isEmpty)
        #expect(try folder.names == ["a.partial"])
    }

    @Test func whatWasDiscardedIsGoneAndWhatIsNoFileStays() throws {
        try TraceWriter(path: folder.path("a"), header: SampleTrace.header).discard()
        #expect(try folder.names == [])
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        let reading = open(pipe, O_RDONLY | O_NONBLOCK)
        try TraceWriter(path: pipe, header: SampleTrace.header).discard()
        close(reading)
        #expect(try folder.names == ["pipe"])
    }

    @Test(arguments: [false, true]) func whatAnotherIsWritingIsNeverTouched(force: Bool) throws {
        let path = folder.path("a")
        let writer = try TraceWriter(path: path, header: SampleTrace.header)
        #expect(throws: TraceWriteError(.beingWritten, path: path + ".partial")) {
            _ = try TraceWriter(path: path, header: SampleTrace.header, options: .init(force: force))
        }
        try writer.append(SampleTrace.blocks[0][0])
        try writer.finish(ledger: [])
        #expect(try TraceReader(path: path).allRecords() == [SampleTrace.blocks[0][0]])
    }

    @Test func aFinishedFileIsReplacedOnlyByForceAndOnlyAtTheEnd() throws {
        let path = try folder.write([1, 2, 3], to: "a")
        #expect(throws: TraceWriteError(.alreadyExists, path: path)) {
            _ = try TraceWriter(path: path, header: SampleTrace.header)
        }
        let writer = try TraceWriter(path: path, header: SampleTrace.header, options: .init(force: true))
        #expect(try folder.read("a") == [1, 2, 3])
        try writer.finish(ledger: [])
        #expect(try TraceReader(path: path).isFinished)
    }

    @Test func aFileThatAppearedMeanwhileIsNotReplaced() throws {
        let writer = try TraceWriter(path: folder.path("a"), header: SampleTrace.header)
        let path = try folder.write([1], to: "a")
        #expect(throws: TraceWriteError(.alreadyExists, path: path)) { try writer.finish(ledger: []) }
        #expect(try folder.read("a") == [1])
        #expect(try TraceReader(path: folder.path("a.partial")).isFinished)
    }

    @Test func aLeftoverIsReplacedByForceOnly() throws {
        _ = try folder.write([1], to: "a.partial")
        #expect(throws: TraceWriteError(.unfinishedExists, path: folder.path("a.partial"))) {
            _ = try TraceWriter(path: folder.path("a"), header: SampleTrace.header)
        }
        let writer = try TraceWriter(
            path: folder.path("a"),
            header: SampleTrace.header,
            options: .init(force: true)
        )
        try writer.finish(ledger: [])
        #expect(try folder.names == ["a"])
    }

    @Test func aMissingFolderIsAnErrorThatSaysWhatToDo() throws {
        let path = folder.path("missing/a")
        do throws(TraceWriteError) {
            _ = try TraceWriter(path: path, header: SampleTrace.header)
            Issue.record("there is no such folder")
        } catch {
            #expect(
                error.description
                    == "cannot create \(path).partial: No such file or directory; create the folder first"
            )
        }
    }

    /// `/dev/full` answers every write with ENOSPC.
    @Test func aFullDiskStopsTheRecorderWithAReason() throws {
        do throws(TraceWriteError) {
            _ = try TraceWriter(path: "/dev/full", header: SampleTrace.header)
            Issue.record("nothing can be written there")
        } catch {
            #expect(
                error.description
                    == "cannot write /dev/full: No space left on device; what was written is kept, and "
                    + "`tapedeck repair /dev/full` finishes it; free some space, or write to another disk"
            )
        }
    }

    /// A pipe whose reader goes is the error that comes after some bytes have been written.
    @Test func anErrorOfTheWritingThreadComesOutOfTheNextCall() throws {
        let path = folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let reading = open(path, O_RDONLY | O_NONBLOCK)
        let writer = try TraceWriter(path: path, header: SampleTrace.header)
        close(reading)
        var failure: TraceWriteError?
        do throws(TraceWriteError) {
            for _ in 0..<100 {
                try writer.append(SampleTrace.blocks[0][0])
                try writer.closeBlock()
            }
            try writer.finish(ledger: [])
        } catch {
            failure = error
        }
        #expect(failure?.path == path)
        guard case .write(let fault)? = failure?.reason else {
            Issue.record("a write to a pipe without reader fails")
            return
        }
        #expect(fault.number == EPIPE)
    }

    @Test func blocksCloseBySizeAndByAge() throws {
        let writer = try TraceWriter(
            path: folder.path("a"),
            header: SampleTrace.header,
            options: .init(blockSize: 1_000, blockAge: 1_000)
        )
        var snapshots: UInt64 = 0
        func tick(_ now: UInt64) throws -> Bool {
            try writer.tick(now: now) {
                snapshots += 1
                return SampleTrace.ledger(snapshots, at: 0)
            }
        }
        try writer.append(SampleTrace.whole(.request, 0, at: 0))
        #expect(try !tick(3_500), "nothing is known of the time before the first tick")
        #expect(try tick(5_000))
        #expect(try !tick(5_000), "an empty block is never closed")
        try writer.append(SampleTrace.whole(.request, 1, at: 0))
        #expect(try !tick(5_999))
        #expect(try tick(6_000), "its first record is 1,000 ns old")
        #expect(try !tick(9_000))
        for number in 0..<8 as Range<UInt64> {
            try writer.append(SampleTrace.whole(.request, number, at: 0))
        }
        #expect(try tick(9_000), "it holds more than 1,000 bytes")
        #expect(snapshots == 3)
        // Nobody ticks: twice the size closes a block all the same, with the last ledger there was.
        for number in 0..<50 as Range<UInt64> {
            try writer.append(SampleTrace.whole(.request, number, at: 0))
        }
        try writer.finish(ledger: SampleTrace.finalLedger)

        let reader = try TraceReader(path: folder.path("a"))
        var sizes: [Int] = []
        while try reader.nextBlock() {
            sizes.append(Int(reader.block?.rawSize ?? 0))
            var last: TraceRecord?
            while let record = try reader.nextRecordInBlock() { last = record }
            guard case .ledgerSnapshot? = last else {
                Issue.record("a snapshot stands at the end of every block")
                return
            }
        }
        #expect(sizes.count > 4)
        #expect(sizes.allSatisfy { $0 < 2_500 })
    }

    @Test func aRecordThatIsTooLongIsLeftOutAndTheFileGoesOn() throws {
        let writer = try TraceWriter(path: folder.path("a"), header: SampleTrace.header)
        var head = SampleTrace.head(.request, 1, at: 0)
        head.bytes = [UInt8](repeating: 0x61, count: TraceLimits.head + 1)
        let limit = RecordTooLong(count: head.bytes.count, limit: TraceLimits.head)
        #expect(throws: TraceWriteError(.recordTooLong(limit), path: folder.path("a.partial"))) {
            try writer.append(.head(head))
        }
        try writer.append(SampleTrace.blocks[0][0])
        try writer.finish(ledger: [])
        #expect(try TraceReader(path: folder.path("a")).allRecords() == [SampleTrace.blocks[0][0]])
    }

    /// More blocks than the queue holds: the recording thread waits, and nothing is lost or reordered.
    @Test func backpressureKeepsEverything() throws {
        let writer = try TraceWriter(
            path: folder.path("a"),
            header: SampleTrace.header,
            options: .init(level: 9, blockSize: 64, queuedBlocks: 1)
        )
        let records = (0..<2_000 as Range<UInt64>).map { SampleTrace.whole(.request, $0, at: Int64($0)) }
        for record in records { try writer.append(record) }
        try writer.finish(ledger: [])
        let reader = try TraceReader(path: folder.path("a"))
        #expect(try reader.allRecords() == records)
        #expect(reader.index?.totals == reader.totals)
        #expect(reader.index?.totals.requests == 2_000)
        #expect(reader.index?.blockCount == reader.blocksRead)
    }
}
