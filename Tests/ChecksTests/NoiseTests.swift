import Checks
import JSON
import Messages
import Testing
import Traces

/// What several answers to the same requests teach, and what a check makes of it.
@Suite struct NoiseTests {
    /// Feeds a recording and runs of it, each a list of answers to `GET /a`.
    static func model(_ recorded: [String], _ runs: [[String]], status: [Int] = []) -> NoiseModel {
        var learner = NoiseLearner(headers: CheckRules.defaultHeaders, trace: TraceScript.trace)
        for (index, body) in recorded.enumerated() {
            learner.expect(TraceScript.request(UInt64(index), "GET /a"))
            learner.expect(TraceScript.response(UInt64(index), body: Array(body.utf8)))
        }
        for (run, answers) in runs.enumerated() {
            learner.beginRun()
            for (index, body) in answers.enumerated() {
                let number = UInt64(index)
                learner.observe(TraceScript.request(number, "GET /a", of: number))
                let code = run < status.count ? status[run] : 200
                learner.observe(TraceScript.response(number, code, body: Array(body.utf8), of: number))
            }
        }
        return learner.model(trace: "t")
    }

    static func check(
        _ expected: String,
        _ observed: String,
        _ noise: NoiseModel,
        status: (Int, Int) = (200, 200)
    )
        -> CheckResult
    {
        var comparator = Comparator(noise: noise, trace: TraceScript.trace)
        comparator.expect(TraceScript.request(0, "GET /a"))
        comparator.expect(TraceScript.response(0, status.0, body: Array(expected.utf8)))
        comparator.observe(TraceScript.request(0, "GET /a", of: 0))
        comparator.observe(TraceScript.response(0, status.1, body: Array(observed.utf8), of: 0))
        return comparator.finish()
    }

    /// Answers in which only `value(index, run)` differs, for 40 requests and `runs` runs; run 0 is the recording.
    static func answers(_ runs: Int, _ value: (Int, Int) -> String) -> [[String]] {
        (0...runs).map { run in (0..<40).map { "{\"a\":1,\"v\":\(value($0, run))}" } }
    }

