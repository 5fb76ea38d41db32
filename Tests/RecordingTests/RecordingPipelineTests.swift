import Messages
import Packets
import Recording
import Signatures
import Streams
import Testing
import Traces

@Suite struct RecordingPipelineTests {
    @Test func writesAnExchange() {
        var script = PacketScript()
        script.open(40_000)
        script.client("POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
        script.client("cde")
        script.server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        script.close()
        #expect(
            script.trace.records.map(\.brief) == [
                "open 0 40000>80 syn", "request 0 abcde 1003-1004", "response 0 ok 1005-1005", "close 0 fin",
            ]
        )
        #expect(script.ledger.check() == [])
        #expect(script.ledger.bytes.missing == 0)
    }

    @Test func numbersExchangesByTheirFirstByte() {
        var script = PacketScript()
        script.open(40_001)
        script.open(40_002)
        script.client("GET /1 HTTP/1.1\r\n", 40_001)
        script.client("GET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n", 40_002)
        script.client("\r\n", 40_001)
        script.server("HTTP/1.1 204 x\r\n\r\nHTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n", 40_002)
        script.finish()
        let messages = script.trace.messages
        #expect(messages.map(\.exchange) == [1, 2, 0, 1, 2])
        #expect(messages.map(\.connection) == [0, 0, 1, 0, 0])
        #expect(messages[1].end.flags.contains(.pipelined))
        #expect(script.ledger.requests.unmatched == 1)
    }

    @Test func endsABodyThatLastsUntilCloseWithItsLastByte() {
        var script = PacketScript()
        script.open(40_000)
        script.client("GET / HTTP/1.0\r\n\r\n")
        script.server("HTTP/1.0 200 OK\r\n\r\nabc")
        script.now += 500
        script.close()
        let response = script.trace.messages(.response)
        #expect(response.map(\.body) == [Array("abc".utf8)])
        #expect(response.first?.end.time == PacketTime(nanoseconds: 1_004_000_000))
        #expect(response.first?.end.flags.contains(.incomplete) == false)
    }

    @Test func readsInterimResponses() {
        var script = PacketScript()
        script.open(40_000)
        script.client("GET / HTTP/1.1\r\n\r\n")
        script.server("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let responses = script.trace.messages(.response)
        #expect(responses.map(\.exchange) == [0, 0])
        #expect(responses.map { $0.end.flags.contains(.interim) } == [true, false])
        #expect(script.pipeline.stored == (1, 1, 1))
    }

    @Test func findsTheClientOfAJoinedConnectionByItsRequest() {
        var script = PacketScript()
        script.serverPort = 50_001
        script.server("rest of something\r\n")
        script.client("GET / HTTP/1.1\r\n\r\n")
        script.server("HTTP/1.1 204 No Content\r\n\r\n")
        script.finish()
        #expect(
            script.trace.records.map(\.brief) == [
                "open 0 40000>50001 joined", "note 8 request 19 at 0", "request 0  1002-1002",
                "response 0  1003-1003", "close 0 endOfCapture", "summary 0 http endOfCapture",
            ]
        )
        #expect(script.trace.messages[0].end.flags.contains(.joined))
        #expect(script.ledger.bytes.beforeJoin == 19)
        #expect(script.ledger.check() == [])
    }

    @Test func leavesOtherProtocolsOut() {
        var script = PacketScript()
        script.open(40_001)
        script.client("\u{16}\u{03}\u{01} hello", 40_001)
        script.server("\u{16}\u{03}\u{03} hello", 40_001)
        script.client("more", 40_001)
        script.open(40_002)
        script.server("220 mail ready\r\n", 40_002)
        script.open(40_000)
        script.client("GET / HTTP/1.1\r\n\r\n")
        script.finish()
        #expect(script.trace.connections.count == 1)
        #expect(script.trace.messages.map(\.connection) == [0])
        #expect(script.ledger.connections.notHTTP == 2)
        #expect(script.ledger.bytes.notHTTP == 38)
        #expect(script.ledger.check() == [])
    }

