import Bytes
import Configuration
import Foundation
import Messages
import Signatures
import Testing

@Suite struct SecretSourceTests {
    @Test(arguments: [
        ("github=env:HOOK_SECRET", "github", SecretSource.Origin.environment("HOOK_SECRET")),
        ("mesh=file:/run/secrets/a=b", "mesh", .file("/run/secrets/a=b")),
    ])
    func arguments(text: String, scheme: String, origin: SecretSource.Origin) throws {
        let source = try SecretSource(text)
        #expect(source.scheme.name == scheme && source.origin == origin)
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
        let credential = try SecretSource("github=file:\(file.path)").credential()
        let body = Array("Hello, World!".utf8)
        let field =
            "X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        let head = try Head(parsing: Array("POST / HTTP/1.1\r\n\(field)\r\n\r\n".utf8), kind: .request)
        let state = credential.verify(head, body: body.span, as: .github, at: nil)
        #expect(state == .valid)
        try Data("\n".utf8).write(to: file)
        #expect(throws: SecretSource.Failure.self) { try SecretSource("github=file:\(file.path)").secret() }
    }

    /// A secret that its scheme cannot use is told before anything is recorded or sent, and not shown.
    @Test(arguments: [
        ("standard-webhooks", "whsec_hunter2!"), ("adyen", "hunter2"), ("discord", "hunter2"),
        ("sendgrid", "hunter2"), ("gitlab", "hunter2 and more"),
    ])
    func whatIsNoKeyIsRefused(scheme: String, secret: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "tapedeck-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(secret.utf8).write(to: file)
        let source = try SecretSource("\(scheme)=file:\(file.path)")
        let error = #expect(throws: SecretSource.Failure.self) { try source.credential() }
        #expect(error?.description.contains("'\(scheme)'") == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test(arguments: ["mesh=env:TAPEDECK_NO_SUCH_VARIABLE", "mesh=file:/no/such/file"])
    func whatIsNotThereIsSaid(text: String) throws {
        let error = #expect(throws: SecretSource.Failure.self) { try SecretSource(text).secret() }
        #expect(error?.description.contains("'mesh'") == true)
    }
}
