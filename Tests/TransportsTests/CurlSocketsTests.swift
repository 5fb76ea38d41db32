import Bytes
import CurlTransport
import Messages
import Replay
import Synchronization
import Testing
import Transports

/// WebSocket connections that are read as they speak, many at once.
@Suite(.serialized) struct CurlSocketsTests {
    private static let switching =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Date: Thu, 01 Jan 1970 00:01:40 GMT\r\n\r\n"

    private static func frame(_ opcode: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [0x80 | opcode, UInt8(bytes.count)] + bytes
    }

    private static func frame(_ text: String) -> [UInt8] { frame(1, Array(text.utf8)) }

    /// What is told until `isEnough`, or until five seconds are over.
    private static func told(
        _ streams: CurlStreams,
        until isEnough: ([String]) -> Bool,
        _ act: (Int, CurlStreams.Event) -> Void = { _, _ in }
    ) throws -> [String] {
        var told: [String] = []
        let end = MonotonicClock.now + 5_000_000_000
        while !isEnough(told), MonotonicClock.now < end {
            try streams.turn(until: MonotonicClock.now + 20_000_000) { stream, event in
                switch event {
                case .field: break
                case .head(let status, let isEventStream, let date):
                    told.append("\(stream) \(status) \(isEventStream) \(date ?? -1)")
                case .body: told.append("\(stream) body")
                case .message(let bytes):
                    told.append("\(stream) said " + String(decoding: bytes, as: UTF8.self))
                case .end(let failure): told.append("\(stream) end: \(failure ?? "whole")")
                }
                act(stream, event)
            }
        }
        return told
    }

    /// What a client said, read as a server would.
    private final class Heard: Sendable {
        private struct State {
            let conversation = WebSocketConversation(WebSocketExtensions())
            var said: [String] = []
        }

        private struct Sink: WebSocketSink {
            var said: [String] = []
            mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>) {
                if case .message(_, let message) = event {
                    said.append("\(message.opcode) \(String(decoding: Array(bytes), as: UTF8.self))")
                }
            }
        }

        private let state = Mutex(State())

        func take(_ bytes: [UInt8]) -> [String] {
            state.withLock { state in
                var sink = Sink()
                state.conversation.receive(bytes.span, from: .request, room: .max, into: &sink)
                state.said += sink.said
                return sink.said
            }
        }

