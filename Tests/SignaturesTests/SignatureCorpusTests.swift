import Bytes
import Foundation
import Messages
import Signatures
import Testing

/// Signature vectors that public projects and documentation print.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"] != nil))
struct SignatureCorpusTests {
    /// The names of the corpus and those of Tapedeck.
    static let names = [
        "github-x-hub-signature-256": "github", "github-x-hub-signature": "github-sha1",
        "x-hub-signature-512": "github-sha512", "slack-v0": "slack", "twilio-x-twilio-signature": "twilio",
        "stripe-v1": "stripe", "shopify-hmac-sha256": "shopify", "shopify-app-proxy": "shopify-app-proxy",
        "standard-webhooks-v1": "standard-webhooks", "svix-v1": "svix", "square-hmacsha256": "square",
        "adyen-notification-item": "adyen", "paddle-h1": "paddle", "line-x-line-signature": "line",
        "gocardless-webhook-signature": "gocardless", "messagebird-signed-request": "messagebird",
        "mailersend-signature": "mailersend", "mailgun-json-signature": "mailgun",
        "sendgrid-ecdsa": "sendgrid",
        "discord-ed25519": "discord", "hmac-sha256-primitive": "primitive",
    ]
    /// HMAC-SHA256 of the body and nothing else, as no provider sends it.
    static let directory = SchemeDirectory(described: [
        WebhookScheme("primitive", "", SignatureForm(.hmacSHA256, in: .header("X-Primitive")))
    ])

    private static func vectors() throws -> [SignatureVector] {
        guard let corpus = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"] else { return [] }
        return try SignatureVector.load(corpus)
    }

    private struct Case {
        var scheme: WebhookScheme
        var head: Head
        var body: [UInt8]
        var credential: SignatureCredential
    }

    private func prepare(_ vector: SignatureVector, secret: String? = nil) throws -> Case {
        let name = try #require(Self.names[vector.scheme], "\(vector.scheme)")
        let scheme = try #require(Self.directory[name: name])
        var target = "/"
        var origin: String?
        if let url = vector.url {
            let start = url.range(of: "://")?.upperBound ?? url.startIndex
            let path = url[start...].firstIndex(of: "/") ?? url.endIndex
            target = String(url[path...])
            origin = path > url.startIndex ? String(url[..<path]) : nil
        }
        var headers = vector.headers
        if scheme.name == "primitive" { headers["X-Primitive"] = vector.signature.value }
        let fields = headers.map { "\($0): \($1)\r\n" }.joined()
        let bytes = Array("\(vector.method) \(target) HTTP/1.1\r\nHost: a.example\r\n\(fields)\r\n".utf8)
        return Case(
            scheme: scheme,
            head: try Head(parsing: bytes, kind: .request),
            body: vector.body,
            credential: try SignatureCredential(
                scheme,
                [SigningSecret(Array((secret ?? vector.secret).utf8))],
                url: origin
            )
        )
    }

