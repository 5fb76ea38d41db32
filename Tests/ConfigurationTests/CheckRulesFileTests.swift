import Checks
import Configuration
import Foundation
import JSON
import Messages
import Testing

@Suite struct CheckRulesFileTests {
    @Test(arguments: ["", "# nothing\n", "rules: []", "defaults: true\n"])
    func whatAsksForNothingIsTheDefault(_ yaml: String) throws {
        let rules = try CheckRulesFile.rules(yaml: yaml, file: "r.yaml")
        #expect(rules.headers == CheckRules.defaultHeaders)
        #expect(rules.rules == CheckRules.defaultRules)
    }

    @Test func everyKeyIsRead() throws {
        let yaml = """
            headers: [Content-Type, X-Api-Version, x-api-version]
            defaults: false
            rules:
              - route: GET /api/runs/{id}
                ignore:
                  json: [$.status, '$.items[*].id']
              - ignore:
                  json: $..request_id
                  alike: uuid
              - route: "* /logs/**"
                ignore:
                  status: true
                  body: true
                  headers: Location
              - tolerate:
                  json: $.price
                  absolute: 0.5
                  relative: 1%
            """
        let rules = try CheckRulesFile.rules(yaml: yaml, file: "r.yaml")
        let runs = try RoutePattern("GET /api/runs/{id}")
        let logs = try RoutePattern("* /logs/**")
        #expect(rules.headers == ["content-type", "x-api-version"])
        #expect(
            rules.rules == [
                CheckRule(.ignoreJSON(try JSONPath("$.status"), alike: nil), route: runs),
                CheckRule(.ignoreJSON(try JSONPath("$.items[*].id"), alike: nil), route: runs),
                CheckRule(.ignoreJSON(try JSONPath("$..request_id"), alike: .uuid)),
                CheckRule(.ignoreStatus, route: logs),
                CheckRule(.ignoreBody, route: logs),
                CheckRule(.ignoreHeader("location"), route: logs),
                CheckRule(.tolerate(try JSONPath("$.price"), Tolerance(absolute: 0.5, relative: 0.01))),
            ]
        )
    }

    static let refused: [(yaml: String, message: String)] = [
        (
            "rulez: []",
            "r.yaml:1:1: unknown key 'rulez', did you mean 'rules'?; the file knows headers, defaults, routes, rules, budgets"
        ),
        ("- a", "r.yaml:1:1: the file is a mapping with the keys headers, defaults, routes, rules, budgets"),
        ("rules: a", "r.yaml:1:8: 'rules' is a list"),
        ("defaults: yes", "r.yaml:1:11: true or false is wanted here"),
        ("headers: {a: b}", "r.yaml:1:10: a text or a list of texts is wanted here"),
        ("rules:\n  - {}", "r.yaml:2:5: a rule has 'ignore', 'tolerate' or 'match'"),
        (
            "rules:\n  - route: /a\n    ignor: {}",
            "r.yaml:3:5: unknown key 'ignor', did you mean 'ignore'?; a rule knows route, ignore, tolerate, match"
        ),
        (
            "rules:\n  - route: a\n    ignore: {body: true}",
            "r.yaml:2:12: 'a' is no route: write 'POST /hooks/{slug}', '/runs/*' or 'GET /api/**'"
        ),
        ("rules:\n  - ignore: {}", "r.yaml:2:13: 'ignore' names nothing"),
        (
            "rules:\n  - ignore:\n      json: [$.a, b]",
            "r.yaml:3:19: 'b' is no JSON path: it does not start with '$'"
        ),
        (
            "rules:\n  - ignore: {alike: uuid}",
            "r.yaml:2:21: 'alike' needs 'json', the values that it is for; '$' is all of them"
        ),
        (
            "rules:\n  - ignore: {json: $, alike: date}",
            "r.yaml:2:30: values can be alike as timestamp or uuid or http-date"
        ),
        ("rules:\n  - match: {}", "r.yaml:2:12: 'match' is for one of 'json', 'header' and 'status'"),
        ("rules:\n  - match: []", "r.yaml:2:12: 'match' names nothing"),
        (
            "rules:\n  - match: {json: $.a}",
            "r.yaml:2:19: 'match' says nothing of what the value has to be"
        ),
        (
            "rules:\n  - match: {json: $.a, header: b, type: same}",
            "r.yaml:2:12: 'match' is for one of 'json', 'header' and 'status'"
        ),
        (
            "rules:\n  - match: {json: $.a, type: integer}",
            "r.yaml:2:30: 'integer' is no type; there are same, null, bool, number, string, list, object"
        ),
        ("rules:\n  - match: {header: a, near: 5s}", "r.yaml:2:30: 'near' is for values in JSON"),
        (
            "rules:\n  - match: {json: $.a, range: [2, 1]}",
            "r.yaml:2:31: two numbers are wanted here, the lesser first"
        ),
        (
            "rules:\n  - match: {json: $.a, same_as: b}",
            "r.yaml:2:33: 'b' is no JSON path: it does not start with '$'"
        ),
        (
            "rules:\n  - tolerate: {absolute: 1}",
            "r.yaml:2:15: 'tolerate' needs 'json', the numbers that it is for"
        ),
        (
            "rules:\n  - tolerate: {json: $.a}",
            "r.yaml:2:15: 'tolerate' needs 'absolute' or 'relative', how far apart numbers may lie"
        ),
        (
            "rules:\n  - tolerate: {json: $.a, absolute: -1}",
            "r.yaml:2:37: a number from 0 on is wanted here"
        ),
        (
            "rules:\n  - tolerate: {json: $.a, relative: 1%%}",
            "r.yaml:2:37: a share such as 0.01 or 1% is wanted here"
        ),
    ]

    @Test func everyMatcherIsRead() throws {
        let yaml = """
            defaults: false
            rules:
              - route: POST /runs
                match:
                  - {json: $.id, type: string, regex: '^run_[0-9a-f]{12}$'}
                  - {json: [$.a, $.b], type: same}
                  - {json: $.state, one_of: [queued, "1", 1, null]}
                  - {json: $.amount, range: [0, 1.5]}
                  - {json: $.created, near: 5s}
                  - {json: $.self, same_as: $.id}
                  - {json: $.items, unordered: true, subset: true}
                  - {header: X-Request-Id, regex: '^[0-9a-f]+$'}
                  - {status: true, one_of: [200, 202]}
            """
        let rules = try CheckRulesFile.rules(yaml: yaml, file: "r.yaml").rules
        let route = try RoutePattern("POST /runs")
        func path(_ text: String) throws -> JSONPath { try JSONPath(text) }
        let effects: [CheckRule.Effect] = [
            .matchJSON(try path("$.id"), [.type(.string), .regex(try TextExpression("^run_[0-9a-f]{12}$"))]),
            .matchJSON(try path("$.a"), [.type(nil)]),
            .matchJSON(try path("$.b"), [.type(nil)]),
            .matchJSON(
                try path("$.state"),
                [.oneOf([.string("queued"), .string("1"), .number(JSONNumber(spelling: "1")), .null])]
            ),
            .matchJSON(try path("$.amount"), [.range(0...1.5)]),
            .matchJSON(try path("$.created"), [.near(5_000_000_000)]),
            .matchJSON(try path("$.self"), [.sameAs(try path("$.id"))]),
            .unordered(try path("$.items")),
            .subset(try path("$.items")),
            .matchHeader("x-request-id", [.regex(try TextExpression("^[0-9a-f]+$"))]),
            .matchStatus(
                [.oneOf([.number(JSONNumber(spelling: "200")), .number(JSONNumber(spelling: "202"))])]
            ),
        ]
        #expect(rules == effects.map { CheckRule($0, route: route) })
    }

    @Test(arguments: refused)
    func errorsNameThePlace(_ row: (yaml: String, message: String)) {
        #expect {
            try CheckRulesFile.rules(yaml: row.yaml, file: "r.yaml")
        } throws: { error in
            "\(error)" == row.message
        }
    }

    @Test(arguments: ["a: [", "a: 1\na: 2", "\t- x", "headers: &a [*a]"])
    func whatIsNoYAMLIsRefusedWithTheFile(_ yaml: String) {
        #expect {
            try CheckRulesFile.rules(yaml: yaml, file: "r.yaml")
        } throws: { error in
            "\(error)".hasPrefix("r.yaml:")
        }
    }

    @Test func theExampleOfTheDocumentationIsRead() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Documentation/check-rules.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try #require(text.range(of: "```yaml\n"))
        let end = try #require(text.range(of: "```", range: start.upperBound..<text.endIndex))
        let yaml = String(text[start.upperBound..<end.lowerBound])
        let rules = try CheckRulesFile.rules(yaml: yaml, file: "check-rules.md")
        #expect(rules.headers.contains("x-api-version"))
        #expect(rules.rules.count == CheckRules.defaultRules.count + 12)
    }

    @Test func filesAreLoaded() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("headers: [x-a]".utf8).write(to: file)
        #expect(try CheckRulesFile.load(path: file.path).headers == ["x-a"])
        try Data([0x23, 0xFF]).write(to: file)
        #expect {
            _ = try CheckRulesFile.load(path: file.path)
        } throws: { error in
            "\(error)" == "\(file.path): not UTF-8"
        }
    }

    @Test func aFileThatIsMissingIsNamed() {
        #expect {
            _ = try CheckRulesFile.load(path: "/nowhere/rules.yaml")
        } throws: { error in
            "\(error)" == "/nowhere/rules.yaml: cannot be read: No such file or directory"
        }
    }

    @Test func sizeIsBounded() {
        let many = "rules:\n" + String(repeating: "- ignore: {body: true}\n", count: 1_001)
        #expect(throws: RulesFileError.self) { try CheckRulesFile.rules(yaml: many, file: "r.yaml") }
        let long = "#" + String(repeating: "x", count: CheckRulesFile.maximumBytes)
        #expect(throws: RulesFileError.self) { try CheckRulesFile.rules(yaml: long, file: "r.yaml") }
    }

    @Test func routesHaveNames() throws {
        let rules = try CheckRulesFile.rules(
            yaml: """
                routes: {create-run: POST /api/runs, run: "GET /api/runs/{id}"}
                rules: [{route: run, ignore: {status: true}}]
                budgets: [p99 < 1s on create-run]
                """,
            file: "r.yaml"
        )
        #expect(rules.routeNames.name(of: "POST /api/runs") == "create-run")
        #expect(rules.routeNames.name(of: "GET /api/runs/{id}") == "run")
        #expect(rules.routeNames.name(of: "GET /other") == "GET /other")
        #expect(rules.rules.last == CheckRule(.ignoreStatus, route: try RoutePattern("GET /api/runs/{id}")))
        #expect(rules.budgets.first?.route == (try RoutePattern("POST /api/runs")))
    }

    @Test(arguments: [
        (
            "routes: {'a b': /x}",
            "r.yaml:1:10: 'a b' is no name of a route: up to 64 letters, digits, '.', '_' and '-'"
        ),
        (
            "routes: {run: /x}\nrules: [{route: rum, ignore: {status: true}}]",
            "r.yaml:2:17: 'rum' is no route and no name of one, did you mean 'run'?"
        ),
        ("routes: [a]", "r.yaml:1:9: 'routes' gives names to routes, such as 'create-run: POST /api/runs'"),
    ])
    func namesThatAreNoneAreErrors(_ yaml: String, _ message: String) {
        #expect {
            try CheckRulesFile.rules(yaml: yaml, file: "r.yaml")
        } throws: { "\($0)" == message }
    }
}
