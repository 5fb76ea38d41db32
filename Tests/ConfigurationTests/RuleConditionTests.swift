import Anonymization
import Bytes
import Configuration
import Messages
import Testing

/// To which messages the rules of a file apply.
@Suite struct RuleConditionTests {
    private static func anonymizer(_ yaml: String) throws -> Anonymizer {
        let set = try RuleSetFile.ruleSet(yaml: Array("name: mine\n\(yaml)".utf8), file: "my.yaml")
        let key = try #require(PseudonymKey([UInt8](repeating: 7, count: PseudonymKey.byteCount)))
        return Anonymizer(rules: set, key: key)
    }

    private static func message(_ head: String) throws -> RawMessage {
        let kind: MessageKind = head.hasPrefix("HTTP/") ? .response : .request
        let bytes = Array((head + "\r\nContent-Type: application/json\r\n\r\n").utf8)
        return RawMessage(
            head: try Head(parsing: bytes, kind: kind),
            body: Array(#"{"n":"v","t":"+1 212 736 5000"}"#.utf8)
        )
    }

    static let rows: [(condition: String, head: String, applies: Bool)] = [
        ("route: 'POST /users/{id}'", "POST /users/7?x=1 HTTP/1.1", true),
        ("route: 'POST /users/{id}'", "GET /users/7 HTTP/1.1", false),
        ("route: 'POST /users/{id}'", "POST /users/7/mail HTTP/1.1", false),
        ("route: [/a, /users/**]", "GET /users/7/mail HTTP/1.1", true),
        ("host: api.example.com", "GET / HTTP/1.1\r\nHost: API.example.com:8080", true),
        ("host: ['*.example.com', b]", "GET / HTTP/1.1\r\nHost: b", true),
        ("host: api.example.com", "GET / HTTP/1.1\r\nHost: b", false),
        ("direction: request", "GET / HTTP/1.1", true),
        ("direction: response", "GET / HTTP/1.1", false),
        ("when: 'header:X-Event=*'", "GET / HTTP/1.1\r\nx-event: push", true),
        ("when: 'header:X-Event=*'", "GET / HTTP/1.1\r\nx-evenf: push", false),
        ("when: ['header:X-Event=pull', 'header:X-Other=*']", "GET / HTTP/1.1\r\nX-Event: push", false),
        ("when: 'method=PUT header:X-Event=push'", "GET / HTTP/1.1\r\nX-Event: push", false),
        ("when: 'header:X-Event!=push'", "GET / HTTP/1.1", true),
        // All that is asked must hold.
        ("route: /a, host: b, direction: request", "GET /a HTTP/1.1\r\nHost: b", true),
        ("route: /a, host: b, direction: request", "GET /a HTTP/1.1\r\nHost: c", false),
    ]

    @Test(arguments: rows)
    func rulesApplyWhereTheirConditionsHold(_ row: (condition: String, head: String, applies: Bool)) throws {
        var anonymizer = try Self.anonymizer("fields:\n  - {names: [n], action: mask, \(row.condition)}")
        for _ in 0..<2 {
            var message = try Self.message(row.head)
            anonymizer.anonymize(&message)
            #expect(
                String(decoding: message.body, as: UTF8.self).hasPrefix(
                    row.applies ? #"{"n":"x""# : #"{"n":"v""#
                )
            )
        }
    }

    /// The memory for names must not carry a rule over to a message to which it does not apply.
    @Test func messagesOfDifferentScopesDoNotMix() throws {
        var anonymizer = try Self.anonymizer(
            "when: ['path=/a*']\ndetect: [phone]\nfields:\n  - {names: [n], action: mask}\n"
                + "headers:\n  - {names: [X-N], action: redact}"
        )
        for round in 0..<3 {
            for (path, body, header) in [("/ab", "x", "redacted"), ("/b", "v", "w")] {
                var message = try Self.message("GET \(path) HTTP/1.1\r\nX-N: w")
                anonymizer.anonymize(&message)
                let text = String(decoding: message.body, as: UTF8.self)
                #expect(
                    text.contains(#""n":"\#(body)""#) && text.contains("736 5000") == (path == "/b"),
                    "\(round)"
                )
                #expect(String(decoding: message.head.bytes, as: UTF8.self).contains("X-N: \(header)\r\n"))
            }
        }
    }

    @Test func responsesFollowTheirRequest() throws {
        let yaml =
            "fields:\n  - {names: [n], action: mask, route: /a, direction: response}\n"
            + "  - {names: [t], action: keep, route: /a}\ndetect: [phone]"
        var anonymizer = try Self.anonymizer(yaml)
        let request = try Self.message("GET /a HTTP/1.1")
        let scope = anonymizer.scope(of: request.head)
        let other = anonymizer.scope(of: try Self.message("GET /b HTTP/1.1").head)
        func made(_ scope: RuleScope?) throws -> String {
            var response = try Self.message("HTTP/1.1 200 OK")
            anonymizer.anonymize(&response, in: scope)
            return String(decoding: response.body, as: UTF8.self)
        }
        #expect(try made(scope) == #"{"n":"x","t":"+1 212 736 5000"}"#)
        #expect(try made(other).hasPrefix(#"{"n":"v""#))
        // Whatever the request was: what would be replaced is, and what would be kept is not.
        let unknown = try made(nil)
        #expect(unknown.hasPrefix(#"{"n":"x""#) && !unknown.contains("736 5000"))
    }

    @Test func countsAreKeptByRule() throws {
        var anonymizer = try Self.anonymizer(
            "detect: [phone]\nfields:\n  - {names: [n], action: mask}\nheaders:\n"
                + "  - {names: [Authorization], action: pseudonymize, as: authorization}\n  - {names: [X], action: redact}"
        )
        var message = try Self.message("GET / HTTP/1.1\r\nAuthorization: Basic YWRhOmh1bnRlcjI=\r\nX: 1")
        anonymizer.anonymize(&message)
        let counts = anonymizer.countsByRule.map { "\($0.rule) \($0.kind) \($0.count)" }
        #expect(
            counts == [
                "detectors phone 1", "mine/n text 1", "mine/header Authorization credential 2",
                "mine/header X text 1",
            ]
        )
        // A tally counts the same, and changes nothing.
        var counter = try Self.anonymizer("detect: [phone]\nfields:\n  - {names: [n], action: mask}")
        counter.tally = ChangeTally()
        var shown = try Self.message("GET / HTTP/1.1")
        counter.anonymize(&shown)
        #expect(String(decoding: shown.body, as: UTF8.self) == #"{"n":"v","t":"+1 212 736 5000"}"#)
        #expect(
            counter.changes.map { "\($0.rule) \($0.action) \($0.kind) \($0.place)" }
                == ["detectors pseudonymize phone body t", "mine/n mask text body n"]
        )
    }
}
