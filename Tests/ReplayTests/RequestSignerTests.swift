import Messages
import Replay
import Signatures
import Testing
import Traces

/// Signing as the last thing that happens to a request before it is sent.
@Suite struct RequestSignerTests {
    private static let secret = SigningSecret(Array("staging".utf8))
    private static let now = 1_800_000_000 * Int64(1_000_000_000)

    private static func scheme(_ name: String) throws -> WebhookScheme {
        try #require(SchemeDirectory.builtIn[name: name])
    }

    private static func plan(
        _ name: String,
        selection: RequestFilter = .all,
        url: String? = nil,
        _ change: (inout ReplayPlan) throws -> Void = { _ in }
    ) throws -> ReplayPlan {
        try .test {
            $0.credentials = [
                try SignatureCredential(try scheme(name), [secret], selection: selection, url: url)
            ]
            try change(&$0)
        }
    }

    private static func sent(
        _ message: RecordedMessage,
        _ plan: ReplayPlan,
        pass: UInt32 = 0,
        counts: SignatureCounts? = nil
    ) throws -> (head: Head, text: String, body: String) {
        var preparation = RequestPreparation(plan: plan)
        guard case .request(var request) = preparation.prepare(message, answeredWith: nil) else {
            throw MemorySource.IsPipe()
        }
        var signer = RequestSigner(plan: plan)
        signer.sign(&request, pass: pass, at: now)
        if let counts { #expect(signer.counts == counts) }
        let head = request.head(authority: plan.target.authority)
        return (
            try Head(parsing: head, kind: .request), String(decoding: head, as: UTF8.self),
            String(decoding: request.body, as: UTF8.self)
        )
    }

    private static func counts(_ change: (inout SignatureCounts) -> Void) -> SignatureCounts {
        var counts = SignatureCounts()
        change(&counts)
        return counts
    }

    private static let slack =
        "POST /hook HTTP/1.1|x-slack-request-timestamp: 1700000000|X-SLACK-Signature: xx=xxr4|Content-Length: 2"

    /// The names of fields stay as they were spelled, and everything else where it was.
    @Test func theTimeIsThatOfSending() throws {
        let message = RecordedMessage.recorded(
            .request,
            1,
            Self.slack,
            body: "{}",
            signature: (try Self.scheme("slack"), .valid)
        )
        let plan = try Self.plan("slack")
        let sent = try Self.sent(message, plan, counts: Self.counts { $0.signed = 1 })
        let lines = sent.text.split(separator: "\r\n")
        #expect(lines[2] == "x-slack-request-timestamp: 1800000000")
        #expect(lines[3].hasPrefix("X-SLACK-Signature: v0=") && lines.count == 6)
        let state = plan.credentials[0].verify(
            sent.head,
            body: Array("{}".utf8).span,
            as: try Self.scheme("slack"),
            at: Self.now
        )
        #expect(state == .valid)
    }

    struct Kept: Sendable {
        var state: SignatureState
        var isMalformed = false
        var expected: SignatureState
        var invalidated: UInt64 = 1
    }

    @Test(arguments: [
        Kept(state: .valid, expected: .valid, invalidated: 0),
        Kept(state: .stale, expected: .stale),
        Kept(state: .invalid, expected: .invalid),
        Kept(state: .invalid, isMalformed: true, expected: .invalid),
    ])
    func theStateIsKept(row: Kept) throws {
        var message = RecordedMessage.recorded(
            .request,
            1,
            Self.slack,
            body: "{}",
            signature: (try Self.scheme("slack"), row.state)
        )
        message.head.hasMalformedSignature = row.isMalformed
        let plan = try Self.plan("slack")
        let sent = try Self.sent(
            message,
            plan,
            counts: Self.counts {
                $0.invalidated = row.invalidated
                $0.signed = 1 - row.invalidated
            }
        )
        let scheme = try Self.scheme("slack")
        let body = Array("{}".utf8)
        let state = plan.credentials[0].verify(sent.head, body: body.span, as: scheme, at: Self.now)
        let isMalformed = scheme.isMalformed(sent.head, body: body.span)
        #expect(state == row.expected)
        #expect(isMalformed == row.isMalformed)
    }

    /// A body that signing changes has its length said anew.
    @Test func aSignatureInTheBodyIsPutThere() throws {
        let body = #"{"signature":{"token":"7","timestamp":"1661621710","signature":"xx"}}"#
        let message = RecordedMessage.recorded(
            .request,
            1,
            "POST / HTTP/1.1|content-LENGTH: \(body.utf8.count)",
            body: body,
            signature: (try Self.scheme("mailgun"), .valid)
        )
        let sent = try Self.sent(message, try Self.plan("mailgun"))
        #expect(sent.body.contains(#""timestamp":"1800000000""#))
        #expect(sent.text.contains("\r\ncontent-LENGTH: \(sent.body.utf8.count)\r\n"))
        #expect(sent.body.utf8.count > body.utf8.count)
    }

    @Test(arguments: [
        // The receiver as it is reached.
        (nil, false, "http://127.0.0.1:8080/a?b=1"),
        // As it was, where it is to stay.
        (nil, true, "http://prod.example/a?b=1"),
        // As it knows itself.
        ("https://hooks.example/x", false, "https://hooks.example/x/a?b=1"),
    ])
    func theSignedURLIsTheReceivers(url: String?, keepsHost: Bool, signed: String) throws {
        let message = RecordedMessage.recorded(
            .request,
            1,
            "POST /a?b=1 HTTP/1.1|Host: prod.example|x-square-hmacsha256-signature: x|Content-Length: 2",
            body: "{}",
            signature: (try Self.scheme("square"), .valid)
        )
        let sent = try Self.sent(message, try Self.plan("square", url: url) { $0.keepsHost = keepsHost })
        let known = try SignatureCredential(
            try Self.scheme("square"),
            [Self.secret],
            url: String(signed.dropLast("/a?b=1".count))
        )
        let state = known.verify(sent.head, body: Array("{}".utf8).span, as: known.scheme, at: nil)
        #expect(state == .valid)
    }

    /// What the recorder did not know, an older one or an import, is looked for again.
    @Test(arguments: [
        // A form that an anonymizer has left nothing of.
        "X-Acme: xxxx", "X-Acme: sha256=00",
    ])
    func whatWasNotNotedIsFoundAtReplay(field: String) throws {
        let acme = WebhookScheme(
            "acme",
            "",
            SignatureForm(
                .hmacSHA256,
                in: .header("X-Acme"),
                value: "sha256={signature}",
                recognition: .shape
            )
        )
        let plan = try ReplayPlan.test {
            $0.schemes = SchemeDirectory(described: [acme])
            $0.credentials = [try SignatureCredential(acme, [Self.secret])]
        }
        let message = RecordedMessage.recorded(
            .request,
            1,
            "POST / HTTP/1.1|\(field)|Content-Length: 2",
            body: "{}"
        )
        let sent = try Self.sent(message, plan, counts: Self.counts { $0.signed = 1 })
        let state = plan.credentials[0].verify(sent.head, body: Array("{}".utf8).span, as: acme, at: nil)
        #expect(state == .valid)
    }

    @Test func aSecretIsForTheRequestsThatItSelects() throws {
        let message = RecordedMessage.recorded(
            .request,
            1,
            Self.slack,
            body: "{}",
            signature: (try Self.scheme("slack"), .valid)
        )
        let elsewhere = try Self.plan("slack", selection: try RequestFilter("path=/other"))
        let sent = try Self.sent(message, elsewhere, counts: Self.counts { $0.kept = 1 })
        #expect(sent.text.contains("X-SLACK-Signature: xx=xxr4\r\n"))
    }

    /// Each pass over the trace delivers anew.
    @Test func identifiersAreNewInEachPass() throws {
        let message = RecordedMessage.recorded(
            .request,
            1,
            "POST / HTTP/1.1|X-Signature: sha256=00|X-Delivery-Id: d-4711aa|Content-Length: 2",
            body: "{}",
            signature: (.mesh, .valid)
        )
        let plan = try Self.plan("mesh")
        let texts = try [0, 0, 1].map { try Self.sent(message, plan, pass: $0).text }
        #expect(texts[0] == texts[1])
        #expect(texts[0] != texts[2])
        #expect(!texts[0].contains("d-4711aa"))
    }

    /// A chunked request and one that came over HTTP/2 are signed like any other.
    @Test func theFormOfTheMessageDoesNotMatter() throws {
        for (head, encoding) in [
            ("POST / HTTP/1.1|X-Signature: x|Transfer-Encoding: chunked", HeadEncoding.http1),
            (":method: POST|:path: /|:scheme: http|:authority: a|x-signature: x", .fieldList),
        ] {
            let message = RecordedMessage.recorded(
                .request,
                1,
                head,
                body: "{}",
                encoding: encoding,
                signature: (.mesh, .valid)
            )
            let plan = try Self.plan("mesh")
            let sent = try Self.sent(message, plan)
            let state = plan.credentials[0].verify(sent.head, body: Array("{}".utf8).span, as: .mesh, at: nil)
            #expect(state == .valid)
        }
    }
}
