import Checks
import JSON
import Testing
import Traces

/// What a value has to be where it is not the recorded one.
@Suite struct MatcherTests {
    private static func path(_ text: String) throws -> JSONPath { try JSONPath(text) }

    private static func rules(_ effects: CheckRule.Effect...) -> CheckRules {
        CheckRules(rules: effects.map { CheckRule($0) })
    }

    /// The rules, the recorded text, the answer, and what differs still.
    static let rows: [(CheckRules, String, String, [String], Comment)] = {
        func path(_ text: String) -> JSONPath { (try? JSONPath(text)) ?? .root }
        func number(_ text: String) -> JSONValue { .number(JSONNumber(spelling: text)) }
        let identifier = (try? TextExpression("^run_[0-9a-f]{4}$")).map { [ValueCondition.regex($0)] } ?? []
        return [
            (
                rules(.matchJSON(path("$.id"), identifier)), #"{"id":"run_00aa"}"#, #"{"id":"run_f00d"}"#, [],
                "found"
            ),
            (
                rules(.matchJSON(path("$.id"), identifier)), #"{"id":"run_00aa"}"#, #"{"id":"run_F00D"}"#,
                [#"$.id value: "run_00aa" → "run_F00D""#], "not found"
            ),
            (
                rules(.matchJSON(path("$.id"), identifier)), #"{"id":"run_00aa"}"#, "{}",
                [#"$.id missing: "run_00aa" → -"#], "what is gone has no value"
            ),
            (
                rules(.matchJSON(path("$.a"), identifier)), #"{"a":{"b":"x"}}"#, #"{"a":{"b":"run_00aa"}}"#,
                [#"$.a.b value: "x" → "run_00aa""#], "a matcher is for the value itself"
            ),
            (rules(.matchJSON(path("$.n"), [.type(nil)])), #"{"n":1}"#, #"{"n":2.5}"#, [], "the same type"),
            (
                rules(.matchJSON(path("$.n"), [.type(nil)])), #"{"n":1}"#, #"{"n":"1"}"#,
                [#"$.n type: 1 → "1""#], "another type"
            ),
            (
                rules(.matchJSON(path("$.n"), [.type(.string)])), #"{"n":null}"#, #"{"n":"x"}"#, [],
                "the type given"
            ),
            (
                rules(.matchJSON(path("$.n"), [.range(0...10)])), #"{"n":1}"#, #"{"n":10}"#, [],
                "the bounds are within"
            ),
            (
                rules(.matchJSON(path("$.n"), [.range(0...10)])), #"{"n":1}"#, #"{"n":10.01}"#,
                ["$.n value: 1 → 10.01"], "beyond"
            ),
            (
                rules(.matchJSON(path("$.n"), [.oneOf([.string("a"), number("1.0")])])), #"{"n":"b"}"#,
                #"{"n":1}"#,
                [], "numbers by value"
            ),
            (
                rules(.matchJSON(path("$.n"), [.oneOf([.string("a")])])), #"{"n":"b"}"#, #"{"n":"c"}"#,
                [#"$.n value: "b" → "c""#], "none of them"
            ),
            (
                rules(.matchJSON(path("$.n"), [.type(nil), .range(0...1)])), #"{"n":1}"#, #"{"n":"0"}"#,
                [#"$.n type: 1 → "0""#], "all conditions hold"
            ),
            (
                rules(.unordered(path("$.l"))), #"{"l":[1,2,3]}"#, #"{"l":[3,1,2]}"#, [], "in any order"
            ),
            (
                rules(.unordered(path("$.l"))), #"{"l":[1,2,3]}"#, #"{"l":[3,1,4]}"#, ["$.l[1] value: 2 → 4"],
                "and still the same elements"
            ),
            (
                rules(.unordered(path("$.l"))), #"{"m":[1,2]}"#, #"{"m":[2,1]}"#,
                ["$.m order: an array of 2 → an array of 2"], "other lists keep their order"
            ),
            (
                rules(.subset(path("$.o"))), #"{"o":{"a":1}}"#, #"{"o":{"a":1,"b":2}}"#, [],
                "more is all right"
            ),
            (
                rules(.subset(path("$.o"))), #"{"o":{"a":1}}"#, #"{"o":{"b":2,"c":3}}"#,
                ["$.o.a missing: 1 → -"],
                "less is not"
            ),
            (
                rules(
                    .matchJSON(path("$.self"), [.sameAs(path("$.id"))]),
                    .ignoreJSON(path("$.id"), alike: nil)
                ),
                #"{"id":1,"self":1}"#, #"{"id":2,"self":2}"#, [], "both moved together"
            ),
            (
                rules(
                    .matchJSON(path("$.self"), [.sameAs(path("$.id"))]),
                    .ignoreJSON(path("$.id"), alike: nil)
                ),
                #"{"id":1,"self":1}"#, #"{"id":2,"self":1}"#, ["$.self value: what is at $.id → 1"],
                "the recorded value, and still not that of this answer"
            ),
            (
                rules(
                    .matchJSON(path("$.l[*].of"), [.sameAs(path("$..id"))]),
                    .ignoreJSON(path("$..id"), alike: nil)
                ),
                #"{"id":1,"l":[{"of":1}]}"#, #"{"id":2,"l":[{"of":3}]}"#,
                ["$.l[0].of value: what is at $..id → 3"], "wherever it stands"
            ),
        ]
    }()

    @Test(arguments: rows)
    func decides(
        _ row: (rules: CheckRules, expected: String, observed: String, lines: [String], reason: Comment)
    ) {
        let result = TraceScript.compare(row.expected, row.observed, rules: row.rules)
        #expect(result.lines == row.lines, row.reason)
    }

    @Test func statusAndHeadersAreMatchedToo() throws {
        let accepted = ["200", "202"].map { JSONValue.number(JSONNumber(spelling: $0)) }
        let rules = CheckRules(
            headers: ["x-id"],
            rules: [
                CheckRule(.matchStatus([.oneOf(accepted)])),
                CheckRule(.matchHeader("x-id", [.regex(try TextExpression("^[0-9]+$"))])),
            ]
        )
        let same = TraceScript.compare(
            "",
            "",
            status: (200, 202),
            fields: (["X-Id: 1"], ["X-Id: 22"]),
            rules: rules
        )
        #expect(same.lines == [] && same.counts.ignored == 2)
        let other = TraceScript.compare(
            "",
            "",
            status: (200, 201),
            fields: (["X-Id: 1"], ["X-Id: x"]),
            rules: rules
        )
        #expect(other.lines == ["status value: 200 → 201", "header x-id value: 1 → x"])
    }

    /// Moments move with the answers: what was an hour after the recorded one is an hour after this one.
    @Test(
        arguments: [
            ("\"2023-11-14T22:13:20Z\"", "\"2023-11-14T22:13:24Z\"", true),
            ("\"2023-11-14T22:13:20Z\"", "\"2023-11-14T22:13:31Z\"", false),
            ("\"2023-11-14T22:13:20.250Z\"", "\"2023-11-15T00:13:25+02:00\"", true),
            ("1700000000", "1700000004.9", true),
            ("1700000000", "1700000006.5", false),
            ("1700000000000", "1700000004999", true),
            ("\"1700000000\"", "\"1700000001\"", true),
            ("1700000000", "\"2023-11-14T22:13:22Z\"", true),
            ("1700000000", "\"soon\"", false),
            ("1700000000", "3", false),
        ]
    )
    func momentsMoveWithTheAnswers(_ expected: String, _ observed: String, _ isNear: Bool) throws {
        let rules = Self.rules(.matchJSON(try Self.path("$.at"), [.near(5_000_000_000)]))
        let result = TraceScript.compare(#"{"at":\#(expected)}"#, #"{"at":\#(observed)}"#, rules: rules)
        // Both answers of the script end within a microsecond of 1970.
        #expect(result.lines.isEmpty == isNear, "\(result.lines)")
    }

    @Test func anExpressionIsReadOrRefused() throws {
        #expect(throws: CheckRuleError.self) { try TextExpression("(") }
        #expect(throws: CheckRuleError.self) { try TextExpression(String(repeating: "a", count: 1_025)) }
        let rules = Self.rules(.matchJSON(try Self.path("$.a"), [.regex(try TextExpression("a"))]))
        let long = String(repeating: "a", count: 5_000)
        #expect(!TraceScript.compare(#"{"a":"b"}"#, #"{"a":"\#(long)"}"#, rules: rules).lines.isEmpty)
    }
}
