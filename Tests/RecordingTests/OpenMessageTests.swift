import Anonymization
import Messages
import Packets
import Recording
import Signatures
import Streams
import Testing
import Traces

/// Messages that stay open go out while they are: as they are, in whole parts, or masked.
@Suite struct OpenMessageTests {
    private static let mail = "ann.example@mail.test"

    private static func head(_ type: String, _ more: String = "") -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n\(more)\r\n"
    }

    /// A response that has begun, and the second after.
    private static func start(_ script: inout PacketScript, _ head: String, _ first: String = "") {
        script.open(40_000)
        script.client("GET /logs HTTP/1.1\r\n\r\n")
        script.server(head + first)
        script.now += 1_000
    }

    private static func bodies(_ script: borrowing PacketScript) -> [String] {
        script.trace.records.compactMap { record in
            if case .body(let body) = record { String(decoding: body.bytes, as: UTF8.self) } else { nil }
        }
    }

    private static func hasHead(_ trace: CollectedTrace, _ kind: MessageKind) -> Bool {
        trace.records.contains { record in
            if case .head(let head) = record { head.kind == kind } else { false }
        }
    }

    private static func chunk(_ text: String) -> String {
        String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n"
    }

    @Test func writesChunksAsTheyComeWithTheirTimes() {
        var script = PacketScript()
        Self.start(&script, Self.head("text/plain", "Transfer-Encoding: chunked\r\n"), Self.chunk("one\n"))
        #expect(!Self.hasHead(script.trace, .response))
        script.server(Self.chunk("two\n"))
        #expect(Self.bodies(script) == ["one\ntwo\n"])
        script.now += 300
        script.server(Self.chunk("three\n"))
        script.now += 200
        script.server(Self.chunk("four\n"))
        #expect(Self.bodies(script) == ["one\ntwo\n", "three\n", "four\n"])
        let times = script.trace.records.compactMap { record in
            if case .body(let body) = record { body.time.nanoseconds / 1_000_000 } else { nil }
        }
        #expect(times.map { $0 - times[0] } == [0, 301, 502])
        script.server("0\r\n\r\n")
        script.close()
        let message = script.trace.messages(.response).first
        #expect(message.map { String(decoding: $0.body, as: UTF8.self) } == "one\ntwo\nthree\nfour\n")
        #expect(message?.end.flags == .chunked)
        #expect(message?.end.wireLength == 19)
        #expect(script.ledger.bytes.bodies == 19)
        #expect(script.ledger.check() == [])
    }

    /// Nothing has to come of a message, or on its connection, for its head to be written.
    @Test(arguments: [true, false])
    func writesTheHeadWhereNothingComes(_ isAnonymized: Bool) {
        var script = PacketScript(rules: isAnonymized ? EventStreamTests.rules : nil)
        Self.start(&script, Self.head("application/x-ndjson"), "{\"a\":1}\n")
        script.pipeline.advance(to: PacketTime(nanoseconds: (script.now + 1_000) * 1_000_000))
        #expect(Self.hasHead(script.trace, .response))
        #expect(Self.bodies(script) == ["{\"a\":1}\n"])
        script.finish()
        #expect(script.trace.messages(.response).map(\.body) == [Array("{\"a\":1}\n".utf8)])
        #expect(script.ledger.check() == [])
    }

    @Test func writesWhatEndsInTimeInOneGo() {
        var script = PacketScript()
        script.open(40_000)
        script.client("POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nab")
        script.now += 900
        script.client("cd")
        script.server("HTTP/1.1 204 No Content\r\n\r\n")
        script.close()
        #expect(
            script.trace.records.dropFirst().first?.brief.hasPrefix("request 0 abcd") == true
        )
    }

    /// Whether a signature is right is only known of the whole request.
    @Test func holdsRequestsToBeVerified() throws {
        let credential = try SignatureCredential(.github, [SigningSecret([1, 2, 3])])
        var script = PacketScript(signatures: SignatureReader([credential]))
        script.open(40_000)
        script.client("POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nab")
        script.now += 5_000
        script.client("c")
        script.now += 100_000
        script.client("d")
        #expect(!Self.hasHead(script.trace, .request))
        script.finish()
        #expect(script.trace.messages(.request).map(\.body) == [Array("abcd".utf8)])
        #expect(script.ledger.check() == [])
    }

    /// The status of the response may leave them out.
    @Test func holdsRequestsThatAreNotSelectedYet() throws {
        var options = RecordingOptions()
        options.filter = try RequestFilter("status=500")
        var script = PacketScript(options: options)
        script.open(40_000)
        script.client("POST /a HTTP/1.1\r\nContent-Length: 4\r\n\r\nab")
        script.now += 5_000
        script.client("c")
        script.now += 5_000
        script.client("d")
        script.server("HTTP/1.1 204 No Content\r\n\r\n")
        script.close()
        #expect(!Self.hasHead(script.trace, .request))
        #expect(script.trace.messages.isEmpty)
        #expect(script.ledger.requests.filtered == 1)
        #expect(script.ledger.check() == [])
    }

    @Test func anonymizesLinesHoweverTheyAreCut() {
        let text = "{\"mail\":\"\(Self.mail)\"}\n{\"n\":2}\n"
        var script = PacketScript(rules: EventStreamTests.rules)
        Self.start(&script, Self.head("application/x-ndjson"), "{\"n\":0}\n{\"n\"")
        script.server(":1}\n")
        for byte in text.utf8 { script.packet(.server, 40_000, [byte]) }
        script.server("{\"last\":\"\(Self.mail)\"}")
        let bodies = Self.bodies(script)
        #expect(bodies.count == 3)
        #expect(bodies.first == "{\"n\":0}\n{\"n\":1}\n")
        #expect(bodies.last == "{\"n\":2}\n")
        script.close()
        let body = Self.bodies(script).joined()
        #expect(body.hasPrefix("{\"n\":0}\n{\"n\":1}\n{\"mail\":\"") && body.contains("\n{\"last\":\""))
        #expect(!body.contains("ann.example"))
        #expect(script.pipeline.audit?.counts.map(\.count) == [2], "two addresses, nothing masked")
        #expect(script.ledger.check() == [])
    }

    /// What cannot be judged, and what is there of it in the end; the bytes are sent in pieces, seconds apart.
    static let masked: [(String, [String], String)] = [
        // The line goes on past the limit, the next one is judged.
        (
            "application/x-ndjson",
            ["{\"a\":\"ann.exa", "mple@mail.test, and more than forty bytes", "\"}\n{}\n"],
            String(repeating: "x", count: 56) + "\n{}\n"
        ),
        // What is no JSON leaves nothing that could be.
        (
            "application/x-ndjson", ["{}\n", "ann@mail.test\n", "{}\n"],
            "{}\n" + String(repeating: "x", count: 17)
        ),
        // A private key goes on over lines.
        (
            "text/plain", ["one\n", "-----BEGIN PRIVATE KEY-----\n", "MIIE\n"],
            "one\n" + String(repeating: "x", count: 33)
        ),
        // Never looked into: there is nothing to wait for.
        ("application/octet-stream", ["ann@", "mail.test"], String(repeating: "x", count: 13)),
    ]

    @Test(arguments: masked)
    func masksWhatCannotBeJudged(_ type: String, _ pieces: [String], _ stored: String) {
        var options = RecordingOptions()
        options.limits.eventBytes = 40
        var script = PacketScript(options: options, rules: EventStreamTests.rules)
        Self.start(&script, Self.head(type))
        for piece in pieces {
            script.server(piece)
            script.now += 1_000
        }
        #expect(Self.bodies(script).joined() == stored)
        script.close()
        #expect(Self.bodies(script).joined() == stored)
        #expect(script.pipeline.audit?.counts.map(\.count) == [1])
        #expect(script.ledger.bytes.bodies == UInt64(stored.utf8.count))
        #expect(script.ledger.check() == [])
    }

    @Test func holdsWhatIsJudgedWholeForAMinuteAndMasksItThen() {
        var script = PacketScript(rules: EventStreamTests.rules)
        Self.start(&script, Self.head("application/json"), "{\"mail\":\"\(Self.mail)\"")
        for _ in 0..<29 {
            script.now += 2_000
            script.server(" ")
        }
        #expect(!Self.hasHead(script.trace, .response))
        script.now += 2_000
        script.server(",\"x\":\"b@mail.test\"")
        #expect(Self.bodies(script) == [String(repeating: "x", count: 78)])
        script.server("}")
        #expect(Self.bodies(script).last == "x")
        script.close()
        #expect(script.trace.messages(.response).first?.body.count == 79)
        #expect(script.trace.messages(.response).first?.end.wireLength == 79)
        #expect(script.pipeline.audit?[.incomplete] == 1)
        #expect(script.ledger.check() == [])
    }

    /// What stands behind a gap goes on in a line of which the beginning is not known.
    @Test func masksTheLinesAroundAGap() {
        var script = PacketScript(rules: EventStreamTests.rules)
        Self.start(&script, Self.head("application/x-ndjson"), "{\"n\":0}\n")
        script.server("{\"a\":\"ann@")
        script.lose(.server, 30)
        for _ in 0..<4 { script.client("") }
        script.server("mail.test\"}\n{\"n\":1}\n")
        script.close()
        script.finish()
        let body = Self.bodies(script).joined()
        #expect(body.hasPrefix("{\"n\":0}\n"))
        #expect(!body.contains("ann@") && !body.contains("mail.test"))
        #expect(
            script.trace.messages(.response).first?.end.flags.isDisjoint(with: [.gap, .incomplete]) == false
        )
        #expect(script.ledger.check() == [])
    }

    @Test func beginsAgainInTheNextPart() {
        var script = PacketScript(rules: EventStreamTests.rules)
        Self.start(&script, Self.head("application/x-ndjson"), "{\"n\":0}\n")
        script.server("{\"n\":1}\n")
        script.pipeline.beginPart()
        let before = script.trace.records.count
        script.server("{\"n\":2}\n")
        #expect(
            script.trace.records.dropFirst(before).map(\.brief) == [
                "open 0 40000>80 syn", "head response 0", "body 0 {\"n\":2}\n",
            ]
        )
        script.pipeline.output.isAccepting = false
        script.server("{\"n\":3}\n")
        script.pipeline.output.isAccepting = true
        script.close()
        let message = script.trace.messages(.response).first
        #expect(message?.body == Array("{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n".utf8))
        #expect(message?.end.flags.contains(.gap) == true)
        #expect(script.ledger.bytes.diskFull == 8)
        #expect(script.ledger.check() == [])
    }

    /// Types, by what becomes of their bodies: lines, masked at once, masked after a minute.
    @Test(arguments: ["application/x-ndjson", "application/octet-stream", "application/json", "text/plain"])
    func holdsNothingOfWhatIsWritten(_ type: String) {
        var options = RecordingOptions()
        options.limits.openBytes = 1_000
        for isAnonymized in [true, false] {
            var script = PacketScript(options: options, rules: isAnonymized ? EventStreamTests.rules : nil)
            Self.start(&script, Self.head(type), "{}\n")
            script.now += 60_000
            for _ in 0..<100 { script.server("{\"text\":\"0123456789012345678901234567890123456789\"}\n") }
            script.close()
            let message = script.trace.messages(.response).first
            #expect(message?.body.count == 5_203)
            #expect(message?.end.flags == [])
            #expect(script.ledger.check() == [])
        }
    }

    /// Streams of HTTP/2 go out by the side of each other, and messages of gRPC as soon as they are whole.
    @Test(arguments: [true, false])
    func writesMessagesOfGRPCAsTheyCome(_ isAnonymized: Bool) {
        var script = PacketScript(rules: isAnonymized ? EventStreamTests.rules : nil)
        let type: [UInt8] = [0x0F, 0x10, 16] + Array("application/grpc".utf8)
        script.open(40_000)
        script.packet(
            .client,
            40_000,
            Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + Self.frame(4, 0, 0, [])
                + Self.frame(1, 5, 1, [0x83, 0x86, 0x84, 0x41, 1, 0x61] + type)
                + Self.frame(1, 5, 3, [0x83, 0x86, 0x84, 0x41, 1, 0x61] + type)
        )
        let message: [UInt8] = [0, 0, 0, 0, 3] + Array("ann".utf8)
        script.packet(
            .server,
            40_000,
            Self.frame(4, 0, 0, []) + Self.frame(1, 4, 1, [0x88] + type) + Self.frame(1, 4, 3, [0x88] + type)
                + Self.frame(0, 0, 1, message) + Self.frame(0, 0, 3, message)
        )
        script.now += 1_000
        script.packet(.server, 40_000, Self.frame(0, 0, 1, Array(message[..<6])))
        script.packet(.server, 40_000, Self.frame(0, 0, 1, Array(message[6...])))
        script.packet(.server, 40_000, Self.frame(0, 1, 3, message))
        script.packet(.server, 40_000, Self.frame(0, 1, 1, []))
        script.close()
        let stored = isAnonymized ? message[..<5] + Array("xxx".utf8) : message[...]
        #expect(
            script.trace.messages(.response).map(\.body) == [Array(stored + stored), Array(stored + stored)]
        )
        let sizes = script.trace.records.compactMap { record in
            if case .body(let body) = record { [Int(body.exchange), body.bytes.count] } else { nil }
        }
        #expect(
            sizes
                == (isAnonymized
                    ? [[1, 8], [0, 8], [0, 8], [1, 8]] : [[1, 8], [0, 14], [0, 2], [1, 8]])
        )
        #expect(script.ledger.check() == [])
    }

    private static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [0, 0, UInt8(payload.count), type, flags, 0, 0, 0, stream] + payload
    }
}
