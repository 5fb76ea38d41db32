import Checks
import JSON
import Messages
import Testing

@Suite struct RuleTests {
    private static let body = #"{"run":{"id":"a","at":1.0},"items":[{"n":1,"id":2},{"n":2}],"id":0}"#
    private static let other = #"{"run":{"id":"b","at":1.05},"items":[{"n":8,"id":9},{"n":9}],"id":1}"#

    static let paths: [(path: String, left: [String])] = [
        ("$.nothing", ["$.run.id", "$.run.at", "$.items[0].n", "$.items[0].id", "$.items[1].n", "$.id"]),
        ("$.run.id", ["$.run.at", "$.items[0].n", "$.items[0].id", "$.items[1].n", "$.id"]),
        // A rule for a value holds for what is in it.
        ("$.run", ["$.items[0].n", "$.items[0].id", "$.items[1].n", "$.id"]),
        ("$['run']['at']", ["$.run.id", "$.items[0].n", "$.items[0].id", "$.items[1].n", "$.id"]),
        ("$.items[*].n", ["$.run.id", "$.run.at", "$.items[0].id", "$.id"]),
        ("$.items[1]", ["$.run.id", "$.run.at", "$.items[0].n", "$.items[0].id", "$.id"]),
        ("$..id", ["$.run.at", "$.items[0].n", "$.items[1].n"]),
        ("$.*.id", ["$.run.at", "$.items[0].n", "$.items[0].id", "$.items[1].n", "$.id"]),
        ("$.items..id", ["$.run.id", "$.run.at", "$.items[0].n", "$.items[1].n", "$.id"]),
        ("$..*", []),
        ("$", []),
    ]

    @Test(arguments: paths)
    func pathsAreLetPass(_ row: (path: String, left: [String])) throws {
        let rule = CheckRule(.ignoreJSON(try JSONPath(row.path), alike: nil))
        let result = TraceScript.compare(Self.body, Self.other, rules: CheckRules(rules: [rule]))
        #expect(result.differences.map(\.field.description) == row.left)
        #expect(result.counts.ignored == 6 - row.left.count)
        #expect(result.verdict == (row.left.isEmpty ? .pass : .fail))
    }

    @Test(arguments: ["", "a", "$a", "$.", "$..", "$[", "$[x]", "$['a]", "$[1", "$.a b", "$[-1]", "$.a[]"])
    func pathsThatAreNone(_ text: String) {
        #expect(throws: JSONPathError.self) { try JSONPath(text) }
    }

    @Test func placesAndPathsSpellNamesAlike() throws {
        for name in ["a", "a b", "a'b", #"a\b"#, "", "ü", "a.b", "[0]"] {
            let place = JSONPlace([.member(name), .element(3)])
            #expect(try JSONPath(place.description).covers(place), "\(place)")
            #expect(try !JSONPath(place.description).covers(JSONPlace([.member(name + "x"), .element(3)])))
        }
    }

    static let tolerances: [(absolute: Double, relative: Double, passes: Bool)] = [
        (0.1, 0, true), (0.01, 0, false), (0, 0.06, true), (0, 0.01, false),
    ]

