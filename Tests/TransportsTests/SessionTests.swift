import Bytes
import Glibc
import Messages
import Replay
import Synchronization
import Testing
import Traces
import Transports

/// WebSocket sessions over every transport, and through TLS where the transport has it: how they are refused, break, fall
/// silent and are compressed.
@Suite struct SessionTests {
    /// A transport and how the target is asked over it.
    struct Way: Sendable, CustomStringConvertible {
        var transport: TransportChoice
        var tls: TLSRelay.Version?

        var description: String { "\(transport)\(tls.map { " over TLS \($0)" } ?? "")" }
    }

    static let ways: [Way] = [
        Way(transport: .wire),
        Way(transport: .curl),
        // With 1.3, tickets come behind the handshake, for which the descriptor becomes readable without a byte for us.
        Way(transport: .curl, tls: .v1_3),
        Way(transport: .curl, tls: .v1_2),
    ]

    private static let millisecond: Int64 = 1_000_000

    private static let upgrade =
        "GET /socket?vsn=1.0.0 HTTP/1.1|Host: a|Upgrade: websocket|Connection: Upgrade"
        + "|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: redacted"

    private static func switching(_ more: String = "") -> [UInt8] {
        Array(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\(more)\r\n"
                .utf8
        )
    }

    private static func session(
        _ messages: [(text: String, at: Int64)] = [],
        events: [String] = [],
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
                    opcode: 1,
                    bytes: Array($0.text.utf8),
                    frames: 1,
                    offset: $0.at * millisecond,
                    eventsBefore: 0
                )
            },
            end: end * millisecond,
            endsAtServer: atServer
        )
    }

    private static func frame(_ opcode: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            bytes.count < 126
            ? [UInt8(bytes.count)] : [126, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)]
        return [0x80 | opcode] + length + bytes
    }

    private static func frame(_ text: String) -> [UInt8] { frame(1, Array(text.utf8)) }

    private func run(
        _ messages: [RecordedMessage],
        _ way: Way,
        to server: ScriptedServer,
        _ change: (inout ReplayPlan) -> Void
    ) throws -> (summary: ReplaySummary, observed: [ObservedExchange]) {
        guard let version = way.tls else {
            return try replay(messages, over: way.transport, to: server.port, change)
        }
        let relay = try TLSRelay(to: server.port, version)
        defer { relay.stop() }
        return try replay(messages, over: way.transport, to: relay.port, scheme: "https") {
            $0.isInsecure = true
            change(&$0)
        }
    }

    @Test(arguments: ways) func messagesGoBothWays(_ way: Way) throws {
        let spoken = Mutex<[UInt8]>([])
        let server = try ScriptedServer(
            { _, _ in .upgrade(Self.switching() + Self.frame("welcome")) },
            upgraded: { bytes, _ in
                spoken.withLock { $0 += bytes }
                // Each text frame is answered, and a close frame, too.
                return bytes[0] == 0x88
                    ? .raw(Self.frame(8, [0x03, 0xE8])) : .raw(Self.frame("one") + Self.frame("two"))
            }
        )
        defer { server.stop() }
        let (summary, observed) = try run([.request(1, Self.upgrade)], way, to: server) {
            $0.streams = RecordedStreams([
                1: Self.session([("hello", 10)], events: ["welcome", "one", "two"], end: 40)
            ])
        }
        #expect(summary.statuses == [101: 1])
        #expect(summary.streams.webSocket == 1)
        #expect(summary.streams.events.matched == 3)
        #expect(summary.streams.sentMessages == 1)
        #expect(summary.streams.ends == [.client: 1])
        #expect(summary.connections.opened == 1)
        let request = try #require(server.seen.first?.bytes)
        #expect(request.hasPrefix("GET /socket?vsn=1.0.0 HTTP/1.1\r\n"))
        let exchange = try #require(observed.first)
        #expect(exchange.requestHead == Array(request.utf8), "what is kept is what was sent")
        #expect(exchange.response?.flags == .upgraded)
        #expect(exchange.response?.parts.count == 6, "three that came, one that went, and two that close")
        #expect(spoken.withLock { $0.first } == 0x81)
    }

    /// An answer that is none to the handshake is an answer like another, with its body.
    @Test(
        arguments: ways,
        [
            ("HTTP/1.1 401 Unauthorized\r\nContent-Length: 6\r\n\r\ndenied", "denied", 401),
            ("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n", "no", 404),
            // Interim answers come before it.
            (
                "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage",
                "page", 200
            ),
            // Without the word, 101 opens something else, and says nothing more.
            ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n", "", 101),
        ]
    )
    func aRefusedHandshakeIsAnAnswer(_ way: Way, _ row: (answer: String, body: String, status: UInt16)) throws
    {
        let server = try ScriptedServer { _, _ in .bytes(row.answer) }
        defer { server.stop() }
        let (summary, observed) = try run(
            [.request(1, Self.upgrade), .request(2, at: 5, Self.upgrade)],
            way,
            to: server
        ) {
            $0.streams = RecordedStreams([1: Self.session(end: 50), 2: Self.session(end: 50)])
        }
        #expect(summary.statuses == [row.status: 2])
        #expect(summary.streams.refused == 2)
        #expect(summary.streams.opened == 0)
        let body = observed.first?.response?.body ?? []
        #expect(String(decoding: body, as: UTF8.self) == row.body)
    }

    /// What the server does once the connection is a session, and how that ends; the recorded one goes on for a second.
    struct Break: Sendable {
        var name: String
        var after: [UInt8]
        var closes: Bool
        var failure: FailureKind?
        var end: StreamSummary.End
    }

    static let breaks = [
        Break(name: "closes in the middle", after: frame("a"), closes: true, failure: .closed, end: .broken),
        Break(name: "half a frame", after: [0x81, 5, 0x61], closes: true, failure: .closed, end: .broken),
        Break(
            name: "no frame",
            after: [0x7F, 0xFF, 0xFF],
            closes: false,
            failure: .protocolError,
            end: .broken
        ),
        Break(
            name: "half a frame and silence",
            after: [0x81, 5, 0x61],
            closes: false,
            failure: .timeout,
            end: .silent
        ),
        Break(
            name: "a close frame",
            after: frame(8, [0x03, 0xE9]),
            closes: false,
            failure: nil,
            end: .target
        ),
    ]

    @Test(arguments: ways, breaks) func aSessionEndsAsTheServerEndsIt(_ way: Way, _ row: Break) throws {
        let server = try ScriptedServer(
            { _, _ in .upgrade(Self.switching()) },
            upgraded: { _, _ in row.closes ? .lastRaw(row.after) : .raw(row.after) }
        )
        defer { server.stop() }
        let (summary, _) = try run([.request(1, Self.upgrade)], way, to: server) {
            $0.streams = RecordedStreams([
                1: Self.session([("go", 1)], events: ["a", "b"], end: 30, atServer: true)
            ])
            $0.timeout = 300_000_000
        }
        #expect(summary.failures == (row.failure.map { [$0: 1] } ?? [:]), "\(row.name)")
        var ends = summary.streams.ends
        // Which of the two comes first is a matter of moments.
        if row.end == .silent, ends == [.overdue: 1] { ends = [.silent: 1] }
        #expect(ends == [row.end: 1], "\(row.name)")
        #expect(summary.requests.addUp)
    }

    @Test(arguments: ways) func theEndOfTheRunEndsSessions(_ way: Way) throws {
        let spoken = Mutex<[UInt8]>([])
        let server = try ScriptedServer(
            { _, _ in .upgrade(Self.switching()) },
            upgraded: { bytes, _ in
                spoken.withLock { $0 += bytes }
                return .raw(Self.frame(8, [0x03, 0xE9]))
            }
        )
        defer { server.stop() }
        let (summary, _) = try run([.request(1, Self.upgrade)], way, to: server) {
            $0.streams = RecordedStreams([1: Self.session(end: 3_600_000)])
            $0.duration = 150_000_000
        }
        #expect(summary.statuses == [101: 1])
        #expect(summary.streams.ends == [.cutShort: 1])
        #expect(spoken.withLock { $0.prefix(2) } == [0x88, 0x82], "a close frame with a status")
    }

    @Test(arguments: ways) func aTargetThatNeverAnswersTheHandshakeTimesOut(_ way: Way) throws {
        let server = try ScriptedServer { _, _ in .silence }
        defer { server.stop() }
        let (summary, _) = try run([.request(1, Self.upgrade)], way, to: server) { $0.timeout = 200_000_000 }
        #expect(summary.failures == [.timeout: 1])
        #expect(summary.streams.opened == 0)
    }

    @Test(arguments: ways) func compressedMessagesAreRead(_ way: Way) throws {
        // RFC 7692, section 7.2.3.2: "Hello" twice, the second pointing back to the first.
        let hello: [UInt8] = [0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let again: [UInt8] = [0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00]
        let server = try ScriptedServer { _, _ in
            .upgrade(
                Self.switching("Sec-WebSocket-Extensions: permessage-deflate\r\n") + hello + again
                    + Self.frame(8, [0x03, 0xE8])
            )
        }
        defer { server.stop() }
        let request = Self.upgrade + "|Sec-WebSocket-Extensions: permessage-deflate"
        let (summary, _) = try run([.request(1, request)], way, to: server) {
            $0.streams = RecordedStreams([
                1: Self.session(events: ["Hello", "Hello"], end: 50, atServer: true)
            ])
        }
        #expect(summary.streams.events.matched == 2)
        #expect(summary.streams.ends == [.target: 1])
    }

    /// More than one record of TLS, and than the kernel takes at once, in both directions.
    @Test(arguments: ways) func longMessagesGoThrough(_ way: Way) throws {
        let length = 60_000
        let heard = Mutex(0)
        let answer = (0..<40).flatMap { _ in Self.frame(1, [UInt8](repeating: 0x62, count: length)) }
        let server = try ScriptedServer(
            { _, _ in .upgrade(Self.switching()) },
            upgraded: { bytes, _ in
                let total = heard.withLock { count in
                    count += bytes.count
                    return count
                }
                // 40 messages with four bytes of mask and four of header each, and a close frame.
                return total == 40 * (length + 8)
                    ? .raw(answer) : total > 40 * (length + 8) ? .close : .silence
            }
        )
        defer { server.stop() }
        let text = String(repeating: "a", count: length)
        let reply = String(repeating: "b", count: length)
        let (summary, _) = try run([.request(1, Self.upgrade)], way, to: server) {
            $0.streams = RecordedStreams([
                1: Self.session(
                    (0..<40).map { _ in (text, 1) },
                    events: (0..<40).map { _ in reply },
                    end: 20
                )
            ])
        }
        #expect(summary.streams.sentMessages == 40)
        #expect(summary.streams.events.matched == 40)
        #expect(summary.streams.ends == [.client: 1])
    }

    @Test(arguments: ways) func manySessionsAreOpenAtOnce(_ way: Way) throws {
        let server = try ScriptedServer(
            { _, _ in .upgrade(Self.switching() + Self.frame("a")) },
            upgraded: { bytes, _ in
                bytes[0] == 0x88 ? .raw(Self.frame(8, [0x03, 0xE8])) : .raw(Self.frame("b"))
            }
        )
        defer { server.stop() }
        // More than share one handle of libcurl; under TLS fewer, for the sake of the relay.
        let count: UInt64 = way.tls == nil ? 600 : 60
        let requests = (0..<count).map { RecordedMessage.request($0, on: $0, Self.upgrade) }
        let (summary, _) = try run(requests, way, to: server) { plan in
            let recorded = Self.session([("go", 300)], events: ["a", "b"], end: 1_500)
            plan.streams = RecordedStreams(
                Dictionary(uniqueKeysWithValues: (0..<count).map { ($0, recorded) })
            )
        }
        #expect(summary.statuses == [101: count])
        #expect(summary.streams.events.matched == 2 * count)
        #expect(summary.streams.ends == [.client: count])
        #expect(summary.connections.opened == count)
        #expect(server.connections == Int(count))
    }

    /// Requests and sessions take turns on one lane: descriptors and numbers go from one kind to the other.
    @Test(arguments: ways) func requestsGoOnBesideSessions(_ way: Way) throws {
        let server = try ScriptedServer(
            { seen, _ in
                seen.bytes.contains("Upgrade: websocket")
                    ? .upgrade(Self.switching() + Self.frame(8, [0x03, 0xE8])) : ScriptedServer.ok
            }
        )
        defer { server.stop() }
        var requests: [RecordedMessage] = []
        var sessions: [UInt64: RecordedStream] = [:]
        for number in UInt64(0)..<200 {
            let isSession = number % 3 == 0
            let head = isSession ? Self.upgrade : "GET /\(number) HTTP/1.1|Host: a"
            requests.append(.request(number, on: number % 5, at: Int64(number), head))
            if isSession { sessions[number] = Self.session(end: 5, atServer: true) }
        }
        let (summary, _) = try run(requests, way, to: server) { $0.streams = RecordedStreams(sessions) }
        #expect(summary.statuses == [101: 67, 200: 133])
        #expect(summary.streams.ends == [.target: 67])
        #expect(summary.requests.addUp)
    }

    @Test func aTargetWithoutTLSIsNoTLSTarget() throws {
        let server = try ScriptedServer { _, _ in .close }
        defer { server.stop() }
        let (summary, _) = try replay(
            [.request(1, Self.upgrade)],
            over: .curl,
            to: server.port,
            scheme: "https"
        ) { $0.timeout = 300_000_000 }
        #expect(summary.requests.failed == 1)
        #expect(server.seen.isEmpty)
    }

    @Test func aCertificateNobodyKnowsIsRefused() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let relay = try TLSRelay(to: server.port, .v1_3)
        defer { relay.stop() }
        let (summary, _) = try replay(
            [.request(1, Self.upgrade)],
            over: .curl,
            to: relay.port,
            scheme: "https"
        )
        #expect(summary.failures == [.tls: 1])
        #expect(server.seen.isEmpty, "nothing was sent")
    }

    @Test func aPortWhereNobodyListensIsAFailureToConnect() throws {
        let server = try ScriptedServer()
        server.stop()
        let (summary, _) = try replay([.request(1, Self.upgrade)], over: .curl, to: server.port)
        #expect(summary.failures == [.connect: 1])
    }
}
