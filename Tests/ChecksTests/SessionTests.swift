import Checks
import Messages
import Packets
import Testing
import Traces

/// What follows from what across the answers of one session.
@Suite struct SessionTests {
    /// One exchange: its connection, the request line, further fields, and both answers.
    struct Step {
        var connection: UInt64
        var line: String
        var fields: [String] = []
        var answerFields: [String] = []
        var expected: (status: Int, body: String)
        var observed: (status: Int, body: String)?

        init(
            _ connection: UInt64,
            _ line: String,
            fields: [String] = [],
            answerFields: [String] = [],
            _ expected: (Int, String),
            _ observed: (Int, String)?
        ) {
            self.connection = connection
            self.line = line
            self.fields = fields
            self.answerFields = answerFields
            self.expected = expected
            self.observed = observed
        }

        /// The same answer on both sides.
        init(_ connection: UInt64, _ line: String, fields: [String] = [], _ answer: (Int, String)) {
            self.init(connection, line, fields: fields, answer, answer)
        }
    }

    /// Compares steps that follow each other.
    private static func check(_ steps: [Step]) -> CheckResult {
        var comparator = Comparator()
        for isExpected in [true, false] {
            for (index, step) in steps.enumerated() {
                let exchange = UInt64(index + 1)
                let of = isExpected ? nil : exchange
                let answer = isExpected ? step.expected : step.observed
                var request = TraceScript.request(exchange, step.line, of: of)
                request.head.bytes.removeLast(2)
                request.head.bytes += step.fields.flatMap { Array("\($0)\r\n".utf8) } + Array("\r\n".utf8)
                request.head.connection = step.connection
                request.head.start = PacketTime(nanoseconds: Int64(index) * 10)
                if answer == nil { request.end.flags.insert(.noResponse) }
                var messages = [request]
                if let answer {
                    var response = TraceScript.response(
                        exchange,
                        answer.status,
                        fields: ["Content-Type: application/json"] + step.answerFields,
                        body: Array(answer.body.utf8),
                        of: of
                    )
                    response.end.time = PacketTime(nanoseconds: Int64(index) * 10 + 5)
                    messages.append(response)
                }
                for message in messages {
                    if isExpected { comparator.expect(message) } else { comparator.observe(message) }
                }
            }
        }
        return comparator.finish()
    }

    /// A group in one line: what it is, its count, of those the consequences, the later answers, and its cause.
    private static func lines(_ result: CheckResult) -> [String] {
        result.groups.map { group in
            "\(group.route) \(group.field) ×\(group.count)"
                + (group.consequences > 0 ? " -\(group.consequences)" : "")
                + (group.followers > 0 ? " +\(group.followers)" : "")
                + (group.cause.map { " < \($0.route) \($0.field)" } ?? "")
        }
    }

