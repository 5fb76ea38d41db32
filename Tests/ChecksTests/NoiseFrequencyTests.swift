import Checks
import JSON
import Messages
import Testing
import Traces

/// How often noise shows, held against how often it showed when it was learned.
@Suite struct NoiseFrequencyTests {
    /// 2 of 200 answers had another status when it was learned.
    @Test(arguments: [
        (differing: 2, finds: false), (differing: 5, finds: false), (differing: 30, finds: true),
    ])
    func noiseThatGrowsIsFound(_ row: (differing: Int, finds: Bool)) {
        let field = FieldNoise(
            field: "status",
            values: .set(["200", "503"].map { .number(JSONNumber(spelling: $0)) }),
            varied: 2
        )
        let noise = NoiseModel(runs: 3, routes: [RouteNoise(name: "GET /a", answers: 200, fields: [field])])
        var comparator = Comparator(noise: noise, trace: TraceScript.trace)
        for number in 0..<200 {
            let number = UInt64(number)
            comparator.expect(TraceScript.request(number, "GET /a"))
            comparator.expect(TraceScript.response(number, body: []))
        }
        for number in 0..<200 {
            comparator.observe(TraceScript.request(UInt64(number), "GET /a", of: UInt64(number)))
            let status = number < row.differing ? 503 : 200
            comparator.observe(TraceScript.response(UInt64(number), status, body: [], of: UInt64(number)))
        }
        let result = comparator.finish()
        #expect(result.verdict == (row.finds ? .fail : .pass))
        #expect(result.groups.map(\.kind) == (row.finds ? [.frequency] : []))
    }

    /// A counter stands by chance where the recording's stood, in all answers of one run and in none of the next.
    @Test func aCounterThatStandsElsewhereIsNoGrowth() {
        let field = FieldNoise(field: "$.n", values: .monotonic, varied: 240)
        let noise = NoiseModel(
            runs: 4,
            routes: [RouteNoise(name: "GET /a", answers: 320, fields: [field])]
        )
        var comparator = Comparator(noise: noise, trace: TraceScript.trace)
        for number in UInt64(0)..<80 {
            comparator.expect(TraceScript.request(number, "GET /a"))
            comparator.expect(TraceScript.response(number, body: Array("{\"n\":\(number)}".utf8)))
        }
        for number in UInt64(0)..<80 {
            comparator.observe(TraceScript.request(number, "GET /a", of: number))
            comparator.observe(
                TraceScript.response(number, body: Array("{\"n\":\(number + 500)}".utf8), of: number)
            )
        }
        #expect(comparator.finish().verdict == .pass)
    }

    /// A field that is in every second answer comes and goes in as many answers as when it is in all of them; only then it
    /// never goes.
    @Test(arguments: [
        (here: 2, why: "every second one", lines: []),
        (here: 1, why: "all", lines: ["added in 60 of 240 answers → in 40 of 80"]),
        (here: 100, why: "none", lines: ["missing in 60 of 240 answers → in 40 of 80"]),
    ])
    func aFieldThatComesToStayIsFound(_ row: (here: Int, why: String, lines: [String])) {
        let field = FieldNoise(field: "$.b", isOptional: true, varied: 120, added: 60)
        let noise = NoiseModel(
            runs: 3,
            routes: [RouteNoise(name: "GET /a", answers: 240, fields: [field])]
        )
        var comparator = Comparator(noise: noise, trace: TraceScript.trace)
        func body(_ isThere: Bool) -> [UInt8] { Array((isThere ? #"{"a":1,"b":{}}"# : #"{"a":1}"#).utf8) }
        for number in UInt64(0)..<80 {
            comparator.expect(TraceScript.request(number, "GET /a"))
            comparator.expect(TraceScript.response(number, body: body(number % 2 == 0)))
        }
        for number in UInt64(0)..<80 {
            comparator.observe(TraceScript.request(number, "GET /a", of: number))
            let isThere = row.here < 100 && (number / 2) % UInt64(row.here) == 0
            comparator.observe(TraceScript.response(number, body: body(isThere), of: number))
        }
        let result = comparator.finish()
        #expect(
            result.groups.map { "\($0.example.expected?.text ?? "") → \($0.example.observed?.text ?? "")" }
                == row.lines,
            "\(row.why)"
        )
    }

    /// While a list is not known to have no order, what differs within it is taken for elements that came and went.
    @Test func countsAreMadeAsACheckMakesThem() {
        let names = ["red", "blue", "oak", "pine", "salt", "iron", "wolf", "moss"]
        func body(_ run: Int, _ number: Int) -> [UInt8] {
            var state = UInt64(run * 1_000 + number + 1) &* 0x9E37_79B9_7F4A_7C15
            func draw(_ count: Int) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int((state >> 33) % UInt64(count))
            }
            func shuffled(_ texts: [String]) -> [String] {
                var texts = texts
                for index in texts.indices { texts.swapAt(index, index + draw(texts.count - index)) }
                return texts
            }
            let elements = names.enumerated().map { index, name in
                let tags = shuffled([#""a""#, #""b""#, #""c""#]).prefix(1 + draw(3)).joined(separator: ",")
                return #"{"id":\#(index),"name":"\#(name)","score":0.\#(100 + draw(900)),"tags":[\#(tags)]}"#
            }
            return Array("[\(shuffled(elements).joined(separator: ","))]".utf8)
        }
        var learner = NoiseLearner(headers: [], trace: TraceScript.trace)
        for number in 0..<100 {
            learner.expect(TraceScript.request(UInt64(number), "GET /a"))
            learner.expect(TraceScript.response(UInt64(number), body: body(0, number)))
        }
        func run(_ run: Int, _ take: (RecordedMessage) -> Void) {
            for number in UInt64(0)..<100 {
                take(TraceScript.request(number, "GET /a", of: number))
                take(TraceScript.response(number, body: body(run, Int(number)), of: number))
            }
        }
        for number in 1...3 {
            learner.beginRun()
            run(number) { learner.observe($0) }
        }
        var model = learner.model(trace: "")
        func comparator() -> Comparator {
            var comparator = Comparator(noise: model, trace: TraceScript.trace)
            for number in 0..<100 {
                comparator.expect(TraceScript.request(UInt64(number), "GET /a"))
                comparator.expect(TraceScript.response(UInt64(number), body: body(0, number)))
            }
            return comparator
        }
        var tally = NoiseTally()
        for number in 1...3 {
            var one = comparator()
            run(number) { one.observe($0) }
            tally.add(one)
        }
        model.recount(by: tally)
        for number in 1...9 {
            var one = comparator()
            run(number) { one.observe($0) }
            let result = one.finish()
            #expect(result.groups.isEmpty, "\(result.groups.map(\.field))")
        }
    }
}