    @Test func everyVectorIsRecognisedAndVerified() throws {
        let vectors = try Self.vectors()
        #expect(vectors.count >= 137)
        for vector in vectors {
            let row = try prepare(vector)
            #expect(
                Self.directory.find(row.head, row.body)?.name == row.scheme.name,
                "\(vector.id)"
            )
            let state = row.credential.state(row.head, row.body, as: row.scheme, at: nil)
            #expect(state.name == vector.expected, "\(vector.id)")
            if let key = vector.publicKey {
                let row = try prepare(vector, secret: key)
                #expect(!row.credential.canSign || vector.scheme == "discord-ed25519")
                let state = row.credential.state(row.head, row.body, as: row.scheme, at: nil)
                #expect(state.name == vector.expected, "\(vector.id) by its public key")
            }
        }
    }

    @Test func anyChangeMakesAVectorInvalid() throws {
        for vector in try Self.vectors() where vector.expected == "valid" {
            let row = try prepare(vector)
            let spoiled = try prepare(
                vector,
                secret: vector.scheme == "sendgrid-ecdsa" ? nil : other(vector.secret)
            )
            if vector.scheme != "sendgrid-ecdsa" {
                let state = spoiled.credential.state(row.head, row.body, as: row.scheme, at: nil)
                #expect(state == .invalid, "\(vector.id) with another secret")
            }
            // Mailgun and Shopify's proxy sign no body, and one byte of Adyen's is not among what is signed.
            guard !["mailgun", "shopify-app-proxy", "adyen"].contains(row.scheme.name) else { continue }
            var body = row.body
            body.append(0x31)
            let state = row.credential.state(row.head, body, as: row.scheme, at: nil)
            #expect(state == .invalid, "\(vector.id) with another body")
        }
    }

    private func other(_ secret: String) -> String {
        // Another of the same spelling: what is not hexadecimal or base64 would not be a secret at all.
        let first =
            secret.hasPrefix("whsec_") ? secret.index(secret.startIndex, offsetBy: 6) : secret.startIndex
        var text = secret
        text.replaceSubrange(first...first, with: secret[first] == "A" ? "B" : "A")
        return text
    }

    @Test func everyVectorIsMadeAgain() throws {
        var made = 0
        for vector in try Self.vectors() where vector.expected == "valid" && vector.scheme != "sendgrid-ecdsa"
        {
            let row = try prepare(vector)
            let recorded = vector.timestamp.flatMap { Int64($0) } ?? 0
            let query = vector.url.flatMap {
                $0.range(of: "timestamp=").map { range in vector.url?[range.upperBound...] }
            }
            let signedAt = query.flatMap { Int64(($0 ?? "").prefix { $0.isNumber }) } ?? recorded
            var results: [String] = []
            // The vectors of Twilio are signed with the port, without it, or with the usual one.
            for origin in origins(of: vector.url) {
                let occasion = SigningOccasion(
                    now: signedAt * 1_000_000_000,
                    origin: Array(origin.utf8),
                    renewal: .none,
                    recorded: 0
                )
                let credential = try SignatureCredential(
                    row.scheme,
                    [SigningSecret(Array(vector.secret.utf8))]
                )
                let edits = try #require(
                    credential.edits(
                        for: row.head,
                        body: row.body,
                        as: row.scheme,
                        .right,
                        occasion,
                        age: 0,
                        in: Self.directory
                    ),
                    "\(vector.id)"
                )
                results.append(shown(edits, row.scheme, row.body))
            }
            let several =
                vector.signature.value.contains(" ") || vector.scheme == "paddle-h1"
                || vector.scheme == "stripe-v1"
            let isMade = results.contains { result in
                // Of several signatures in one value one is made.
                several
                    ? result.split(whereSeparator: { ",; ".contains($0) }).allSatisfy {
                        vector.signature.value.contains($0)
                    }
                    : result == vector.signature.value
            }
            #expect(isMade, "\(vector.id): \(results)")
            made += 1
        }
        #expect(made == 119)
    }

    private func origins(of url: String?) -> [String] {
        guard let url, let start = url.range(of: "://")?.upperBound else { return [""] }
        let end = url[start...].firstIndex(of: "/") ?? url.endIndex
        let authority = url[start..<end]
        let bare =
            authority.split(separator: "@").last?.contains(":") == true
            ? authority.prefix(upTo: authority.lastIndex(of: ":") ?? authority.endIndex) : authority
        return ["\(url[..<start])\(authority)", "\(url[..<start])\(bare)", "\(url[..<start])\(bare):443"]
    }

    /// The signature of a signed request, from wherever it stands.
    private func shown(_ edits: SignatureEdits, _ scheme: WebhookScheme, _ body: [UInt8]) -> String {
        if let field = edits.fields.first(where: { $0.name == scheme.fieldName }) {
            return String(decoding: field.value, as: UTF8.self)
        }
        if let target = edits.target {
            let text = String(decoding: target, as: UTF8.self)
            return text.range(of: "&signature=").map { String(text[$0.upperBound...]) } ?? ""
        }
        let object = try? JSONSerialization.jsonObject(with: Data(edits.body ?? body)) as? [String: Any]
        if let signature = object?["signature"] as? [String: Any] {
            return signature["signature"] as? String ?? ""
        }
        let items = object?["notificationItems"] as? [[String: Any]]
        let item = items?.first?["NotificationRequestItem"] as? [String: Any]
        return (item?["additionalData"] as? [String: Any])?["hmacSignature"] as? String ?? ""
    }
}