    static let variations: [(name: String, value: @Sendable (Int, Int) -> String, yields: ValueVariation)] = [
        (
            "a token behind a word", { #""run_\#(hex($0 * 7 + $1 * 1_000_003, 12))""# },
            .pattern(pattern("run_[0-9a-f]{12}"))
        ),
        ("a UUID", { #""\#(hex($0, 8))-0000-4000-8000-\#(hex($1 + 77, 12))""# }, .shape(.uuid)),
        ("a moment", { #""2026-11-24T02:00:\#(10 + ($0 + $1) % 40)Z""# }, .shape(.timestamp)),
        ("a counter", { "\($1 * 100 + $0 + 1)" }, .monotonic),
        ("a counter begun anew", { "\($1 == 0 ? 5_000 + $0 : $1 * 100 + $0)" }, .monotonic),
        ("a moment as a number", { "\(1_764_000_000_000 + $1 * 60_000 + $0)" }, .monotonic),
        (
            "one of three words", { #""\#(["queued", "running", "done"][($0 &* 31 &+ $1 &* 17) % 3])""# },
            .set(["done", "queued", "running"].map { .string($0) })
        ),
        ("a truth value", { ($0 &+ $1) % 2 == 0 ? "true" : "false" }, .set([.bool(false), .bool(true)])),
        // Never below zero, and room above
        ("a duration", { "\(5 + ($0 &* 37 &+ $1 &* 101) % 90)" }, .number(0...282)),
        (
            "texts without a form",
            { $1 % 2 == 0 ? #""a b, c\#(String(repeating: "x", count: $0))""# : #""d""# },
            .pattern(pattern(".{0,92}"))
        ),
    ]

    static func hex(_ number: Int, _ count: Int) -> String {
        let digits = String(UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
        return String((digits + "0123456789abcdef").prefix(count))
    }

    static func pattern(_ text: String) -> TextPattern {
        (try? TextPattern(parsing: text)) ?? TextPattern([])
    }

    @Test(arguments: variations)
    func aValueIsLearnedByHowItVaries(
        _ row: (name: String, value: @Sendable (Int, Int) -> String, yields: ValueVariation)
    ) {
        let answers = Self.answers(3, row.value)
        let model = Self.model(answers[0], Array(answers[1...]))
        #expect(model.routes.map(\.name) == ["GET /a"])
        #expect(model.routes.first?.fields.map(\.field) == ["$.v"], "and nothing else varies")
        #expect(model.routes.first?.fields.first?.values == row.yields)
        // Another run of the same kind passes, and the constant beside it is still compared.
        let next = "{\"a\":1,\"v\":\(row.value(3, 4))}"
        #expect(Self.check(answers[0][3], next, model).verdict == .pass)
        let changed = "{\"a\":2,\"v\":\(row.value(3, 4))}"
        #expect(Self.check(answers[0][3], changed, model).lines == ["$.a value: 1 → 2"])
    }

    static let unexplained: [(name: String, value: @Sendable (Int, Int) -> String, observed: String)] = [
        ("a token of another form", { #""run_\#(hex($0 * 7 + $1 * 1_000_003, 12))""# }, #""run-17""#),
        (
            "a word that is none of the three",
            { #""\#(["queued", "running", "done"][($0 &* 31 &+ $1 &* 17) % 3])""# }, #""lost""#
        ),
        ("a number far from any", { "\(5 + ($0 &* 37 &+ $1 &* 101) % 90)" }, "100000"),
        ("a moment that goes back", { "\(1_764_000_000_000 + $1 * 60_000 + $0)" }, "1763000000000"),
        ("a value of another type", { "\($1 * 100 + $0 + 1)" }, "null"),
        ("no moment at all", { #""2026-11-24T02:00:\#(10 + ($0 + $1) % 40)Z""# }, #""soon""#),
    ]

    @Test(arguments: unexplained)
    func whatTheNoiseDoesNotShowIsADifference(
        _ row: (name: String, value: @Sendable (Int, Int) -> String, observed: String)
    ) {
        let answers = Self.answers(3, row.value)
        let model = Self.model(answers[0], Array(answers[1...]))
        #expect(Self.check(answers[0][3], "{\"a\":1,\"v\":\(row.observed)}", model).verdict == .fail)
    }

    @Test func fieldsThatAreNotAlwaysThereAreOptional() {
        let with = #"{"a":1,"n":"late"}"#
        let without = #"{"a":1}"#
        let model = Self.model([with, without], [[without, without], [with, with]])
        #expect(model.routes.first?.fields.first?.isOptional == true)
        #expect(Self.check(with, without, model).verdict == .pass)
        #expect(Self.check(without, with, model).verdict == .pass)
        #expect(Self.check(with, #"{"n":"late"}"#, model).lines == ["$.a missing: 1 → -"])
    }

    static let lists: [(name: String, runs: [String], next: String, lines: [String])] = [
        ("any order", ["[1,2,3]", "[3,1,2]", "[2,3,1]"], "[3,2,1]", []),
        ("any order, and one is gone", ["[1,2,3]", "[3,1,2]", "[2,3,1]"], "[3,1]", ["$[1] missing: 2 → -"]),
        (
            "any order, and one is another", ["[1,2,3]", "[3,1,2]", "[2,3,1]"], "[4,1,3]",
            ["$[1] value: 2 → 4"]
        ),
        (
            "an order that counts", ["[1,2,3]", "[1,2,3]", "[1,2,3]"], "[3,2,1]",
            ["$ order: an array of 3 → an array of 3"]
        ),
        ("now more, now fewer", ["[1,1]", "[1,1,1]", "[1]"], "[1,1,1]", []),
        (
            "identifiers in them are new each time",
            [
                #"[{"n":"a","i":11},{"n":"b","i":12}]"#, #"[{"n":"b","i":23},{"n":"a","i":21}]"#,
                #"[{"n":"b","i":35},{"n":"a","i":34}]"#,
            ],
            #"[{"n":"b","i":41},{"n":"a","i":44}]"#, []
        ),
    ]

    @Test(arguments: lists)
    func listsAreLearnedByOrderAndLength(_ row: (name: String, runs: [String], next: String, lines: [String]))
    {
        let model = Self.model([row.runs[0]], [[row.runs[1]], [row.runs[2]]])
        #expect(Self.check(row.runs[0], row.next, model).lines == row.lines)
    }

    /// What else varies in them, elements are who their names say; where nothing names them, they are what they are.
    @Test func elementsAreToldByTheirNames() {
        func list(_ order: [Int], _ seed: Int, renamed: Int? = nil) -> String {
            let elements = order.map { number in
                let tags = (0...(number * 7 + seed * 5) % 3).map { #""t\#(($0 + seed) % 4)""# }
                let name = number == renamed ? "new" : "n\(number)"
                return
                    #"{"score":\#((number * 31 + seed * 17) % 97),"id":\#(number),"name":"\#(name)","tags":["#
                    + tags.joined(separator: ",") + "]}"
            }
            return #"{"rows":[\#(elements.joined(separator: ","))]}"#
        }
        let orders = [[0, 1, 2, 3, 4], [3, 1, 4, 0, 2], [4, 3, 2, 1, 0], [1, 0, 2, 4, 3]]
        let answers = orders.enumerated().map { run, order in (0..<40).map { list(order, run * 40 + $0) } }
        let model = Self.model(answers[0], Array(answers[1...]))
        #expect(
            Set(model.routes.flatMap(\.fields).map(\.field))
                .isSubset(of: ["$.rows", "$.rows[*].score", "$.rows[*].tags", "$.rows[*].tags[*]"])
        )
        #expect(Self.check(list(orders[0], 3), list([2, 4, 1, 3, 0], 779), model).verdict == .pass)
        #expect(
            Self.check(list(orders[0], 3), list([2, 4, 1, 3, 0], 779, renamed: 2), model).lines
                == [#"$.rows[2].name value: "n2" → "new""#]
        )
        #expect(
            Self.check(list(orders[0], 3), list([2, 4, 1, 0], 779), model).lines.map { $0.prefix(17) }
                == ["$.rows[3] missing"]
        )
    }

    /// A field that is not always there may be empty where it is.
    @Test func anOptionalFieldMayBeNull() {
        let field = FieldNoise(
            field: "$.a",
            values: .number(0...10),
            isOptional: true,
            types: [.number, .null],
            varied: 9
        )
        let noise = NoiseModel(runs: 3, routes: [RouteNoise(name: "GET /a", answers: 20, fields: [field])])
        #expect(Self.check("{}", #"{"a":null}"#, noise).verdict == .pass)
        #expect(Self.check("{}", #"{"a":3}"#, noise).verdict == .pass)
        #expect(Self.check("{}", #"{"a":"x"}"#, noise).verdict == .fail)
    }

    /// Each side writes its own name into its answers; another server is another value.
    @Test func aURLOfTheServerItselfIsAPath() {
        func link(_ host: String, _ rest: String) -> String { #"{"self":"http://\#(host)\#(rest)"}"# }
        let recorded = link("prod.example", "/a")
        for (observed, lines) in [
            (link("localhost:8080", "/a"), []),
            (
                link("localhost:8080", "/b"),
                [#"$.self value: "http://prod.example/a" → "http://localhost:8080/b""#]
            ),
            (
                link("elsewhere", "/a"),
                [#"$.self value: "http://prod.example/a" → "http://elsewhere/a""#]
            ),
        ] as [(String, [String])] {
            #expect(TraceScript.compare(recorded, observed).lines == lines)
        }
        var learner = NoiseLearner(headers: [], trace: TraceScript.trace)
        learner.expect(TraceScript.request(0, "GET /a"))
        learner.expect(TraceScript.response(0, body: Array(recorded.utf8)))
        for host in ["one:1", "one:1"] {
            learner.beginRun()
            learner.observe(TraceScript.request(0, "GET /a", host: host, of: 0))
            learner.observe(TraceScript.response(0, body: Array(link(host, "/a").utf8), of: 0))
        }
        #expect(learner.model(trace: "").routes.allSatisfy { $0.fields.isEmpty })
    }

    /// Between two statuses there is none: others than those that were seen are differences, however the seen ones vary.
    @Test(arguments: [(404, []), (200, []), (500, ["status value: 200 → 500"])])
    func aStatusIsNoQuantity(_ status: Int, _ lines: [String]) {
        let bodies = [String](repeating: "{}", count: 40)
        let model = Self.model(bodies, [bodies, bodies, bodies], status: [404, 404, 404])
        #expect(
            model.routes.first?.fields.first?.values
                == .set([.number(JSONNumber(spelling: "200")), .number(JSONNumber(spelling: "404"))])
        )
        #expect(Self.check("{}", "{}", model, status: (200, status)).lines == lines)
    }

    /// An answer that is missing, cut or refused is never noise, however often it was seen.
    @Test func aFailureIsNotLearned() {
        var learner = NoiseLearner(headers: [], trace: TraceScript.trace)
        learner.expect(TraceScript.request(0, "GET /a"))
        learner.expect(TraceScript.response(0, body: Array("{}".utf8)))
        learner.beginRun()
        learner.observe(TraceScript.request(0, "GET /a", of: 0, flags: [.noResponse]))
        #expect(learner.model(trace: "").routes.allSatisfy { $0.fields.isEmpty })
    }

    @Test func aMemberUnderAnotherNameIsOneDifference() {
        let result = TraceScript.compare(#"{"a":1,"ok":true,"b":2}"#, #"{"a":1,"fine":true,"b":2}"#)
        #expect(result.lines == ["$.ok renamed: $.ok → $.fine"])
        let moved = TraceScript.compare(#"{"ok":true,"b":2}"#, #"{"b":2,"fine":true}"#)
        #expect(
            moved.lines == ["$.ok renamed: $.ok → $.fine"],
            "nothing else is gone, and nothing else is new"
        )
        // Values that many have, elsewhere, are no reason to think so.
        let apart = TraceScript.compare(#"{"ok":true,"b":2}"#, #"{"b":2,"c":3,"fine":true}"#)
        #expect(apart.lines == ["$.ok missing: true → -", "$.c added: - → 3", "$.fine added: - → true"])
    }

    /// An answer of another status has another body: the status comes first, however many fields differ.
    @Test func causesComeBeforeConsequences() {
        var comparator = Comparator(trace: TraceScript.trace)
        for number in UInt64(0)..<3 {
            comparator.expect(TraceScript.request(number, "GET /a"))
            comparator.expect(TraceScript.response(number, body: Array(#"{"a":1,"b":[1,2,3]}"#.utf8)))
        }
        for number in UInt64(0)..<3 {
            comparator.observe(TraceScript.request(number, "GET /a", of: number))
            comparator.observe(
                TraceScript.response(number, 500, body: Array(#"{"error":"x"}"#.utf8), of: number)
            )
        }
        let result = comparator.finish()
        #expect(result.groups.first?.field == "status")
        #expect(result.groups.dropFirst().allSatisfy { $0.consequences == $0.count })
    }

    /// Feeds texts of the given type: a recording, runs of it, and one more that is checked.
    private static func differences(
        _ type: String,
        learned: [String],
        checked: String,
        rows: Int = 12,
        _ text: (String, Int) -> String
    ) -> [String] {
        let fields = ["Content-Type: \(type)"]
        var learner = NoiseLearner(headers: CheckRules.defaultHeaders, trace: TraceScript.trace)
        func feed(_ variant: String, seed: Int, _ take: (RecordedMessage) -> Void, of isObserved: Bool) {
            for row in 0..<rows {
                let number = UInt64(row)
                let body = Array(text(variant, seed * 1_000 + row).utf8)
                take(TraceScript.request(number, "GET /a", of: isObserved ? number : nil))
                take(TraceScript.response(number, fields: fields, body: body, of: isObserved ? number : nil))
            }
        }
        feed(learned[0], seed: 1, { learner.expect($0) }, of: false)
        for run in 2...4 {
            learner.beginRun()
            feed(learned[0], seed: run, { learner.observe($0) }, of: true)
        }
        var comparator = Comparator(noise: learner.model(trace: "t"), trace: TraceScript.trace)
        feed(learned[0], seed: 1, { comparator.expect($0) }, of: false)
        feed(checked, seed: 9, { comparator.observe($0) }, of: true)
        return comparator.finish().groups.map { "\($0.field) \($0.kind.rawValue)" }
    }

    struct Document {
        var type: String
        var text: @Sendable (String, Int) -> String
        /// What a check says of another text in the place of the first.
        var finds: [String]
        var reason: String
    }

    static let documents: [Document] = [
        Document(
            type: "text/html",
            text: { "<title>\($0)</title>\n<input value='\(hex($1 &* 7_919, 12))'>\n<p>Bye</p>" },
            finds: ["$[*] value"],
            reason: "one line varies, another was changed"
        ),
        Document(
            type: "text/plain",
            text: { "\($0): request \(hex($1 &* 7_919, 12)) took \($1 % 90 + 10) ms" },
            finds: ["body bytes"],
            reason: "a part of the only line varies"
        ),
        Document(
            type: "text/csv",
            text: { "id,name\n\(hex($1 &* 7_919, 8)),\($0),2026-11-\(10 + $1 % 20)T10:00:00Z\n" },
            finds: ["$[*] value"],
            reason: "a field beside others that vary"
        ),
        Document(
            type: "application/x-ndjson",
            text: { "{\"id\":\"\(hex($1 &* 7_919, 12))\",\"n\":\"\($0)\"}\n{\"id\":1}\n" },
            finds: ["$[*].n value"],
            reason: "a value on each line"
        ),
        Document(
            type: "application/json",
            text: {
                "{\"by\":{\"usr_\(hex($1 &* 7_919, 8))\":{\"role\":\"\($0)\"},\"usr_\(hex($1 &* 104_729, 9))\":{\"role\":\"x\"}}}"
            },
            finds: ["$.by['*'].role value"],
            reason: "members with names of their own"
        ),
        Document(
            type: "application/json",
            text: { "{\"at\":\"Fri, \(10 + $1 % 20) Nov 2026 10:00:00 GMT\",\"s\":\"\($0)\"}" },
            finds: ["$.s value"],
            reason: "a moment as header fields write it"
        ),
        Document(
            type: "application/json",
            text: { word, seed in
                "{\"due\":\"2031-05-01T10:00:00\(word == "one" ? "Z" : "+02:00")\",\"at\":\"2026-11-\(10 + seed % 20)T10:00:00Z\"}"
            },
            finds: ["$.due value"],
            reason: "a moment that stays the same, in another zone"
        ),
    ]

    @Test(arguments: documents.indices)
    func whatVariesIsToldFromWhatWasChangedBesideIt(_ row: Int) {
        let document = Self.documents[row]
        let same = Self.differences(document.type, learned: ["one"], checked: "one", document.text)
        #expect(same == [], "\(document.reason)")
        let changed = Self.differences(document.type, learned: ["one"], checked: "two", document.text)
        #expect(changed == document.finds, "\(document.reason)")
    }

    /// What was learned within a minute holds on the next day.
    @Test func momentsInsideTextsMoveOnInAllTheirParts() {
        let texts = (0..<12).map {
            "made at 2026-11-27T12:35:\(10 + $0).\(100 + $0)Z, Fri, 27 Nov 2026 12:35:\(10 + $0) GMT"
        }
        let pattern = TextPattern(covering: texts)
        #expect(pattern?.matches("made at 2027-01-02T03:04:05.678Z, Sat, 02 Jan 2027 03:04:05 GMT") == true)
        #expect(pattern?.matches("made on 2027-01-02T03:04:05.678Z, Sat, 02 Jan 2027 03:04:05 GMT") == false)
        let mixed = TextPattern(covering: [
            "at 2026-11-27T12:35:10Z.", "at 2026-11-27T12:35:10.123456+01:00.",
        ])
        #expect(mixed?.matches("at 2027-01-02T03:04:05+02:00.") == true)
        #expect(mixed?.matches("on 2027-01-02T03:04:05+02:00.") == false)
    }

    @Test func aHeaderFieldThatNoAnswerHadIsFound() {
        let noise = NoiseModel(headers: ["x-a"], routes: [RouteNoise(name: "GET /a", answers: 3, fields: [])])
        var comparator = Comparator(noise: noise, trace: TraceScript.trace)
        comparator.expect(TraceScript.request(0, "GET /a"))
        comparator.expect(TraceScript.response(0, fields: ["X-Known: 1"], body: []))
        comparator.observe(TraceScript.request(0, "GET /a", of: 0))
        comparator.observe(
            TraceScript.response(0, fields: ["X-Known: 2", "X-New: 1", "Date: x"], body: [], of: 0)
        )
        #expect(comparator.finish().lines == ["header x-new added: - → 1"])
    }
}
