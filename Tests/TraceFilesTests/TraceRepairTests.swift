import Testing
import TraceFiles
import Traces

@Suite struct TraceRepairTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What stands behind the last block is no torn block here, so the file is kept as it was.
    @Test func anUnfinishedFileIsFinished() throws {
        let bytes = try SampleTrace.bytes(finished: false)
        let path = try folder.write(bytes + bytes[200..<260], to: "a.partial")
        let repair = try TraceRepair.repair(path)
        #expect(repair.outcome == .repaired(path: folder.path("a"), damaged: folder.path("a.damaged")))
        #expect(repair.blocksKept == 3)
        #expect(repair.damage.bytesSkipped == 60)
        #expect(repair.messagesWithoutEnd == 0)
        #expect(try folder.names == ["a", "a.damaged"])
        #expect(try folder.mode(of: "a") == 0o600)
        let reader = try TraceReader(path: folder.path("a"))
        #expect(try reader.allRecords() == SampleTrace.records)
        #expect(reader.isFinished)
        #expect(reader.damage.isEmpty)
        #expect(reader.index?.totals == reader.totals)
        let ledger = reader.index?.ledger ?? []
        #expect(ledger.filter { !$0.name.hasPrefix("trace.") } == SampleTrace.finalLedger)
        #expect(ledger.contains(LedgerCount(name: "trace.repaired", value: 1)))
        #expect(try TraceRepair.repair(folder.path("a")).outcome == .nothingToDo)
        #expect(try folder.names == ["a", "a.damaged"])
    }

    @Test func aCutFileLosesOnlyItsTornBlock() throws {
        let bytes = try SampleTrace.bytes()
        let blocks = try #require(try TraceReader(path: folder.write(bytes, to: "whole")).index?.blocks)
        let path = try folder.write(Array(bytes[..<Int(blocks[2].offset + 40)]), to: "a.partial")
        let repair = try TraceRepair.repair(path)
        #expect(repair.outcome == .repaired(path: folder.path("a"), damaged: nil))
        #expect(repair.blocksKept == 2)
        #expect(repair.messagesWithoutEnd == 1)
        #expect(repair.damage.isCut)
        let reader = try TraceReader(path: folder.path("a"))
        #expect(try reader.allRecords() == Array(SampleTrace.records[..<10]))
        #expect(reader.damage.isEmpty)
        #expect(reader.isFinished)
    }

    @Test func whatWasLostInsideStaysVisible() throws {
        var bytes = try SampleTrace.bytes()
        let blocks = try #require(try TraceReader(path: folder.write(bytes, to: "whole")).index?.blocks)
        bytes[Int(blocks[1].offset) + 80] ^= 1
        let path = try folder.write(bytes, to: "a")
        let repair = try TraceRepair.repair(path)
        #expect(repair.outcome == .repaired(path: path, damaged: path + ".damaged"))
        #expect(try folder.read("a.damaged") == bytes)
        let reader = try TraceReader(path: path)
        #expect(try reader.allRecords() == Array(SampleTrace.records[..<5] + SampleTrace.records[10...]))
        #expect(reader.damage.count == 0)
        #expect(reader.damage.blocksLost == 1)
        // The index of the damaged file was whole, so nothing it knew is lost.
        #expect(reader.index?.anonymized == SampleTrace.anonymized)
        #expect(try TraceRepair.repair(path).outcome == .nothingToDo)
    }

    @Test func whatIsBeingWrittenIsLeftAlone() throws {
        let writer = try TraceWriter(path: folder.path("a"), header: SampleTrace.header)
        let path = folder.path("a.partial")
        #expect(throws: TraceRepairError.read(TraceReadError(.beingWritten, path: path))) {
            _ = try TraceRepair.repair(path)
        }
        try writer.finish(ledger: [])
        #expect(try TraceReader(path: folder.path("a")).isFinished)
    }

    @Test func aFinishedFileOfTheSameNameIsNotReplaced() throws {
        try SampleTrace.write(to: folder.path("a"), finished: false)
        _ = try folder.write([1], to: "a")
        #expect(throws: TraceRepairError.write(TraceWriteError(.alreadyExists, path: folder.path("a")))) {
            _ = try TraceRepair.repair(folder.path("a.partial"))
        }
        #expect(try folder.read("a") == [1])
        _ = try TraceRepair.repair(folder.path("a.partial"), force: true)
        #expect(try folder.names == ["a"])
        #expect(try TraceReader(path: folder.path("a")).isFinished)
    }
}
