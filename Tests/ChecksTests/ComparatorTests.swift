import Checks
import Compression
import Messages
import Testing
import Traces

@Suite struct ComparatorTests {
    static let bodies: [(expected: String, observed: String, lines: [String])] = [
        (#"{"a":1}"#, #"{"a":1}"#, []),
        // Order of members, white space and the spelling of numbers and texts are not the content.
        (#"{"a":1,"b":"é"}"#, #"{ "b" : "\u00e9", "a" : 1.0 }"#, []),
        (#"{"a":1}"#, #"{"a":2}"#, ["$.a value: 1 → 2"]),
        (#"{"a":1}"#, #"{"a":"1"}"#, [#"$.a type: 1 → "1""#]),
        (#"{"a":null}"#, #"{"a":[]}"#, ["$.a type: null → []"]),
        (#"{"a":1}"#, #"{}"#, ["$.a missing: 1 → -"]),
        (#"{}"#, #"{"a":{"b":1}}"#, ["$.a added: - → an object of 1"]),
        (#"{"a b":true}"#, #"{"a b":false}"#, ["$['a b'] value: true → false"]),
        (#"[1,2]"#, #"[1,3,4]"#, ["$[1] value: 2 → 3", "$[2] added: - → 4"]),
        (#"{"i":[{"x":1},{"x":2}]}"#, #"{"i":[{"x":1}]}"#, ["$.i[1] missing: an object of 1 → -"]),
        ("1", "2", ["$ value: 1 → 2"]),
        // Equal as `Double`
        ("[9007199254740993]", "[9007199254740992]", ["$[0] value: 9007199254740993 → 9007199254740992"]),
        // One character in two spellings of Unicode
        ("[\"\u{E9}\"]", "[\"e\u{301}\"]", ["$[0] value: \"\u{E9}\" → \"e\u{301}\""]),
        // Members with the same name are joined by their turn.
        (#"{"a":1,"a":2}"#, #"{"x":0,"a":1,"a":3}"#, ["$.a value: 2 → 3", "$.x added: - → 0"]),
        (#"{"a":1}"#, "oops", ["body type: JSON → not JSON at byte 0: unexpected byte 0x6f"]),
        (#"{"a":1}"#, "", ["body type: JSON → no body"]),
        // What claims to be JSON and never was is compared as bytes.
        ("{a}", "{b}", ["body bytes: 3 bytes, at 1: a} → 3 bytes, at 1: b}"]),
        ("{a}", "{a}!", ["body bytes: 3 bytes, at 3: the end → 4 bytes, at 3: !"]),
        // The default rule: two moments
        (#"{"at":"2026-11-24T02:00:00Z"}"#, #"{"at":"2026-11-24T03:04:05.678+01:00"}"#, []),
        (
            #"{"at":"2026-11-24T02:00:00Z"}"#, #"{"at":"soon"}"#,
            [#"$.at value: "2026-11-24T02:00:00Z" → "soon""#]
        ),
        // Secrets that the target makes are not shown.
        (
            #"{"access_token":"abc","keys":{"apiKey":7}}"#, #"{"access_token":"abcdef","keys":{"apiKey":8}}"#,
            [
                "$.access_token value: (masked, 3 bytes) → (masked, 6 bytes)",
                "$.keys.apiKey value: (masked, 1 bytes) → (masked, 1 bytes)",
            ]
        ),
    ]

    @Test(arguments: bodies)
    func bodiesAreComparedByStructure(_ row: (expected: String, observed: String, lines: [String])) {
        let result = TraceScript.compare(row.expected, row.observed)
        #expect(result.lines == row.lines)
        #expect(result.verdict == (row.lines.isEmpty ? .pass : .fail))
        #expect(result.counts.compared == 1)
        #expect(result.counts.different == (row.lines.isEmpty ? 0 : 1))
    }

    static let heads: [(expected: [String], observed: [String], lines: [String])] = [
        (["Content-Type: text/html;charset=UTF-8"], ["content-type: Text/HTML; charset=\"utf-8\""], []),
        (
            ["Content-Type: text/html"], ["Content-Type: text/plain"],
            ["header content-type value: text/html → text/plain"]
        ),
        (["Content-Type: a/b"], [], ["header content-type missing: a/b → -"]),
        ([], ["Location: /x"], ["header location added: - → /x"]),
        // Each server refers to itself by its own name.
        (["Location: http://prod.example/x?y"], ["Location: http://localhost:8080/x?y"], []),
        (["Location: http://prod.example"], ["Location: /"], []),
        (
            ["Location: http://prod.example.evil/x"], ["Location: /x"],
            ["header location value: http://prod.example.evil/x → /x"]
        ),
        // Different in every run
        (["Date: Mon", "Set-Cookie: a=1", "Server: x", "ETag: 1"], ["Date: Tue", "Content-Length: 2"], []),
    ]

    @Test(arguments: heads)
    func headersAreChosen(_ row: (expected: [String], observed: [String], lines: [String])) {
        let result = TraceScript.compare("", "", fields: (row.expected, row.observed))
        #expect(result.lines == row.lines)
    }

    @Test func statusIsCompared() {
        let result = TraceScript.compare("", "", line: "POST /api/hooks/orders?x=1", status: (202, 401))
        #expect(result.lines == ["status value: 202 → 401"])
        #expect(result.differences.first?.exchange == 7)
        #expect(result.differences.first?.route == "POST /api/hooks/orders")
        #expect(result.verdict == .fail)
    }

    @Test(arguments: [("gzip", ContentCoding.gzip), ("br", .brotli), ("zstd", .zstd)])
    func codingsAreRemovedFirst(name: String, coding: ContentCoding) {
        let body = Array(#"{"a":[1,2,3]}"#.utf8)
        var comparator = Comparator()
        let json = "Content-Type: application/json"
        comparator.expect(
            TraceScript.response(
                1,
                fields: [json, "Content-Encoding: \(name)"],
                body: ContentCoding.encode(body.span, coding: coding)
            )
        )
        comparator.observe(
            TraceScript.response(
                9,
                fields: [json, "Content-Encoding: deflate"],
                body: ContentCoding.encode(body.span, coding: .deflate),
                of: 1
            )
        )
        let result = comparator.finish()
        #expect(result.verdict == .pass)
        #expect(result.counts.compared == 1)
    }

    static let unreadable: [(expected: String, observed: String, verdict: Verdict, lines: [String])] = [
        // Equal bytes are equal in any coding.
        ("compress", "compress", .pass, []),
        ("compress", "exi", .inconclusive, []),
        ("compress", "identity", .inconclusive, []),
        ("identity", "br", .fail, ["body type: 3 bytes → a body that cannot be decoded"]),
        ("identity", "gzip", .fail, ["body type: 3 bytes → a body that cannot be decoded"]),
        ("gzip", "identity", .inconclusive, []),
    ]

    @Test(arguments: unreadable)
    func codingsThatCannotBeRead(
        _ row: (expected: String, observed: String, verdict: Verdict, lines: [String])
    ) {
        let result = TraceScript.compare(
            "abc",
            "abc",
            fields: (["Content-Encoding: " + row.expected], ["Content-Encoding: " + row.observed])
        )
        #expect(result.verdict == row.verdict)
        #expect(result.lines == row.lines)
        #expect(result.counts.bodiesNotCompared == (row.verdict == .inconclusive ? 1 : 0))
    }

    static let replaced: [(type: String, expected: String, observed: String, cut: Int, different: Int)] = [
        ("image/png", "xxxx", "\u{89}PNG", 1, 0),
        // What claimed to be JSON and was none.
        ("application/json", "xxxx", "[1,]", 1, 0),
        ("image/png", "xxxx", "xxxx", 0, 0),
        // A text may say so.
        ("text/plain", "xxxx", "xxxy", 0, 1),
        ("image/png", "xxxy", "xxxz", 0, 1),
        ("image/png", "x", "y", 0, 1),
    ]

    /// What an anonymizer has replaced whole says nothing about the answer.
    @Test(arguments: replaced)
    func bodiesThatWereReplacedAreNoDifference(
        _ row: (type: String, expected: String, observed: String, cut: Int, different: Int)
    ) {
        let type = "Content-Type: " + row.type
        let result = TraceScript.compare(row.expected, row.observed, fields: ([type], [type]))
        #expect(result.counts.bodiesCut == row.cut)
        #expect(result.counts.different == row.different)
    }

    @Test func eventsAreComparedByWhatTheySay() {
        let fields = ["Content-Type: text/event-stream"]
        let result = TraceScript.compare(
            ": beat\n\nevent: log\nid: 1\ndata: {\"n\":1}\n\ndata: a\ndata: b\n\n",
            "event:log\r\nid:1\r\ndata:{\"n\":2}\r\n\r\n: beat\r\n\r\ndata: a\r\ndata: c\r\n\r\ndata: more\r\n\r\n",
            fields: (fields, fields)
        )
        #expect(
            result.lines == [
                "$[0].data.n value: 1 → 2",
                #"$[1].data value: "a\nb" → "a\nc""#,
                "$[2] added: - → an object of 1",
            ]
        )
    }

    @Test func differencesAreGroupedWithTheSmallestExample() {
        var comparator = Comparator()
        for exchange in UInt64(0)..<10 {
            comparator.expect(TraceScript.request(exchange, "GET /runs/\(exchange + 100)"))
            comparator.expect(
                TraceScript.response(exchange, body: Array(#"{"i":[{"s":"queued"},{"s":1}]}"#.utf8))
            )
        }
        for exchange in UInt64(0)..<10 {
            let text = String(repeating: "x", count: 10 - Int(exchange))
            comparator.observe(TraceScript.request(exchange, "GET /runs/\(exchange + 100)", of: exchange))
            comparator.observe(
                TraceScript.response(
                    exchange,
                    exchange == 3 ? 500 : 200,
                    body: Array(#"{"i":[{"s":"\#(text)"},{"s":1}]}"#.utf8),
                    of: exchange
                )
            )
        }
        let result = comparator.finish()
        #expect(
            result.groups.map { "\($0.route) \($0.field) \($0.kind.rawValue) \($0.count)" } == [
                "GET /runs/{id} $.i[*].s value 10", "GET /runs/{id} status value 1",
            ]
        )
        #expect(result.groups.first?.example.observed?.text == #""x""#)
        #expect(result.groups.first?.example.exchange == 9)
        #expect(result.counts.differences == 11)
        #expect(result.routes.map(\.different) == [10])
    }
}
