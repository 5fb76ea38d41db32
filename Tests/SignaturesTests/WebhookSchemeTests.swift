import Bytes
import Messages
import Signatures
import Testing

@Suite struct WebhookSchemeTests {
    /// The example of the GitHub documentation, "Validating webhook deliveries".
    static let secret = SigningSecret(Array("It's a Secret to Everybody".utf8))
    static let body = Array("Hello, World!".utf8)
    static let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    private func head(_ fields: String...) throws -> Head {
        let lines = fields.map { $0 + "\r\n" }.joined()
        return try Head(parsing: Array("POST /hook HTTP/1.1\r\nHost: a\r\n\(lines)\r\n".utf8), kind: .request)
    }

    private func recognised(_ head: Head, _ body: [UInt8] = []) -> String? {
        SchemeDirectory.builtIn.find(head, body)?.name
    }

    /// The body is searched eight bytes at a time: the name stands at every place among them, other letters `g` before it,
    /// and the last of them behind it or not.
    @Test(arguments: 0..<20) func aSignatureInTheBodyIsFoundWhereverItStands(place: Int) throws {
        let signature = #""signature":{"token":"885894","timestamp":"1661621710","signature":"606307bb"}"#
        let before = String(repeating: "g", count: place)
        let head = try head("Content-Type: application/json")
        let body = #"{"a":"\#(before)",\#(signature)"#
        #expect(recognised(head, Array("\(body)}".utf8)) == "mailgun")
        #expect(recognised(head, Array("\(body),\"b\":\"\(before)\"}".utf8)) == "mailgun")
        let other = body.replacing("signature", with: "signaturg")
        #expect(recognised(head, Array("\(other)}".utf8)) == nil)
    }

    @Test(arguments: [
        // As published.
        ("X-Hub-Signature-256", signature, "github", SignatureState.valid),
        // Names of fields have no case.
        ("x-hub-signature-256", signature, "github", .valid),
        ("X-Signature", signature, "mesh", .valid),
        // Receivers compare text.
        ("X-Signature", signature.uppercased(), "mesh", .invalid),
        // One digit off at either end.
        ("X-Signature", "sha256=857107ea" + signature.dropFirst(15), "mesh", .invalid),
        ("X-Signature", signature.dropLast() + "8", "mesh", .invalid),
        // Cut, empty, and without digits at all.
        ("X-Signature", String(signature.dropLast()), "mesh", .invalid),
        ("X-Hub-Signature-256", "sha256=", "github", .invalid),
    ])
    func stateOf(name: String, value: String, scheme: String, state: SignatureState) throws {
        let head = try head("\(name): \(value)")
        let found = try #require(SchemeDirectory.builtIn.find(head, Self.body))
        #expect(found.name == scheme)
        let credential = try SignatureCredential(found, [Self.secret])
        #expect(credential.state(head, Self.body, as: found, at: nil) == state)
    }

    @Test(arguments: [
        // Senders of other schemes use the same field without a prefix.
        "X-Signature: 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        // HTTP Message Signatures (RFC 9421) share a field with MailerSend.
        "Signature: sig1=:K2qGT5srn2OGbOIDzQ6kYT+ruaycnDAAUpKv+ePFfD0=:",
        // No signature of Standard Webhooks nor of GoCardless.
        "Webhook-Signature: v9,xyz",
        // Tokens that are signed with a key pair, and such as are no JSON Web Tokens.
        "Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.AAAA", "Authorization: Bearer hunter2",
        "Authorization: Basic eyJhbGci",
    ])
    func othersAreNotRecognised(field: String) throws {
        #expect(recognised(try head(field)) == nil)
    }

    @Test func whatMeshHookReadsFirstCounts() throws {
        let both = try head("X-Hub-Signature-256: \(Self.signature)", "X-Signature: \(Self.signature)")
        #expect(recognised(both) == "mesh")
    }

    @Test func everySchemeHasAnExample() {
        let shown = Set(SignedRequestRow.examples.map(\.scheme))
        // Of ECDSA every signature is another; it has tests of its own.
        let missing = SchemeDirectory.builtIn.schemes.map(\.name).filter { !shown.contains($0) }
        #expect(missing == ["sendgrid"])
    }

