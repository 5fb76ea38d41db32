import Bytes
import Messages
import Packets
import Replay
import Synchronization
import Testing
import Traces
import Transports
import WireTransport

/// Event streams and WebSocket sessions over every transport, to a server in this process.
@Suite struct StreamTests {
    private static let millisecond: Int64 = 1_000_000

    /// A recorded stream of events with these ids, one each millisecond.
    private static func events(_ ids: [Int], end: Int64 = 50, atServer: Bool) -> RecordedStream {
        var reader = ServerEventReader()
        var events: [RecordedStream.Event] = []
        for (number, id) in ids.enumerated() {
            let bytes = Array(text(id).utf8)
            var offset = 0
            guard case .event(let key) = reader.next(bytes.span, at: &offset) else { continue }
            events.append(RecordedStream.Event(key: key, offset: Int64(number) * millisecond))
        }
        return RecordedStream(
            kind: .serverSentEvents,
            events: events,
            end: end * millisecond,
            endsAtServer: atServer
        )
    }

    private static func text(_ id: Int) -> String { "id: \(id)\ndata: line \(id)\n\n" }

    private static func chunked(_ ids: [Int], ends: Bool = true) -> String {
        var text = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        for id in ids {
            let event = Self.text(id)
            text += String(event.utf8.count, radix: 16) + "\r\n" + event + "\r\n"
        }
        return ends ? text + "0\r\n\r\n" : text
    }

    /// libcurl takes the chunks off and does not tell of them.
    private static func flags(_ transport: TransportChoice) -> MessageFlags {
        transport == .wire ? .chunked : []
    }

    private static let request = "GET /logs HTTP/1.1|Host: a|Accept: text/event-stream|Last-Event-ID: 7"

    @Test(arguments: transports) func eventsAreHeldAgainstTheRecordedOnes(_ transport: TransportChoice) throws
    {
        let server = try ScriptedServer { _, _ in .bytes(Self.chunked([1, 3, 2, 5, 5, 8])) }
        defer { server.stop() }
        let (summary, observed) = try replay(
            [.request(1, Self.request), .request(2, at: 10, "GET /after HTTP/1.1|Host: a")],
            over: transport,
            to: server.port
        ) {
            $0.streams = RecordedStreams([1: Self.events([1, 2, 3, 4, 5], atServer: true)])
        }
        #expect(summary.requests.responded == 2)
        #expect(summary.statuses == [200: 2])
        let streams = summary.streams
        #expect(streams.serverSent == 2, "the second answer is one, too, of which nothing is recorded")
        #expect(streams.unrecorded == 1)
        #expect(streams.ends == [.target: 2])
        #expect(streams.recordedEvents == 5)
        #expect(streams.events.matched == 4)
        #expect(streams.events.missing == 1)
        #expect(streams.events.duplicated == 2)
        #expect(streams.events.outOfOrder == 1)
        #expect(streams.timeToFirst.count == 2)
        #expect(streams.gap.count == 10)
        #expect(server.seen.first?.bytes.contains("Last-Event-ID: 7\r\n") == true)
        let response = try #require(observed.first?.response)
        #expect(String(decoding: response.body, as: UTF8.self).hasPrefix("id: 1\n"))
        #expect(response.flags == Self.flags(transport))
        let ends = response.parts.map { part in
            if case .event(let end) = part.content { end } else { -1 }
        }
        #expect(ends == (1...6).map { $0 * Self.text(1).utf8.count })
    }

