import Bytes
import Crypto
import Foundation
import Messages
import Signatures
import Testing

/// What a replay makes of times, identifiers, tokens and key pairs.
@Suite struct SigningTests {
    private static let now = 1_800_000_000 * Int64(1_000_000_000)

    private func head(_ line: String = "POST /hook HTTP/1.1", _ fields: String...) throws -> Head {
        let lines = ([line, "Host: a.example"] + fields).map { $0 + "\r\n" }.joined()
        return try Head(parsing: Array("\(lines)\r\n".utf8), kind: .request)
    }

    private func scheme(_ name: String) throws -> WebhookScheme {
        try #require(SchemeDirectory.builtIn[name: name])
    }

    private func edits(
        _ name: String,
        _ secrets: [String],
        _ head: Head,
        body: String = "{}",
        _ manner: SigningManner = .right,
        recorded: Int64 = 1_700_000_000,
        age: Int64 = 0,
        run: String = "abc",
        pass: UInt32 = 0
    ) throws -> SignatureEdits? {
        let scheme = try scheme(name)
        let credential = try SignatureCredential(scheme, secrets.map { SigningSecret(Array($0.utf8)) })
        return credential.edits(
            for: head,
            body: Array(body.utf8),
            as: scheme,
            manner,
            SigningOccasion(
                now: Self.now,
                origin: Array("https://hooks.example".utf8),
                renewal: DeliveryRenewal(run: run, pass: pass),
                recorded: recorded * 1_000_000_000
            ),
            age: age,
            in: .builtIn
        )
    }

    private func field(_ name: String, _ edits: SignatureEdits?) -> String? {
        edits?.fields.first { $0.name.lowercased() == name.lowercased() }
            .map { String(decoding: $0.value, as: UTF8.self) }
    }

    // MARK: Times

    @Test(arguments: [
        // A number keeps what it counts.
        ("1700000000", "1800000000"), ("1700000000508", "1800000000000"),
        ("1700000000508001", "1800000000000000"), ("1700000000508001002", "1800000000000000000"),
        ("1700000000.25", "1800000000.00"),
        // So does a date, with the digits behind its seconds; it is in UTC from then on.
        ("2023-11-14T22:13:20Z", "2027-01-15T08:00:00Z"),
        ("2023-11-14T22:13:20.508Z", "2027-01-15T08:00:00.000Z"),
        ("2023-11-15T00:13:20+02:00", "2027-01-15T08:00:00Z"),
        ("20231114T221320Z", "20270115T080000Z"),
        // What is no time, as a placeholder, gives way to seconds.
        ("xxxx", "1800000000"), ("", "1800000000"), ("-5", "1800000000"),
        ("99999999999999999999", "1800000000"),
    ])
    func aTimeKeepsItsForm(old: String, new: String) throws {
        let head = try head(
            "POST / HTTP/1.1",
            "X-Slack-Request-Timestamp: \(old)",
            "X-Slack-Signature: v0=00"
        )
        #expect(field("X-Slack-Request-Timestamp", try edits("slack", ["k"], head)) == new)
    }

    @Test func aStaleRequestIsAsOldAsItWas() throws {
        let age = Int64(1_000) * 1_000_000_000
        let head = try head("POST / HTTP/1.1", "X-Slack-Request-Timestamp: 1", "X-Slack-Signature: v0=00")
        let made = try edits("slack", ["k"], head, age: age)
        #expect(field("X-Slack-Request-Timestamp", made) == "1799999000")
        let stripe = try edits(
            "stripe",
            ["k"],
            try self.head("POST / HTTP/1.1", "Stripe-Signature: x"),
            age: age
        )
        #expect(field("Stripe-Signature", stripe)?.hasPrefix("t=1799999000,v1=") == true)
    }

    @Test(arguments: [
        // As it was, where the trace tells.
        ("1699999000", Int64(1_000)), ("1699990000", 10_000), ("1700001000", -1_000),
        // Twice what receivers allow, where the time is gone or would not be stale.
        ("xxxx", 600), ("1700000000", 600),
    ])
    func theAgeOfAStaleRequestIsRead(time: String, seconds: Int64) throws {
        let head = try head(
            "POST / HTTP/1.1",
            "X-Slack-Request-Timestamp: \(time)",
            "X-Slack-Signature: v0=00"
        )
        let age = try scheme("slack").age(of: head, body: Span(), at: 1_700_000_000 * 1_000_000_000)
        #expect(age == seconds * 1_000_000_000)
    }

