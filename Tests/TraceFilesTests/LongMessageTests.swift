import Messages
import Packets
import Testing
import TraceFiles
import Traces

/// Messages that stay open for so long that what comes after them would fill the window.
@Suite struct LongMessageTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let limits = OrderedMessages.Limits(order: .init(messages: 10))
    /// Exchanges of the uploads; the others count from 1.
    private static let uploads: [UInt64] = [1_000, 1_001, 1_002]

    private static func piece(_ exchange: UInt64, _ number: Int64) -> TraceRecord {
        .body(
            BodyRecord(
                kind: .request,
                exchange: exchange,
                connection: exchange,
                time: SampleTrace.time(number),
                bytes: Array("\(exchange):\(number) ".utf8)
            )
        )
    }

    private static func body(_ exchange: UInt64, _ numbers: some Sequence<Int64>) -> [UInt8] {
        numbers.flatMap { Array("\(exchange):\($0) ".utf8) }
    }

    /// Writes three uploads that overlap, of which the last has no end, among a hundred small requests, a block for
    /// each of these.
    private func write(_ path: String) throws {
        let writer = try TraceWriter(path: path, header: SampleTrace.header)
        for number in 1...100 as ClosedRange<Int64> {
            for (exchange, span) in zip(Self.uploads, [5...60, 8...70, 50...100] as [ClosedRange<Int64>]) {
                if number == span.lowerBound {
                    try writer.append(.head(SampleTrace.head(.request, exchange, at: number)))
                }
                if span.contains(number) { try writer.append(Self.piece(exchange, number)) }
                if number == span.upperBound, number < 100 {
                    try writer.append(.end(SampleTrace.end(.request, exchange, at: number)))
                }
            }
            try writer.append(SampleTrace.whole(.request, UInt64(number), at: number))
            try writer.closeBlock()
        }
        try writer.finish(ledger: [])
    }

    @Test func comeOutAtTheirPlaceAndWhole() throws {
        try write(folder.path("a"))
        let ordered = try OrderedMessages([TraceReader(path: folder.path("a"))], limits: Self.limits)
        let messages = try OrderedMessagesTests.all(ordered)
        #expect(messages.count == 103)
        let starts = messages.map(\.message.start)
        #expect(starts == starts.sorted())
        #expect(ordered.late == 0)
        let uploads = messages.map(\.message).filter { Self.uploads.contains($0.exchange) }
        #expect(uploads.map(\.exchange) == Self.uploads)
        #expect(uploads[0].body == Self.body(1_000, 5...60))
        #expect(uploads[1].body == Self.body(1_001, 8...70))
        #expect(uploads[2].body == Self.body(1_002, 50...100))
        #expect(uploads.map(\.end.flags) == [[], [], .incomplete])
        var counts = MessageAssembler.Counts()
        counts.withoutEnd = 1
        #expect(ordered.assemblyCounts == [counts])
    }

    /// The window is the same however much is read ahead: the same messages come with room for all of them.
    @Test func areTheSameAsWithRoomForAll() throws {
        try write(folder.path("a"))
        let narrow = try OrderedMessages([TraceReader(path: folder.path("a"))], limits: Self.limits)
        let wide = try OrderedMessages([TraceReader(path: folder.path("a"))])
        #expect(try OrderedMessagesTests.all(narrow) == OrderedMessagesTests.all(wide))
    }

    /// An upload whose end is in the next part of the recording, where its head stands again.
    @Test func goOnInTheNextPart() throws {
        var header = SampleTrace.header
        for part in 0..<2 as Range<UInt32> {
            header.part = part
            let writer = try TraceWriter(path: folder.path("\(part)"), header: header)
            var head = SampleTrace.head(.request, 1_000, at: 1)
            head.isRepeated = part > 0
            try writer.append(.head(head))
            for number in 1...30 as ClosedRange<Int64> {
                let time = Int64(part) * 30 + number
                try writer.append(Self.piece(1_000, time))
                try writer.append(SampleTrace.whole(.request, UInt64(time), at: time + 1))
                try writer.closeBlock()
            }
            if part == 1 { try writer.append(.end(SampleTrace.end(.request, 1_000, at: 61))) }
            try writer.finish(ledger: [])
        }
        let readers = try (0..<2).map { try TraceReader(path: folder.path("\($0)")) }
        let ordered = try OrderedMessages(readers, limits: Self.limits)
        let messages = try OrderedMessagesTests.all(ordered)
        #expect(messages.map(\.message.exchange) == [1_000] + Array(1...60))
        #expect(messages[0].message.body == Self.body(1_000, 1...60))
        #expect(messages[0].message.end.flags == [])
        #expect(ordered.late == 0 && ordered.assemblyCounts == [MessageAssembler.Counts()])
    }
}
