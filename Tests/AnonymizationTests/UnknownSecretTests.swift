import Anonymization
import Bytes
import Configuration
import Foundation
import Messages
import Testing

/// What an audit takes for a secret that no list knows.
@Suite struct UnknownSecretTests {
    private static func kinds(_ body: String, in sets: [RuleSet]) throws -> [String] {
        var scanner = AuditScanner(ruleSets: sets, findsUnknownSecrets: true)
        let head = Array("POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n".utf8)
        let message = RawMessage(head: try Head(parsing: head, kind: .request), body: Array(body.utf8))
        return scanner.findings(in: message).map { "\($0.kind) in \($0.place)" }
    }

    @Test(arguments: [
        "kP7mQ2xV9tR4wZ8nB3yL", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY9", "a1b2c3d4e5f6g7h8i9j0k1l2",
        "Zm9vYmFyYmF6cXV4/9Xk2P+q7Lw==", "8sKd93jfLQp2vN7xYt1RbW6mC0zHgE4u",
    ])
    func runsDrawnByChanceAreReported(text: String) throws {
        let sets = try AnonymizerChoice.usual()
        #expect(try Self.kinds(#"{"setting":"\#(text)"}"#, in: sets) == ["unknown-secret in body setting"])
        #expect(
            try Self.kinds(#"{"note":"use \#(text), please"}"#, in: sets) == ["unknown-secret in body note"]
        )
    }

    @Test(arguments: [
        // Words, in every case.
        "an_ordinary_variable_name_2", "AnOrdinaryClassNameInSomeCode", "internationalization",
        "ORDER_STATUS_CHANGED_V2",
        "refs/heads/feature/JIRA-1234-new-thing", "application/vnd.docker.image.rootfs.diff.tar.gzip",
        // Hashes, UUIDs, numbers, dates, versions.
        "ec26c3e57ca3a959ca5aad62de7213c562f8c821", "6F9619FF-8B86-D011-B42D-00CF4FC964FF",
        "20260517T103000000000000",
        "4929123456789016492912345", "v1.2.3-beta.45+build.2026-05-17",
        // Identifiers behind a prefix, base64 of text, pseudonyms.
        "evt_1IuHosQveW0ONQsdXk29Lq", "MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=", "xxxxQ2xV9tR4wZ8nB3yL",
    ])
    func whatLooksAlikeIsNot(text: String) throws {
        #expect(try Self.kinds(#"{"setting":"\#(text)"}"#, in: AnonymizerChoice.usual()) == [])
    }

    @Test func fieldsOfIdentifiersHoldNone() throws {
        let text = "kP7mQ2xV9tR4wZ8nB3yL"
        let body =
            #"{"id":"\#(text)","node_id":"\#(text)","etag":"\#(text)","commitSha":"\#(text)","paid":"\#(text)"}"#
        #expect(try Self.kinds(body, in: AnonymizerChoice.usual()) == ["unknown-secret in body paid"])
    }
}
