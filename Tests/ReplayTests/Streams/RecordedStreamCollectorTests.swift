import Messages
import Packets
import Replay
import Testing
import Traces

@Suite struct RecordedStreamCollectorTests {
    private static func time(_ milliseconds: Int64) -> PacketTime {
        PacketTime(nanoseconds: milliseconds * 1_000_000)
    }

    private static func head(
        _ kind: MessageKind,
        _ exchange: UInt64,
        at milliseconds: Int64,
        _ text: String,
        isRepeated: Bool = false
    ) -> HeadRecord {
        HeadRecord(
            kind: kind,
            exchange: exchange,
            connection: exchange + 100,
            start: time(milliseconds),
            encoding: .http1,
            bytes: Array((text + "\r\n\r\n").utf8),
            framing: .none,
            isRepeated: isRepeated
        )
    }

    private static func event(
        _ kind: MessageKind,
        _ exchange: UInt64,
        at milliseconds: Int64,
        _ text: String,
        opcode: UInt8 = 0,
        flags: EventFlags = []
    ) -> TraceRecord {
        .event(
            EventRecord(
                kind: kind,
                exchange: exchange,
                connection: exchange + 100,
                time: time(milliseconds),
                eventKind: opcode == 0 ? .serverSentEvent : .webSocket,
                opcode: opcode,
                bytes: Array(text.utf8),
                frames: opcode == 0 ? 0 : 1,
                flags: flags
            )
        )
    }

    private static func end(_ exchange: UInt64, at milliseconds: Int64, _ flags: MessageFlags = [])
        -> TraceRecord
    {
        .end(
            EndRecord(
                kind: .response,
                exchange: exchange,
                connection: exchange + 100,
                time: time(milliseconds),
                wireLength: 0,
                flags: flags
            )
        )
    }

    private static let sse = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8"
    private static let upgrade =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade"

    private func collect(
        _ records: [TraceRecord],
        offset: UInt64 = 0,
        limits: RecordedStreams.Limits = RecordedStreams.Limits()
    ) -> RecordedStreams {
        var collector = RecordedStreamCollector(offset: offset, limits: limits)
        for record in records { collector.receive(record) }
        return collector.finish()
    }

    @Test func eventsHaveTimesFromTheRequestOn() throws {
        let streams = collect(
            [
                .head(Self.head(.request, 1, at: 100, "GET / HTTP/1.1\r\nHost: a")),
                .head(Self.head(.response, 1, at: 120, Self.sse)),
                Self.event(.response, 1, at: 150, "id: 1\ndata: a\n\n"),
                Self.event(.response, 1, at: 160, ": still here\n\n"),
                Self.event(.response, 1, at: 400, "id: 2\ndata: b\n\n"),
                Self.end(1, at: 500),
            ],
            offset: 1_000
        )
        #expect(streams.count == 1)
        let stream = try #require(streams[1_001])
        #expect(stream.kind == .serverSentEvents)
        #expect(stream.events.map(\.offset) == [50_000_000, 300_000_000])
        #expect(stream.events.allSatisfy { $0.key.isID })
        #expect(stream.endsAtServer)
        #expect(stream.end == 400_000_000)
        #expect(stream.longestSilence == 250_000_000)
    }

    @Test func anEventInPiecesIsOne() throws {
        let streams = collect([
            .head(Self.head(.response, 1, at: 0, Self.sse)),
            Self.event(.response, 1, at: 10, "data: long, ", flags: .incomplete),
            Self.event(.response, 1, at: 20, "longer\n\n"),
        ])
        #expect(try #require(streams[1]).events.map(\.offset) == [20_000_000])
    }

    @Test func aClientThatLeavesIsKnownByTheEndOfItsConnection() throws {
        let streams = collect([
            .head(Self.head(.request, 1, at: 0, "GET / HTTP/1.1\r\nHost: a")),
            .head(Self.head(.response, 1, at: 10, Self.sse)),
            Self.event(.response, 1, at: 20, "data: a\n\n"),
            Self.end(1, at: 20, .incomplete),
            .connectionClose(ConnectionCloseRecord(connection: 101, time: Self.time(900), reason: .fin)),
        ])
        let stream = try #require(streams[1])
        #expect(!stream.endsAtServer)
        #expect(stream.end == 900_000_000)
    }