    @Test func keepsTheAnswerToWhatIsNoRequest() {
        var script = PacketScript()
        script.open(40_000)
        script.client("GET\r\n\r\n")
        script.server("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        let messages = script.trace.messages
        #expect(messages.map(\.kind) == [.response])
        #expect(messages.first?.end.flags.contains(.noRequest) == true)
    }

    @Test(arguments: [false, true])
    func leavesReplaysOut(_ includesReplays: Bool) {
        var options = RecordingOptions()
        options.includesReplays = includesReplays
        var script = PacketScript(options: options)
        script.open(40_000)
        script.client("GET / HTTP/1.1\r\nX-Tapedeck-Replay: 1/2\r\n\r\nGET /own HTTP/1.1\r\n\r\n")
        for _ in 0..<2 { script.server("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx") }
        script.finish()
        #expect(script.trace.messages.map(\.exchange) == (includesReplays ? [0, 1, 0, 1] : [1, 1]))
        #expect(script.ledger.requests.filtered == (includesReplays ? 0 : 1))
        #expect(script.ledger.responses.filtered == (includesReplays ? 0 : 1))
        #expect(script.ledger.check() == [])
    }

    @Test func takesOnlyThePortsAskedFor() {
        var options = RecordingOptions()
        options.ports = PortSet([8080])
        var script = PacketScript(options: options)
        script.open(40_000)
        script.client("GET / HTTP/1.1\r\n\r\n")
        #expect(script.trace.records == [])
        #expect(script.ledger.packets.otherPort == 3)
        #expect(script.ledger.bytes.otherPort == 18)
        #expect(script.ledger.check() == [])
    }

    /// A client may have got the very port that a server elsewhere listens on: what it exchanges with another server was
    /// not asked for.
    @Test(arguments: [
        // The handshake tells the server.
        PortRow(hasHandshake: true, sends: [.client, .server], openings: 1),
        PortRow(hasHandshake: true, sends: [.server], openings: 1),
        // Without one the content does, whichever side is heard first, and however the ports would be read.
        PortRow(hasHandshake: false, sends: [.client, .server], openings: 1),
        PortRow(hasHandshake: false, sends: [.server, .client], openings: 1),
        // Over again between the same ends, after the end of the first.
        PortRow(hasHandshake: true, sends: [.client, .server], openings: 2),
    ])
    func leavesOutServersOfWhichTheClientHasThePort(_ row: PortRow) {
        var options = RecordingOptions()
        options.ports = PortSet([40_000, 8080])
        var script = PacketScript(options: options)
        var sent = 0
        for _ in 0..<row.openings {
            if row.hasHandshake { script.open(40_000) }
            for side in row.sends {
                let text =
                    side == .client
                    ? "GET / HTTP/1.1\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"
                script.packet(side, 40_000, Array(text.utf8))
                sent += text.utf8.count
            }
            script.packet(.client, 40_000, [], flags: .reset)
        }
        // Beside it, a connection to a server that was asked for is recorded.
        script.serverPort = 8080
        script.open(41_000)
        script.client("GET /own HTTP/1.1\r\n\r\n", 41_000)
        script.finish()
        #expect(script.trace.messages.count == 1)
        #expect(script.ledger.requests.begun == 1)
        #expect(script.ledger.bytes.otherPort == UInt64(sent))
        #expect(script.ledger.connections.otherPort == UInt64(row.openings))
        #expect(script.ledger.connections.recorded == 1)
        #expect(script.ledger.check() == [])
        #expect(script.pipeline.endpointLedgers.check(against: script.ledger) == [])
        #expect(script.trace.records.allSatisfy { if case .connectionSummary = $0 { false } else { true } })
    }

    struct PortRow: Sendable {
        var hasHandshake: Bool
        var sends: [Side]
        var openings: Int
    }

    /// Of a connection joined in the middle of a body, the port that was asked for tells the server, though it is the
    /// higher one.
    @Test func takesThePortAskedForAsTheServersWhereNothingElseTells() {
        var options = RecordingOptions()
        options.ports = PortSet([50_000])
        var script = PacketScript(options: options)
        script.serverPort = 50_000
        script.client("the rest of a body", 40_000)
        script.finish()
        #expect(script.pipeline.endpointLedgers.servers.map(\.server.port) == [50_000])
    }

    @Test func cutsBodiesOffWhenMemoryIsShort() {
        var options = RecordingOptions()
        options.limits.openBytes = 100
        var script = PacketScript(options: options)
        script.open(40_000)
        script.client("POST / HTTP/1.1\r\nContent-Length: 150\r\n\r\n")
        for size in [50, 90, 10] { script.client(String(repeating: "x", count: size)) }
        script.finish()
        let request = script.trace.messages.first
        #expect(request?.body.count == 50)
        #expect(request?.end.wireLength == 150)
        #expect(request?.end.flags.contains(.truncated) == true)
        #expect(script.ledger.bytes.outOfMemory == 100)
        #expect(script.ledger.check() == [])
    }

    @Test func countsBodiesPastTheirLimit() {
        var options = RecordingOptions()
        options.http.bodyBytes = 4
        var script = PacketScript(options: options)
        script.open(40_000)
        script.client("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nabcdef")
        script.finish()
        #expect(script.trace.messages.first?.body == Array("abcd".utf8))
        #expect(script.trace.messages.first?.end.flags.contains(.truncated) == true)
        #expect(script.ledger.bytes.truncated == 2)
        #expect(script.ledger.check() == [])
    }

    @Test func writesALargeBodyInPieces() {
        var script = PacketScript()
        script.open(40_000)
        let body = String(repeating: "0123456789", count: 15_000)
        script.client("GET / HTTP/1.1\r\n\r\n")
        script.server("HTTP/1.1 200 OK\r\nContent-Length: 150000\r\n\r\n")
        for start in stride(from: 0, to: 150_000, by: 10_000) {
            script.server(String(body.dropFirst(start).prefix(10_000)))
        }
        #expect(script.trace.messages(.response).map(\.body) == [Array(body.utf8)])
        let pieces = script.trace.records.compactMap { record in
            if case .body(let body) = record { body.bytes.count } else { nil }
        }
        #expect(pieces == [65_536, 65_536, 18_928])
        #expect(script.ledger.check() == [])
    }

    @Test func flagsGaps() {
        var script = PacketScript()
        script.open(40_000)
        script.client("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nab")
        script.lose(.client, 2)
        script.client("ef")
        script.server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        script.finish()
        let request = script.trace.messages(.request).first
        #expect(request?.body == Array("abef".utf8))
        #expect(request?.end.wireLength == 6)
        #expect(request?.end.flags.contains(.gap) == true)
        #expect(script.ledger.bytes.missing == 2)
        #expect(script.ledger.requests.gap == 1)
        #expect(script.ledger.check() == [])
    }

    struct Signed: Sendable {
        let reason: String
        let headers: String
        let secrets: [(WebhookScheme, String)]
        let expected: RecordedSignature?
    }

    static let signed: [Signed] = [
        Signed(reason: "none", headers: "", secrets: [], expected: nil),
        Signed(
            reason: "there, and nobody can tell",
            headers: "X-Signature: sha256=00\r\n",
            secrets: [(.github, "key")],
            expected: RecordedSignature(scheme: "mesh", state: SignatureState.unverified.rawValue)
        ),
        Signed(
            reason: "wrong",
            headers: "X-Hub-Signature-256: sha256=00\r\n",
            secrets: [(.github, "key")],
            expected: RecordedSignature(scheme: "github", state: SignatureState.invalid.rawValue)
        ),
        Signed(
            reason: "the scheme's field is there, and what it holds has no form of a signature",
            headers: "X-Signature: garbage\r\n",
            secrets: [(.mesh, "key")],
            expected: RecordedSignature(scheme: "mesh", state: SignatureState.invalid.rawValue)
        ),
        Signed(
            reason: "expected and not there",
            headers: "",
            secrets: [(.mesh, "key")],
            expected: RecordedSignature(scheme: "mesh", state: SignatureState.missing.rawValue)
        ),
    ]

    @Test(arguments: signed)
    func notesSignatures(_ row: Signed) throws {
        let credentials = try row.secrets.map {
            try SignatureCredential($0.0, [SigningSecret(Array($0.1.utf8))])
        }
        var script = PacketScript(signatures: SignatureReader(credentials))
        script.open(40_000)
        script.client("POST / HTTP/1.1\r\n\(row.headers)Content-Length: 2\r\n\r\nab")
        #expect(script.trace.messages.map(\.head.signature) == [row.expected], "\(row.reason)")
    }

    /// By which secret a signature is judged, and which is missed, goes by the request.
    @Test func secretsAreForTheRequestsThatTheySelect() throws {
        func credential(_ name: String, _ selection: String) throws -> SignatureCredential {
            let scheme = try #require(SchemeDirectory.builtIn[name: name])
            return try SignatureCredential(
                scheme,
                [SigningSecret(Array("key".utf8))],
                selection: try RequestFilter(selection)
            )
        }
        let reader = SignatureReader([
            try credential("github", "path=/a"), try credential("slack", "path=/b"),
        ])
        var script = PacketScript(signatures: reader)
        script.open(40_000)
        for (path, field) in [
            ("a", "X-Hub-Signature-256: sha256=00"), ("b", "X-Hub-Signature-256: sha256=00"), ("b", "A: b"),
            ("c", "A: b"), ("b", "X-Slack-Signature: v1=garbage"),
        ] {
            script.client("POST /\(path) HTTP/1.1\r\n\(field)\r\nContent-Length: 2\r\n\r\nab")
        }
        let heads = script.trace.messages.map(\.head)
        #expect(
            heads.map(\.signature) == [
                RecordedSignature(scheme: "github", state: 2), RecordedSignature(scheme: "github", state: 0),
                RecordedSignature(scheme: "slack", state: 3), nil,
                RecordedSignature(scheme: "slack", state: 2),
            ]
        )
        // Two digits are no HMAC, and a version that is not known no signature.
        #expect(heads.map(\.hasMalformedSignature) == [true, false, false, false, true])
    }

