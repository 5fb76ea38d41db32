import Bytes
import Configuration
import Foundation
import Messages
import Signatures
import Testing

@Suite struct SignatureFileTests {
    /// A file with a secret, which goes when the test ends.
    private final class SecretFile {
        let url = FileManager.default.temporaryDirectory.appending(path: "tapedeck-\(UUID().uuidString)")

        init(_ secret: String) throws { try Data(secret.utf8).write(to: url) }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    private func read(_ yaml: String) throws -> SignatureFile {
        try SignatureFile(yaml: Array(yaml.utf8), file: "s.yaml")
    }

    private func head(_ line: String, _ fields: String...) throws -> Head {
        let lines = ([line] + fields).map { $0 + "\r\n" }.joined()
        return try Head(parsing: Array("\(lines)\r\n".utf8), kind: .request)
    }

    @Test func secretsByRouteAndTenant() throws {
        let file = try SecretFile("one\n")
        let read = try read(
            """
            secrets:
              - scheme: stripe
                when: path=/hooks/eu/*
                secrets: ["file:\(file.url.path)", "file:\(file.url.path)"]
              - scheme: github
                when: header:X-Tenant=acme host=a.example
                secret: file:\(file.url.path)
                url: https://hooks.example/staging/
              - scheme: github
                secret: file:\(file.url.path)
            """
        )
        #expect(read.credentials.map(\.scheme.name) == ["stripe", "github", "github"])
        #expect(read.credentials.map(\.isScoped) == [true, true, false])
        #expect(read.credentials.map(\.url) == [nil, "https://hooks.example/staging", nil])
        let tenant = try head("POST /x HTTP/1.1", "Host: a.example", "X-Tenant: acme")
        let other = try head("POST /hooks/eu/1 HTTP/1.1", "Host: a.example", "X-Tenant: other")
        #expect(read.credentials.map { $0.covers(.github, tenant) } == [false, true, true])
        #expect(read.credentials.map { $0.covers(.github, other) } == [false, false, true])
        let stripe = try #require(SchemeDirectory.builtIn[name: "stripe"])
        #expect(read.credentials.map { $0.covers(stripe, other) } == [true, false, false])
    }

