import Foundation
import Messages
import Packets
import Testing
import TraceFiles
import Traces

@Suite struct OrderedMessagesTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    static func all(_ ordered: OrderedMessages) throws -> [OrderedMessage] {
        var messages: [OrderedMessage] = []
        while let message = try ordered.next() { messages.append(message) }
        return messages
    }

    static func names(_ messages: [OrderedMessage]) -> [String] {
        messages.map { "\($0.message.kind == .request ? "q" : "a")\($0.message.exchange)" }
    }

    @Test func messagesComeInTheOrderOfTheirStarts() throws {
        try SampleTrace.write(to: folder.path("a"))
        let ordered = try OrderedMessages([TraceReader(path: folder.path("a"))])
        let messages = try Self.all(ordered)
        #expect(Self.names(messages) == ["q1", "a1", "q2", "a2", "q3", "a3"])
        #expect(messages[3].message.body == Array("piecedata: 1\n\npiece".utf8))
        #expect(messages[3].message.end == SampleTrace.end(.response, 2, at: 12))
        #expect(messages.allSatisfy { $0.connection?.client.port == 4711 })
        #expect(ordered.late == 0)
        #expect(ordered.assemblyCounts == [MessageAssembler.Counts()])
    }

    @Test func selectionsAndUnfinishedFiles() throws {
        try SampleTrace.write(to: folder.path("a"), finished: false)
        let path = folder.path("a.partial")
        let requests = try OrderedMessages([TraceReader(path: path)], selection: .requestsOnly)
        #expect(Self.names(try Self.all(requests)) == ["q1", "q2", "q3"])
        let bare = try OrderedMessages([TraceReader(path: path)], selection: .withoutResponseBodies)
        let messages = try Self.all(bare)
        #expect(Self.names(messages) == ["q1", "a1", "q2", "a2", "q3", "a3"])
        #expect(messages.allSatisfy { $0.message.body.isEmpty == ($0.message.kind == .response) })
    }

    @Test func severalTracesAreMergedByTime() throws {
        for (name, offset) in [("a", 0), ("b", 1)] as [(String, Int64)] {
            let writer = try TraceWriter(path: folder.path(name), header: SampleTrace.header)
            for number in 0..<50 as Range<Int64> {
                try writer.append(SampleTrace.whole(.request, UInt64(number), at: 2 * number + offset))
                if number % 7 == 0 { try writer.closeBlock() }
            }
            try writer.finish(ledger: [])
        }
        let readers = try ["a", "b"].map { try TraceReader(path: folder.path($0)) }
        let messages = try Self.all(OrderedMessages(readers))
        #expect(messages.map(\.message.start) == (0..<100).map { SampleTrace.time($0) })
        #expect(messages.map(\.trace) == (0..<100).map { $0 % 2 })
    }

    /// Blocks whose starts overlap widely: from a file they come in order, since each block says what is in it.
    static func overlapping(_ writer: TraceWriter) throws {
        for block in 0..<20 as Range<Int64> {
            for number in 0..<5 as Range<Int64> {
                let start = number * 20 + (19 - block)
                try writer.append(SampleTrace.whole(.request, UInt64(block * 5 + number), at: start))
            }
            try writer.closeBlock()
        }
        try writer.finish(ledger: [])
    }

    @Test func aFileIsInOrderHoweverItsBlocksOverlap() throws {
        try Self.overlapping(TraceWriter(path: folder.path("a"), header: SampleTrace.header))
        let ordered = try OrderedMessages([TraceReader(path: folder.path("a"))])
        #expect(try Self.all(ordered).map(\.message.start) == (0..<100).map { SampleTrace.time($0) })
        #expect(ordered.late == 0)
    }

    @Test func aFullWindowGivesOutEverythingAndCountsTheLate() throws {
        try Self.overlapping(TraceWriter(path: folder.path("a"), header: SampleTrace.header))
        let ordered = try OrderedMessages(
            [TraceReader(path: folder.path("a"))],
            limits: .init(order: .init(messages: 10))
        )
        let starts = try Self.all(ordered).map(\.message.start)
        #expect(Set(starts) == Set((0..<100).map { SampleTrace.time($0) }))
        #expect(starts.count == 100)
        #expect(ordered.late > 0)
    }

    /// The messages of a trace that comes through a pipe.
    private func throughPipe(_ name: String, _ limits: OrderedMessages.Limits) throws -> OrderedMessages {
        let path = folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        // Keeps the pipe alive until all is written; a whole trace fits into it, so no second thread is needed.
        let keepsOpen = open(path, O_RDWR)
        let bytes = try folder.read(name)
        #expect(bytes.count < 65_536)
        #expect(write(keepsOpen, bytes, bytes.count) == bytes.count)
        let reader = try TraceReader(path: path)
        #expect(reader.fileSize == nil)
        #expect(try reader.blocks() == nil)
        close(keepsOpen)
        return try OrderedMessages([reader], limits: limits)
    }

    /// From a pipe nothing is known of the blocks to come.
    @Test func aPipeIsReadInABoundedWindow() throws {
        try Self.overlapping(TraceWriter(path: folder.path("a"), header: SampleTrace.header))
        let ordered = try throughPipe("a", .init(pipeBlocks: 2))
        let starts = try Self.all(ordered).map(\.message.start)
        #expect(Set(starts) == Set((0..<100).map { SampleTrace.time($0) }))
        #expect(starts.count == 100)
        #expect(ordered.late > 0)
    }

    @Test func behindAPipeAMessageThatStaysOpenHoldsUpNoOther() throws {
        let writer = try TraceWriter(path: folder.path("a"), header: SampleTrace.header)
        try writer.append(.head(SampleTrace.head(.response, 99, at: 0)))
        for number in 1...20 as ClosedRange<UInt64> {
            try writer.append(SampleTrace.whole(.request, number, at: Int64(number)))
            try writer.closeBlock()
        }
        try writer.append(.end(SampleTrace.end(.response, 99, at: 30)))
        try writer.finish(ledger: [])
        let file = try Self.all(OrderedMessages([TraceReader(path: folder.path("a"))]))
        #expect(Self.names(file).first == "a99")
        let piped = try throughPipe("a", .init(pipeBlocks: 2))
        let messages = try Self.all(piped)
        #expect(messages.count == 21)
        #expect(Self.names(messages).first == "q1")
        #expect(piped.late == 1)
    }

    @Test func damageTakesItsMessagesAndNoOthers() throws {
        var bytes = try SampleTrace.bytes()
        let blocks = try #require(try TraceReader(path: folder.write(bytes, to: "a")).index?.blocks)
        bytes[Int(blocks[2].offset) + 80] ^= 1
        let ordered = try OrderedMessages([TraceReader(path: folder.write(bytes, to: "b"))])
        let messages = try Self.all(ordered)
        #expect(Self.names(messages) == ["q1", "a1", "q2", "a2", "q3"])
        #expect(messages[3].message.end.flags == .incomplete)
        #expect(messages[3].message.body == Array("piecedata: 1\n\n".utf8))
        #expect(ordered.assemblyCounts[0].withoutEnd == 1)
    }
}