    @Test(arguments: transports) func aStreamOutlivesTheTimeoutAndEndsAsRecorded(_ transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer { _, _ in .bytes(Self.chunked([1, 2], ends: false)) }
        defer { server.stop() }
        let (summary, observed) = try replay([.request(1, Self.request)], over: transport, to: server.port) {
            $0.streams = RecordedStreams([1: Self.events([1, 2], end: 300, atServer: false)])
            $0.timeout = 100_000_000
        }
        #expect(summary.requests.responded == 1)
        #expect(summary.streams.ends == [.client: 1])
        #expect(summary.wallSeconds >= 0.3)
        #expect(summary.serviceTime.max < 300_000, "how long a stream is open is no service time")
        #expect(
            observed.first?.response?.flags == Self.flags(transport).union(.incomplete),
            "it went on when it was left"
        )
    }

    @Test(arguments: transports) func aStreamThatFallsSilentTimesOut(_ transport: TransportChoice) throws {
        let server = try ScriptedServer { _, _ in .bytes(Self.chunked([1], ends: false)) }
        defer { server.stop() }
        let (summary, _) = try replay([.request(1, Self.request)], over: transport, to: server.port) {
            $0.streams = RecordedStreams([1: Self.events([1, 2], end: 60, atServer: true)])
            $0.timeout = 100_000_000
        }
        #expect(summary.failures == [.timeout: 1])
        #expect(summary.streams.events.missing == 1)
        let ends = summary.streams.ends
        #expect(ends == [.silent: 1] || ends == [.overdue: 1])
    }

    @Test(arguments: transports) func aStreamThatBreaksFails(_ transport: TransportChoice) throws {
        let server = try ScriptedServer { _, _ in .last(Self.chunked([1], ends: false)) }
        defer { server.stop() }
        let (summary, _) = try replay([.request(1, Self.request)], over: transport, to: server.port) {
            $0.streams = RecordedStreams([1: Self.events([1, 2], atServer: true)])
        }
        #expect(summary.failures == [.protocolError: 1])
        #expect(summary.streams.ends == [.broken: 1])
    }

    @Test(arguments: transports) func anAnswerThatIsNoStreamIsCountedAsRefused(_ transport: TransportChoice)
        throws
    {
        let server = try ScriptedServer { _, _ in
            .bytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        }
        defer { server.stop() }
        let (summary, _) = try replay([.request(1, Self.request)], over: transport, to: server.port) {
            $0.streams = RecordedStreams([1: Self.events([1, 2], atServer: true)])
        }
        #expect(summary.statuses == [404: 1])
        #expect(summary.streams.refused == 1)
        #expect(summary.streams.opened == 0)
    }

    @Test(arguments: transports) func theEndOfTheRunCutsStreamsShort(_ transport: TransportChoice) throws {
        let server = try ScriptedServer { _, _ in .bytes(Self.chunked([1], ends: false)) }
        defer { server.stop() }
        let (summary, _) = try replay([.request(1, Self.request)], over: transport, to: server.port) {
            $0.streams = RecordedStreams([1: Self.events([1], end: 3_600_000, atServer: false)])
            $0.duration = 200_000_000
        }
        #expect(summary.requests.responded == 1)
        #expect(summary.streams.ends == [.cutShort: 1])
    }

    @Test(arguments: transports) func manyStreamsAreOpenAtOnce(_ transport: TransportChoice) throws {
        let server = try ScriptedServer { _, _ in .bytes(Self.chunked([1, 2, 3], ends: false)) }
        defer { server.stop() }
        let count: UInt64 = 300
        let requests = (0..<count).map { RecordedMessage.request($0, on: $0, at: 0, Self.request) }
        let (summary, _) = try replay(requests, over: transport, to: server.port) { plan in
            let recorded = Self.events([1, 2, 3], end: 400, atServer: false)
            plan.streams = RecordedStreams(
                Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, recorded) })
            )
        }
        #expect(summary.requests.responded == count)
        #expect(summary.streams.serverSent == count)
        #expect(summary.streams.ends == [.client: count])
        #expect(summary.streams.events.matched == 3 * count)
        #expect(summary.streams.peakOpen == Int(count))
    }

    // MARK: WebSocket

    private static let upgrade =
        "GET /socket HTTP/1.1|Host: a|Upgrade: websocket|Connection: Upgrade"
        + "|Sec-WebSocket-Version: 13|sec-WebSocket-KEY: redacted"

    private static let switching =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"

    private static func session(
        _ messages: [(String, Int64, UInt8)],
        events: [String],
        end: Int64,
        atServer: Bool = false
    ) -> RecordedStream {
        RecordedStream(
            kind: .webSocket,
            events: events.map {
                RecordedStream.Event(key: .message(opcode: 1, Array($0.utf8).span), offset: millisecond)
            },
            messages: messages.map {
                RecordedStream.ClientMessage(
                    opcode: $0.2,
                    bytes: Array($0.0.utf8),
                    frames: 1,
                    offset: $0.1 * millisecond,
                    eventsBefore: 0
                )
            },
            end: end * millisecond,
            endsAtServer: atServer
        )
    }

    private static func frame(_ opcode: UInt8, _ text: String) -> [UInt8] {
        [0x80 | opcode, UInt8(text.utf8.count)] + Array(text.utf8)
    }

    /// What a client sent on a connection, read as a server would.
    private final class Received: Sendable {
        private struct State {
            let conversation = WebSocketConversation(WebSocketExtensions())
            var messages: [(opcode: WebSocketOpcode, text: String)] = []
        }

        private struct Sink: WebSocketSink {
            var messages: [(opcode: WebSocketOpcode, text: String)] = []
            mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>) {
                if case .message(_, let message) = event {
                    messages.append((message.opcode, String(decoding: Array(bytes), as: UTF8.self)))
                }
            }
        }

        private let state = Mutex(State())

        /// Takes bytes and answers which messages they end.
        func take(_ bytes: [UInt8]) -> [(opcode: WebSocketOpcode, text: String)] {
            state.withLock { state in
                var sink = Sink()
                state.conversation.receive(bytes.span, from: .request, room: .max, into: &sink)
                state.messages += sink.messages
                return sink.messages
            }
        }

        var messages: [(opcode: WebSocketOpcode, text: String)] { state.withLock { $0.messages } }
    }

    @Test(arguments: transports) func aSessionIsReplayedToItsCloseHandshake(_ transport: TransportChoice)
        throws
    {
        let received = Received()
        let server = try ScriptedServer(
            { _, _ in .upgrade(Array(Self.switching.utf8) + Self.frame(1, "welcome")) },
            upgraded: { bytes, _ in
                var answer: [UInt8] = []
                for message in received.take(bytes) {
                    switch message.opcode {
                    case .text: answer += Self.frame(1, "echo \(message.text)")
                    case .close: answer += Self.frame(8, "\u{3}")
                    default: break
                    }
                }
                return .raw(answer)
            }
        )
        defer { server.stop() }
        let (summary, observed) = try replay([.request(1, Self.upgrade)], over: transport, to: server.port) {
            $0.streams = RecordedStreams([
                1: Self.session(
                    [("one", 10, 1), ("two", 20, 1), ("ping", 25, 9), ("", 40, 8)],
                    events: ["welcome", "echo one", "echo two"],
                    end: 50
                )
            ])
        }
        #expect(received.messages.map(\.text) == ["one", "two", "ping", ""])
        #expect(received.messages.map(\.opcode) == [.text, .text, .ping, .close])
        #expect(summary.requests.responded == 1)
        #expect(summary.statuses == [101: 1])
        let streams = summary.streams
        #expect(streams.webSocket == 1)
        #expect(streams.ends == [.client: 1])
        #expect(streams.events.matched == 3)
        #expect(streams.events.missing == 0)
        #expect(streams.sentMessages == 4)
        #expect(streams.recordedMessages == 4)
        #expect(observed.first?.outcome == .responded(status: 101))
        let response = try #require(observed.first?.response)
        #expect(response.flags == .upgraded)
        var said: [String] = []
        for part in response.parts {
            guard case .message(let kind, let message, let bytes) = part.content else { continue }
            said.append("\(kind) \(message.opcode) \(String(decoding: bytes, as: UTF8.self))")
            #expect(part.start <= part.end)
        }
        #expect(
            said == [
                "response text welcome", "request text one", "response text echo one", "request text two",
                "response text echo two", "request ping ping", "request close ", "response close \u{3}",
            ]
        )
        #expect(response.parts.map(\.end) == response.parts.map(\.end).sorted())
        // A key of its own: 16 bytes in base64, in the recorded spelling of the field.
        let head = try #require(server.seen.first?.bytes)
        let key = try #require(head.split(separator: "\r\n").first { $0.hasPrefix("sec-WebSocket-KEY: ") })
        #expect(key.count == "sec-WebSocket-KEY: ".count + 24)
        #expect(key.hasSuffix("=="))
        #expect(head.contains("Upgrade: websocket\r\n"))
    }

    @Test(arguments: transports) func theTargetMayEndIt(_ transport: TransportChoice) throws {
        let server = try ScriptedServer { _, _ in
            .upgrade(Array(Self.switching.utf8) + Self.frame(1, "welcome") + Self.frame(8, "\u{3}"))
        }
        defer { server.stop() }
        let (summary, _) = try replay([.request(1, Self.upgrade)], over: transport, to: server.port) {
            $0.streams = RecordedStreams([1: Self.session([], events: ["welcome"], end: 50, atServer: true)])
        }
        #expect(summary.streams.ends == [.target: 1])
        #expect(summary.requests.responded == 1)
    }

    @Test(arguments: transports) func aBrokenSessionFails(_ transport: TransportChoice) throws {
        let server = try ScriptedServer(
            { _, _ in .upgrade(Array(Self.switching.utf8)) },
            upgraded: { _, _ in .close }
        )
        defer { server.stop() }
        let (summary, _) = try replay([.request(1, Self.upgrade)], over: transport, to: server.port) {
            $0.streams = RecordedStreams([
                1: Self.session([("one", 5, 1), ("two", 2_000, 1)], events: ["never"], end: 3_000)
            ])
        }
        #expect(summary.requests.failed == 1)
        #expect(summary.streams.ends == [.broken: 1])
        #expect(summary.streams.messagesNotSent == 1)
        #expect(summary.streams.events.missing == 1)
    }
}