    // MARK: Identifiers

    @Test(arguments: [
        "30fe45f3-0960-48f4-a9e5-e30a0ec7f67c", "30FE45F3-0960-48F4-A9E5-E30A0EC7F67C",
        "msg_p5jXN8AQM9LWM0D4loKWxJek", "msg_9bc7a9074be5f17bc1103df0df3c", "42", "7", "Evt1a2B", "a",
    ])
    func identifiersKeepTheirShape(id: String) throws {
        func renewed(_ id: String, run: String = "abc", pass: UInt32 = 0) throws -> String {
            let head = try head("POST / HTTP/1.1", "webhook-id: \(id)", "webhook-signature: v1,00")
            return try #require(
                field("webhook-id", try edits("standard-webhooks", ["AAAA"], head, run: run, pass: pass))
            )
        }
        let new = try renewed(id)
        #expect(new != id)
        #expect(try renewed(id) == new)
        // Those of another run, and of another pass, are others again. One letter has few others.
        if id.count > 6 {
            #expect(try renewed(id, run: "abd") != new)
            #expect(try renewed(id, pass: 1) != new)
        }
        guard !id.allSatisfy(\.isNumber) else { return }
        #expect(new.count == id.count)
        for (old, made) in zip(id, new) where !old.isLetter && !old.isNumber { #expect(old == made) }
        if id.hasPrefix("msg_") { #expect(new.hasPrefix("msg_")) }
        if id.count == 36 {
            #expect(Array(new)[14] == "4" && Array(new)[19] == Array(id)[19])
            #expect(new.allSatisfy { $0.isHexDigit || $0 == "-" })
            #expect((new == new.uppercased()) == (id == id.uppercased()))
        } else {
            #expect(zip(id, new).allSatisfy { $0.isNumber == $1.isNumber })
        }
    }

    @Test func differentIdentifiersStayDifferent() throws {
        var seen: [String: String] = [:]
        var generator = SystemSeed(state: 7)
        let letters = Array("abcdef0123456789")
        var ids = (0..<3_000).map { String($0) }
        for _ in 0..<3_000 {
            ids.append(String((0..<6).map { _ in letters[Int(generator.next() % 16)] }) + "g")
        }
        for id in ids {
            let head = try head("POST / HTTP/1.1", "webhook-id: \(id)", "webhook-signature: v1,00")
            let new = try #require(field("webhook-id", try edits("standard-webhooks", ["AAAA"], head)))
            #expect(seen[new] == nil || seen[new] == id)
            seen[new] = id
        }
    }

    private struct SystemSeed {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }

    // MARK: Several signatures

    @Test func everySignatureOfASenderIsMade() throws {
        let head = try head(
            "POST / HTTP/1.1",
            "X-Hub-Signature: xxxx=0",
            "X-Hub-Signature-256: xxxx26=k",
            "X-GitHub-Delivery: 30fe45f3-0960-48f4-a9e5-e30a0ec7f67c"
        )
        let made = try edits("github", ["It's a Secret to Everybody"], head, body: "Hello, World!")
        #expect(
            field("X-Hub-Signature-256", made)
                == "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        )
        #expect(field("X-Hub-Signature", made) == "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59")
        #expect(made?.fields.filter { $0.name == "X-GitHub-Delivery" }.count == 1)
    }

    @Test func duringAChangeOfSecretsEachMakesOne() throws {
        let made = try edits("stripe", ["new", "old"], try head("POST / HTTP/1.1", "Stripe-Signature: x"))
        let value = try #require(field("Stripe-Signature", made))
        #expect(value.split(separator: ",").count == 3)
        for secret in ["new", "old"] {
            let scheme = try scheme("stripe")
            let signed = try head("POST / HTTP/1.1", "Stripe-Signature: \(value)")
            let credential = try SignatureCredential(scheme, [SigningSecret(Array(secret.utf8))])
            #expect(credential.state(signed, Array("{}".utf8), as: scheme, at: Self.now) == .valid)
        }
        // Where there is room for one, the first makes it.
        let mesh = try head("POST / HTTP/1.1", "X-Signature: x")
        #expect(
            field("X-Signature", try edits("mesh", ["new", "old"], mesh))
                == field("X-Signature", try edits("mesh", ["new"], mesh))
        )
    }

