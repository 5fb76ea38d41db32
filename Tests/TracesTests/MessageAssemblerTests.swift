import Messages
import Packets
import SeededRandom
import Testing
import Traces

@Suite struct MessageAssemblerTests {
    static func message(
        _ exchange: UInt64,
        at start: Int64,
        kind: MessageKind = .request,
        body: [UInt8] = []
    ) -> RecordedMessage {
        RecordedMessage(
            head: HeadRecord(
                kind: kind,
                exchange: exchange,
                connection: 1,
                start: PacketTime(nanoseconds: start),
                encoding: .http1,
                bytes: [0x61],
                framing: .length(UInt64(body.count))
            ),
            body: body,
            end: EndRecord(
                kind: kind,
                exchange: exchange,
                connection: 1,
                time: PacketTime(nanoseconds: start + 1),
                wireLength: UInt64(body.count),
                flags: [],
                trailers: [0x62]
            )
        )
    }

    static func records(of message: RecordedMessage) -> [TraceRecord] {
        var records: [TraceRecord] = []
        message.appendRecords(to: &records)
        return records
    }

    @Test(arguments: [
        (0, 1), (65_536, 1),  // the largest body that goes into one record
        (65_537, 4), (200_000, 6),
    ]) func messagesSplitAndJoin(count: Int, records: Int) {
        let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let message = Self.message(1, at: 5, body: body)
        let pieces = Self.records(of: message)
        #expect(pieces.count == records)
        var assembler = MessageAssembler()
        #expect(pieces.dropLast().allSatisfy { assembler.receive($0) == nil })
        #expect(pieces.last.map { assembler.receive($0) } == message)
        #expect(assembler.counts == MessageAssembler.Counts())
        #expect(assembler.finish().isEmpty)
    }

    @Test func directionsOfAnExchangeInterleave() {
        let body = [UInt8](repeating: 1, count: 70_000)
        let request = Self.message(1, at: 1, body: body)
        let response = Self.message(1, at: 2, kind: .response, body: body.map { $0 + 1 })
        var assembler = MessageAssembler()
        var messages: [RecordedMessage] = []
        for (one, other) in zip(Self.records(of: request), Self.records(of: response)) {
            if let message = assembler.receive(one) { messages.append(message) }
            #expect(messages.isEmpty ? assembler.earliestOpenStart == PacketTime(nanoseconds: 1) : true)
            if let message = assembler.receive(other) { messages.append(message) }
        }
        #expect(messages == [request, response])
        #expect(assembler.earliestOpenStart == .distantFuture)
    }

    @Test func whatHasNoHeadIsCounted() {
        let pieces = Self.records(of: Self.message(1, at: 1, body: [UInt8](repeating: 1, count: 70_000)))
        var assembler = MessageAssembler()
        #expect(pieces.dropFirst().allSatisfy { assembler.receive($0) == nil })
        #expect(assembler.counts.withoutHead == 3)
    }

    @Test func whatHasNoEndComesOutIncomplete() {
        let message = Self.message(1, at: 1, body: [UInt8](repeating: 1, count: 70_000))
        let pieces = Self.records(of: message)
        var assembler = MessageAssembler()
        for piece in pieces.prefix(2) { _ = assembler.receive(piece) }
        // The same exchange begins again: the end of the first was lost.
        let unended = assembler.receive(pieces[0])
        #expect(unended?.end.flags == .incomplete)
        #expect(unended?.body.count == 65_536)
        #expect(unended?.end.wireLength == 65_536)
        let rest = assembler.finish()
        #expect(rest.count == 1)
        #expect(rest.first?.end.flags == .incomplete)
        #expect(assembler.counts.withoutEnd == 2)
    }

    @Test func limitsAreCounted() {
        let long = Self.records(of: Self.message(1, at: 1, body: [UInt8](repeating: 1, count: 140_000)))
        var assembler = MessageAssembler(limits: .init(openMessages: 1, bytes: 70_000))
        _ = assembler.receive(long[0])
        _ = assembler.receive(
            Self.records(of: Self.message(2, at: 2, body: [UInt8](repeating: 1, count: 70_000)))[0]
        )
        #expect(assembler.counts.overLimit == 1)
        let message = long.dropFirst().compactMap { assembler.receive($0) }.first
        #expect(message?.body.count == 65_536)
        #expect(message?.end.flags == .truncated)
        #expect(message?.end.wireLength == 140_000)
        #expect(assembler.counts.bytesOverLimit == 140_000 - 65_536)
    }
}

@Suite struct MessageOrderTests {
    static func ordered(_ exchange: UInt64, at start: Int64, kind: MessageKind = .request) -> OrderedMessage {
        OrderedMessage(
            message: MessageAssemblerTests.message(exchange, at: start, kind: kind),
            connection: nil,
            trace: 0
        )
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func givesOutInOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let messages: [OrderedMessage] = (0..<200).map { (number: Int) -> OrderedMessage in
            let kind: MessageKind = number.isMultiple(of: 2) ? .request : .response
            return Self.ordered(UInt64(number / 2), at: Int64(number / 10), kind: kind)
        }
        var order = MessageOrder()
        for message in messages.shuffled(using: &random) { order.insert(message) }
        var out: [OrderedMessage] = []
        while let message = order.next(floor: PacketTime(nanoseconds: 14)) { out.append(message) }
        #expect(out == Array(messages[..<150]))
        while let message = order.next(floor: .distantFuture) { out.append(message) }
        #expect(out == messages)
        #expect(order.late == 0)
        #expect(order.isEmpty)
    }

    /// Interim responses may share the packet of the final one, and with it the start.
    @Test func responsesThatStartTogetherKeepTheirOrder() {
        var order = MessageOrder()
        for length in 0..<20 {
            let body = [UInt8](repeating: 0, count: length)
            let message = MessageAssemblerTests.message(1, at: 5, kind: .response, body: body)
            order.insert(OrderedMessage(message: message, connection: nil, trace: 0))
        }
        var lengths: [Int] = []
        while let next = order.next(floor: .distantFuture) { lengths.append(next.message.body.count) }
        #expect(lengths == Array(0..<20))
    }

    @Test func aFullWindowLetsGoAndCountsWhatIsLate() {
        var order = MessageOrder(limits: .init(messages: 2, bytes: 1_000))
        order.insert(Self.ordered(1, at: 10))
        order.insert(Self.ordered(2, at: 20))
        #expect(order.next(floor: PacketTime(nanoseconds: 5)) == nil)
        order.insert(Self.ordered(3, at: 30))
        #expect(order.next(floor: PacketTime(nanoseconds: 5)) == Self.ordered(1, at: 10))
        order.insert(Self.ordered(4, at: 7))
        #expect(order.late == 0)
        #expect(order.next(floor: PacketTime(nanoseconds: 7)) == Self.ordered(4, at: 7))
        #expect(order.late == 1)
        var small = MessageOrder(limits: .init(messages: 100, bytes: 1))
        small.insert(Self.ordered(1, at: 10))
        #expect(small.next(floor: .distantPast) != nil)
    }
}
