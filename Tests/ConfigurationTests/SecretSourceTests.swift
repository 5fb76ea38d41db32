import Bytes
import Configuration
import Foundation
import Messages
import Signatures
import Testing

@Suite struct SecretSourceTests {
    @Test(arguments: [
        ("github=env:HOOK_SECRET", WebhookScheme.github, SecretSource.Origin.environment("HOOK_SECRET")),
        ("mesh=file:/run/secrets/a=b", .mesh, .file("/run/secrets/a=b")),
    ])
    func arguments(text: String, scheme: WebhookScheme, origin: SecretSource.Origin) throws {
        let source = try SecretSource(text)
        #expect(source.scheme == scheme && source.origin == origin)
    }

    /// What is refused could be the secret itself, in any part of the argument.
    @Test(arguments: [
        "github=hunter2", "hunter2", "hunter2=env:A", "mesh=env:", "mesh=ENV:hunter2", "=hunter2",
    ])
    func whatIsRefusedIsNotRepeated(text: String) {
        let error = #expect(throws: SecretSource.Failure.self) { try SecretSource(text) }
        #expect(error.map { !$0.description.contains("hunter2") } == true)
    }

    @Test func aSecretFromAFileHasNoLineEnd() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "tapedeck-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("It's a Secret to Everybody\r\n".utf8).write(to: file)
        let secret = try SecretSource("github=file:\(file.path)").secret()
        let body = Array("Hello, World!".utf8)
        let field = WebhookScheme.github.signatureField(body: body.span, secret: secret)
        #expect(String(decoding: field.value, as: UTF8.self).hasPrefix("sha256=757107ea0eb2509f"))
        try Data("\n".utf8).write(to: file)
        #expect(throws: SecretSource.Failure.self) { try SecretSource("github=file:\(file.path)").secret() }
    }

    @Test(arguments: ["mesh=env:TAPEDECK_NO_SUCH_VARIABLE", "mesh=file:/no/such/file"])
    func whatIsNotThereIsSaid(text: String) throws {
        let error = #expect(throws: SecretSource.Failure.self) { try SecretSource(text).secret() }
        #expect(error?.description.contains("'mesh'") == true)
    }
}