        var said: [String] { state.withLock { $0.said } }
    }

    @Test(arguments: [nil, TLSRelay.Version.v1_2, .v1_3]) func textGoesBothWays(_ tls: TLSRelay.Version?)
        throws
    {
        let heard = Heard()
        let server = try ScriptedServer(
            { _, _ in .upgrade(Array(Self.switching.utf8) + Self.frame("welcome") + Self.frame(9, [0x70])) },
            upgraded: { bytes, _ in
                heard.take(bytes).contains("text join")
                    ? .raw(Self.frame("reply") + Self.frame(8, [0x03, 0xE8])) : .silence
            }
        )
        defer { server.stop() }
        let relay = try tls.map { try TLSRelay(to: server.port, $0) }
        defer { relay?.stop() }
        let streams = try CurlStreams(TargetConnection(isInsecure: true), connections: 10)
        let scheme = tls == nil ? "ws" : "wss"
        try streams.openSocket(
            7,
            url: "\(scheme)://127.0.0.1:\(relay?.port ?? server.port)/realtime?vsn=1.0.0",
            headers: ["Authorization: Bearer x"],
            seed: 1
        )
        #expect(streams.count == 1)
        let told = try Self.told(streams, until: { $0.contains { $0.contains("end") } }) { stream, event in
            // Said from within what is told.
            if case .message(let bytes) = event, bytes.count == 7 { streams.send(stream, text: "join") }
        }
        #expect(told == ["7 101 false 100", "7 said welcome", "7 said reply", "7 end: whole"])
        #expect(streams.count == 0)
        #expect(heard.said.contains("pong p"))
        let request = try #require(server.seen.first?.bytes)
        #expect(request.hasPrefix("GET /realtime?vsn=1.0.0 HTTP/1.1\r\nHost: 127.0.0.1:"))
        #expect(request.contains("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"))
        #expect(request.contains("\r\nAuthorization: Bearer x\r\n"))
    }

    /// What the server answers, and what is told of it.
    @Test(arguments: [
        ("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno", ["0 401 false -1", "0 end: whole"]),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n",
            ["0 200 true -1", "0 end: the answer is a stream of events, not a WebSocket"]
        ),
        ("nonsense\r\n\r\n", ["0 end: the answer is not HTTP"]),
        ("", ["0 end: closed without an answer"]),
        (switching, ["0 101 false 100", "0 end: closed without a close frame"]),
        // A status that says that something is wrong, and words that nobody should read.
        (switching + "\u{8}\u{0}", ["0 101 false 100", "0 end: what comes is not WebSocket"]),
    ])
    func otherAnswersAreTold(_ answer: String, _ expected: [String]) throws {
        let server = try ScriptedServer { _, _ in answer.isEmpty ? .close : .last(answer) }
        defer { server.stop() }
        let streams = try CurlStreams(TargetConnection(), connections: 10)
        try streams.openSocket(0, url: "ws://127.0.0.1:\(server.port)", headers: [], seed: 1)
        #expect(try Self.told(streams) { $0.contains { $0.contains("end") } } == expected)
        #expect(server.seen.first?.bytes.hasPrefix("GET / HTTP/1.1\r\n") == true)
    }

    @Test func aStatusOfACloseFrameIsTold() throws {
        let server = try ScriptedServer { _, _ in
            .upgrade(Array(Self.switching.utf8) + Self.frame(8, [0x03, 0xF0] + Array("token abc".utf8)))
        }
        defer { server.stop() }
        let streams = try CurlStreams(TargetConnection(), connections: 10)
        try streams.openSocket(0, url: "http://127.0.0.1:\(server.port)/", headers: [], seed: 1)
        let told = try Self.told(streams) { $0.contains { $0.contains("end") } }
        #expect(told.last == "0 end: closed with status 1008")
    }

    @Test(arguments: ["ftp://a/", "ws://", "ws://a b/", "ws://user@a/", "ws://a/\r\nX: 1"])
    func whatIsNoURLIsRefused(_ url: String) throws {
        let streams = try CurlStreams(TargetConnection(), connections: 10)
        #expect(throws: TransportError.self) { try streams.openSocket(0, url: url, headers: [], seed: 1) }
        #expect(throws: TransportError.self) {
            try streams.openSocket(0, url: "ws://127.0.0.1:1/", headers: ["A: b\r\nC: d"], seed: 1)
        }
        #expect(streams.count == 0)
    }

    @Test func manyAreOpenBesideStreamsAndClosed() throws {
        let heard = Mutex(0)
        let server = try ScriptedServer(
            { seen, _ in
                seen.bytes.contains("Upgrade")
                    ? .upgrade(Array(Self.switching.utf8) + Self.frame("a"))
                    : .bytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n")
            },
            upgraded: { bytes, _ in
                if bytes[0] == 0x88 { heard.withLock { $0 += 1 } }
                return .silence
            }
        )
        defer { server.stop() }
        let streams = try CurlStreams(TargetConnection(), connections: 10)
        for id in 0..<400 {
            if id % 4 == 0 {
                try streams.open(
                    id,
                    url: "http://127.0.0.1:\(server.port)/",
                    headers: [],
                    bytesPerSecond: nil
                )
            } else {
                try streams.openSocket(id, url: "ws://127.0.0.1:\(server.port)/", headers: [], seed: 3)
            }
        }
        let told = try Self.told(streams) { told in
            told.filter { $0.hasSuffix("a") || $0.hasSuffix("body") }.count == 400
        }
        #expect(told.count == 800 && streams.count == 400)
        #expect(Set(server.seen.map(\.bytes)).count > 300, "each has a key of its own")
        for id in 0..<400 { streams.close(id) }
        #expect(streams.count == 0)
        streams.token.request()
        var isQuiet = true
        try streams.turn(until: MonotonicClock.now + 10_000_000) { _, _ in isQuiet = false }
        #expect(isQuiet)
    }

    /// One that is read slowly keeps what comes waiting, and gets all of it.
    @Test func aSlowReaderGetsAllInTime() throws {
        let text = String(repeating: "a", count: 120)
        let frames = (0..<100).flatMap { _ in Self.frame(text) }
        let server = try ScriptedServer { _, _ in .upgrade(Array(Self.switching.utf8) + frames) }
        defer { server.stop() }
        let streams = try CurlStreams(TargetConnection(), connections: 10)
        try streams.openSocket(
            0,
            url: "ws://127.0.0.1:\(server.port)/",
            headers: [],
            bytesPerSecond: 40_000,
            seed: 1
        )
        let start = MonotonicClock.now
        let told = try Self.told(streams) { $0.count == 101 }
        #expect(told.count == 101)
        #expect(MonotonicClock.now - start > 200_000_000, "12,200 bytes at 40,000 a second")
    }
}
