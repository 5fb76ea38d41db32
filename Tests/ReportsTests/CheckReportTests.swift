import Checks
import JSON
import Reports
import Testing

@Suite struct CheckReportTests {
    static func difference(
        _ exchange: UInt64,
        _ route: String,
        _ field: Difference.Field,
        _ kind: Difference.Kind,
        _ expected: ShownValue?,
        _ observed: ShownValue?
    ) -> Difference {
        Difference(
            exchange: exchange,
            loop: 0,
            route: route,
            field: field,
            kind: kind,
            expected: expected,
            observed: observed
        )
    }

    /// A check with a difference of each sort, and hostile text wherever a stranger can put some.
    static let failed: CheckResult = {
        var counts = CheckCounts()
        counts.expected = 1_204
        counts.compared = 1_203
        counts.different = 2
        counts.noResponse = 1
        counts.differences = 3
        counts.ignored = 12
        var hooks = CheckedRoute(name: "POST /hooks/<script>&\"'")
        hooks.expected = 1_200
        hooks.compared = 1_200
        hooks.different = 2
        var runs = CheckedRoute(name: "GET /runs/{id}")
        runs.expected = 4
        runs.compared = 3
        runs.noResponse = 1
        var health = CheckedRoute(name: "GET /health")
        health.expected = 1
        let status = difference(7, hooks.name, .status, .value, ShownValue(202), ShownValue(500))
        let place = JSONPlace([.member("items"), .element(3), .member("id")])
        let member = difference(
            9,
            hooks.name,
            .json(place),
            .missing,
            ShownValue(.string("]]>\u{1B}[2J\u{0}"), name: "id"),
            nil
        )
        let silent = difference(
            11,
            runs.name,
            .response,
            .noResponse,
            ShownValue(200),
            ShownValue(text: "timeout")
        )
        return CheckResult(
            verdict: .fail,
            reasons: [],
            counts: counts,
            routes: [health, runs, hooks],
            groups: [
                DifferenceGroup(
                    route: hooks.name,
                    field: "status",
                    kind: .value,
                    count: 1_100,
                    example: status
                ),
                DifferenceGroup(
                    route: hooks.name,
                    field: member.field.general,
                    kind: .missing,
                    count: 1,
                    example: member
                ),
                DifferenceGroup(
                    route: runs.name,
                    field: "response",
                    kind: .noResponse,
                    count: 1,
                    example: silent
                ),
            ],
            differences: [status, member, silent]
        )
    }()

    static let open = CheckResult(
        verdict: .inconclusive,
        reasons: ["the observed trace is cut & <damaged>"],
        counts: CheckCounts(),
        routes: [],
        groups: [],
        differences: []
    )

    static let passed: CheckResult = {
        var counts = CheckCounts()
        counts.expected = 3
        counts.compared = 3
        var route = CheckedRoute(name: "GET /a")
        route.expected = 3
        route.compared = 3
        return CheckResult(
            verdict: .pass,
            reasons: [],
            counts: counts,
            routes: [route],
            groups: [],
            differences: []
        )
    }()

