import Bytes
import Messages
import Replay
import Signatures
import Testing
import Traces

@Suite struct RequestPreparationTests {
    private func prepare(
        _ message: RecordedMessage,
        answeredWith status: UInt16? = nil,
        _ change: (inout ReplayPlan) throws -> Void = { _ in }
    ) throws -> PreparedRequest {
        let plan = try ReplayPlan.test(change)
        var preparation = RequestPreparation(plan: plan)
        switch preparation.prepare(message, answeredWith: status) {
        case .request(var request):
            var signer = RequestSigner(plan: plan)
            signer.sign(&request, pass: 0, at: 0)
            return request
        case .skipped(let reason): throw Skipped(reason: reason)
        }
    }

    private struct Skipped: Error {
        var reason: SkipReason
    }

    private func wire(_ request: PreparedRequest) -> String {
        String(decoding: request.head(authority: "T"), as: UTF8.self)
    }

    @Test func theRequestKeepsItsShape() throws {
        let request = try prepare(
            .recorded(
                .request,
                41,
                on: 5,
                "POST /a?b HTTP/1.1|Accept:|hOst: prod|X-Dup: 1|Content-length: 7|x-dup:2",
                body: "{}"
            )
        ) { $0.target = try ReplayTarget("http://127.0.0.1/stage") }
        #expect(
            wire(request)
                == "POST /stage/a?b HTTP/1.1\r\nAccept:\r\nhOst: T\r\nX-Dup: 1\r\nContent-length: 2\r\nx-dup:2\r\n"
                + "X-Tapedeck-Replay: run/41\r\n\r\n"
        )
        #expect(request.exchange == 41 && request.connection == 5)
        #expect(request.bodyMode == .counted && request.body == Array("{}".utf8))
        #expect(!request.closesConnection)
    }

    /// Blanks at the end of a line, or in the place of a value, are nothing of the value; lines before and behind go out as
    /// they stood.
    @Test func linesThatAreWrittenOddlyLoseTheirOuterBlanks() throws {
        let request = try prepare(
            .recorded(
                .request,
                1,
                "GET / HTTP/1.1|A: 1|B: 2  |C:|D:   |Host: prod|E:5|X-Tapedeck-Replay: x|F: 6 |G :7"
            )
        )
        #expect(
            wire(request)
                == "GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC:\r\nD:\r\nHost: T\r\nE:5\r\nF: 6\r\nG :7\r\n"
                + "X-Tapedeck-Replay: run/1\r\n\r\n"
        )
        #expect(request.lines.map(\.hasValue) == [true, true, false, false, true, true, true, true])
        #expect(
            request.lines.map { String(decoding: request.bytes[$0.line], as: UTF8.self) }
                == ["A: 1", "B: 2", "C:", "D:", "E:5", "F: 6", "G :7", "X-Tapedeck-Replay: run/1"]
        )
    }

    /// Pseudo-fields, and what only HTTP/2 may say, stay behind; Host and the length are made good.
    @Test func whatCameOverHTTP2GoesOutOverHTTP1() throws {
        let head =
            ":method: POST|:scheme: http|:authority: prod|:path: /a?b|te: trailers|cookie: a=1|x-dup: 1|cookie: b=2"
        let message = RecordedMessage.recorded(.request, 7, head, body: "{}", encoding: .fieldList)
        let request = try prepare(message)
        #expect(
            wire(request)
                == "POST /a?b HTTP/1.1\r\nHost: T\r\ncookie: a=1; b=2\r\nx-dup: 1\r\ncontent-length: 2\r\n"
                + "X-Tapedeck-Replay: run/7\r\n\r\n"
        )
        let kept = try prepare(message) { $0.keepsHost = true }
        #expect(wire(kept).contains("\r\nHost: prod\r\n"))
    }

    /// What only HTTP/2 may say stays where HTTP/2 is offered; the wire never offers it.
    @Test func whatCameOverHTTP2MayGoOutOverHTTP2() throws {
        let head = ":method: POST|:scheme: https|:authority: prod|:path: /a|te: trailers|x: 1"
        let message = RecordedMessage.recorded(.request, 7, head, body: "{}", encoding: .fieldList)
        let offered = try prepare(message) { $0.target = try ReplayTarget("https://127.0.0.1") }
        #expect(offered.offersHTTP2)
        #expect(wire(offered).contains("\r\nte: trailers\r\nx: 1\r\n"))
        let wired = try prepare(message) {
            $0.target = try ReplayTarget("https://127.0.0.1")
            $0.transport = .wire
        }
        #expect(!wired.offersHTTP2 && !wire(wired).contains("te:"))
    }

    /// A session is opened with HTTP/1.1 (RFC 6455, section 4.1).
    @Test func aSessionIsNotOfferedHTTP2() throws {
        let head =
            "GET /s HTTP/1.1|Host: a|Upgrade: websocket|Connection: Upgrade|Sec-WebSocket-Version: 13"
            + "|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        let request = try prepare(.recorded(.request, 1, head, flags: .upgraded)) {
            $0.target = try ReplayTarget("https://127.0.0.1")
            $0.httpVersion = .http2
        }
        #expect(request.asksForWebSocket && !request.offersHTTP2)
    }

    struct Skip: Sendable {
        var reason: SkipReason
        var message: RecordedMessage
    }

    @Test(
        arguments: [
            // What is not in the trace cannot be sent.
            Skip(
                reason: .incompleteBody,
                message: .recorded(
                    .request,
                    1,
                    "POST / HTTP/1.1|Content-Length: 9",
                    body: "x",
                    flags: .truncated
                )
            ),
            Skip(
                reason: .incompleteBody,
                message: .recorded(.request, 1, "POST / HTTP/1.1|Content-Length: 9", body: "x", flags: .gap)
            ),
            Skip(
                reason: .incompleteBody,
                message: .recorded(
                    .request,
                    1,
                    "POST / HTTP/1.1|Content-Length: 9",
                    body: "x",
                    flags: .incomplete
                )
            ),
            Skip(
                reason: .upgraded,
                message: .recorded(.request, 1, "GET / HTTP/1.1|Upgrade: x", flags: .upgraded)
            ),
            Skip(reason: .upgraded, message: .recorded(.request, 1, "CONNECT a:443 HTTP/1.1|Host: a:443")),
            Skip(reason: .unreadableHead, message: .recorded(.request, 1, "GET")),
            // A list of fields has no start line.
            Skip(
                reason: .unreadableHead,
                message: .recorded(.request, 1, "GET / HTTP/1.1|Host: a", encoding: .fieldList)
            ),
            // The server spoke of it; no client sent it.
            Skip(
                reason: .pushed,
                message: .recorded(.request, 1, ":method: GET|:path: /", flags: .pushed, encoding: .fieldList)
            ),
            // Who knows what it asked for.
            Skip(
                reason: .unknownFields,
                message: .recorded(
                    .request,
                    1,
                    ":method: GET|:unknown: ",
                    flags: .unknownFields,
                    encoding: .fieldList
                )
            ),
            // Chunks are unknown to HTTP/1.0 (RFC 9112, section 6.1).
            Skip(
                reason: .version,
                message: .recorded(.request, 1, "POST / HTTP/1.0|Transfer-Encoding: chunked", body: "x")
            ),
            Skip(
                reason: .bodyOnHead,
                message: .recorded(.request, 1, "HEAD / HTTP/1.1|Content-Length: 1", body: "x")
            ),
            Skip(reason: .unsendableHead, message: .recorded(.request, 1, "GET / HTTP/1.1|X: a\u{0}b")),
            Skip(reason: .unsendableHead, message: .recorded(.request, 1, "GET / HTTP/1.1|X: a\rb")),
            // An obsolete line folding.
            Skip(reason: .unsendableHead, message: .recorded(.request, 1, "GET / HTTP/1.1|X: a| b")),
        ]
    )
    func whatCannotBeSentFaithfullyIsSkipped(_ row: Skip) throws {
        let skipped = #expect(throws: Skipped.self) { _ = try prepare(row.message) }
        #expect(skipped?.reason == row.reason)
    }

    @Test(
        arguments: [
            ("GET / HTTP/1.1", false), ("GET / HTTP/1.1|Connection: close", true),
            ("GET / HTTP/1.1|connection: keep-alive, Close", true),
            ("GET / HTTP/1.1|Connection: closed", false),
            ("GET / HTTP/1.0", true), ("GET / HTTP/1.0|Connection: Keep-Alive", false),
            ("GET / HTTP/1.1|Connection: ,", false),
        ]
    )
    func theConnectionEndsAsRecorded(_ head: String, _ closes: Bool) throws {
        #expect(try prepare(.recorded(.request, 1, head)).closesConnection == closes)
    }

    // MARK: Signatures

    private static let secret = SigningSecret(Array("staging".utf8))
    private static let signed = "POST / HTTP/1.1|x-SIGNATURE: sha256=00|A: b|Content-Length: 2"

    struct Signing: Sendable {
        var state: SignatureState
        var status: UInt16?
        var expected: SignatureState?
    }

    @Test(
        arguments: [
            Signing(state: .valid, expected: .valid),
            Signing(state: .stale, expected: .valid),
            Signing(state: .invalid, expected: .invalid),
            // Nobody has checked it: what the recorded answer says counts.
            Signing(state: .unverified, status: nil, expected: .valid),
            Signing(state: .unverified, status: 202, expected: .valid),
            Signing(state: .unverified, status: 401, expected: .invalid),
            Signing(state: .unverified, status: 403, expected: .invalid),
            Signing(state: .valid, status: 401, expected: .valid),
        ]
    )
    func signaturesKeepTheirState(_ row: Signing) throws {
        let message = RecordedMessage.recorded(
            .request,
            1,
            Self.signed,
            body: "{}",
            signature: (.mesh, row.state)
        )
        let request = try prepare(message, answeredWith: row.status) {
            $0.credentials = [try SignatureCredential(.mesh, [Self.secret])]
        }
        let head = try Head(parsing: request.head(authority: "T"), kind: .request)
        let credential = try SignatureCredential(.mesh, [Self.secret])
        let state = credential.verify(head, body: request.body.span, as: .mesh, at: nil)
        #expect(state == row.expected)
        // In its place, in its case, well-formed.
        let lines = wire(request).split(separator: "\r\n")
        #expect(lines[2].hasPrefix("x-SIGNATURE: sha256=") && lines[2].utf8.count == 20 + 64)
    }

    @Test func whatHadNoSignatureGetsNone() throws {
        let message = RecordedMessage.recorded(
            .request,
            1,
            "POST / HTTP/1.1|Content-Length: 2",
            body: "{}",
            signature: (.mesh, .missing)
        )
        let request = try prepare(message) {
            $0.credentials = [try SignatureCredential(.mesh, [Self.secret])]
        }
        #expect(!wire(request).lowercased().contains("signature"))
    }

    @Test func withoutTheSecretTheRecordedSignatureStays() throws {
        let message = RecordedMessage.recorded(
            .request,
            1,
            Self.signed,
            body: "{}",
            signature: (.mesh, .valid)
        )
        let plan = try ReplayPlan.test { $0.credentials = [try SignatureCredential(.github, [Self.secret])] }
        var preparation = RequestPreparation(plan: plan)
        guard case .request(var request) = preparation.prepare(message, answeredWith: nil) else {
            Issue.record("the request was skipped")
            return
        }
        var signer = RequestSigner(plan: plan)
        signer.sign(&request, pass: 0, at: 0)
        #expect(wire(request).contains("\r\nx-SIGNATURE: sha256=00\r\n"))
        #expect(signer.counts.kept == 1)
    }

    @Test func aStrippedSignatureIsPutBeforeTheMark() throws {
        let message = RecordedMessage.recorded(
            .request,
            1,
            "POST / HTTP/1.1|Content-Length: 2",
            body: "{}",
            signature: (.github, .valid)
        )
        let request = try prepare(message) {
            $0.credentials = [try SignatureCredential(.github, [Self.secret])]
        }
        let lines = wire(request).split(separator: "\r\n").map(String.init)
        #expect(lines[3].hasPrefix("X-Hub-Signature-256: sha256="))
        #expect(lines[4] == "X-Tapedeck-Replay: run/1")
    }
}
