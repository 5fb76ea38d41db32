import Glibc
import Messages
import Packets
import Testing
import TraceFiles
import Traces

/// The parts of one recording: their names, what each holds, and what is removed of them.
@Suite struct TraceSeriesTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func series(
        _ pattern: String,
        rotation: RotationPolicy = RotationPolicy(),
        retention: Retention = Retention()
    ) throws -> TraceSeries {
        try TraceSeries(
            .pattern(try TraceNamePattern(folder.path(pattern))),
            header: SampleTrace.header,
            rotation: rotation,
            retention: retention,
            at: SampleTrace.time(0)
        )
    }

    /// Waits for the writing threads of the parts that are over.
    private func settle(_ names: (([String]) -> Bool)) throws {
        for _ in 0..<2_000 where !names(try folder.names) { poll(nil, 0, 5) }
    }

    @Test func partsAreWholeTracesOfOneRecording() throws {
        let series = try series("h-%S.trace.gz")
        try series.writer.append(SampleTrace.whole(.request, 0, at: 0))
        try series.rotate(ledger: SampleTrace.finalLedger, anonymized: [], at: SampleTrace.time(5_000))
        #expect(series.part == 1)
        try series.writer.append(SampleTrace.whole(.response, 0, at: 5_001))
        try series.finish(ledger: SampleTrace.finalLedger)
        #expect(series.takeFailures() == [])
        #expect(try folder.names == ["h-20.trace.gz", "h-25.trace.gz"])
        #expect(try folder.mode(of: "h-20.trace.gz") == 0o600)

        let first = try TraceReader(path: folder.path("h-20.trace.gz"))
        let second = try TraceReader(path: folder.path("h-25.trace.gz"))
        #expect(first.isFinished && second.isFinished)
        #expect(first.header.traceID == second.header.traceID)
        #expect([first.header.part, second.header.part] == [0, 1])
        #expect(first.index?.ledger == SampleTrace.finalLedger)
        // What had become of everything when the part began: what happened in it is the difference.
        let opening = try second.nextRecord()
        #expect(
            opening
                == .ledgerSnapshot(
                    LedgerRecord(time: SampleTrace.time(5_000), counts: SampleTrace.finalLedger)
                )
        )
    }

    /// Head and a piece in one part, the head again, a piece and the end in the next.
    private func writeSplitMessage() throws -> (first: String, second: String) {
        let series = try series("h-%S.trace.gz")
        var head = SampleTrace.head(.response, 2, at: 10)
        let open = ConnectionOpenRecord(
            connection: 0,
            time: SampleTrace.time(1),
            source: 0,
            client: Endpoint(address: IPAddress(ipv4: 1), port: 1),
            server: Endpoint(address: IPAddress(ipv4: 2), port: 2),
            sawHandshake: true
        )
        try series.writer.append(.connectionOpen(open))
        try series.writer.append(.head(head))
        try series.writer.append(SampleTrace.body(2, at: 20))
        try series.rotate(ledger: [], anonymized: [], at: SampleTrace.time(5_000))
        var again = open
        again.time = SampleTrace.time(5_001)
        again.isRepeated = true
        try series.writer.append(.connectionOpen(again))
        head.isRepeated = true
        try series.writer.append(.head(head))
        try series.writer.append(SampleTrace.body(2, at: 5_002))
        try series.writer.append(.end(SampleTrace.end(.response, 2, at: 5_003)))
        try series.finish(ledger: [])
        return (folder.path("h-20.trace.gz"), folder.path("h-25.trace.gz"))
    }

    @Test func aMessageThatGoesOnInTheNextPartComesOutWhole() throws {
        let paths = try writeSplitMessage()
        // The order in which they are named does not matter.
        for order in [[paths.first, paths.second], [paths.second, paths.first]] {
            let messages = try OrderedMessages(try order.map { path throws in try TraceReader(path: path) })
            let message = try #require(try messages.next())
            #expect(message.message.body == Array("piecepiece".utf8))
            #expect(message.message.end.flags == .chunked)
            #expect(message.connection?.isRepeated == false)
            #expect(try messages.next() == nil)
            #expect(messages.assemblyCounts.allSatisfy { $0 == MessageAssembler.Counts() })
        }
    }

    @Test func eachPartOfASplitMessageCanBeReadAlone() throws {
        let paths = try writeSplitMessage()
        for path in [paths.first, paths.second] {
            let messages = try OrderedMessages([try TraceReader(path: path)])
            let message = try #require(try messages.next())
            #expect(message.message.body == Array("piece".utf8))
            #expect(message.message.end.flags.contains(.incomplete), "\(path) holds only a part of it")
            #expect(message.connection?.client.port == 1)
            #expect(try messages.next() == nil)
        }
    }

    /// One file named twice is read twice: no message is put together from both copies.
    @Test func aFileThatIsNamedTwiceIsReadTwice() throws {
        let paths = try writeSplitMessage()
        let readers = try [paths.first, paths.first, paths.second].map { path throws in
            try TraceReader(path: path)
        }
        let messages = try OrderedMessages(readers)
        var bodies: [Int] = []
        while let message = try messages.next() { bodies.append(message.message.body.count) }
        #expect(bodies.sorted() == [5, 10])
    }

    @Test func aNameThatIsTakenGetsANumber() throws {
        let series = try series("h.trace.gz")
        try series.writer.append(SampleTrace.whole(.request, 0, at: 0))
        try series.rotate(ledger: [], anonymized: [], at: SampleTrace.time(1))
        try series.rotate(ledger: [], anonymized: [], at: SampleTrace.time(2))
        try series.finish(ledger: [])
        #expect(try folder.names == ["h-1.trace.gz", "h-2.trace.gz", "h.trace.gz"])
    }

    @Test func nothingIsRotatedThatHoldsNothing() throws {
        let series = try series("h-%S.trace.gz", rotation: RotationPolicy(interval: 1_000_000_000))
        #expect(!series.isRotationDue(at: SampleTrace.time(10_000)), "no part without a message")
        try series.writer.append(SampleTrace.whole(.request, 0, at: 0))
        #expect(series.isRotationDue(at: SampleTrace.time(10_000)))
        try series.rotate(ledger: [], anonymized: [], at: SampleTrace.time(10_000))
        #expect(!series.isRotationDue(at: SampleTrace.time(20_000)), "the first snapshot is no message")
        try series.finish(ledger: [])
    }

    @Test func theOldestPartsGoAndNothingElse() throws {
        // Of an earlier run, with an older time than anything this run writes.
        let old = try TraceWriter(path: folder.path("h-00.trace.gz"), header: SampleTrace.header)
        try old.append(SampleTrace.whole(.request, 0, at: 0))
        try old.finish(ledger: [])
        var times = [timespec(tv_sec: 1_000, tv_nsec: 0), timespec(tv_sec: 1_000, tv_nsec: 0)]
        utimensat(AT_FDCWD, folder.path("h-00.trace.gz"), &times, 0)
        // The name of a part and other content; an unfinished part; a name of something else.
        let others = ["h-01.trace.gz", "h-02.trace.gz.partial", "x-03.trace.gz"]
        for name in others { _ = try folder.write(Array("something else".utf8), to: name) }

        let series = try series("h-%S.trace.gz", retention: Retention(files: 2))
        for part in 0..<4 {
            try series.writer.append(SampleTrace.whole(.request, UInt64(part), at: 0))
            try series.rotate(ledger: [], anonymized: [], at: SampleTrace.time(1_000 * Int64(part + 1)))
            // Parts are removed in the order in which they were published.
            try settle { $0.contains("h-\(20 + part).trace.gz") }
        }
        try series.finish(ledger: [])
        #expect(try folder.names == (others + ["h-23.trace.gz", "h-24.trace.gz"]).sorted())
        #expect(series.removedParts == 4)
        #expect(series.takeFailures() == [])
    }

    /// The part at hand counts too, so the limit holds while it grows.
    @Test func theSizeOfAllPartsIsHeld() throws {
        let noise = (0..<60_000).map { _ in UInt8.random(in: 0...255) }
        var head = SampleTrace.head(.response, 0, at: 0)
        head.framing = .length(60_000)
        let series = try series("h-%S.trace.gz", retention: Retention(size: 150_000))
        for part in 0..<5 {
            try series.writer.append(.whole(head, body: noise, SampleTrace.end(.response, 0, at: 1)))
            try series.writer.closeBlock()
            try series.rotate(ledger: [], anonymized: [], at: SampleTrace.time(1_000 * Int64(part + 1)))
            try settle { $0.contains("h-\(20 + part).trace.gz") }
        }
        try series.finish(ledger: [])
        #expect(try folder.names == ["h-24.trace.gz", "h-25.trace.gz"] || series.removedParts == 3)
        #expect(try folder.names.reduce(0) { $0 + (try folder.read($1).count) } <= 150_000)
    }

    @Test func aPartThatCannotBeBegunLeavesTheOneAtHand() throws {
        mkdir(folder.path("sub"), 0o700)
        let series = try series("sub/h-%S.trace.gz")
        try series.writer.append(SampleTrace.whole(.request, 0, at: 0))
        // The folder is gone; the open file is not.
        #expect(rename(folder.path("sub"), folder.path("moved")) == 0)
        #expect(throws: TraceWriteError.self) {
            try series.rotate(ledger: [], anonymized: [], at: SampleTrace.time(1_000))
        }
        #expect(series.part == 0)
        try series.writer.append(SampleTrace.whole(.response, 0, at: 1))
        #expect(rename(folder.path("moved"), folder.path("sub")) == 0)
        try series.finish(ledger: [])
        #expect(try TraceReader(path: folder.path("sub/h-20.trace.gz")).index?.totals.responses == 1)
    }
}
