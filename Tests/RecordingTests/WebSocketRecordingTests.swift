import Anonymization
import Messages
import Packets
import Recording
import Streams
import Testing
import Traces

/// What follows an upgrade to WebSocket: each message as an event of the exchange, as it comes.
@Suite struct WebSocketRecordingTests {
    static let request = "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    static let response =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n\r\n"

    static func start(_ script: inout PacketScript, extensions: String? = nil) {
        script.open(40_000)
        script.client(request)
        let field = extensions.map { "Sec-WebSocket-Extensions: \($0)\r\n" } ?? ""
        script.server(response.dropLast() + field + "\r\n")
    }

    static func frame(_ opcode: UInt8, _ payload: String, isFinal: Bool = true, isMasked: Bool = false)
        -> [UInt8]
    {
        let key: [UInt8] = [1, 2, 3, 4]
        let bytes: [UInt8] = [
            (isFinal ? 0x80 : 0) | opcode, (isMasked ? 0x80 : 0) | UInt8(payload.utf8.count),
        ]
        guard isMasked else { return bytes + Array(payload.utf8) }
        return bytes + key + payload.utf8.enumerated().map { $0.element ^ key[$0.offset & 3] }
    }

    static func events(_ script: borrowing PacketScript) -> [EventRecord] {
        script.trace.records.compactMap { if case .event(let event) = $0 { event } else { nil } }
    }

