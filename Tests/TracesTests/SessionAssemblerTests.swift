import Messages
import Packets
import Testing
import Traces

/// WebSocket sessions as answers with a body.
@Suite struct SessionAssemblerTests {
    private static let switching =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n"

    private static func answer(
        _ exchange: UInt64,
        on connection: UInt64 = 1,
        of: UInt64? = nil,
        body: [UInt8] = []
    ) -> TraceRecord {
        let time = PacketTime(nanoseconds: 10)
        let head = HeadRecord(
            kind: .response,
            exchange: exchange,
            connection: connection,
            start: time,
            encoding: .http1,
            bytes: Array(switching.utf8),
            framing: .none,
            of: of.map {
                ObservedReference(trace: TraceID(high: 1, low: 2), exchange: $0, loop: 0, copy: 0)
            }
        )
        let end = EndRecord(
            kind: .response,
            exchange: exchange,
            connection: connection,
            time: time,
            wireLength: 0,
            flags: .upgraded
        )
        return .whole(head, body: body, end)
    }

    private static func said(
        _ kind: MessageKind,
        _ opcode: UInt8,
        _ bytes: [UInt8],
        _ exchange: UInt64 = 1,
        flags: EventFlags = []
    ) -> TraceRecord {
        .event(
            EventRecord(
                kind: kind,
                exchange: exchange,
                connection: exchange,
                time: PacketTime(nanoseconds: 20),
                eventKind: .webSocket,
                opcode: opcode,
                bytes: bytes,
                flags: flags
            )
        )
    }

    private static func server(_ text: String, _ exchange: UInt64 = 1) -> TraceRecord {
        said(.response, 1, Array(text.utf8), exchange)
    }

    private static func close(_ connection: UInt64) -> TraceRecord {
        .connectionClose(
            ConnectionCloseRecord(connection: connection, time: PacketTime(nanoseconds: 30), reason: .fin)
        )
    }

    private static func assemble(_ records: [TraceRecord]) -> [RecordedMessage] {
        var assembler = SessionAssembler()
        var messages: [RecordedMessage] = []
        for record in records { assembler.receive(record) { messages.append($0) } }
        assembler.finish { messages.append($0) }
        return messages
    }

    private static func text(_ message: RecordedMessage?) -> String {
        String(decoding: message?.body ?? [], as: UTF8.self)
    }

    /// What is said, as the list that it becomes, and whether the server ended the session.
    @Test(
        arguments: [
            ([], "[]", false),
            ([server("{\"a\": [1]}")], "[{\"opcode\":\"text\",\"payload\":{\"a\": [1]}}]", false),
            // No JSON, or none to its end.
            ([server("{\"a\": ")], "[{\"opcode\":\"text\",\"payload\":\"{\\\"a\\\": \"}]", false),
            ([server("")], "[{\"opcode\":\"text\",\"payload\":\"\"}]", false),
            // Too deep to stand within something else.
            (
                [server(String(repeating: "[", count: 511) + String(repeating: "]", count: 511))],
                "[{\"opcode\":\"text\",\"payload\":\"" + String(repeating: "[", count: 511)
                    + String(repeating: "]", count: 511) + "\"}]", false
            ),
            ([said(.response, 2, [0, 255, 1])], "[{\"opcode\":\"binary\",\"payload\":\"AP8B\"}]", false),
            // Pings, pongs and what the client says are none of the server's words.
            ([said(.response, 9, [1]), said(.response, 10, []), said(.request, 1, [0x31])], "[]", false),
            (
                [said(.response, 8, [0x03, 0xE9] + Array("gone".utf8)), said(.request, 8, [0x03, 0xE9])],
                "[{\"opcode\":\"close\",\"code\":1001,\"reason\":\"gone\"}]", true
            ),
            ([said(.response, 8, [])], "[{\"opcode\":\"close\"}]", true),
            // The answer to the client's close frame says something only where it says something else.
            ([said(.request, 8, [0x03, 0xE8]), said(.response, 8, [0x03, 0xE8])], "[]", false),
            (
                [said(.request, 8, [0x03, 0xE8]), said(.response, 8, [0x03, 0xF3])],
                "[{\"opcode\":\"close\",\"code\":1011,\"reason\":\"\"}]", false
            ),
            // The capture ended in the middle of a message.
            ([said(.response, 1, [0x7B], flags: .incomplete)], "[]", false),
        ] as [([TraceRecord], String, Bool)]
    )
    func whatIsSaidBecomesAList(records: [TraceRecord], json: String, isEnded: Bool) {
        let messages = Self.assemble([Self.answer(1)] + records)
        #expect(messages.count == 1)
        #expect(Self.text(messages.first) == json)
        #expect(messages.first?.end.flags == (isEnded ? .upgraded : [.upgraded, .incomplete]))
    }

    @Test(arguments: [
        said(.response, 1, [0x31], flags: .truncated), said(.response, 1, [0x31], flags: .gap),
        said(.response, 2, [0x31], flags: [.compressed, .undecoded]),
        // An anonymizer wrote over it.
        said(.response, 1, Array("xxxxxx".utf8)),
    ]) func whatIsNotThereIsSaidToBeMissing(record: TraceRecord) {
        let messages = Self.assemble([Self.answer(1), record, Self.server("1")])
        #expect(messages.first?.end.flags.contains(.truncated) == true)
    }

    @Test func aSessionComesWhenItIsOver() {
        var assembler = SessionAssembler()
        var seen: [UInt64] = []
        let records: [TraceRecord] = [
            Self.answer(1), Self.answer(2, on: 2), Self.server("1"), Self.server("2", 2), Self.close(2),
            Self.server("3"), Self.close(1),
        ]
        var counts: [Int] = []
        for record in records {
            assembler.receive(record) { seen.append($0.exchange) }
            counts.append(seen.count)
        }
        #expect(counts == [0, 0, 0, 0, 1, 1, 2])
        #expect(seen == [2, 1])
        assembler.finish { _ in Issue.record("nothing is open any more") }
    }

    /// In an observed trace all of a session stands in one place, and no end of its connection follows.
    @Test func anObservedSessionEndsWithTheNextExchange() {
        let messages = Self.assemble([
            Self.answer(1, of: 7), Self.server("1"), Self.answer(2, on: 2, of: 8), Self.server("2", 2),
        ])
        #expect(messages.map(\.exchange) == [1, 2])
        #expect(Self.text(messages.first).contains("\"payload\":1"))
    }

    @Test func oneThatHasABodyGoesThrough() {
        let messages = Self.assemble([Self.answer(1, body: Array("[1]".utf8)), Self.server("1")])
        #expect(Self.text(messages.first) == "[1]")
    }

    @Test func sessionsBeyondALimitLackWords() {
        var limits = SessionAssembler.Limits()
        limits.bytes = 20
        limits.sessions = 1
        var assembler = SessionAssembler(limits: limits)
        var messages: [RecordedMessage] = []
        for record in [
            Self.answer(1), Self.answer(2, on: 2), Self.server("\"a word or two\""),
            Self.server("\"and more\""),
        ] { assembler.receive(record) { messages.append($0) } }
        assembler.finish { messages.append($0) }
        #expect(messages.map(\.exchange) == [2, 1])
        #expect(messages[0].body.isEmpty)
        #expect(messages[1].end.flags.contains(.truncated))
        #expect(Self.text(messages[1]).contains("a word or two"))
        #expect(!Self.text(messages[1]).contains("and more"))
    }
}