    /// As no provider signs: everything that the form can say at once.
    @Test func aDescribedSchemeChecksAndSigns() throws {
        let secret = try SecretFile("acme-secret")
        let read = try read(
            """
            schemes:
              - name: acme
                description: invented
                algorithm: hmac-sha512
                secret: text
                signed: "{{{timestamp}|{method}|{path}|{query:a}|{header:X-Tenant}|{id}|{body}|{json:/n}"
                encoding: base64url
                signature: header:Acme-Signature
                value: "ts={timestamp},sig={signature}"
                separator: ","
                unit: ms
                tolerance: 5m
                ids: [header:Acme-Delivery]
                marks: [Acme-Event]
            secrets:
              - scheme: acme
                secret: file:\(secret.url.path)
            """
        )
        let acme = try #require(read.schemes.first)
        let credential = try #require(read.credentials.first)
        #expect(acme.name == "acme" && acme.summary == "invented" && acme.tolerance == 300)
        // python3 -c 'import hmac,base64; print(base64.urlsafe_b64encode(hmac.new(b"acme-secret", b"{1700000000508|POST|/hook|b c|t-1|d-1|{\"n\":1.50}|1.50", "sha512").digest()))'
        let signature =
            "aeVJkrjt7QUtLseuQ8MHr4zMHfDhku3UziTvCSkN1O4LldkfLhfNYE0MDFzOsxjDhntdjjlinZci8zvdT7QtuQ"
        let signed = try head(
            "POST /hook?a=b%20c HTTP/1.1",
            "Host: a",
            "X-Tenant: t-1",
            "Acme-Delivery: d-1",
            "Acme-Signature: sig=\(signature), ts=1700000000508"
        )
        let body = Array(#"{"n":1.50}"#.utf8)
        let moment = Int64(1_700_000_000) * 1_000_000_000
        let directory = SchemeDirectory(described: read.schemes)
        #expect(directory.schemes.first?.name == "acme")
        let found = directory.recognise(signed, body: body.span)?.name
        #expect(found == "acme")
        let states = [moment, moment + 301_000_000_000].map {
            credential.verify(signed, body: body.span, as: acme, at: $0)
        }
        #expect(states == [.valid, .stale])
        let occasion = SigningOccasion(
            now: moment + 508_000_000,
            origin: [],
            renewal: .none,
            recorded: moment
        )
        let edits = credential.edits(
            for: signed,
            body: body,
            as: acme,
            .right,
            occasion,
            age: 0,
            in: directory
        )
        let made = edits?.fields.first { $0.name == "Acme-Signature" }?.value
        #expect(made == Array("ts=1700000000508,sig=\(signature)".utf8))
    }

    /// One of a built-in scheme's name takes its place.
    @Test func aDescribedSchemeMayReplaceABuiltInOne() throws {
        let read = try read("schemes: [{name: linear, signature: 'header:X-Other'}]")
        let directory = SchemeDirectory(described: read.schemes)
        #expect(directory.schemes.filter { $0.name == "linear" }.count == 1)
        #expect(directory[name: "linear"]?.fieldName == "X-Other")
    }

    @Test(arguments: [
        // Each names the place, and nothing that could be a secret.
        ("secrets:\n  - scheme: githup\n    secret: env:A", "s.yaml:2:13: unknown scheme 'githup'"),
        ("secrets:\n  - scheme: github", "s.yaml:2:5: a 'secret' is missing here"),
        ("secrets:\n  - secret: env:A", "s.yaml:2:5: a 'scheme' is missing here"),
        (
            "secrets:\n  - scheme: github\n    secret: hunter2",
            "s.yaml:3:13: a secret does not stand in this file"
        ),
        (
            "secrets:\n  - scheme: github\n    secret: env:TAPEDECK_NO_SUCH",
            "s.yaml:3:13: the environment variable for the secret of 'github', TAPEDECK_NO_SUCH, is not set"
        ),
        (
            "secrets:\n  - scheme: github\n    secret: file:/no/such",
            "s.yaml:3:13: the file with the secret of 'github'"
        ),
        (
            "secrets:\n  - scheme: github\n    secret: env:PATH\n    when: paths=/a",
            "s.yaml:4:11: the filter 'paths=/a' cannot be read"
        ),
        (
            "secrets:\n  - scheme: github\n    secret: env:PATH\n    when: status=200",
            "s.yaml:4:11: a request is chosen before it has a status"
        ),
        ("secrets:\n  - scheme: github\n    secret: env:PATH\n    url: hooks", "s.yaml:4:10: a URL like"),
        (
            "secrets:\n  - scheme: adyen\n    secret: env:PATH",
            "s.yaml:2:5: the secret of 'adyen' cannot be used"
        ),
        ("schemes: [{name: a}]", "s.yaml:1:11: a scheme has a 'signature'"),
        ("schemes: [{signature: 'header:A'}]", "s.yaml:1:11: a scheme has a 'name'"),
        ("schemes: [{name: A, signature: 'header:A'}]", "s.yaml:1:18: a name has up to 64 small letters"),
        ("schemes: [{name: a, signature: 'cookie:A'}]", "s.yaml:1:32: a place is header:NAME"),
        (
            "schemes: [{name: a, signature: 'header:A', signed: '{bodi}'}]",
            "s.yaml:1:52: nothing is called {bodi}"
        ),
        ("schemes: [{name: a, signature: 'header:A', signed: '{body'}]", "s.yaml:1:52: '}' is missing"),
        (
            "schemes: [{name: a, signature: 'header:A', signed: '{timestamp}'}]",
            "s.yaml:1:11: {timestamp} is signed"
        ),
        ("schemes: [{name: a, signature: 'header:A', signed: '{id}'}]", "s.yaml:1:11: {id} is signed"),
        (
            "schemes: [{name: a, signature: 'header:A', algorithm: md5}]",
            "s.yaml:1:55: 'md5' is none of hmac-sha1"
        ),
        ("schemes: [{name: a, signature: 'header:A', encoding: raw}]", "s.yaml:1:54: bytes as they are"),
        (
            "schemes: [{name: a, signature: 'header:A', value: 'v1'}]",
            "s.yaml:1:51: a part of the value has no"
        ),
        ("schemes: [{name: a, signature: 'header:A', tolerance: 5}]", "s.yaml:1:55: a duration like 30s"),
        (
            "schemes: [{name: a, signature: 'header:A', tollerance: 5s}]",
            "s.yaml:1:44: unknown key 'tollerance'"
        ),
        (
            "schemes: [{name: a, signature: 'header:A'}, {name: a, signature: 'header:B'}]",
            "s.yaml:1:45: the scheme 'a'"
        ),
        ("", "s.yaml: an empty file"), ("[]", "s.yaml:1:1: the file is a mapping"), ("a: [", "s.yaml:"),
    ])
    func whatCannotBeUsedIsSaidWithItsPlace(yaml: String, message: String) {
        let error = #expect(throws: RulesFileError.self) { try read(yaml) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("hunter2") == false)
    }
}