    @Test func writesMessagesAsTheyCome() {
        var script = PacketScript()
        Self.start(&script)
        script.packet(.client, 40_000, Self.frame(1, "hello", isMasked: true))
        script.packet(.server, 40_000, Self.frame(1, "wor", isFinal: false))
        script.packet(.server, 40_000, Self.frame(9, "ping") + Self.frame(0, "ld"))
        let events = Self.events(script)
        #expect(events.map { String(decoding: $0.bytes, as: UTF8.self) } == ["hello", "ping", "world"])
        #expect(events.map(\.kind) == [.request, .response, .response])
        #expect(events.map(\.opcode) == [1, 9, 1])
        #expect(events.map(\.frames) == [1, 1, 2])
        #expect(events.map(\.wireLength) == [5, 4, 5])
        #expect(events.allSatisfy { $0.exchange == 0 && $0.eventKind == .webSocket })
        #expect(events[2].time.nanoseconds(since: events[2].start) == 1_000_000)
        #expect(script.ledger.check() == [])
        script.close()
        #expect(
            script.trace.records.map(\.brief).filter { line in
                !["event", "note", "summary"].contains { line.hasPrefix($0) }
            }.map { $0.prefix(10) } == [
                "open 0 400", "request 0 ", "response 0", "close 0 fi",
            ]
        )
        #expect(script.trace.messages(.response).first?.end.flags.contains(.upgraded) == true)
        #expect(script.ledger.events.stored == 3)
        #expect(script.ledger.bytes.events == 14)
        #expect(script.ledger.bytes.upgraded == 0)
        #expect(script.ledger.connections.upgradedWebSocket == 1)
        #expect(script.ledger.check() == [])
    }

    @Test func readsFramesInTheSegmentOfTheUpgrade() {
        var script = PacketScript()
        script.open(40_000)
        script.client(Self.request)
        script.packet(.server, 40_000, Array(Self.response.utf8) + Self.frame(1, "at once"))
        script.close()
        #expect(Self.events(script).map(\.bytes) == [Array("at once".utf8)])
        #expect(script.ledger.check() == [])
    }

    /// Capturing may put a client's first frame before the answer that allowed it.
    @Test func readsFramesThatWereCapturedBeforeTheUpgrade() {
        var script = PacketScript()
        script.open(40_000)
        script.client(Self.request)
        script.packet(.client, 40_000, Self.frame(1, "first", isMasked: true))
        script.server(Self.response)
        script.packet(.client, 40_000, Self.frame(1, "later", isMasked: true))
        script.close()
        #expect(Self.events(script).last?.bytes == Array("later".utf8))
        #expect(script.ledger.check() == [])
    }

    @Test func inflatesWhatWasAgreedOnInTheAnswer() {
        var script = PacketScript()
        Self.start(&script, extensions: "permessage-deflate; client_no_context_takeover")
        script.packet(.server, 40_000, [0xC1, 7, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
        script.packet(.server, 40_000, [0xC1, 5, 0xF2, 0x00, 0x11, 0x00, 0x00])
        script.close()
        let events = Self.events(script)
        #expect(events.map(\.bytes) == [Array("Hello".utf8), Array("Hello".utf8)])
        #expect(events.map(\.flags) == [.compressed, .compressed])
        #expect(events.map(\.wireLength) == [7, 5])
        #expect(script.ledger.bytes.events == 12)
        #expect(script.ledger.check() == [])
    }

    @Test func countsWhatIsNoFrame() {
        var script = PacketScript()
        Self.start(&script)
        script.packet(.server, 40_000, Self.frame(3, "abc") + Self.frame(1, "x"))
        script.packet(.server, 40_000, Self.frame(1, "more"))
        script.packet(.client, 40_000, Self.frame(1, "still read", isMasked: true))
        script.close()
        #expect(Self.events(script).map(\.kind) == [.request])
        #expect(script.ledger.bytes.unparsable == 14)
        #expect(script.ledger.check() == [])
    }

    @Test func saysWhatWasNotCaptured() {
        var script = PacketScript()
        Self.start(&script)
        let frame = Self.frame(2, "0123456789")
        script.packet(.server, 40_000, Array(frame.prefix(5)))
        script.lose(.server, 4)
        script.packet(.server, 40_000, Array(frame.dropFirst(9)) + Self.frame(1, "next"))
        script.packet(.client, 40_000, Self.frame(1, "cut", isFinal: false))
        script.close()
        script.finish()
        let events = Self.events(script)
        #expect(events.map { String(decoding: $0.bytes, as: UTF8.self) } == ["012789", "next", "cut"])
        #expect(events.map(\.flags) == [.gap, [], .incomplete])
        #expect(script.ledger.events.gap == 1)
        #expect(script.ledger.events.incomplete == 1)
        #expect(script.ledger.bytes.missing == 4)
        #expect(script.ledger.check() == [])
    }

    /// Opcode, what was sent, and what must not be in the trace of it.
    static let secrets: [(UInt8, String, String)] = [
        (1, #"{"mail":"ann.example@mail.test"}"#, "ann.example"),
        (1, #"42["user",{"mail":"ann.example@mail.test"}]"#, "ann.example"),
        (1, "mail ann.example@mail.test please", "ann.example"),
        (1, #"{"broken":"ann.example@mail.test""#, "broken"),
        (2, "opaque ann.example@mail.test", "opaque"),
        (2, #"{"mail":"ann.example@mail.test"}"#, "ann.example"),
        (8, "\u{3}zann.example@mail.test", "ann.example"),
        (9, "ann.example@mail.test", "ann.example"),
    ]

    @Test(arguments: secrets)
    func anonymizesEveryMessage(_ opcode: UInt8, _ text: String, _ secret: String) {
        var script = PacketScript(rules: EventStreamTests.rules)
        Self.start(&script)
        script.packet(.client, 40_000, Self.frame(opcode, text, isMasked: true))
        let stored = Self.events(script).map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(stored.count == 1)
        #expect(!stored.joined().contains(secret))
        #expect(Self.events(script).first?.wireLength == UInt64(text.utf8.count))
    }

    @Test func keepsTheShapeOfAnAnonymizedMessage() {
        var script = PacketScript(rules: EventStreamTests.rules)
        Self.start(&script)
        script.packet(
            .client,
            40_000,
            Self.frame(1, #"42["user",{"mail":"ann.example@mail.test","n":1}]"#, isMasked: true)
        )
        let stored = String(decoding: Self.events(script)[0].bytes, as: UTF8.self)
        #expect(stored.hasPrefix(#"42["user",{"mail":""#) && stored.hasSuffix(#"","n":1}]"#))
    }

    @Test func masksAMessageOfWhichPartIsMissing() {
        var script = PacketScript(rules: EventStreamTests.rules)
        Self.start(&script)
        script.packet(.client, 40_000, Self.frame(1, #"{"mail":"ann.exa"#, isFinal: false))
        script.close()
        #expect(Self.events(script).map(\.bytes) == [[UInt8](repeating: 0x78, count: 16)])
    }

    @Test func leavesOutTheMessagesOfAReplay() {
        var script = PacketScript()
        script.open(40_000)
        script.client(Self.request.dropLast() + "X-Tapedeck-Replay: 1/2\r\n\r\n")
        script.server(Self.response)
        script.packet(.client, 40_000, Self.frame(1, "hello", isMasked: true))
        script.close()
        #expect(Self.events(script).isEmpty)
        #expect(script.ledger.events.filtered == 1)
        #expect(script.ledger.check() == [])
    }

    /// What was asked for and answered, and which note counts it.
    static let upgrades: [(String, String, any WritableKeyPath<ConnectionLedger, UInt64> & Sendable)] = [
        ("CONNECT a:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", \.upgradedTunnel),
        (
            "GET / HTTP/1.1\r\nUpgrade: tcp\r\n\r\n", "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n",
            \.upgradedOther
        ),
        ("GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 101 Switching\r\n\r\n", \.upgradedOther),
    ]

    @Test(arguments: upgrades)
    func countsOtherUpgrades(
        _ request: String,
        _ response: String,
        _ note: any WritableKeyPath<ConnectionLedger, UInt64> & Sendable
    ) {
        var script = PacketScript()
        script.open(40_000)
        script.client(request)
        script.server(response + "bytes")
        script.client("more bytes")
        script.close()
        #expect(script.ledger.connections[keyPath: note] == 1)
        #expect(script.ledger.bytes.upgraded == 15)
        #expect(script.ledger.check() == [])
    }
}
