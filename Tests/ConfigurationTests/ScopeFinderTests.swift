import Anonymization
import Configuration
import Messages
import Testing

/// What is remembered of start lines never changes which rules apply.
@Suite struct ScopeFinderTests {
    private static func anonymizer(_ yaml: String) throws -> Anonymizer {
        let set = try RuleSetFile.ruleSet(yaml: Array("name: mine\n\(yaml)".utf8), file: "my.yaml")
        let key = try #require(PseudonymKey([UInt8](repeating: 7, count: PseudonymKey.byteCount)))
        return Anonymizer(rules: set, key: key)
    }

    static let conditions = [
        "route: 'POST /users/{id}'", "route: [/a, /users/**]", "route: /a", "when: 'path=/a*'",
        "when: ['path=/a', 'header:X-Event=push']", "when: 'method=PUT path=/a'", "host: a.example.com",
    ]

    static let targets = [
        "/a", "/ab", "/a?x=1", "/a?x=/users/7", "/users/7", "/users/7?/a", "/users/8", "/users/7/mail", "*",
        // Where the path of the absolute form begins, a mark may stand before.
        "http://a.example.com/a", "http://a.example.com?x=/a", "http://a.example.com?x=/b", "a?x=1", "a?y=2",
        // Longer than what is remembered, and with the same first bytes.
        "/users/" + String(repeating: "7", count: 200), "/users/" + String(repeating: "7", count: 200) + "/a",
    ]

    @Test(arguments: conditions)
    func scopesAreThoseOfRequestsMetForTheFirstTime(_ condition: String) throws {
        let anonymizer = try Self.anonymizer("fields:\n  - {names: [n], action: mask, \(condition)}")
        var finder = ScopeFinder(anonymizer.tests)
        // Twice, so that all are met again with what is remembered of the others.
        for round in 0..<2 {
            for target in Self.targets {
                for method in ["GET", "POST", "PUT"] {
                    for fields in ["", "X-Event: push\r\n", "Host: a.example.com\r\n"] {
                        let bytes = Array("\(method) \(target) HTTP/1.1\r\n\(fields)\r\n".utf8)
                        let head = try Head(parsing: bytes, kind: .request)
                        #expect(
                            finder.scope(of: head) == anonymizer.tests.scope(of: head),
                            "\(round): \(method) \(target) \(fields)"
                        )
                    }
                }
            }
        }
    }

    @Test func responsesHaveTheScopeThatTheyHaveWithoutMemory() throws {
        let anonymizer = try Self.anonymizer("fields:\n  - {names: [n], action: mask, route: /a}")
        var finder = ScopeFinder(anonymizer.tests)
        let head = try Head(parsing: Array("HTTP/1.1 200 OK\r\n\r\n".utf8), kind: .response)
        #expect(finder.scope(of: head) == anonymizer.tests.scope(of: head))
    }
}
