import JSON
import Messages
import Packets
import Reports
import Signatures
import Testing
import Traces

/// The object of `cat --json`, key by key.
@Suite struct ExchangeJSONTests {
    static let connection = ConnectionOpenRecord(
        connection: 3,
        time: PacketTime(nanoseconds: 5),
        source: 0,
        client: Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 4711),
        server: Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 80),
        sawHandshake: true
    )

    static func message(
        _ kind: MessageKind,
        _ head: [UInt8],
        body: [UInt8] = [],
        wireLength: UInt64? = nil,
        flags: MessageFlags = [],
        trailers: String = "",
        signature: RecordedSignature? = nil
    ) -> RecordedMessage {
        RecordedMessage(
            head: HeadRecord(
                kind: kind,
                exchange: 17,
                connection: 3,
                start: PacketTime(nanoseconds: 1_700_000_000_000_000_001),
                encoding: .http1,
                bytes: head,
                framing: .none,
                signature: signature
            ),
            body: body,
            end: EndRecord(
                kind: kind,
                exchange: 17,
                connection: 3,
                time: PacketTime(nanoseconds: 1_700_000_000_000_000_002),
                wireLength: wireLength ?? UInt64(body.count),
                flags: flags,
                trailers: Array(trailers.utf8)
            )
        )
    }

    static func json(_ message: RecordedMessage, adding flags: MessageFlags = []) throws -> JSONValue {
        var writer = JSONWriter()
        ExchangeJSON.append(message, connection: connection, flags: flags, to: &writer)
        #expect(writer.bytes.last == 0x0A)
        let line = Array(writer.bytes.dropLast())
        return try JSONValue(parsing: line.span)
    }

    @Test func aRequestHasEveryKeyOfTheContract() throws {
        let head = "POST /hook?x=1 HTTP/1.1\r\nHost: a\r\nX-Two: 1\r\nx-two:  2 \r\n\r\n"
        let message = Self.message(
            .request,
            Array(head.utf8),
            body: Array(#"{"a":1}"#.utf8),
            flags: .chunked,
            trailers: "X-Sum: 7\r\n",
            signature: RecordedSignature(scheme: "mesh", state: SignatureState.valid.rawValue)
        )
        let expected = """
            {"schema":"tapedeck.cat/1","type":"request","exchange":17,"connection":3,"client":"10.0.0.1:4711",\
            "server":"10.0.0.2:80","scheme":"http","authority":"a","start_ns":1700000000000000001,\
            "end_ns":1700000000000000002,"method":"POST","target":"/hook?x=1","version":"1.1",\
            "headers":[["Host","a"],["X-Two","1"],["x-two","2"]],"trailers":[["X-Sum","7"]],\
            "body":"{\\"a\\":1}","body_length":7,"signature":{"scheme":"mesh","state":"valid"},\
            "flags":["chunked","no-response"]}
            """
        let value = try Self.json(message, adding: .noResponse)
        let bytes = Array(expected.utf8)
        let whole = try JSONValue(parsing: bytes.span)
        #expect(value == whole)
    }

    @Test func aResponseHasStatusAndReason() throws {
        let value = try Self.json(Self.message(.response, Array("HTTP/1.0 404 Not Here\r\n\r\n".utf8)))
        #expect(value["type"] == .string("response"))
        #expect(value["status"] == .number(JSONNumber(spelling: "404")))
        #expect(value["reason"] == .string("Not Here"))
        #expect(value["version"] == .string("1.0"))
        #expect(value["method"] == nil)
        #expect(value["signature"] == nil)
    }

    @Test(arguments: [
        ([0x00, 0xFF, 0x10], "AP8Q"),  // a multiple of three needs no padding
        ([0xFF], "/w=="),
        ([0xFF, 0xFE], "//4="),
        ([0xC3, 0x28, 0x41, 0x42], "wyhBQg=="),  // a broken UTF-8 sequence
    ]) func aBodyThatIsNotTextIsBase64(body: [UInt8], expected: String) throws {
        let value = try Self.json(
            Self.message(.request, Array("GET / HTTP/1.1\r\n\r\n".utf8), body: body)
        )
        #expect(value["body"] == nil)
        #expect(value["body_base64"] == .string(expected))
    }

    @Test func theLengthOnTheWireIsToldEvenIfLessIsStored() throws {
        let message = Self.message(
            .request,
            Array("PUT / HTTP/1.1\r\n\r\n".utf8),
            body: Array("abc".utf8),
            wireLength: 20_000_000,
            flags: .truncated
        )
        let value = try Self.json(message)
        #expect(value["body_length"] == .number(JSONNumber(spelling: "20000000")))
        #expect(value["flags"] == .array([.string("truncated")]))
    }

    /// Bytes of a head that are no UTF-8 are Latin-1, and the message is flagged.
    @Test func headBytesThatAreNotTextAreLatin1() throws {
        let head = Array("GET /caf".utf8) + [0xE9] + Array(" HTTP/1.1\r\nX-A: ok\r\n\r\n".utf8)
        let value = try Self.json(Self.message(.request, head))
        #expect(value["target"] == .string("/café"))
        #expect(value["flags"] == .array([.string("latin1")]))
    }

    @Test func aFoldedValueIsOneLine() throws {
        let head = "GET / HTTP/1.1\r\nX-Long: one,\r\n \t two\r\n\tthree\r\n\r\n"
        let value = try Self.json(Self.message(.request, Array(head.utf8)))
        #expect(value["headers"] == .array([.array([.string("X-Long"), .string("one, two three")])]))
    }

    @Test func theAuthorityOfAnAbsoluteTargetStandsInForHost() throws {
        let head = "GET http://b.example:81/x HTTP/1.1\r\n\r\n"
        let value = try Self.json(Self.message(.request, Array(head.utf8)))
        #expect(value["authority"] == .string("b.example:81"))
    }
}

