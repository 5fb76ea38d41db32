import Anonymization
import Bytes
import Configuration
import JSON
import Messages
import SeededRandom
import Testing

/// What an anonymizer remembers changes how long it takes, and nothing else.
@Suite struct AnonymizerMemoryTests {
    private static let names = [
        "email", "first_name", "name", "customer", "ip", "note", "token", "id", "address", "ada@navy.mil",
        "card",
        "number", "n\\u0061me", "phone", String(repeating: "long_", count: 12) + "email", "",
    ]
    private static let values = [
        #""ada@navy.mil""#, #""Ada Lovelace""#, #""192.0.2.7""#, "4929123456789015", "7", "null",
        #""order.created""#,
        #""/x?email=ada%40navy.mil""#, #""{\"name\":\"Ada\"}""#, #""write to ada@navy.mil""#, #""""#,
    ]
    private static let fields = [
        "Authorization: Bearer 2YotnFZFEjr1zCsicMWpAA", "Cookie: a=1; session=8d7f6e5c",
        "User-Agent: Sender/2.1",
        "User-Agent: ada@navy.mil/2.1", "X-Note: ada@navy.mil", "X-Note: nothing",
        "Content-Type: application/json",
        "content-type: text/plain", "Content-Type: application/octet-stream", "X-Forwarded-For: 203.0.113.77",
        "Content-Encoding: br", "Content-Length: 7", "Server: x", "X-User: Ada", "X-Empty:",
    ]
    private static let targets = ["/", "/hooks/orders", "/phone/2127365000", "/x?email=ada%40navy.mil", "*"]

    private func json(_ depth: Int, _ generator: inout SeededGenerator) -> String {
        let members = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            let name = Self.names[Int.random(in: 0..<Self.names.count, using: &generator)]
            let isDeep = depth > 0 && Bool.random(using: &generator)
            let value =
                isDeep
                ? json(depth - 1, &generator)
                : Self.values[Int.random(in: 0..<Self.values.count, using: &generator)]
            return "\"\(name)\":\(value)"
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    @Test func aLongLivedAnonymizerMakesWhatAFreshOneMakes() throws {
        var generator = SeededGenerator(seed: 5)
        let sets = try AnonymizerChoice.usual()
        var longLived = Anonymizer(ruleSets: sets, key: .fixed)
        var total = Audit()
        for _ in 0..<300 {
            let target = Self.targets[Int.random(in: 0..<Self.targets.count, using: &generator)]
            let lines = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                Self.fields[Int.random(in: 0..<Self.fields.count, using: &generator)] + "\r\n"
            }
            let head = try Head(
                parsing: Array("POST \(target) HTTP/1.1\r\n\(lines.joined())\r\n".utf8),
                kind: .request
            )
            let message = RawMessage(head: head, body: Array(json(3, &generator).utf8))
            var fresh = Anonymizer(ruleSets: sets, key: .fixed)
            var (first, second) = (message, message)
            longLived.anonymize(&first)
            fresh.anonymize(&second)
            #expect(first.head.bytes == second.head.bytes)
            #expect(first.head.fields == second.head.fields)
            #expect(first.body == second.body)
            total.add(fresh.audit)
        }
        #expect(longLived.audit.counts.map(\.name) == total.counts.map(\.name))
        #expect(longLived.audit.counts.map(\.count) == total.counts.map(\.count))
    }

    private static let payloads = [
        #"{"id":"evt_1","customer":{"name":"Ada Lovelace","email":"ada@navy.mil"},"n":1,"tags":["x","7"]}"#,
        #"{ "id" : "evt_1" , "items" : [ {"name":"Hat","email":"ada@navy.mil"}, {"name":"Ada","id":7} ] }"#,
        #"{"name":"Box","ip":"192.0.2.7","url":"https://x.example/u/ada?token=abcdef123456","name":"Ada"}"#,
    ]

