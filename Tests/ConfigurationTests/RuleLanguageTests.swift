import Anonymization
import Bytes
import Configuration
import Foundation
import Messages
import Testing

/// What the rules of a file do to messages.
@Suite struct RuleLanguageTests {
    private static let key = PseudonymKey([UInt8](repeating: 7, count: PseudonymKey.byteCount))

    private static func anonymizer(_ yaml: String) throws -> Anonymizer {
        let set = try RuleSetFile.ruleSet(yaml: Array("name: mine\n\(yaml)".utf8), file: "my.yaml")
        return Anonymizer(rules: set, key: try #require(key))
    }

    private static func request(
        _ body: String = "",
        type: String = "application/json",
        line: String = "POST /",
        headers: String = ""
    ) throws -> RawMessage {
        let head =
            "\(line) HTTP/1.1\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n"
        return RawMessage(head: try Head(parsing: Array(head.utf8), kind: .request), body: Array(body.utf8))
    }

    private static func body(_ yaml: String, _ body: String, type: String = "application/json") throws
        -> String
    {
        var anonymizer = try anonymizer(yaml)
        var message = try request(body, type: type)
        anonymizer.anonymize(&message)
        return String(decoding: message.body, as: UTF8.self)
    }

    @Test(arguments: [
        (
            "$.user.emails[*]", #"{"user":{"emails":["a","b"]},"emails":["c"]}"#,
            #"{"user":{"emails":["x","x"]},"emails":["c"]}"#
        ),
        (
            "$.a.b", #"{"a":{"b":"v"},"b":"v","c":{"a":{"b":"v"}}}"#,
            #"{"a":{"b":"x"},"b":"v","c":{"a":{"b":"v"}}}"#
        ),
        // Any depth, through arrays, and at the top.
        (
            "$..n", #"{"n":"v","a":[{"n":"v"},[{"b":{"n":"v"}}]]}"#,
            #"{"n":"x","a":[{"n":"x"},[{"b":{"n":"x"}}]]}"#
        ),
        ("..n", #"{"a":{"n":"v"}}"#, #"{"a":{"n":"x"}}"#),
        // One element, of the top level too.
        ("$.l[1]", #"{"l":["v","w","v"]}"#, #"{"l":["v","x","v"]}"#),
        ("$[0]", #"["v","w"]"#, #"["x","w"]"#),
        ("$[*].n", #"[{"n":"v"},{"m":"v"},["n"]]"#, #"[{"n":"x"},{"m":"v"},["n"]]"#),
        ("$.l[1].n", #"{"l":[{"n":"v"},{"n":"v"}]}"#, #"{"l":[{"n":"v"},{"n":"x"}]}"#),
        ("$.l[*][1]", #"{"l":[["v","v"],["v","v"]]}"#, #"{"l":[["v","x"],["v","x"]]}"#),
        // Any member; what a path leads to is meant whole.
        ("$.a.*", #"{"a":{"p":"v","q":["w"]},"b":"v"}"#, #"{"a":{"p":"x","q":["x"]},"b":"v"}"#),
        ("$.a", #"{"a":{"p":"v","q":{"r":["w"]}},"b":"v"}"#, #"{"a":{"p":"x","q":{"r":["x"]}},"b":"v"}"#),
        // Spelled as names elsewhere, and behind escapes.
        (
            "$.firstName", #"{"first_name":"v","first\u004eame":"v"}"#,
            #"{"first_name":"x","first\u004eame":"x"}"#
        ),
        ("$['a b'].c", #"{"a b":{"c":"v"}}"#, #"{"a b":{"c":"x"}}"#),
        // Objects and arrays that are open at once, and closed again.
        (
            "$.a.b.c", #"{"a":{"x":{"b":{"c":"v"}},"b":{"c":"v","d":"v"}},"b":{"c":"v"}}"#,
            #"{"a":{"x":{"b":{"c":"v"}},"b":{"c":"x","d":"v"}},"b":{"c":"v"}}"#
        ),
        ("$..a..b", #"{"a":{"c":{"b":"v"}},"b":"v"}"#, #"{"a":{"c":{"b":"x"}},"b":"v"}"#),
        // A text of its own has a root of its own.
        ("$.a", #"{"t":"{\"a\":\"v\"}","b":{"a":"v"}}"#, #"{"t":"{\"a\":\"x\"}","b":{"a":"v"}}"#),
    ])
    func paths(path: String, body: String, expected: String) throws {
        #expect(
            try Self.body("fields:\n  - {paths: ['\(path.replacing("'", with: "''"))'], action: mask}", body)
                == expected
        )
    }

    @Test(arguments: [
        // A path goes before a parent, that before a name; of equals the last one counts.
        (
            """
            fields:
              - {paths: [$.a.n], action: redact}
              - {names: [n], under: [a], action: keep}
              - {names: [n, u_n], action: mask}
              - {names: ["*_n"], under: [c], action: redact}
              - {names: ["*_n", "*u_n"], action: keep}
              - {names: [u_n], action: mask}
            """, #"{"a":{"n":"v"},"u_n":"v","t_n":"v","b":{"a":{"n":"v"}}}"#,
            #"{"a":{"n":"redacted"},"u_n":"x","t_n":"v","b":{"a":{"n":"v"}}}"#
        ),
        (
            "fields:\n  - {paths: [$.n], action: redact}\n  - {paths: [$..n], action: mask}", #"{"n":"v"}"#,
            #"{"n":"x"}"#
        ),
    ])
    func precedence(yaml: String, body: String, expected: String) throws {
        #expect(try Self.body(yaml, body) == expected)
    }

    static let drops: [(type: String, body: String, expected: String)] = [
        // First, middle, last, only, all; with white space and with values of every kind.
        ("application/json", #"{"d":1,"a":2}"#, #"{"a":2}"#),
        ("application/json", #"{"a":2,"d":"x","b":3}"#, #"{"a":2,"b":3}"#),
        ("application/json", #"{"a":2,"d":{"e":[1,{"f":"}"}]}}"#, #"{"a":2}"#),
        ("application/json", #"{"d":[[],{}]}"#, #"{}"#),
        ("application/json", #"{"d":1,"D":null,"d":true}"#, #"{}"#),
        ("application/json", #"{"d":1,"a":1,"d":2,"b":1,"d":false}"#, #"{"a":1,"b":1}"#),
        ("application/json", "{\n  \"d\" : 1 ,\n  \"a\" : 2\n}", "{\n  \"a\" : 2\n}"),
        ("application/json", "{\n  \"a\" : 2 ,\n  \"d\" : 1\n}", "{\n  \"a\" : 2 \n}"),
        ("application/json", #"[{"d":1},{"a":[{"d":1}]}]"#, #"[{},{"a":[{}]}]"#),
        ("application/json", #"{"t":"{\"d\":1,\"a\":2}"}"#, #"{"t":"{\"a\":2}"}"#),
        // What stands in it is not looked into any more.
        ("application/json", #"{"d":{"mail":"ada@navy.mil"},"m":"ada@navy.mil"}"#, #"{"m":"#),
        (
            "text/event-stream", "data: {\"d\":\ndata: \"x\",\ndata: \"a\":2}\n\n",
            "data: {\"a\":2}\ndata: \ndata: \n\n"
        ),
        ("application/x-www-form-urlencoded", "d=1&a=2", "a=2"),
        ("application/x-www-form-urlencoded", "a=2&d=1&b=3&%64=4", "a=2&b=3"),
        ("application/x-www-form-urlencoded", "d=1&d=2", ""),
        ("text/csv", "d,a\n1,2\n,3\n", "a\n2\n3\n"),
        ("text/csv", "a,d,b\r\n1,,2\r\n3,\"x,y\",4", "a,b\r\n1,2\r\n3,4"),
        ("text/csv", "a,d\n,\n1,2\n", "a\n\n1\n"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"d\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n2\r\n--b--\r\n",
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n2\r\n--b--\r\n"
        ),
    ]

    @Test(arguments: drops)
    func whatIsDroppedLeavesNoSeparator(_ row: (type: String, body: String, expected: String)) throws {
        let yaml = "detect: [email]\nfields:\n  - {names: [d], action: drop}"
        var anonymizer = try Self.anonymizer(yaml)
        var message = try Self.request(row.body, type: row.type)
        anonymizer.anonymize(&message)
        let text = String(decoding: message.body, as: UTF8.self)
        #expect(row.expected.hasSuffix(":") ? text.hasPrefix(row.expected) : text == row.expected)
        #expect(
            String(decoding: message.head.bytes, as: UTF8.self).contains(
                "Content-Length: \(message.body.count)\r\n"
            )
        )
    }

    /// Any text without the members called `d`, and nothing else changed.
    @Test(arguments: 0..<300) func whatIsLeftIsTheSameJSON(seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        func blank() -> String { ["", "", " ", "\n  ", "\t"][Int(random(5))] }
        func value(_ depth: Int, _ full: inout String, _ left: inout String) {
            func both(_ text: String) {
                full += text
                left += text
            }
            switch random(depth > 3 ? 4 : 6) {
            case 0: both("\(random(100))")
            case 1: both(#""a,}\"]""#)
            case 2: both("null")
            case 3: both("[]")
            case 4:
                both("[")
                for index in 0..<random(4) {
                    if index > 0 { both(",") }
                    both(blank())
                    value(depth + 1, &full, &left)
                }
                both("]")
            default:
                both("{")
                var isFirst = (full: true, left: true)
                for _ in 0..<random(5) {
                    let name = ["d", "a", "b"][Int(random(3))]
                    if !isFirst.full { full += blank() + "," + blank() }
                    isFirst.full = false
                    full += "\"\(name)\":"
                    var ignored = ""
                    if name == "d" {
                        value(depth + 1, &full, &ignored)
                    } else {
                        if !isFirst.left { left += "," }
                        isFirst.left = false
                        left += "\"\(name)\":"
                        value(depth + 1, &full, &left)
                    }
                }
                both("}")
            }
        }
        var (full, left) = ("", "")
        value(0, &full, &left)
        let made = try Self.body("fields:\n  - {names: [d], action: drop}", full)
        // Outside strings white space says nothing, and there is none inside.
        func bare(_ text: String) -> String { text.filter { !$0.isWhitespace } }
        #expect(bare(made) == bare(left), "\(full)")
    }

    @Test func elementsHeadersAndParametersAreDropped() throws {
        #expect(
            try Self.body(
                "fields:\n  - {paths: ['$.l[1]', '$.m[*]'], action: drop}",
                #"{"l":[1,{"a":2},3],"m":[1,"2",[3]]}"#
            ) == #"{"l":[1,3],"m":[]}"#
        )
        var anonymizer = try Self.anonymizer(
            "headers:\n  - {names: [X-Trace, X-Debug], action: drop}\nparameters:\n  - {names: [t], action: drop}"
        )
        var message = try Self.request(
            "{}",
            line: "POST /a;t=1;u=2?t=1&a=2&t=3#t=4",
            headers: "X-Debug: 1\r\nX-Trace: a\r\n b\r\nX-Keep: c\r\nx-trace: d\r\n"
        )
        message.trailers = Array("X-Trace: 1\r\nX-Sum: 2\r\n".utf8)
        anonymizer.anonymize(&message)
        #expect(
            String(decoding: message.head.bytes, as: UTF8.self)
                == "POST /a;u=2?a=2# HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\nX-Keep: c\r\n\r\n"
        )
        #expect(String(decoding: message.trailers, as: UTF8.self) == "X-Sum: 2\r\n")
        #expect(anonymizer.audit.counts.map(\.count) == [8])
    }

    @Test(arguments: [
        ("size: 10", "[12, 19.99, 20, 0, 9, 119]", "[10, 10.00, 20, 0, 0, 110]"),
        ("size: 0.5", "[1.74, 2]", "[1.50, 2]"),
        (
            "size: 10", #"[-1, -10, "37", "x", "12 years", 1e3, ""]"#,
            #"[-10, -10, "30", "redacted", "redacted", 1000, ""]"#
        ),
        ("edges: [18, 30, 65]", "[3, 18, 29, 30, 64, 65, 130]", "[0, 18, 18, 30, 30, 65, 65]"),
    ])
    func buckets(parameters: String, body: String, expected: String) throws {
        let text = try Self.body(
            "fields:\n  - {names: [n], action: bucket, \(parameters)}",
            #"{"n":\#(body)}"#
        )
        #expect(text == #"{"n":\#(expected)}"#)
    }

    /// Each notation of 17 May 2026, 10:30 in UTC; the same days later is the same day in all of them.
    static let dates = [
        #""2026-05-17""#, #""2026-05-17T10:30:00Z""#, #""2026-05-17 10:30:00.123+02:00""#, #""20260517""#,
        #""20260517T103000Z""#, #""17.05.2026""#, #""5/17/2026""#, #""17/5/2026""#,
        #""Sun, 17 May 2026 10:30:00 GMT""#, #""Sunday, 17-May-26 10:30:00 GMT""#,
        #""17 May 2026 10:30:00 +0000""#,
        "1779013800", "1779013800.25", "1779013800123", "1779013800123456", #""1779013800""#,
    ]

    @Test func datesAreMovedInTheirNotation() throws {
        let yaml = "fields:\n  - {names: [d], action: shift, by: 400d}"
        let made = try Self.body(yaml, #"{"d":[\#(Self.dates.joined(separator: ","))]}"#)
        let parts =
            try #require(
                try JSONSerialization.jsonObject(with: Data(made.utf8)) as? [String: [Any]]
            )["d"] ?? []
        #expect(parts.count == Self.dates.count)
        let first = try #require(parts[0] as? String)
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyy-MM-dd"
        let day = try #require(formatter.date(from: first))
        let start = try #require(formatter.date(from: "2026-05-17"))
        #expect(day != start && abs(day.timeIntervalSince(start)) <= 400 * 86_400)
        func spelled(_ format: String) -> String {
            formatter.dateFormat = format
            return formatter.string(from: day)
        }
        let moved = Int64(day.timeIntervalSince1970) + 37_800
        let expected = [
            "\"\(first)\"", "\"\(first)T10:30:00Z\"", "\"\(first) 10:30:00.123+02:00\"",
            "\"\(spelled("yyyyMMdd"))\"",
            "\"\(spelled("yyyyMMdd"))T103000Z\"", "\"\(spelled("dd.MM.yyyy"))\"",
            "\"\(spelled("M/dd/yyyy"))\"",
            "\"\(spelled("dd/M/yyyy"))\"", "\"\(spelled("EEE, dd MMM yyyy")) 10:30:00 GMT\"",
            "\"\(spelled("EEEE, dd-MMM-yy")) 10:30:00 GMT\"", "\"\(spelled("dd MMM yyyy")) 10:30:00 +0000\"",
            "\(moved)", "\(moved).25", "\(moved)123", "\(moved)123456", "\"\(moved)\"",
        ]
        #expect(made == #"{"d":[\#(expected.joined(separator: ","))]}"#)
    }

    @Test func theDatesOfOneSubjectKeepTheirDistances() throws {
        let yaml = "fields:\n  - {names: [*_at], action: shift, by: 30d, subject: customer}".replacing(
            "*_at",
            with: "\"*at\""
        )
        var anonymizer = try Self.anonymizer(yaml)
        func days(_ customer: String, _ date: String) throws -> Double {
            var message = try Self.request(#"{"created_at":"\#(date)","customer":"\#(customer)"}"#)
            anonymizer.anonymize(&message)
            let text = String(decoding: message.body, as: UTF8.self).dropFirst(15).prefix(10)
            let formatter = ISO8601DateFormatter()
            formatter.formatOptions = [.withFullDate]
            return try #require(formatter.date(from: String(text))).timeIntervalSince1970 / 86_400
        }
        #expect(try days("a", "2024-03-01") - days("a", "2024-02-28") == 2, "a leap year")
        let offsets = try Set((0..<40).map { try days("c\($0)", "2024-02-28") })
        #expect(offsets.count > 20 && !offsets.contains(19_781), "each has its own, and none is 0")
    }

    @Test(arguments: ["Grace, 2026-05-17", "2026-05-17 for Grace", "2026-13-45", "tomorrow", "2026-02-30"])
    func whatIsNoDateIsPseudonymized(text: String) throws {
        let made = try Self.body("fields:\n  - {names: [d], action: shift}", #"{"d":"\#(text)"}"#)
        #expect(!made.contains(text) && !made.contains("Grace"))
    }
}