    // MARK: What stays invalid

    @Test func malformedAndMissingSignaturesAreNotTouched() throws {
        let stamped = try head(
            "POST / HTTP/1.1",
            "X-Slack-Request-Timestamp: 1700000000",
            "X-Slack-Signature: xxxx"
        )
        let malformed = try edits("slack", ["k"], stamped, .malformed)
        #expect(malformed?.fields.map(\.name) == ["X-Slack-Request-Timestamp"])
        let bare = try edits("slack", ["k"], try head(), .missing)
        #expect(bare?.fields.isEmpty == true && bare?.body == nil && bare?.target == nil)
    }

    // MARK: Places

    @Test func whatStandsInTheBodyIsChangedThere() throws {
        let body =
            #"{ "signature": {"token":"xxxx6682","timestamp":"1661621710","signature":"xx"}, "n": 1.10 }"#
        let made = try edits("mailgun", ["key"], try head("POST / HTTP/1.1"), body: body)
        let text = String(decoding: try #require(made?.body), as: UTF8.self)
        #expect(text.hasPrefix(#"{ "signature": {"token":""#) && text.hasSuffix(#""}, "n": 1.10 }"#))
        #expect(text.contains(#""timestamp":"1800000000""#) && !text.contains("xxxx6682"))
        let linear = try edits(
            "linear",
            ["key"],
            try head("POST / HTTP/1.1", "Linear-Signature: 00"),
            body: #"{"webhookTimestamp": 1676056940508, "a":[]}"#
        )
        #expect(linear?.body == Array(#"{"webhookTimestamp": 1800000000000, "a":[]}"#.utf8))
    }

    @Test func theDigestInAURLFollowsTheBody() throws {
        let head = try head(
            "POST /a?bodySHA256=00&b=1 HTTP/1.1",
            "X-Twilio-Signature: x",
            "Content-Type: application/json"
        )
        let made = try edits("twilio", ["key"], head, body: "{}")
        let digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        #expect(made?.target == Array("/a?bodySHA256=\(digest)&b=1".utf8))
    }

    @Test func whatHasNoPlaceForASignatureIsNotSigned() throws {
        #expect(try edits("mailgun", ["key"], try head("POST / HTTP/1.1"), body: "{}") == nil)
        #expect(try edits("jwt", ["key"], try head("POST / HTTP/1.1")) == nil)
        #expect(
            try edits("sigv4", ["key"], try head("POST / HTTP/1.1", "Authorization: AWS4-HMAC-SHA256 x"))
                == nil
        )
        // Chunks that are signed one by one.
        let streaming = try head(
            "PUT / HTTP/1.1",
            "X-Amz-Content-SHA256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "X-Amz-Date: 20150830T123600Z",
            "Authorization: AWS4-HMAC-SHA256 Credential=A/20150830/r/s3/aws4_request, SignedHeaders=host, Signature=00"
        )
        #expect(try edits("sigv4", ["key"], streaming) == nil)
    }

    // MARK: Tokens

    /// {"alg":"HS256"} and {"sub":"a","iat":1699999990,"exp":1700000050.5,"n":1}
    @Test func theTimesOfATokenMoveWithTheRequest() throws {
        let token =
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiaWF0IjoxNjk5OTk5OTkwLCJleHAiOjE3MDAwMDAwNTAuNSwibiI6MX0.AA"
        let made = try edits("jwt", ["key"], try head("POST / HTTP/1.1", "authorization: bearer \(token)"))
        let value = try #require(field("Authorization", made))
        #expect(value.hasPrefix("bearer eyJhbGciOiJIUzI1NiJ9."))
        let claims = value.split(separator: ".")[1]
        // {"sub":"a","iat":1799999990,"exp":1800000050.5,"n":1}
        #expect(claims == "eyJzdWIiOiJhIiwiaWF0IjoxNzk5OTk5OTkwLCJleHAiOjE4MDAwMDAwNTAuNSwibiI6MX0")
        let signed = try head("POST / HTTP/1.1", "Authorization: \(value)")
        let jwt = try scheme("jwt")
        let credential = try SignatureCredential(jwt, [SigningSecret(Array("key".utf8))])
        #expect(credential.state(signed, [], as: jwt, at: Self.now) == .valid)
        #expect(credential.state(signed, [], as: jwt, at: Self.now + 51_000_000_000) == .stale)
    }

