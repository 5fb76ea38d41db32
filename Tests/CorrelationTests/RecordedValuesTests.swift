import Correlation
import Messages
import Testing
import Traces

@Suite struct RecordedValuesTests {
    private static func edge(_ from: String, _ take: String, _ to: String, _ put: String) throws -> ValueEdge
    {
        ValueEdge(
            from: try RoutePattern(from),
            take: try ValueSpot(take),
            to: try RoutePattern(to),
            put: try ValueSpot(put)
        )
    }

    /// The origins of the values of each request.
    private func origins(_ plan: CorrelationPlan, _ messages: [RecordedMessage]) -> (
        [[ValueBinding.Origin]], RecordedValues.Counts
    ) {
        var values = RecordedValues(plan)
        var origins: [[ValueBinding.Origin]] = []
        for message in messages {
            guard message.kind == .request else {
                values.take(answer: message)
                continue
            }
            let ties = values.ties(of: message)
            values.expectAnswer(to: message.exchange, for: ties)
            origins.append(ties.bindings.map(\.origin))
        }
        return (origins, values.counts)
    }

    /// Two creations at the same moment, answered in the other order: each value finds its own answer.
    @Test func whatBeganAtOnceIsNotMixedUp() throws {
        let plan = CorrelationPlan(edges: [try Self.edge("POST /runs", "json:$.id", "GET /runs/*", "path[1]")]
        )
        func create(_ number: UInt64) -> RecordedMessage {
            .recorded(.request, number, at: 0, "POST /runs HTTP/1.1|Host: a")
        }
        func created(_ number: UInt64, _ id: String, at time: Int64) -> RecordedMessage {
            .recorded(
                .response,
                number,
                at: time,
                "HTTP/1.1 200 OK|Content-Type: application/json",
                body: #"{"id":"\#(id)"}"#
            )
        }
        func poll(_ number: UInt64, _ id: String, at time: Int64) -> RecordedMessage {
            .recorded(.request, number, at: time, "GET /runs/\(id) HTTP/1.1|Host: a")
        }
        let (found, counts) = origins(
            plan,
            [
                create(1), create(2), created(2, "bb", at: 1), created(1, "aa", at: 2), poll(3, "aa", at: 3),
                poll(4, "bb", at: 3), poll(5, "cc", at: 4),
            ]
        )
        #expect(
            found == [
                [], [], [.answer(exchange: 1, source: 0, number: 0)],
                [.answer(exchange: 2, source: 0, number: 0)],
                [],
            ]
        )
        #expect(counts.unknown == 1)
    }

    /// One of a list is taken from the same place of the live list.
    @Test func aValueOfAListKeepsItsPlace() throws {
        let plan = CorrelationPlan(edges: [
            try Self.edge("GET /runs", "json:$[*].id", "GET /runs/*", "path[1]")
        ])
        var conversation = Conversation()
        conversation.add("GET /runs", #"[{"id":"a"},{"id":"b"},{"id":"c"}]"#)
        conversation.add("GET /runs/c")
        let (found, _) = origins(plan, conversation.messages)
        #expect(found[1] == [.answer(exchange: 0, source: 0, number: 2)])
    }

    @Test func theLatestAnswerServesWhereTheValueSaysNothing() throws {
        var edge = try Self.edge(
            "POST /token",
            "json:$.access_token",
            "*",
            "header:authorization credentials"
        )
        edge.match = .latest
        var conversation = Conversation()
        conversation.add("POST /token", #"{"access_token":"one"}"#)
        conversation.add("GET /a HTTP/1.1|Authorization: Bearer xxxx|X:")
        conversation.add("POST /token", #"{"access_token":"two"}"#)
        conversation.add("GET /a HTTP/1.1|Authorization: Bearer xxxx|X:")
        let (found, _) = origins(CorrelationPlan(edges: [edge]), conversation.messages)
        #expect(found[1] == [.answer(exchange: 0, source: 0, number: 0)])
        #expect(found[3] == [.answer(exchange: 2, source: 0, number: 0)])
    }

    @Test func identitiesAreGivenOutInOrderAndKept() throws {
        var plan = CorrelationPlan()
        plan.identities = [
            IdentityPool(
                to: try RoutePattern("*"),
                put: try ValueSpot("header:authorization credentials"),
                values: [Array("one".utf8), Array("two".utf8)]
            )
        ]
        var conversation = Conversation()
        for token in ["a", "b", "a", "c"] {
            conversation.add("GET /a HTTP/1.1|Authorization: Bearer \(token)|X:")
        }
        let (found, counts) = origins(plan, conversation.messages)
        #expect(found == ["one", "two", "one", "one"].map { [.fixed(Array($0.utf8))] })
        #expect(counts.shared == 1)
    }

    @Test(arguments: [true, false]) func aMapHasAValueOrNot(keepsUnmapped: Bool) throws {
        var plan = CorrelationPlan()
        plan.maps = [
            ValueMap(
                to: try RoutePattern("POST /hooks/*"),
                put: try ValueSpot("path[1]"),
                values: [Array("acme".utf8): Array("acme-test".utf8)],
                keepsUnmapped: keepsUnmapped
            )
        ]
        var values = RecordedValues(plan)
        let mapped = values.ties(of: .recorded(.request, 1, at: 0, "POST /hooks/acme HTTP/1.1|Host: a"))
        #expect(mapped.bindings.map(\.origin) == [.fixed(Array("acme-test".utf8))])
        #expect(!mapped.isUnmapped)
        let unmapped = values.ties(of: .recorded(.request, 2, at: 0, "POST /hooks/globex HTTP/1.1|Host: a"))
        #expect(unmapped.isUnmapped == !keepsUnmapped)
        #expect(values.counts.unmapped == (keepsUnmapped ? 0 : 1))
        let other = values.ties(of: .recorded(.request, 3, at: 0, "GET /hooks/globex HTTP/1.1|Host: a"))
        #expect(!other.isUnmapped)
    }

    /// An event of a stream that was still open when the request was made: its end is nothing to wait for.
    @Test func anOpenStreamIsNotWaitedFor() throws {
        let plan = CorrelationPlan(edges: [
            try Self.edge("GET /events", "event:$.id", "GET /runs/*", "path[1]")
        ])
        for (lasting, count) in [(Int64(2), 1), (50, 0)] {
            let (found, _) = origins(
                plan,
                [
                    .recorded(.request, 1, at: 0, "GET /events HTTP/1.1|Host: a"),
                    .recorded(
                        .response,
                        1,
                        at: 1,
                        "HTTP/1.1 200 OK|Content-Type: text/event-stream",
                        body: "data: {\"id\":\"aa\"}\n\n",
                        lasting: lasting
                    ),
                    .recorded(.request, 2, at: 10, "GET /runs/aa HTTP/1.1|Host: a"),
                ]
            )
            #expect(found[1].count == count)
        }
    }

    @Test func whatIsForgottenIsCounted() throws {
        var limits = RecordedValues.Limits()
        limits.values = 4
        let plan = CorrelationPlan(edges: [try Self.edge("POST /runs", "json:$.id", "GET /runs/*", "path[1]")]
        )
        var values = RecordedValues(plan, limits: limits)
        var conversation = Conversation()
        for number in 0..<6 { conversation.add("POST /runs", #"{"id":"r\#(number)"}"#) }
        for message in conversation.messages {
            if message.kind == .request {
                values.expectAnswer(to: message.exchange, for: values.ties(of: message))
            } else {
                values.take(answer: message)
            }
        }
        #expect(values.counts.forgotten == 2)
        func bindings(_ id: String) -> Int {
            values.ties(of: .recorded(.request, 99, at: 99, "GET /runs/\(id) HTTP/1.1|Host: a")).bindings
                .count
        }
        #expect((bindings("r1"), bindings("r2"), bindings("r5")) == (0, 1, 1))
    }

    static let userTimes: [([(start: Int, end: Int)], [[UInt64]]?, Comment)] = [
        ([(10, 12), (20, 22), (30, 32)], [[], [1], [1, 2]], "one after the other"),
        ([(10, 25), (20, 22), (30, 32)], [[], [], []], "two at once"),
        ((1...70).map { (start: $0 * 10, end: $0 * 10 + 1) }, nil, "a program"),
    ]

    /// A user who waits for each answer goes on doing so; one who asked two things at once, and a program that shows its token
    /// again and again, keep nothing back.
    @Test(arguments: userTimes) func whatACookieSaysKeepsTheOrderOfItsUser(
        _ asked: [(start: Int, end: Int)],
        _ after: [[UInt64]]?,
        _ reason: Comment
    ) throws {
        let plan = CorrelationPlan(edges: [try Self.edge("POST /login", "cookie:who", "*", "cookie:who")])
        var values = RecordedValues(plan)
        let login = RecordedMessage.recorded(.request, 0, at: 0, "POST /login HTTP/1.1|Host: a")
        values.expectAnswer(to: 0, for: values.ties(of: login))
        values.take(
            answer: .recorded(.response, 0, at: 1, "HTTP/1.1 200 OK|Set-Cookie: who=8f14e45f")
        )
        let requests = asked.enumerated().map { number, times in
            RecordedMessage.recorded(
                .request,
                UInt64(number + 1),
                at: Int64(times.start),
                "GET /me HTTP/1.1|Cookie: who=8f14e45f"
            )
        }
        let answers = asked.enumerated().map { number, times in
            RecordedMessage.recorded(.response, UInt64(number + 1), at: Int64(times.end), "HTTP/1.1 200 OK")
        }
        var found: [[UInt64]] = []
        for message in (requests + answers).sorted(by: { $0.start < $1.start }) {
            guard message.kind == .request else {
                values.take(answer: message)
                continue
            }
            let ties = values.ties(of: message)
            values.expectAnswer(to: message.exchange, for: ties)
            found.append(ties.after.sorted())
        }
        if let after {
            #expect(found == after, reason)
        } else {
            #expect(found[20].count == 8 && found[69].isEmpty, reason)
        }
    }

    /// What all have to do with is no single task: at another speed they would stand in one line.
    @Test(arguments: [(width: Int64(1), isOrdered: true), (width: 3, isOrdered: false)])
    func whatManyShareKeepsNoOrder(_ width: Int64, _ isOrdered: Bool) throws {
        let plan = CorrelationPlan(edges: [
            try Self.edge("POST /projects", "json:$.id", "GET /projects/*", "path[1]")
        ])
        var values = RecordedValues(plan)
        var messages = [
            RecordedMessage.recorded(.request, 0, at: 0, "POST /projects HTTP/1.1|Host: a"),
            .recorded(
                .response,
                0,
                at: 1,
                "HTTP/1.1 200 OK|Content-Type: application/json",
                body: #"{"id":"aa"}"#
            ),
        ]
        for number in Int64(1)...80 {
            let time = number * 10
            messages.append(
                .recorded(.request, UInt64(number), at: time, "GET /projects/aa HTTP/1.1|Host: a")
            )
            messages.append(
                .recorded(.response, UInt64(number), at: time + width * 10 - 1, "HTTP/1.1 200 OK")
            )
        }
        var last: RequestTies?
        for message in messages.sorted(by: { $0.start < $1.start }) {
            guard message.kind == .request else {
                values.take(answer: message)
                continue
            }
            let ties = values.ties(of: message)
            values.expectAnswer(to: message.exchange, for: ties)
            last = ties
        }
        #expect(last?.after.isEmpty == !isOrdered)
        #expect(last?.bindings.count == 1)
    }

    /// A request has to do with a run and with its user: it comes after what was asked about either.
    @Test func aRequestKeepsTheOrderOfAllThatItNames() throws {
        let plan = CorrelationPlan(edges: [
            try Self.edge("POST /login", "cookie:who", "*", "cookie:who"),
            try Self.edge("POST /runs", "json:$.id", "GET /runs/*", "path[1]"),
        ])
        var conversation = Conversation()
        conversation.add("POST /login", answer: "HTTP/1.1 200 OK|Set-Cookie: who=8f14e45f")
        conversation.add("POST /runs", #"{"id":"aa"}"#)
        conversation.add("GET /runs/aa")
        conversation.add("GET /runs/aa HTTP/1.1|Cookie: who=8f14e45f|X-Rest:")
        conversation.add("POST /logout HTTP/1.1|Cookie: who=8f14e45f|X-Rest:")
        var values = RecordedValues(plan)
        var found: [UInt64: [UInt64]] = [:]
        for message in conversation.messages {
            guard message.kind == .request else {
                values.take(answer: message)
                continue
            }
            let ties = values.ties(of: message)
            values.expectAnswer(to: message.exchange, for: ties)
            found[message.exchange] = ties.after
        }
        #expect(found[3] == [2] && found[4] == [3])
    }
}
