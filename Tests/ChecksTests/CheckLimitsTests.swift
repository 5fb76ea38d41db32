import Checks
import JSON
import Messages
import Testing
import Traces

@Suite struct CheckLimitsTests {
    @Test func bodiesOverTheLimitAreKeptAsFingerprints() {
        var limits = CheckLimits()
        limits.bodyBytes = 10
        var comparator = Comparator(limits: limits)
        for exchange in UInt64(0)..<3 {
            comparator.expect(TraceScript.response(exchange, body: Array("[1234567]".utf8)))
        }
        comparator.observe(TraceScript.response(0, body: Array("[1234560]".utf8)))
        comparator.observe(TraceScript.response(1, body: Array("[1234567]".utf8)))
        comparator.observe(TraceScript.response(2, body: Array("[1234560]".utf8)))
        let result = comparator.finish()
        #expect(result.lines == ["$[0] value: 1234567 → 1234560"], "the first one fits")
        #expect(result.counts.bodiesNotCompared == 1, "the second is the same, the third cannot be told")
    }

    @Test func answeredBodiesMakeRoom() {
        var limits = CheckLimits()
        limits.bodyBytes = 10
        var comparator = Comparator(limits: limits)
        for exchange in UInt64(0)..<3_000 {
            comparator.expect(TraceScript.response(exchange, body: Array("[1234567]".utf8)))
            comparator.observe(TraceScript.response(exchange, body: Array("[ 1234567]".utf8)))
        }
        let result = comparator.finish()
        #expect(result.verdict == .pass)
        #expect(result.counts.compared == 3_000)
    }

    @Test func exchangesOverTheLimitAreCounted() {
        var limits = CheckLimits()
        limits.exchanges = 2
        var comparator = Comparator(limits: limits)
        for exchange in UInt64(0)..<3 {
            comparator.expect(TraceScript.request(exchange, "GET /a"))
            comparator.expect(TraceScript.response(exchange, body: []))
            comparator.observe(TraceScript.response(exchange, body: []))
        }
        let result = comparator.finish()
        #expect(result.counts.overLimit == 1)
        #expect(result.verdict == .inconclusive)
    }

    @Test func differencesOfOneExchangeAreBounded() {
        let zeros = "[" + Array(repeating: "0", count: 200).joined(separator: ",") + "]"
        let ones = "[" + Array(repeating: "1", count: 200).joined(separator: ",") + "]"
        let result = TraceScript.compare(zeros, ones)
        #expect(result.counts.differences == 50)
        #expect(result.counts.differencesBeyondLimit == 150)
        #expect(result.groups.map(\.count) == [50])
    }

    @Test func listsAndGroupsAreBounded() {
        var limits = CheckLimits()
        limits.differences = 3
        limits.groups = 2
        let result = TraceScript.compare(
            #"{"a":1,"b":1,"c":1,"d":1}"#,
            #"{"a":2,"b":2,"c":2,"d":2}"#,
            limits: limits
        )
        #expect(result.counts.differences == 4)
        #expect(result.differences.count == 3)
        #expect(result.groups.count == 2)
        #expect(result.counts.ungrouped == 2)
    }

    @Test func routesAreBounded() {
        var limits = CheckLimits()
        limits.routes = 4
        var comparator = Comparator(limits: limits)
        for exchange in UInt64(0)..<4 {
            let letter = String("abcd"[String.Index(utf16Offset: Int(exchange), in: "abcd")])
            comparator.expect(TraceScript.request(exchange, "GET /" + letter))
            comparator.expect(TraceScript.response(exchange, body: []))
        }
        #expect(comparator.finish().routes.map(\.name) == ["(other routes)", "GET /a", "GET /b"])
    }

    @Test func largeJSONIsComparedAsBytes() {
        var limits = CheckLimits()
        limits.jsonValues = 3
        let result = TraceScript.compare("[1,2,3,4]", "[1,2,3,5]", limits: limits)
        #expect(result.lines == ["body bytes: 9 bytes, at 7: 4] → 9 bytes, at 7: 5]"])
    }

    @Test func hostileValuesAreShownShort() {
        let long = String(repeating: "é\u{1}", count: 500_000)
        let expected = "{\"" + String(repeating: "n", count: 1_000) + "\":\"x\"}"
        let results = [
            TraceScript.compare(#"{"a":"x"}"#, "{\"a\":\"\(String(repeating: "é", count: 500_000))\"}"),
            TraceScript.compare(expected, "{}"),
            TraceScript.compare("x", long, fields: ([], [])),
            TraceScript.compare("1", "1" + String(repeating: "0", count: 1_000_000)),
            TraceScript.compare(
                "",
                "",
                fields: ([], ["Location: /" + String(repeating: "y", count: 60_000)])
            ),
        ]
        for result in results {
            #expect(result.verdict == .fail)
            for difference in result.differences {
                #expect((difference.expected?.text.utf8.count ?? 0) <= 600)
                #expect((difference.observed?.text.utf8.count ?? 0) <= 600)
            }
        }
    }

    @Test func placesAreKeptShort() {
        let depth = JSONScanner.maximumDepth
        func nested(_ leaf: String) -> String {
            String(repeating: "[", count: depth) + leaf + String(repeating: "]", count: depth)
        }
        let deep = TraceScript.compare(nested("1"), nested("2"))
        #expect(deep.counts.differences == 1)
        #expect(deep.groups.map(\.field.utf8.count).allSatisfy { $0 < 200 })
        let name = String(repeating: "n", count: 1_000_000)
        let wide = TraceScript.compare("{\"\(name)\":{\"a\":1}}", "{\"\(name)\":{\"a\":2}}")
        #expect(wide.lines == ["$.\(name.prefix(120))….a value: 1 → 2"])
    }

    @Test func longHeadersAreKeptShort() {
        let long = "Location: /" + String(repeating: "y", count: 60_000)
        #expect(TraceScript.compare("", "", fields: ([long], [long])).verdict == .pass)
        #expect(TraceScript.compare("", "", fields: ([long + "a"], [long + "b"])).verdict == .fail)
    }

    @Test func bytesThatAreNoTextAreShownAsText() {
        var comparator = Comparator()
        comparator.expect(TraceScript.response(0, fields: [], body: [0xFF, 0x00, 0x1B]))
        comparator.observe(TraceScript.response(0, fields: [], body: [0xFF, 0x00, 0x07]))
        #expect(comparator.finish().lines == [#"body bytes: 3 bytes, at 2: \u001b → 3 bytes, at 2: \u0007"#])
    }

    @Test func headsThatCannotBeReadAreCounted() {
        var comparator = Comparator()
        var broken = TraceScript.response(0, body: [])
        broken.head.bytes = Array("not http".utf8)
        comparator.expect(broken)
        #expect(comparator.finish().counts.unreadable == 1)
    }
}