    @Test func aTokenOfWhichTheClaimsAreGoneGetsTimesOnly() throws {
        let head = try head("POST / HTTP/1.1", "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.xXxmBRkQ.xXxx")
        let value = try #require(field("Authorization", try edits("jwt", ["key"], head)))
        // {"iat":1800000000,"nbf":1800000000,"exp":1800003600}
        #expect(
            value.split(separator: ".")[1]
                == "eyJpYXQiOjE4MDAwMDAwMDAsIm5iZiI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAzNjAwfQ"
        )
    }

    // MARK: Key pairs

    @Test func sendGridIsSignedAndCheckedWithTheHalvesOfAPair() throws {
        let key = P256.Signing.PrivateKey()
        let head = try head(
            "POST / HTTP/1.1",
            "X-Twilio-Email-Event-Webhook-Signature: x",
            "X-Twilio-Email-Event-Webhook-Timestamp: 1600112502"
        )
        let publicKey = Array(key.publicKey.derRepresentation).base64
        for secret in [key.pemRepresentation, Array(key.derRepresentation).base64] {
            let made = try edits("sendgrid", [secret], head)
            let signature = try #require(field("X-Twilio-Email-Event-Webhook-Signature", made))
            let signed = try self.head(
                "POST / HTTP/1.1",
                "X-Twilio-Email-Event-Webhook-Signature: \(signature)",
                "X-Twilio-Email-Event-Webhook-Timestamp: 1800000000"
            )
            let sendgrid = try scheme("sendgrid")
            for verifier in [secret, publicKey, key.publicKey.pemRepresentation] {
                let credential = try SignatureCredential(sendgrid, [SigningSecret(Array(verifier.utf8))])
                #expect(credential.canSign == (verifier == secret))
                #expect(credential.state(signed, Array("{}".utf8), as: sendgrid, at: Self.now) == .valid)
                #expect(credential.state(signed, Array("{ }".utf8), as: sendgrid, at: Self.now) == .invalid)
            }
        }
    }

    /// The keys of RFC 8032, section 7.1, test 1, in every spelling.
    @Test(arguments: [
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", true),
        ("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=", true),
        ("whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=", true),
        (
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                + "-----END PRIVATE KEY-----", true
        ),
        ("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", false),
        (
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                + "-----END PUBLIC KEY-----", false
        ),
    ])
    func ed25519KeysAreReadInEverySpelling(spelling: String, signs: Bool) throws {
        let scheme = try scheme("standard-webhooks-ed25519")
        let credential = try SignatureCredential(scheme, [SigningSecret(Array(spelling.utf8))])
        #expect(credential.canSign == signs)
        let row = try #require(SignedRequestRow.examples.first { $0.scheme == scheme.name })
        let moment = row.time * 1_000_000_000
        #expect(credential.state(try row.head(), Array(row.body.utf8), as: scheme, at: moment) == .valid)
    }

    /// The name of the shared form will do: the key says that it is one of a pair.
    @Test func aKeyOfAPairChoosesItsForm() throws {
        let secret = SigningSecret(Array("whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=".utf8))
        let credential = try SignatureCredential(try scheme("standard-webhooks"), [secret])
        #expect(credential.scheme.name == "standard-webhooks-ed25519")
        // What was recorded with the shared form goes out signed with the pair, in its own fields.
        let edits = credential.edits(
            for: try head("POST / HTTP/1.1", "svix-id: msg_1", "svix-timestamp: 1", "svix-signature: xx,x"),
            body: [],
            as: try scheme("svix"),
            .right,
            SigningOccasion(now: Self.now, origin: [], renewal: .none, recorded: 0),
            age: 0,
            in: .builtIn
        )
        #expect(field("svix-signature", edits)?.hasPrefix("v1a,") == true)
    }
}

extension [UInt8] {
    fileprivate var base64: String { Data(self).base64EncodedString() }
}