    @Test(arguments: tolerances)
    func numbersMayLieApart(_ row: (absolute: Double, relative: Double, passes: Bool)) throws {
        let tolerance = Tolerance(absolute: row.absolute, relative: row.relative)
        let rules = CheckRules(rules: [CheckRule(.tolerate(try JSONPath("$..at"), tolerance))])
        let result = TraceScript.compare(#"{"at":1.0}"#, #"{"at":1.05}"#, rules: rules)
        #expect((result.verdict == .pass) == row.passes)
        #expect(
            TraceScript.compare(#"{"at":1}"#, #"{"at":"1"}"#, rules: rules).verdict == .fail,
            "a type is no distance"
        )
    }

    static let routes: [(pattern: String, line: String, matches: Bool)] = [
        ("POST /hooks/{slug}", "POST /hooks/a?x=/y", true),
        ("POST /hooks/{slug}", "GET /hooks/a", false),
        ("POST /hooks/{slug}", "POST /hooks/a/b", false),
        ("POST /hooks/{slug}", "POST /hooks/", false),
        ("* /hooks/*", "PUT /hooks/a", true),
        ("/hooks/*", "PUT /hooks/a", true),
        ("GET /a/**", "GET /a/b/c", true),
        ("GET /a/**", "GET /a", true),
        ("GET /a/**", "GET /ab", false),
        ("GET /", "GET /", true),
        ("GET /", "GET /a", false),
        ("GET /a", "GET http://prod.example:80/a?b", true),
        ("GET /a", "GET /a/", false),
        ("*", "OPTIONS *", true),
    ]

    @Test(arguments: routes)
    func rulesAreForRoutes(_ row: (pattern: String, line: String, matches: Bool)) throws {
        let rule = CheckRule(.ignoreStatus, route: try RoutePattern(row.pattern))
        let result = TraceScript.compare(
            "",
            "",
            line: row.line,
            status: (200, 500),
            rules: CheckRules(rules: [rule])
        )
        #expect((result.verdict == .pass) == row.matches)
    }

    @Test(arguments: ["", "POST", "POST hooks", "A B /c", "/a/**/b"])
    func routesThatAreNone(_ text: String) {
        #expect(throws: RoutePatternError.self) { try RoutePattern(text) }
    }

    @Test func headersAndBodiesAreLetPass() {
        let rules = CheckRules(
            headers: ["X-Version", "location"],
            rules: [
                CheckRule(.ignoreHeader("location")), CheckRule(.ignoreBody),
            ]
        )
        let result = TraceScript.compare(
            "a",
            "b",
            fields: (
                ["X-Version: 1", "Location: /a", "Content-Type: a/b"], ["X-Version: 2", "Location: /b"]
            ),
            rules: rules
        )
        #expect(result.lines == ["header x-version value: 1 → 2"])
        #expect(result.counts.ignored == 2)
    }

    static let shapes: [(text: String, shape: ValueShape?)] = [
        ("2026-11-24T02:00:00Z", .timestamp),
        ("2026-11-24 02:00:00", .timestamp),
        ("2026-11-24T02:00:00.123456+02:00", .timestamp),
        ("2026-11-24T02:00:00-0500", .timestamp),
        ("2026-11-24", nil),
        ("2026-11-24T02:00:00.Z", nil),
        ("2026-11-24T02:00:00Zulu", nil),
        ("2026-11-24T02:00:00 and more than forty characters", nil),
        ("0b5f1a2c-3d4e-5f60-7182-93A4B5C6D7E8", .uuid),
        ("0b5f1a2c-3d4e-5f60-7182-93a4b5c6d7e", nil),
        ("0b5f1a2g-3d4e-5f60-7182-93a4b5c6d7e8", nil),
        ("Sun, 06 Nov 1994 08:49:37 GMT", .httpDate),
        ("Sun, 06 Nov 1994 08:49:37 UTC", nil),
        ("Sun, 6 Nov 1994 08:49:37 GMT", nil),
        ("", nil),
    ]

    @Test(arguments: shapes)
    func shapesAreRecognised(_ row: (text: String, shape: ValueShape?)) {
        for shape in ValueShape.allCases {
            #expect(shape.matches(row.text) == (shape == row.shape))
        }
    }

    @Test func reportsSayTheNameOfARoute() throws {
        var names = RouteNames()
        try names.add("run", try RoutePattern("GET /runs/**"))
        let rules = CheckRules(rules: [], routeNames: names)
        // One name for two routes of the noise: what varies in one of them does so in both.
        let noise = NoiseModel(routes: [
            RouteNoise(name: "GET /runs/{id}", answers: 1, fields: [FieldNoise(field: "$.a", values: .any)]),
            RouteNoise(
                name: "GET /runs/{id}/log",
                answers: 1,
                fields: [FieldNoise(field: "$.b", values: .any)]
            ),
        ])
        var comparator = Comparator(rules: rules, noise: noise)
        for (exchange, line) in [(1, "GET /runs/17"), (2, "GET /runs/17/log"), (3, "GET /x")] {
            let number = UInt64(exchange)
            comparator.expect(TraceScript.request(number, line))
            comparator.expect(TraceScript.response(number, body: Array(#"{"a":1,"b":1,"c":1}"#.utf8)))
            comparator.observe(TraceScript.request(number, line, of: number))
            comparator.observe(
                TraceScript.response(number, body: Array(#"{"a":2,"b":2,"c":2}"#.utf8), of: number)
            )
        }
        let result = comparator.finish()
        #expect(result.routes.map(\.name) == ["GET /x", "run"])
        #expect(
            result.groups.map { "\($0.route) \($0.field) \($0.count)" } == [
                "run $.c 2", "GET /x $.a 1", "GET /x $.b 1", "GET /x $.c 1",
            ]
        )
    }
}