    /// A signature is right and late by the time of the packets.
    @Test func aSignatureIsLateByTheTimeOfThePackets() throws {
        let slack = try #require(SchemeDirectory.builtIn[name: "slack"])
        // printf v0:1000:ab | openssl dgst -sha256 -hmac key
        let signature = "d3ea626634c3708373d5fb6749a8d7bf84715fe97481d53e2c2953dff7c61901"
        for (seconds, state) in [
            (1_000, SignatureState.valid), (1_299, .valid), (1_302, .stale), (600, .stale),
        ] {
            let credential = try SignatureCredential(slack, [SigningSecret(Array("key".utf8))])
            var script = PacketScript(signatures: SignatureReader([credential]))
            script.now = Int64(seconds) * 1_000
            script.open(40_000)
            script.client(
                "POST / HTTP/1.1\r\nX-Slack-Request-Timestamp: 1000\r\nX-Slack-Signature: v0=\(signature)\r\n"
                    + "Content-Length: 2\r\n\r\nab"
            )
            #expect(script.trace.messages.map { $0.head.signature?.state } == [state.rawValue], "\(seconds)")
        }
    }

    @Test func notesARightSignature() throws {
        let secret = SigningSecret(Array("key".utf8))
        // printf ab | openssl dgst -sha256 -hmac key
        let value = "sha256=5c1c0c948cbef5ad7d191e46e5901fa0395f85f694fa4633f665a1a637017b65"
        var script = PacketScript(
            signatures: SignatureReader([try SignatureCredential(.github, [secret])])
        )
        script.open(40_000)
        script.client("POST / HTTP/1.1\r\nX-Hub-Signature-256: \(value)\r\nContent-Length: 2\r\n\r\nab")
        let states = script.trace.messages.map { $0.head.signature?.state }
        #expect(states == [SignatureState.valid.rawValue])
    }
}
