import Checks
import Foundation
import JSON
import JSONSchemas
import Messages
import Packets
import Reports
import Testing
import Traces

/// What a check writes for machines: SARIF, Markdown, annotations, and its JSON against the published schema.
@Suite struct CheckFormatsTests {
    static let place = ArtifactPlace("Captures/hooks.trace.gz", from: "/work", root: "/work")

    /// A failed check with times and budgets of both verdicts.
    static let slower: CheckResult = {
        var result = CheckReportTests.passed
        func book(_ milliseconds: Int64, failing: Int) -> TimingBook {
            var book = TimingBook()
            for number in 0..<1_000 as Range<UInt64> {
                let start = Int64(number) * 1_000_000
                let time = (milliseconds + Int64(number % 7)) * 1_000_000
                book.note(message(.request, number, "GET /a HTTP/1.1", start, start))
                let status = number < failing ? 503 : 200
                book.note(message(.response, number, "HTTP/1.1 \(status) Any", start, start + time))
            }
            return book
        }
        let (left, right) = (book(10, failing: 0), book(20, failing: 200))
        result.add(TimingComparison(left, right))
        let budgets = ["p99 < 1s", "errors < 0.1% on GET /{x}", "p50 < 1ms on POST /none"]
        result.add(budgets.compactMap { try? Budget($0) }.map { BudgetResult($0, in: right) })
        return result
    }()

    private static func message(
        _ kind: MessageKind,
        _ exchange: UInt64,
        _ line: String,
        _ start: Int64,
        _ end: Int64
    ) -> RecordedMessage {
        let head = HeadRecord(
            kind: kind,
            exchange: exchange,
            connection: 0,
            start: PacketTime(nanoseconds: start),
            encoding: .http1,
            bytes: Array("\(line)\r\nHost: a\r\n\r\n".utf8),
            framing: .none
        )
        let end = EndRecord(
            kind: kind,
            exchange: exchange,
            connection: 0,
            time: PacketTime(nanoseconds: end),
            wireLength: 0,
            flags: []
        )
        return RecordedMessage(head: head, body: [], end: end)
    }

    static let all = [
        CheckReportTests.failed, CheckReportTests.open, CheckReportTests.passed, CheckReportTests.hostile,
        slower,
    ]

    private func sarif(_ result: CheckResult, rules: ArtifactPlace? = nil) throws -> [String: Any] {
        let log = SARIFReport(
            CheckReport(result, subject: "a"),
            version: "1.2.3",
            trace: Self.place,
            rules: rules
        )
        let value = try JSONSerialization.jsonObject(with: Data(log.json()))
        let runs = try #require((value as? [String: Any])?["runs"] as? [[String: Any]])
        return try #require(runs.first)
    }

    // MARK: Schemas

    @Test func whatIsWrittenIsWhatTheSchemaSays() throws {
        let texts = Self.all.map { CheckReport($0, subject: "a").json() }
        guard
            let verdicts = try JSONSchema.verdicts(texts, "Documentation/schemas/check.json", isClosed: true)
        else { return }
        #expect(verdicts == texts.map { _ in "ok" })
    }

    @Test func theSchemaIsNotOpenToAnything() throws {
        let text = String(decoding: CheckReport(CheckReportTests.failed, subject: "").json(), as: UTF8.self)
        let wrong = [
            text.replacing("\"fail\"", with: "\"failed\""),
            text.replacing("tapedeck.check/1", with: "tapedeck.check/2"),
            text.replacing("\"compared\":1203", with: "\"compared\":-1"),
            text.replacing("\"kind\":\"missing\"", with: "\"kind\":\"lost\""),
            text.replacing("\"groups\"", with: "\"groupings\""),
        ]
        guard
            let verdicts = try JSONSchema.verdicts(
                wrong.map { Array($0.utf8) },
                "Documentation/schemas/check.json"
            )
        else { return }
        #expect(verdicts.count == wrong.count && !verdicts.contains("ok"), "\(verdicts)")
    }

