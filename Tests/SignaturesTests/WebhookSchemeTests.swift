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

    @Test(arguments: [
        // As published.
        ("X-Hub-Signature-256", signature, WebhookScheme.github, SignatureState.valid),
        // Names of fields have no case.
        ("x-hub-signature-256", signature, .github, .valid),
        ("X-Signature", signature, .mesh, .valid),
        // Receivers compare text.
        ("X-Signature", signature.uppercased(), .mesh, .invalid),
        // One digit off at either end.
        ("X-Signature", "sha256=857107ea" + signature.dropFirst(15), .mesh, .invalid),
        ("X-Signature", signature.dropLast() + "8", .mesh, .invalid),
        // Cut, empty, and without digits at all.
        ("X-Signature", String(signature.dropLast()), .mesh, .invalid),
        ("X-Hub-Signature-256", "sha256=", .github, .invalid),
    ])
    func stateOf(name: String, value: String, scheme: WebhookScheme, state: SignatureState) throws {
        let head = try head("\(name): \(value)")
        #expect(WebhookScheme.recognise(in: head) == scheme)
        #expect(scheme.verify(head, body: Self.body.span, secret: Self.secret) == state)
    }

    @Test(arguments: [
        // Another scheme of GitHub, not this one.
        "X-Hub-Signature: sha1=b17e04cbb22afa8ffbff8796fc1894ed27badd9e",
        // Senders of other schemes use the same field without a prefix.
        "X-Signature: 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "X-Signature-Ed25519: sha256=00",
    ])
    func othersAreNotRecognised(field: String) throws {
        #expect(WebhookScheme.recognise(in: try head(field)) == nil)
    }

    @Test func whatMeshHookReadsFirstCounts() throws {
        let both = try head("X-Hub-Signature-256: \(Self.signature)", "X-Signature: \(Self.signature)")
        #expect(WebhookScheme.recognise(in: both) == .mesh)
    }

    @Test(arguments: WebhookScheme.allCases)
    func signingAndSpoiling(scheme: WebhookScheme) throws {
        let right = scheme.signatureField(body: Self.body.span, secret: Self.secret)
        let wrong = scheme.invalidField(body: Self.body.span, secret: Self.secret)
        #expect(right.value == Array(Self.signature.utf8))
        #expect(scheme.fieldNames == [right.name])
        #expect(wrong.name == right.name && wrong.value.count == right.value.count)
        let spoiled = try head("\(wrong.name): \(String(decoding: wrong.value, as: UTF8.self))")
        #expect(WebhookScheme.recognise(in: spoiled) == scheme)
        #expect(scheme.verify(spoiled, body: Self.body.span, secret: Self.secret) == .invalid)
        #expect(scheme.verify(try head(), body: Self.body.span, secret: Self.secret) == .missing)
    }

    @Test func anyOfSeveralSecretsWillDo() throws {
        let head = try head("X-Signature: \(Self.signature)")
        let other = SigningSecret([1, 2, 3])
        let body = Self.body.span
        #expect(WebhookScheme.mesh.verify(head, body: body, secrets: [other, Self.secret]) == .valid)
        #expect(WebhookScheme.mesh.verify(head, body: body, secrets: [Self.secret, other]) == .valid)
        #expect(WebhookScheme.mesh.verify(head, body: body, secrets: [other]) == .invalid)
        #expect(WebhookScheme.mesh.verify(head, body: body, secrets: []) == .unverified)
        #expect(WebhookScheme.github.verify(head, body: body, secrets: []) == .missing)
    }

    @Test func aSecretIsNeverShown() {
        let secret = SigningSecret(Array("hunter2".utf8))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])"] {
            #expect(text.contains("(secret)"))
            #expect(!text.contains("104") && !text.contains("hunter2"))
        }
    }
}