    @Test func theEndOfTheCaptureIsNoEndOfTheStream() throws {
        let streams = collect([
            .head(Self.head(.request, 1, at: 0, "GET / HTTP/1.1\r\nHost: a")),
            .head(Self.head(.response, 1, at: 10, Self.sse)),
            Self.event(.response, 1, at: 20, "data: a\n\n"),
            .connectionClose(
                ConnectionCloseRecord(connection: 101, time: Self.time(60_000), reason: .endOfCapture)
            ),
        ])
        #expect(try #require(streams[1]).end == 20_000_000)
    }

    @Test func messagesOfTheClientAreKeptToBeSentAgain() throws {
        let streams = collect([
            .head(Self.head(.request, 1, at: 0, "GET / HTTP/1.1\r\nUpgrade: websocket")),
            .head(Self.head(.response, 1, at: 10, Self.upgrade)),
            Self.end(1, at: 10, .upgraded),
            Self.event(.request, 1, at: 20, "hello", opcode: 1),
            Self.event(.response, 1, at: 30, "hi", opcode: 1),
            Self.event(.response, 1, at: 31, "are you there?", opcode: 9),
            Self.event(.request, 1, at: 32, "are you there?", opcode: 10),
            Self.event(.request, 1, at: 40, "more", opcode: 2),
            Self.event(.request, 1, at: 50, "cut", opcode: 1, flags: .truncated),
            Self.event(.request, 1, at: 60, "\u{3}\u{E8}", opcode: 8),
            Self.event(.response, 1, at: 61, "\u{3}\u{E8}", opcode: 8),
        ])
        let stream = try #require(streams[1])
        #expect(stream.kind == .webSocket)
        #expect(stream.messages.map(\.opcode) == [1, 2, 8])
        #expect(stream.messages.map(\.eventsBefore) == [0, 1, 1])
        #expect(stream.messages.map { String(decoding: $0.bytes, as: UTF8.self) }[0] == "hello")
        #expect(stream.messagesLeftOut == 1)
        #expect(stream.events.count == 1)
        #expect(!stream.endsAtServer)
    }

    @Test func theAnswerToAServersCloseIsNoMessage() throws {
        let streams = collect([
            .head(Self.head(.response, 1, at: 10, Self.upgrade)),
            Self.event(.response, 1, at: 60, "\u{3}\u{E8}", opcode: 8),
            Self.event(.request, 1, at: 61, "\u{3}\u{E8}", opcode: 8),
        ])
        let stream = try #require(streams[1])
        #expect(stream.endsAtServer)
        #expect(stream.messages.isEmpty)
    }

    @Test func answersThatAreNoStreamsAreNone() {
        let streams = collect([
            .head(Self.head(.response, 1, at: 0, "HTTP/1.1 200 OK\r\nContent-Type: text/html")),
            .head(Self.head(.response, 2, at: 0, "HTTP/1.1 404 No\r\nContent-Type: text/event-stream")),
            .head(Self.head(.response, 3, at: 0, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c")),
            .head(Self.head(.request, 4, at: 0, "POST / HTTP/1.1\r\nContent-Type: text/event-stream")),
        ])
        #expect(streams.isEmpty)
    }

    @Test func aRepeatedHeadGoesOn() throws {
        let streams = collect([
            .head(Self.head(.response, 1, at: 0, Self.sse)),
            Self.event(.response, 1, at: 20, "data: a\n\n"),
            .head(Self.head(.response, 1, at: 0, Self.sse, isRepeated: true)),
            Self.event(.response, 1, at: 40, "data: b\n\n"),
        ])
        #expect(try #require(streams[1]).events.count == 2)
    }

    @Test func limitsAreCounted() throws {
        var limits = RecordedStreams.Limits()
        limits.streams = 1
        limits.events = 2
        limits.messageBytes = 100
        var records: [TraceRecord] = [
            .head(Self.head(.response, 1, at: 0, Self.upgrade)),
            .head(Self.head(.response, 2, at: 0, Self.sse)),
        ]
        for number in 0..<5 {
            records.append(Self.event(.response, 1, at: Int64(number), "event \(number)", opcode: 1))
            records.append(Self.event(.request, 1, at: Int64(number), "0123456789", opcode: 1))
        }
        let streams = collect(records, limits: limits)
        #expect(streams.leftOut == 1)
        let stream = try #require(streams[1])
        #expect(stream.events.count == 2)
        #expect(stream.eventsLeftOut == 3)
        #expect(stream.messages.count == 2)
        #expect(stream.messagesLeftOut == 3)
    }
}