    @Test(arguments: SignedRequestRow.examples)
    func examplesAreRecognisedAndVerified(row: SignedRequestRow) throws {
        let head = try row.head()
        let body = Array(row.body.utf8)
        let scheme = try #require(SchemeDirectory.builtIn.find(head, body))
        #expect(scheme.name == row.scheme)
        let credential = try row.credential()
        let moment = row.time * 1_000_000_000
        #expect(credential.state(head, body, as: scheme, at: moment) == .valid)
        #expect(!scheme.isMalformed(head, body))
        if let tolerance = scheme.tolerance {
            let late = moment + (tolerance + 1) * 1_000_000_000
            #expect(credential.state(head, body, as: scheme, at: late) == .stale)
            let early = moment - (tolerance + 1) * 1_000_000_000
            #expect(credential.state(head, body, as: scheme, at: early) == .stale)
        }
        if let name = scheme.fieldName {
            let stripped = try row.head { $0.filter { !$0.hasPrefix(name + ":") } }
            #expect(credential.state(stripped, body, as: scheme, at: moment) == .missing)
            let spoiled = try row.head { $0.map { $0.hasPrefix(name + ":") ? "\(name): Bearer ???" : $0 } }
            #expect(credential.state(spoiled, body, as: scheme, at: moment) == .invalid)
            #expect(
                scheme.isMalformed(spoiled, body) || ["gitlab", "telegram"].contains(scheme.name)
            )
        }
    }

    /// What is made at the time of the example is the example; at another time, and wrong on purpose, it verifies as that.
    @Test(arguments: SignedRequestRow.examples)
    func examplesAreMadeAgain(row: SignedRequestRow) throws {
        let head = try row.head()
        let body = Array(row.body.utf8)
        let scheme = try #require(SchemeDirectory.builtIn[name: row.scheme])
        let credential = try row.credential()
        let same = try signed(row, .right, at: row.time * 1_000_000_000 + 508_000_000, renewal: .none)
        #expect(same.changes(of: head, body) == [], "\(row.source)")

        let later = 1_800_000_000 * Int64(1_000_000_000)
        let renewal = DeliveryRenewal(run: "abc", pass: 0)
        let again = try signed(row, .right, at: later, renewal: renewal)
        #expect(credential.state(again.head, again.body, as: scheme, at: later) == .valid)
        let wrong = try signed(row, .wrong, at: later, renewal: renewal)
        #expect(credential.state(wrong.head, wrong.body, as: scheme, at: later) == .invalid)
        #expect(!scheme.isMalformed(wrong.head, wrong.body))
        #expect(SchemeDirectory.builtIn.find(wrong.head, wrong.body)?.name == scheme.name)
    }

    /// A request after signing, put together from what changed.
    struct Signed {
        var head: Head
        var body: [UInt8]

        /// The parts that are not those of another request.
        func changes(of other: Head, _ otherBody: [UInt8]) -> [String] {
            var changes: [String] = []
            if !head.bytes[head.targetRange].elementsEqual(other.bytes[other.targetRange]) {
                changes.append("target")
            }
            for (mine, theirs) in zip(head.fields, other.fields)
            where !head.bytes[mine.value].elementsEqual(other.bytes[theirs.value]) {
                changes.append(String(decoding: head.bytes[mine.value], as: UTF8.self))
            }
            if head.fields.count != other.fields.count { changes.append("fields") }
            if body != otherBody { changes.append(String(decoding: body, as: UTF8.self)) }
            return changes
        }
    }

    private func signed(
        _ row: SignedRequestRow,
        _ manner: SigningManner,
        at now: Int64,
        renewal: DeliveryRenewal
    ) throws -> Signed {
        let credential = try row.credential()
        let occasion = SigningOccasion(
            now: now,
            origin: Array("http://a.example".utf8),
            renewal: renewal,
            recorded: now
        )
        let body = Array(row.body.utf8)
        let edits = try #require(
            credential.edits(
                for: try row.head(),
                body: body,
                as: credential.scheme,
                manner,
                occasion,
                age: 0,
                in: .builtIn
            )
        )
        var line = row.line
        if let target = edits.target {
            let parts = line.split(separator: " ")
            line = "\(parts[0]) \(String(decoding: target, as: UTF8.self)) \(parts[2])"
        }
        var changed = row
        changed.line = line
        let head = try changed.head { fields in
            var fields = fields
            for (name, value) in edits.fields {
                let text = "\(name): \(String(decoding: value, as: UTF8.self))"
                let index = fields.firstIndex { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                if let index { fields[index] = text } else { fields.append(text) }
            }
            return fields
        }
        return Signed(head: head, body: edits.body ?? body)
    }

    @Test func anyOfSeveralSecretsWillDo() throws {
        let head = try head("X-Signature: \(Self.signature)")
        let other = SigningSecret([1, 2, 3])
        for (secrets, state) in [
            ([other, Self.secret], SignatureState.valid), ([Self.secret, other], .valid), ([other], .invalid),
        ] {
            let credential = try SignatureCredential(.mesh, secrets)
            #expect(credential.state(head, Self.body, as: .mesh, at: nil) == state)
        }
    }

    @Test func aSecretIsNeverShown() throws {
        let secret = SigningSecret(Array("hunter2".utf8))
        // No byte of the second is in the description of the scheme.
        let credential = try SignatureCredential(.mesh, [secret, SigningSecret([254, 253, 254])])
        var dumped = ""
        dump(secret, to: &dumped)
        dump(credential, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])", "\(credential)"] {
            #expect(text.contains("(secret)") || text.contains("(key)"))
            #expect(!text.contains("104, 117") && !text.contains("hunter2") && !text.contains("254"))
        }
    }
}
