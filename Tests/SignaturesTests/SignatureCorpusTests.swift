import Bytes
import Foundation
import Messages
import Signatures
import Testing

/// Signature vectors that public projects and documentation print.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"] != nil))
struct SignatureCorpusTests {
    private struct Vector: Decodable {
        let id: String
        let scheme: String
        let secret: String
        let headers: [String: String]
        let body: String
        let expected: String
    }

    @Test func githubVectors() throws {
        let corpus = try #require(ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"])
        let file = URL(fileURLWithPath: corpus).appending(path: "signatures/vectors.json")
        let vectors = try JSONDecoder().decode([Vector].self, from: Data(contentsOf: file))
            .filter { $0.scheme == "github-x-hub-signature-256" }
        #expect(vectors.count >= 18)
        for vector in vectors {
            let fields = vector.headers.map { "\($0): \($1)\r\n" }.joined()
            let bytes = Array("POST / HTTP/1.1\r\n\(fields)\r\n".utf8)
            let head = try Head(parsing: bytes, kind: .request)
            let secret = SigningSecret(Array(vector.secret.utf8))
            let body = Array(vector.body.utf8)
            let state = WebhookScheme.github.verify(head, body: body.span, secret: secret)
            #expect(state.name == vector.expected, "\(vector.id)")
            guard state == .valid else { continue }
            // `mesh` signs the same bytes in the same way under another name.
            let github = WebhookScheme.github.signatureField(body: body.span, secret: secret)
            let mesh = WebhookScheme.mesh.signatureField(body: body.span, secret: secret)
            #expect(github.value == mesh.value)
            let index = try #require(head.fieldIndex(of: "x-hub-signature-256" as StaticString))
            #expect(Array(head.value(of: head.fields[index])) == github.value)
        }
    }
}