    /// The same members again and again, but for one byte: what is remembered of a member is of that member alone.
    @Test func membersThatAreNearlyKnownAreRead() throws {
        var generator = SeededGenerator(seed: 11)
        let sets = try AnonymizerChoice.usual()
        var longLived = Anonymizer(ruleSets: sets, key: .fixed)
        let head = try Head(
            parsing: Array("POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n".utf8),
            kind: .request
        )
        let bytes = Array(#" ":,{}[]\aeinmx_0"#.utf8)
        for round in 0..<400 {
            var body = Array(Self.payloads[round % 3].utf8)
            if round % 4 > 0 {
                let place = Int.random(in: 0..<body.count, using: &generator)
                let byte = bytes[Int.random(in: 0..<bytes.count, using: &generator)]
                if round % 4 == 1 { body[place] = byte } else { body.insert(byte, at: place) }
            }
            var fresh = Anonymizer(ruleSets: sets, key: .fixed)
            var (first, second) = (RawMessage(head: head, body: body), RawMessage(head: head, body: body))
            let before = longLived.audit.counts.reduce(0) { $0 + $1.count }
            longLived.anonymize(&first)
            fresh.anonymize(&second)
            #expect(first.body == second.body, "\(String(decoding: body, as: UTF8.self))")
            let counted = longLived.audit.counts.reduce(0) { $0 + $1.count } - before
            #expect(counted == fresh.audit.counts.reduce(0) { $0 + $1.count })
        }
    }

    /// Where each value is another one few are remembered, and what is found in one of them is found all the same.
    @Test func valuesThatAreAlwaysNewAreLookedAtEachTime() throws {
        let sets = try AnonymizerChoice.usual()
        var longLived = Anonymizer(ruleSets: sets, key: .fixed)
        var pseudonyms: Set<[UInt8]> = []
        for round in 0..<200 {
            // Past the point from which on they are not looked up; one comes again, among them and in a row.
            let isFound = round % 7 == 0 || (100..<120).contains(round)
            let value = isFound ? "to ada@navy.mil" : "evt_\(round &* 7919)"
            let head = try Head(
                parsing: Array(
                    "POST / HTTP/1.1\r\nContent-Type: application/json\r\nX-Run: \(value)\r\n\r\n".utf8
                ),
                kind: .request
            )
            let original = RawMessage(head: head, body: Array(#"{"run":"\#(value)"}"#.utf8))
            var message = original
            longLived.anonymize(&message)
            if isFound {
                pseudonyms.insert(message.body)
                #expect(message.head.bytes != original.head.bytes)
            } else {
                #expect(message.body == original.body)
                #expect(message.head.bytes == original.head.bytes)
            }
        }
        #expect(pseudonyms.count == 1)
        #expect(pseudonyms.first != Array(#"{"run":"to ada@navy.mil"}"#.utf8))
    }

    /// What takes the place of a string is written behind the text before it, and takes the escapes that it needs with it.
    @Test(arguments: [
        // A letter of the pseudonym is beyond ASCII, as one of the name is.
        (#"{"a":1,"first_name":"Zoë","b":"x"}"#, #"{"a":1,"first_name":""#, #"","b":"x"}"#),
        // Nothing is replaced: of what was begun nothing is left.
        (#"{"token":"","first_name":""}"#, #"{"token":"","first_name":""}"#, ""),
        (#"{"first_name":"","b":["ada@navy.mil"]}"#, #"{"first_name":"","b":[""#, #""]}"#),
    ])
    func stringsAreReplacedWhereTheyStand(body: String, start: String, end: String) throws {
        var anonymizer = try TextAnonymizer(type: "application/json")
        // The second time everything is known that can be.
        let first = anonymizer.output(body)
        #expect(first == anonymizer.output(body))
        #expect(first.hasPrefix(start) && first.hasSuffix(end), "\(first)")
        #expect((try? JSONValue(parsing: Array(first.utf8).span)) != nil)
        #expect(end.isEmpty == (first == body))
    }

    /// What a rule set says of a member by the object that it is in.
    private static func scoped() throws -> RuleSet {
        RuleSet(
            name: "scoped",
            detectors: [.email, .ip],
            fields: [
                FieldRule(names: ["secret"], treatment: Treatment(.pseudonymize, as: .text, isDeep: true)),
                FieldRule(names: ["open"], treatment: Treatment(.keep, as: .text)),
                FieldRule(names: ["n"], parents: ["box"], treatment: Treatment(.pseudonymize, as: .digits)),
                FieldRule(names: ["gone"], parents: ["box"], treatment: Treatment(.drop, as: .text)),
                FieldRule(
                    names: [],
                    paths: [try JSONPath("$.a.m")],
                    treatment: Treatment(.mask, as: .text)
                ),
            ]
        )
    }

    private static func scopedJSON(_ depth: Int, _ generator: inout SeededGenerator) -> String {
        let names = ["a", "box", "secret", "open", "n", "m", "gone", "name", "email"]
        let values = [
            "7", "12", "123", "true", "null", #""x""#, #""word""#, #""ada@navy.mil""#, #""{\"n\":7}""#,
            #""192.0.2.7""#,
            #"["word",12,{"n":12}]"#, "1.5", #""a \"b\"""#,
        ]
        // The same order as a rule, so that members are known, and seldom another one.
        let isShuffled = Int.random(in: 0..<8, using: &generator) == 0
        let order = isShuffled ? names.shuffled(using: &generator) : names
        let members = order.compactMap { name -> String? in
            guard Int.random(in: 0..<4, using: &generator) > 0 else { return nil }
            let isObject = depth > 0 && Int.random(in: 0..<3, using: &generator) == 0
            let value =
                isObject
                ? scopedJSON(depth - 1, &generator)
                : values[Int.random(in: 0..<values.count, using: &generator)]
            return "\"\(name)\":\(value)"
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    /// A value that stayed in one object is changed in another one where a rule says so, and one that was changed stays.
    @Test func valuesThatAreKnownGoByTheirObject() throws {
        var generator = SeededGenerator(seed: 23)
        let sets = [try Self.scoped()]
        var longLived = Anonymizer(ruleSets: sets, key: .fixed)
        let head = try Head(
            parsing: Array("POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n".utf8),
            kind: .request
        )
        var changed = 0
        for _ in 0..<1500 {
            let body = Array(Self.scopedJSON(3, &generator).utf8)
            var fresh = Anonymizer(ruleSets: sets, key: .fixed)
            var (first, second) = (RawMessage(head: head, body: body), RawMessage(head: head, body: body))
            longLived.anonymize(&first)
            fresh.anonymize(&second)
            #expect(first.body == second.body, "\(String(decoding: body, as: UTF8.self))")
            if second.body != body { changed += 1 }
        }
        #expect(changed > 500)
    }

    /// A finding is reported each time, however often the same value was met.
    @Test func anInspectionForgets() throws {
        let head = try Head(
            parsing: Array("GET /x?email=ada%40navy.mil HTTP/1.1\r\nX-Note: ada@navy.mil\r\n\r\n".utf8),
            kind: .request
        )
        var scanner = AuditScanner(ruleSets: try AnonymizerChoice.usual())
        let first = scanner.findings(in: RawMessage(head: head, body: []))
        #expect(first.count == 2)
        #expect(scanner.findings(in: RawMessage(head: head, body: [])) == first)
    }
}