@Suite struct ExchangeTextTests {
    /// What comes from traffic must not steer the terminal.
    @Test func controlCharactersDoNotReachTheTerminal() {
        let head = Array("GET /\u{1B}]0;owned HTTP/1.1\r\n\r\n".utf8)
        let message = ExchangeJSONTests.message(
            .request,
            head,
            body: Array("a\u{1B}[2Jb\u{9B}c\u{202E}d".utf8)
        )
        let text = ExchangeText.text(message, connection: nil, flags: [])
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x9B || $0.value == 0x202E })
        #expect(text.contains("a␛[2Jb\u{FFFD}c\u{FFFD}d"))
        #expect(!text.contains("\r"))
    }

    @Test func aBodyThatIsNotTextIsOnlyCounted() {
        let message = ExchangeJSONTests.message(
            .response,
            Array("HTTP/1.1 200 OK\r\n\r\n".utf8),
            body: [0xFF, 0x00, 0x80]
        )
        let text = ExchangeText.text(message, connection: ExchangeJSONTests.connection, flags: [])
        #expect(text.contains("(3 bytes that are not text)"))
        #expect(
            text.contains("10.0.0.2:80 to 10.0.0.1:4711"),
            "a response goes from the server to the client"
        )
    }
}

@Suite struct UTCTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),  // before the epoch the fraction still counts forward
        (951_782_400_000_000_000, "2000-02-29T00:00:00.000000Z"),  // a century that is a leap year
        (4_107_542_399_999_999_999, "2100-02-28T23:59:59.999999Z"),
        (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000Z"),  // a century that is none
        (1_795_490_707_819_413_717, "2026-11-24T03:25:07.819413Z"),
        (Int64.min, "1677-09-21T00:12:43.145224Z"),
        (Int64.max, "2262-04-11T23:47:16.854775Z"),
    ]) func spellsTheMoment(nanoseconds: Int64, expected: String) {
        #expect(UTCTime(PacketTime(nanoseconds: nanoseconds)).description == expected)
    }
}
