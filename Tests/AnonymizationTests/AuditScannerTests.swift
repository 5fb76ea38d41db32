import Anonymization
import Bytes
import Configuration
import Messages
import SeededRandom
import Testing

@Suite struct AuditScannerTests {
    private func message() throws -> RawMessage {
        let head =
            "POST /u/ada%40navy.mil?api_key=key-a1b2c3d4 HTTP/1.1\r\nContent-Type: application/json\r\n"
            + "Authorization: Basic YWRhOmh1bnRlcjI=\r\nCookie: s=5ess10n; t=1\r\nX-Forwarded-For: 203.0.113.77\r\n"
            + "X-Signature: sha256=00ff\r\n\r\n"
        let body =
            #"{"email":"ada@navy.mil","last_name":"Lovelace","ssn":"536-90-4399","pan":4929123456789015,"#
            + #""iban":"GB82 WEST 1234 5698 7654 32","phone":"+44 20 7946 0958","dob":"1815-12-10","#
            + #""note":"sk_live_4eC39HqLyjWDarjtT1 eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln","ssn":536904399}"#
        return RawMessage(head: try Head(parsing: Array(head.utf8), kind: .request), body: Array(body.utf8))
    }

    @Test func whatIsLeftInIsFoundByPlaceAndKind() throws {
        var scanner = AuditScanner(ruleSets: try AnonymizerChoice.usual())
        let found = scanner.findings(in: try message()).map { "\($0.kind) in \($0.place)" }
        #expect(
            found == [
                "email in path", "credential in query api_key", "name in header Authorization",
                "credential in header Authorization", "credential in header Cookie",
                "credential in header Cookie",
                "ip in header X-Forwarded-For", "credential in header X-Signature", "email in body email",
                "name in body last_name", "national-id in body ssn", "card in body pan", "iban in body iban",
                "phone in body phone", "token in body note", "jwt in body note",
                "name in body sub",
            ]
        )
    }

    @Test func anAnonymizedMessageIsClean() throws {
        let sets = try AnonymizerChoice.usual()
        for seed in 0..<50 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            var anonymizer = Anonymizer(ruleSets: sets, key: PseudonymKey(using: &generator))
            var message = try message()
            anonymizer.anonymize(&message)
            var scanner = AuditScanner(ruleSets: sets)
            let bytes = message.head.bytes
            #expect(scanner.findings(in: message) == [], "\(String(decoding: message.body, as: UTF8.self))")
            #expect(message.head.bytes == bytes)
        }
    }

    /// What took the place of each of the values above is told, with its kind and place; nothing of it is a finding.
    @Test func whatWasReplacedIsTold() throws {
        let sets = try AnonymizerChoice.usual()
        var scanner = AuditScanner(ruleSets: sets)
        #expect(scanner.look(at: try message()).pseudonyms.filter { $0.kind == .email } == [])
        var generator = SeededGenerator(seed: 1)
        var anonymizer = Anonymizer(ruleSets: sets, key: PseudonymKey(using: &generator))
        var message = try message()
        anonymizer.anonymize(&message)
        let (pseudonyms, findings) = scanner.look(at: message)
        #expect(findings == [])
        let told = Set(pseudonyms.map { "\($0.kind.counted.name) in \($0.place)" })
        #expect(
            told.isSuperset(of: [
                "email in path", "credential in query api_key", "ip in header X-Forwarded-For",
                "email in body email",
                "name in body last_name", "national-id in body ssn", "card in body pan", "date in body dob",
            ])
        )
        let email = try #require(pseudonyms.first { $0.place == "body email" }?.value)
        #expect(
            String(decoding: message.body, as: UTF8.self).contains(String(decoding: email, as: UTF8.self))
        )
        // Asked for the usual, the same scanner keeps nothing of the values.
        #expect(scanner.findings(in: message) == [])
    }

    @Test func aBodyThatCannotBeReadIsReportedUnlessItWasReplaced() throws {
        let head = try Head(
            parsing: Array("POST / HTTP/1.1\r\nContent-Type: image/png\r\n\r\n".utf8),
            kind: .request
        )
        var scanner = AuditScanner(ruleSets: try AnonymizerChoice.usual())
        let found = scanner.findings(in: RawMessage(head: head, body: [1, 2, 3]))
        #expect(found.map(\.kind) == ["opaque-body"])
        #expect(scanner.findings(in: RawMessage(head: head, body: Array("xxx".utf8))).isEmpty)
    }

    /// Names come from messages too, and could hold a value or a terminal's commands.
    @Test func aNameThatCouldBeAValueIsNotShown() throws {
        var message = try message()
        message.body = Array(#"{"ada@navy.mil":"ada@navy.mil","\u001b[31m":"ada@navy.mil"}"#.utf8)
        var scanner = AuditScanner(ruleSets: try AnonymizerChoice.usual())
        let found = scanner.findings(in: message).filter { $0.place.hasPrefix("body") }
        #expect(found.map(\.place) == ["body", "body", "body"])
    }
}