    @Test func textOfAFailure() {
        #expect(
            CheckReport(Self.failed, subject: "a.trace.gz against http://127.0.0.1:8080").text() == """
                FAIL  1,203 answers compared, 2 different, 1 without response
                  a.trace.gz against http://127.0.0.1:8080

                  POST /hooks/<script>&"'
                    status  value  ×1,100
                      exchange 7: expected 202, got 500
                    $.items[*].id  missing  ×1
                      exchange 9: expected "]]>\\u001b[2J\\u0000", got nothing

                  GET /runs/{id}
                    response  no-response  ×1
                      exchange 11: expected 200, got no response (timeout)

                  12 differences ignored by rules

                """
        )
    }

    @Test func textOfTheOthers() {
        #expect(CheckReport(Self.passed, subject: "").text() == "PASS  3 answers compared, all equal\n")
        #expect(
            CheckReport(Self.open, subject: "a").text() == """
                INCONCLUSIVE  0 answers compared
                  a
                  not complete: the observed trace is cut & <damaged>

                """
        )
        #expect(
            CheckReport(Self.passed, subject: "").text(isStyled: true)
                == "\u{1B}[1;32mPASS  3 answers compared, all equal\u{1B}[0m\n"
        )
    }

    @Test func jsonOfAFailure() throws {
        let bytes = CheckReport(Self.failed, subject: "").json()
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                {"schema":"tapedeck.check/1","verdict":"fail","compared":1203,"reasons":[],"counts":{"expected":1204,\
                "compared":1203,"different":2,"no_response":1,"not_sent":0,"unexpected":0,"foreign":0,"unreadable":0,\
                "over_limit":0,"bodies_cut":0,"bodies_not_compared":0,"differences":3,"ignored":12,"explained":0,\
                "differences_beyond_limit":0,"ungrouped":0},"regressions":[{"exchange":7,"loop":0,\
                "route":"POST /hooks/<script>&\\"'","field":"status","kind":"value","expected":202,"observed":500},\
                {"exchange":9,"loop":0,"route":"POST /hooks/<script>&\\"'","field":"$.items[3].id","kind":"missing",\
                "expected":"]]>\\u001b[2J\\u0000","observed":null},{"exchange":11,"loop":0,"route":"GET /runs/{id}",\
                "field":"response","kind":"no-response","expected":200,"observed":"timeout"}],"groups":[\
                {"route":"POST /hooks/<script>&\\"'","field":"status","kind":"value","count":1100,"consequences":0,"example":\
                {"exchange":7,"loop":0,"route":"POST /hooks/<script>&\\"'","field":"status","kind":"value",\
                "expected":202,"observed":500}},{"route":"POST /hooks/<script>&\\"'","field":"$.items[*].id",\
                "kind":"missing","count":1,"consequences":0,"example":{"exchange":9,"loop":0,"route":"POST /hooks/<script>&\\"'",\
                "field":"$.items[3].id","kind":"missing","expected":"]]>\\u001b[2J\\u0000","observed":null}},\
                {"route":"GET /runs/{id}","field":"response","kind":"no-response","count":1,"consequences":0,"example":{"exchange":11,\
                "loop":0,"route":"GET /runs/{id}","field":"response","kind":"no-response","expected":200,\
                "observed":"timeout"}}],"routes":[{"route":"GET /health","expected":1,"compared":0,"different":0,\
                "no_response":0},{"route":"GET /runs/{id}","expected":4,"compared":3,"different":0,"no_response":1},\
                {"route":"POST /hooks/<script>&\\"'","expected":1200,"compared":1200,"different":2,"no_response":0}]}

                """
        )
        #expect(throws: Never.self) { try JSONValue(parsing: bytes.span) }
    }

    @Test func junitOfAFailure() {
        #expect(
            JUnitReport.xml(Self.failed, name: "a<b") == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="a&lt;b" tests="13" failures="3" errors="0" skipped="4">
                  <testsuite name="a&lt;b" tests="13" failures="3" errors="0" skipped="4">
                    <testcase classname="a&lt;b" name="verdict"/>
                    <testcase classname="a&lt;b" name="GET /health response">
                      <skipped message="no answer was compared"/>
                    </testcase>
                    <testcase classname="a&lt;b" name="GET /health status">
                      <skipped message="no answer was compared"/>
                    </testcase>
                    <testcase classname="a&lt;b" name="GET /health headers">
                      <skipped message="no answer was compared"/>
                    </testcase>
                    <testcase classname="a&lt;b" name="GET /health body">
                      <skipped message="no answer was compared"/>
                    </testcase>
                    <testcase classname="a&lt;b" name="GET /runs/{id} response">
                      <failure message="1 requests without response" type="regression">response no-response ×1, as in \
                exchange 11: expected 200, got no response (timeout)</failure>
                    </testcase>
                    <testcase classname="a&lt;b" name="GET /runs/{id} status"/>
                    <testcase classname="a&lt;b" name="GET /runs/{id} headers"/>
                    <testcase classname="a&lt;b" name="GET /runs/{id} body"/>
                    <testcase classname="a&lt;b" name="POST /hooks/&lt;script&gt;&amp;&quot;&#39; response"/>
                    <testcase classname="a&lt;b" name="POST /hooks/&lt;script&gt;&amp;&quot;&#39; status">
                      <failure message="1 difference, 2 of 1200 answers differ" type="regression">status value ×1100, as in \
                exchange 7: expected 202, got 500</failure>
                    </testcase>
                    <testcase classname="a&lt;b" name="POST /hooks/&lt;script&gt;&amp;&quot;&#39; headers"/>
                    <testcase classname="a&lt;b" name="POST /hooks/&lt;script&gt;&amp;&quot;&#39; body">
                      <failure message="1 difference, 2 of 1200 answers differ" type="regression">$.items[*].id missing ×1, as in \
                exchange 9: expected &quot;]]&gt;\\u001b[2J\\u0000&quot;, got nothing</failure>
                    </testcase>
                  </testsuite>
                </testsuites>

                """
        )
    }

    @Test func junitOfAnOpenVerdictIsAnError() {
        #expect(
            JUnitReport.xml(Self.open, name: "check") == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="check" tests="1" failures="0" errors="1" skipped="0">
                  <testsuite name="check" tests="1" failures="0" errors="1" skipped="0">
                    <testcase classname="check" name="verdict">
                      <error message="inconclusive">the observed trace is cut &amp; &lt;damaged&gt;</error>
                    </testcase>
                  </testsuite>
                </testsuites>

                """
        )
    }

    /// Text that must not become markup, in every place where a report shows a stranger's text.
    static let hostile: CheckResult = {
        let evil = "</td></failure><script>alert(1)</script>\u{0}\u{8}\u{1B}[2J\u{FFFE}\u{85}\u{202E}\n"
        let shown = difference(
            1,
            evil,
            .json(JSONPlace([.member(evil)])),
            .value,
            ShownValue(text: evil),
            ShownValue(text: evil)
        )
        var route = CheckedRoute(name: evil)
        route.compared = 1
        route.different = 1
        return CheckResult(
            verdict: .fail,
            reasons: [evil],
            counts: CheckCounts(),
            routes: [route],
            groups: [
                DifferenceGroup(route: evil, field: evil, kind: .value, count: 1, example: shown)
            ],
            differences: [shown]
        )
    }()

    @Test func strangersTextIsNeverMarkup() {
        let report = CheckReport(Self.hostile, subject: "<script>")
        // The page's own script is the same on every page, and the last thing there.
        let page = report.html().split(separator: "<script>", maxSplits: 1)
        let harmless = CheckReport(Self.passed, subject: "").html().split(separator: "<script>", maxSplits: 1)
        #expect(page.count == 2 && page.last == harmless.last)
        for text in [String(page[0]), JUnitReport.xml(Self.hostile, name: "<script>")] {
            #expect(!text.contains("<script"))
            #expect(text.contains("&lt;script&gt;"))
            // XML 1.0, section 2.2, has no place for these in any spelling.
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value != 0xFFFE })
        }
        for text in [report.text()] {
            #expect(
                text.unicodeScalars.allSatisfy {
                    $0 == "\n" || $0.value >= 0x20 && $0 != "\u{202E}" && $0 != "\u{85}"
                }
            )
        }
        #expect(throws: Never.self) { try JSONValue(parsing: report.json().span) }
    }

    @Test func aPageStandsAlone() {
        let page = CheckReport(Self.failed, subject: "a").html()
        #expect(page.hasPrefix("<!doctype html>"))
        #expect(page.contains("prefers-color-scheme: dark"))
        for outside in ["http://", "https://", "src=", "url(", "@import", "<link"] {
            #expect(!page.contains(outside))
        }
        #expect(page.contains("<td><code>$.items[*].id</code></td><td>missing</td>"))
        for tag in ["table", "tr", "td", "th", "code", "main", "ul", "li", "div"] {
            let opened = page.split(separator: "<\(tag)>").count + page.split(separator: "<\(tag) ").count - 2
            #expect(opened == page.split(separator: "</\(tag)>").count - 1, "\(tag)")
        }
    }
}