    @Test func theLogIsSARIF() throws {
        let texts = Self.all.map {
            SARIFReport(
                CheckReport($0, subject: "a"),
                version: "1.2.3",
                trace: Self.place,
                rules: ArtifactPlace("my rules.yaml", from: "/work", root: "/work")
            ).json()
        }
        guard let verdicts = try JSONSchema.verdicts(texts, "Tests/Schemas/sarif-2.1.0-subset.json") else {
            return
        }
        #expect(verdicts == texts.map { _ in "ok" })
    }

    // MARK: SARIF

    @Test func groupsAreResultsOfTheRuleOfTheirKind() throws {
        let run = try sarif(CheckReportTests.failed)
        let tool = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(tool["rules"] as? [[String: Any]])
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(
            results.map { $0["ruleId"] as? String } == [
                "answer-value", "answer-missing", "answer-no-response",
            ]
        )
        for result in results {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
        }
        #expect(results.map { $0["occurrenceCount"] as? Int } == [1_100, 1, 1])
        let message = try #require((results[2]["message"] as? [String: Any])?["text"] as? String)
        #expect(message == "GET /runs/:id: response: exchange 11: expected 200, got no response (timeout)")
        let locations = try #require(results[0]["locations"] as? [[String: Any]])
        let physical = try #require(locations.first?["physicalLocation"] as? [String: Any])
        #expect(
            (physical["artifactLocation"] as? [String: Any])?["uri"] as? String == "Captures/hooks.trace.gz"
        )
        let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
        #expect(invocation["executionSuccessful"] as? Bool == true)
    }

    @Test func fingerprintsSayWhatDiffersAndNothingOfTheRun() throws {
        func prints(_ result: CheckResult) throws -> [String] {
            let results = try #require(try sarif(result)["results"] as? [[String: Any]])
            return results.compactMap {
                ($0["partialFingerprints"] as? [String: String])?["tapedeckFinding/v1"]
            }
        }
        let first = try prints(CheckReportTests.failed)
        #expect(Set(first).count == 3)
        // The same in every version, on every machine: a code host would report all findings as new otherwise.
        #expect(first[2] == "b0b1de9cc4c7cd0c")
        var other = CheckReportTests.failed
        other.groups[0].count = 2
        other.groups[0].example.exchange = 99
        other.groups[0].example.observed = ShownValue(503)
        #expect(try prints(other) == first)
        other.groups[0].field = "$.status"
        #expect(try prints(other)[0] != first[0])
    }

    @Test func whatAnotherDifferenceExplainsIsANote() throws {
        var result = CheckReportTests.failed
        result.groups[1].consequences = 1
        let results = try #require(try sarif(result)["results"] as? [[String: Any]])
        #expect(results.map { $0["level"] as? String } == ["error", "note", "error"])
    }

    @Test func anOpenVerdictIsANotificationAndNoResult() throws {
        let run = try sarif(CheckReportTests.open)
        #expect((run["results"] as? [Any])?.isEmpty == true)
        let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
        #expect(invocation["executionSuccessful"] as? Bool == false)
        let notes = try #require(invocation["toolExecutionNotifications"] as? [[String: Any]])
        #expect(
            (notes.first?["message"] as? [String: Any])?["text"] as? String
                == "the observed trace is cut & <damaged>"
        )
    }

    @Test func timesAndBudgetsAreResultsToo() throws {
        let rules = ArtifactPlace("rules.yaml", from: "/work", root: "/work")
        let results = try #require(try sarif(Self.slower, rules: rules)["results"] as? [[String: Any]])
        #expect(
            results.compactMap { $0["ruleId"] as? String }
                == ["time-slower", "time-slower", "errors-more", "budget-broken", "budget-broken"]
        )
        let locations = try #require(results.last?["locations"] as? [[String: Any]])
        let physical = try #require(locations.first?["physicalLocation"] as? [String: Any])
        #expect((physical["artifactLocation"] as? [String: Any])?["uri"] as? String == "rules.yaml")
    }

    @Test func nothingInAMessageIsALinkOrAPlace() throws {
        var result = CheckReportTests.failed
        let evil = "[click](http://evil.example) {0}"
        result.groups[0].example.observed = ShownValue(text: evil)
        let results = try #require(try sarif(result)["results"] as? [[String: Any]])
        let text = try #require((results[0]["message"] as? [String: Any])?["text"] as? String)
        #expect(text.hasSuffix("got [click] (http://evil.example) {{0}}"))
        #expect((results[0]["properties"] as? [String: Any])?["observed"] as? String == evil)
    }

    // MARK: Places

    @Test(arguments: [
        // As given, from where, below what, path, URI.
        ("a.trace.gz", "/w/sub", "/w", "sub/a.trace.gz", "sub/a.trace.gz"),
        ("./x/../a b.gz", "/w", "/w", "a b.gz", "a%20b.gz"),
        // A colon in the first name would make it a scheme.
        ("c:a.gz", "/w", "/w", "c:a.gz", "c%3Aa.gz"),
        ("/w//deep/ü%.gz", "/", "/w", "deep/ü%.gz", "deep/%C3%BC%25.gz"),
        // Not below: a name that only begins alike is another.
        ("/work2/a.gz", "/work", "/work", "/work2/a.gz", "file:///work2/a.gz"),
        ("../../../../a", "/w", "/w", "/a", "file:///a"),
        ("/w", "/", "/w", "/w", "file:///w"),
    ])
    func aPlaceIsRelativeWhereItCan(_ row: (String, String, String, String, String)) {
        let place = ArtifactPlace(row.0, from: row.1, root: row.2)
        #expect(place.path == row.3)
        #expect(place.uri == row.4)
    }

    // MARK: Markdown

    @Test func theSummarySaysTheVerdictFirst() {
        #expect(
            CheckReport(CheckReportTests.failed, subject: "a.trace.gz").markdown() == """
                ## tapedeck check: fail

                <code>a.trace.gz</code>

                **1,203** answers compared, **2** different, **1** without response

                | Route | Field | Kind | Answers | Example |
                |---|---|---|---:|---|
                | <code>POST /hooks/&#60;script&#62;&#38;&#34;&#39;</code> | <code>status</code> | value | 1,100 | exchange 7: \
                <code>expected 202, got 500</code> |
                | <code>POST /hooks/&#60;script&#62;&#38;&#34;&#39;</code> | <code>$.items&#91;&#42;&#93;.id</code> | missing | 1 | \
                exchange 9: <code>expected &#34;&#93;&#93;&#62;&#92;u001b&#91;2J&#92;u0000&#34;, got nothing</code> |
                | <code>GET /runs/&#123;id&#125;</code> | <code>response</code> | no-response | 1 | exchange 11: \
                <code>expected 200, got no response (timeout)</code> |

                - 12 differences ignored by rules


                """
        )
        #expect(
            CheckReport(CheckReportTests.passed, subject: "").markdown()
                == "## tapedeck check: pass\n\n**3** answers compared, all equal\n\n"
        )
        let slower = CheckReport(Self.slower, subject: "").markdown()
        #expect(slower.contains("| <code>GET /a</code> | p50 | 13.0 ms → "))
        #expect(slower.contains("| <code>p50 &#60; 1ms on POST /none</code> | no answer | broken |"))
    }

    @Test func theFenceIsLongerThanAnyInTheCommand() {
        var result = CheckReportTests.failed
        result.groups[0].reproduction = "curl -i '`````'"
        let text = CheckReport(result, subject: "").markdown()
        #expect(text.contains("\n``````sh\ncurl -i '`````'\n``````\n"))
    }

    @Test func strangersTextIsNoMarkdown() {
        let text = CheckReport(CheckReportTests.hostile, subject: "@team #1 https://evil.example | `x`")
            .markdown()
        #expect(
            text.hasPrefix(
                "## tapedeck check: fail\n\n<code>&#64;team &#35;1 https&#58;//evil.example &#124; &#96;x&#96;</code>"
            )
        )
        #expect(!text.contains("<script") && !text.contains("</td>"))
        #expect(
            text.unicodeScalars.allSatisfy {
                $0 == "\n" || $0.value >= 0x20 && $0 != "\u{202E}" && $0 != "\u{85}"
            }
        )
        // Every row of a table is one line with as many cells as its head.
        for line in text.split(separator: "\n") where line.hasPrefix("|") {
            #expect(line.count { $0 == "|" } == 6, "\(line)")
        }
    }

    // MARK: Annotations

    @Test func aFindingIsAnAnnotation() {
        let lines = WorkflowAnnotations.lines(
            CheckReport(CheckReportTests.failed, subject: ""),
            trace: Self.place
        )
        #expect(
            lines == [
                "::error file=Captures/hooks.trace.gz,title=answer-value POST /hooks/<script>&\"'%3A status::"
                    + "exchange 7: expected 202, got 500%0Ain 1,100 answers",
                "::error file=Captures/hooks.trace.gz,title=answer-missing POST /hooks/<script>&\"'%3A $.items[*].id::"
                    + "exchange 9: expected \"]]>\\u001b[2J\\u0000\", got nothing",
                "::error file=Captures/hooks.trace.gz,title=answer-no-response GET /runs/{id}%3A response::"
                    + "exchange 11: expected 200, got no response (timeout)",
            ]
        )
        #expect(
            WorkflowAnnotations.lines(CheckReport(CheckReportTests.open, subject: ""), trace: Self.place) == [
                "::warning file=Captures/hooks.trace.gz,title=check%3A inconclusive::the observed trace is cut & <damaged>"
            ]
        )
        #expect(
            WorkflowAnnotations.lines(CheckReport(CheckReportTests.passed, subject: ""), trace: Self.place)
                .isEmpty
        )
    }

    @Test func nothingStartsACommandOfItsOwn() {
        var result = CheckReportTests.hostile
        result.groups[0].example.observed = ShownValue(text: "100%\r\n::add-mask::x\n::stop-commands::t")
        result.groups[0].route = "GET /a,b::c%0A"
        let evil = ArtifactPlace("a\n::error::b,title=x:.gz", from: "/w", root: "/w")
        let lines = WorkflowAnnotations.lines(CheckReport(result, subject: ""), trace: evil)
        #expect(lines.count == 1)
        #expect(!lines[0].contains("\n") && !lines[0].contains("\r"))
        #expect(
            lines[0].hasPrefix(
                "::error file=a%0A%3A%3Aerror%3A%3Ab%2Ctitle=x%3A.gz,title=answer-value GET /a%2Cb%3A%3Ac%250A%3A "
            )
        )
        #expect(lines[0].contains("got 100%25··::add-mask::x·::stop-commands::t"))
    }

    @Test func moreFindingsThanAreShownAreCounted() {
        var result = CheckReportTests.failed
        result.groups = (0..<25).map { number in
            var group = result.groups[0]
            group.field = "$.field\(number)"
            return group
        }
        let lines = WorkflowAnnotations.lines(CheckReport(result, subject: ""), trace: Self.place)
        #expect(lines.count == WorkflowAnnotations.most)
        #expect(lines.last?.hasSuffix("::and 16 more findings") == true)
    }

    @Test func theSameResultIsWrittenAlikeTwice() {
        for result in Self.all {
            let report = CheckReport(result, subject: "a")
            let log = SARIFReport(report, version: "1", trace: Self.place)
            #expect(log.json() == log.json())
            #expect(report.markdown() == report.markdown())
            #expect(report.json() == report.json())
        }
    }
}