    static let rows: [(steps: [Step], lines: [String])] = [
        // The polls of a run that failed at once say so, each in its own words, and are more.
        (
            [
                Step(
                    1,
                    "POST /runs",
                    (201, #"{"id":"run_7a8b9c0d","state":"queued"}"#),
                    (201, #"{"id":"run_7a8b9c0d","state":"failed"}"#)
                ),
                Step(
                    2,
                    "GET /runs/run_7a8b9c0d",
                    (200, #"{"state":"running"}"#),
                    (200, #"{"state":"failed"}"#)
                ),
                Step(3, "GET /runs/run_7a8b9c0d", (200, #"{"state":"done"}"#), (200, #"{"state":"failed"}"#)),
                Step(4, "GET /runs/run_7a8b9c0d/logs", (200, #"{"lines":3}"#), (200, #"{"lines":0}"#)),
                Step(5, "GET /health", (200, #"{"up":true}"#)),
            ],
            [
                "POST /runs $.state ×1 +3",
                "GET /runs/{id} $.state ×2 -2 < POST /runs $.state",
                "GET /runs/{id}/logs $.lines ×1 -1 < POST /runs $.state",
            ]
        ),
        // Nothing was made, so that nothing is found.
        (
            [
                Step(1, "POST /orders", (201, #"{"order_id":41}"#), (500, #"{"order_id":41}"#)),
                Step(2, "GET /orders/41", (200, "{}"), (404, "{}")),
                Step(3, "DELETE /orders/41", (204, ""), (404, #"{"error":"none"}"#)),
            ],
            [
                "POST /orders status ×1 +2",
                "GET /orders/{id} status ×1 -1 < POST /orders status",
                "DELETE /orders/{id} body ×1 -1",
                "DELETE /orders/{id} status ×1 -1 < POST /orders status",
            ]
        ),
        // A login is refused: a cookie that nobody has.
        (
            [
                Step(
                    1,
                    "POST /login",
                    answerFields: ["Set-Cookie: sid=abc; Path=/"],
                    (200, #"{"ok":true}"#),
                    (401, #"{"ok":true}"#)
                ),
                Step(
                    2,
                    "GET /cart",
                    fields: ["Cookie: sid=abc"],
                    (200, #"{"total":5}"#),
                    (403, #"{"total":5}"#)
                ),
            ],
            [
                "POST /login status ×1 +1",
                "GET /cart status ×1 -1 < POST /login status",
            ]
        ),
        // The same with a token.
        (
            [
                Step(1, "POST /token", (200, #"{"access_token":"tok_1"}"#), nil),
                Step(2, "GET /cart", fields: ["Authorization: Bearer tok_1"], (200, "{}"), (401, "{}")),
            ],
            [
                "POST /token response ×1 +1",
                "GET /cart status ×1 -1 < POST /token response",
            ]
        ),
        // One connection: what was put in is what comes out.
        (
            [
                Step(1, "GET /cart", (200, #"{"items":0}"#)),
                Step(1, "POST /cart", (200, #"{"price":10}"#), (200, #"{"price":11}"#)),
                Step(1, "GET /cart", (200, #"{"items":1}"#)),
                Step(1, "GET /total", (200, #"{"sum":10}"#), (200, #"{"sum":11}"#)),
            ],
            [
                "POST /cart $.price ×1 +1",
                "GET /total $.sum ×1 -1 < POST /cart $.price",
            ]
        ),
        // Reading changes nothing.
        (
            [
                Step(1, "GET /a", (200, #"{"n":1}"#), (200, #"{"n":2}"#)),
                Step(1, "GET /b", (200, #"{"m":1}"#), (200, #"{"m":2}"#)),
            ],
            ["GET /a $.n ×1", "GET /b $.m ×1"]
        ),
        // But for what it read: the list names something that is asked for then.
        (
            [
                Step(1, "GET /jobs", (200, #"{"id":"job_11aa22bb"}"#), (200, #"{"id":"job_00000000"}"#)),
                Step(2, "GET /jobs/job_11aa22bb", (200, "{}"), (404, "{}")),
            ],
            [
                "GET /jobs $.id ×1 +1",
                "GET /jobs/{id} status ×1 -1 < GET /jobs $.id",
            ]
        ),
        // A number names one thing only together with what it is a number of.
        (
            [
                Step(1, "PUT /orders/41", (200, #"{"n":1}"#), (200, #"{"n":2}"#)),
                Step(2, "GET /orders/41", (200, #"{"m":1}"#), (200, #"{"m":2}"#)),
                Step(3, "GET /users/41", (200, #"{"k":1}"#), (200, #"{"k":2}"#)),
            ],
            [
                "PUT /orders/{id} $.n ×1 +1",
                "GET /users/{id} $.k ×1",
                "GET /orders/{id} $.m ×1 -1 < PUT /orders/{id} $.n",
            ]
        ),
        // Where to look is all that a creation says.
        (
            [
                Step(1, "POST /files", answerFields: ["Location: /files/a1"], (201, ""), (503, "")),
                Step(2, "GET /files/a1", (200, "{}"), (404, "{}")),
            ],
            [
                "POST /files status ×1 +1",
                "GET /files/a1 status ×1 -1 < POST /files status",
            ]
        ),
        // A server that fails everywhere fails by itself.
        (
            [
                Step(1, "POST /a", (200, "{}"), (500, "{}")),
                Step(1, "POST /b", (200, "{}"), (500, "{}")),
            ],
            ["POST /a status ×1", "POST /b status ×1"]
        ),
        // The same change in two places is one of the program, which made it in both.
        (
            [
                Step(1, "POST /a", (202, "{}"), (200, "{}")),
                Step(1, "POST /b", (202, "{}"), (200, "{}")),
            ],
            ["POST /a status ×1", "POST /b status ×1"]
        ),
    ]

    @Test(arguments: rows.indices)
    func causesComeFirst(_ row: Int) {
        let result = Self.check(Self.rows[row].steps)
        #expect(Self.lines(result) == Self.rows[row].lines)
        #expect(result.verdict == .fail)
    }

    /// Sessions of an order and its poll, on connections of their own; what differs is said by number.
    private static func orders(
        _ count: Int,
        create: (Int) -> Bool,
        poll: (Int) -> Bool,
        connection: (Int) -> UInt64 = { UInt64($0) }
    ) -> CheckResult {
        check(
            (0..<count).flatMap { number in
                let id = "ord_\(10_000_000 + number)"
                return [
                    Step(
                        connection(number),
                        "POST /orders",
                        (201, "{\"id\":\"\(id)\",\"tax\":1}"),
                        (201, "{\"id\":\"\(id)\",\"tax\":\(create(number) ? 2 : 1)}")
                    ),
                    Step(
                        connection(number),
                        "GET /orders/\(id)",
                        (200, "{\"sum\":1}"),
                        (200, "{\"sum\":\(poll(number) ? 2 : 1)}")
                    ),
                ]
            }
        )
    }

    @Test func whatComesWithTheCauseAndSeldomWithoutFollows() {
        let result = Self.orders(40, create: { $0 % 2 == 0 }, poll: { $0 % 2 == 0 || $0 == 3 })
        #expect(
            Self.lines(result) == [
                "POST /orders $.tax ×20 +20", "GET /orders/{id} $.sum ×21 -20 < POST /orders $.tax",
            ]
        )
    }

    @Test func whatComesAsOftenWithoutTheCauseDoesNotFollow() {
        // Every answer of the poll differs, and one creation in ten.
        let result = Self.orders(40, create: { $0 % 10 == 0 }, poll: { _ in true })
        #expect(Self.lines(result) == ["GET /orders/{id} $.sum ×40", "POST /orders $.tax ×4"])
    }

    @Test func whatSeldomComesAfterTheCauseDoesNotFollow() {
        // Every creation differs, and one poll in twenty.
        let result = Self.orders(40, create: { _ in true }, poll: { $0 % 20 == 0 })
        #expect(Self.lines(result) == ["POST /orders $.tax ×40", "GET /orders/{id} $.sum ×2"])
    }

    @Test func aRequestThatWasUnderWayBeforeTheCauseCameDoesNotFollow() {
        var comparator = Comparator()
        let lines = [(1, "POST /runs", 0, 100), (2, "GET /runs/run_12345678", 50, 60)]
        for (exchange, line, start, _) in lines {
            var request = TraceScript.request(UInt64(exchange), line)
            request.head.start = PacketTime(nanoseconds: Int64(start))
            comparator.expect(request)
        }
        for (exchange, _, _, end) in lines {
            var response = TraceScript.response(
                UInt64(exchange),
                body: Array(#"{"id":"run_12345678","n":1}"#.utf8)
            )
            response.end.time = PacketTime(nanoseconds: Int64(end))
            comparator.expect(response)
        }
        for (exchange, line, _, _) in lines {
            comparator.observe(TraceScript.request(9, line, of: UInt64(exchange)))
            comparator.observe(
                TraceScript.response(
                    9,
                    body: Array(#"{"id":"run_12345678","n":2}"#.utf8),
                    of: UInt64(exchange)
                )
            )
        }
        #expect(comparator.finish().groups.allSatisfy { $0.consequences == 0 && $0.cause == nil })
    }

    @Test func passesOverARecordingAreSessionsOfTheirOwn() {
        var comparator = Comparator()
        let lines = ["POST /runs", "GET /runs/run_12345678"]
        let body = #"{"id":"run_12345678","n":1}"#
        for (index, line) in lines.enumerated() {
            comparator.expect(TraceScript.request(UInt64(index + 1), line))
            comparator.expect(TraceScript.response(UInt64(index + 1), body: Array(body.utf8)))
        }
        // The creation differs in the first pass, the poll in the second.
        for loop in UInt32(0)..<2 {
            for (index, line) in lines.enumerated() {
                let of = UInt64(index + 1)
                let answer = index == Int(loop) ? #"{"id":"run_12345678","n":2}"# : body
                comparator.observe(TraceScript.request(9, line, of: of, loop: loop))
                comparator.observe(TraceScript.response(9, body: Array(answer.utf8), of: of, loop: loop))
            }
        }
        let result = comparator.finish()
        #expect(result.groups.count == 2)
        #expect(result.groups.allSatisfy { $0.consequences == 0 })
    }

    /// A replay gets answers in another order than the recording had them.
    @Test func theOrderOfTheRecordingCounts() {
        var comparator = Comparator()
        let steps = [("POST /runs", 201), ("GET /runs/run_12345678", 200)]
        let body = Array(#"{"id":"run_12345678"}"#.utf8)
        for (index, step) in steps.enumerated() {
            comparator.expect(TraceScript.request(UInt64(index), step.0))
            comparator.expect(TraceScript.response(UInt64(index), step.1, body: body))
        }
        for (index, step) in steps.enumerated().reversed() {
            comparator.observe(TraceScript.request(9, step.0, of: UInt64(index)))
            comparator.observe(TraceScript.response(9, 404, body: body, of: UInt64(index)))
        }
        #expect(
            Self.lines(comparator.finish()) == [
                "POST /runs status ×1 +1", "GET /runs/{id} status ×1 -1 < POST /runs status",
            ]
        )
    }
}
