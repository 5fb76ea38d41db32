import Messages
import Packets
import Replay
import SeededRandom
import Signatures
import Testing
import Traces

@Suite struct SessionTests {
    private static let reader = SessionReader(rule: .automatic, schemes: .builtIn)
    private static let client = IPAddress("10.1.2.3")

    private static func key(
        _ head: String,
        _ rule: SessionRule = .automatic,
        body: String = "",
        on connection: UInt64 = 0,
        from client: IPAddress? = client
    ) throws -> SessionKey {
        let message = RecordedMessage.recorded(.request, 1, on: connection, head, body: body)
        return SessionReader(rule: rule, schemes: .builtIn).key(
            of: message,
            head: try message.head.parsed(),
            client: client
        )
    }

    /// Pairs of requests and whether they are of one session by the rule that counts where none is given.
    @Test(
        arguments: [
            // The session cookie, whatever stands beside it and wherever it came from.
            (
                "GET / HTTP/1.1|Cookie: theme=dark; sid=abc", "GET /x HTTP/1.1|Cookie: sid=abc; theme=light",
                true
            ),
            (
                "GET / HTTP/1.1|Cookie: connect.sid=s%3Aabc", "GET / HTTP/1.1|Cookie: connect.sid=s%3Aabd",
                false
            ),
            ("GET / HTTP/1.1|Cookie: PHPSESSID=\"q1\"", "GET / HTTP/1.1|cookie: PHPSESSID=q1", true),
            ("GET / HTTP/1.1|Cookie: a=1|Cookie: JSESSIONID=7", "GET / HTTP/1.1|Cookie: JSESSIONID=7", true),
            // A token against forgery is none: the client is what both have in common.
            ("GET / HTTP/1.1|Cookie: csrftoken=1", "GET / HTTP/1.1|Cookie: csrftoken=2", true),
            ("GET / HTTP/1.1|Cookie: theme=dark", "GET / HTTP/1.1", true),
            ("GET / HTTP/1.1|Authorization: Bearer t1", "GET / HTTP/1.1|authorization: bearer t1", true),
            ("GET / HTTP/1.1|Authorization: Bearer t1", "GET / HTTP/1.1|Authorization: Bearer t2", false),
            // A signature differs with every request and says nothing of the session.
            (
                "GET / HTTP/1.1|Authorization: AWS4-HMAC-SHA256 a",
                "GET / HTTP/1.1|Authorization: AWS4-HMAC-SHA256 b", true
            ),
            // A cookie counts before a token.
            (
                "GET / HTTP/1.1|Cookie: sid=1|Authorization: Bearer a",
                "GET / HTTP/1.1|Cookie: sid=1|Authorization: Bearer b", true
            ),
        ]
    )
    func sessionsAreKnownByTheirMarks(_ one: String, _ other: String, _ isSame: Bool) throws {
        #expect((try Self.key(one) == Self.key(other)) == isSame)
    }

    @Test func whatHasNoMarkIsOfItsClientOrItsConnection() throws {
        let head = "GET / HTTP/1.1|Host: a"
        #expect(try Self.key(head, on: 1) == Self.key(head, on: 2))
        #expect(try Self.key(head) != Self.key(head, from: IPAddress("10.1.2.4")))
        #expect(try Self.key(head, on: 1, from: nil) != Self.key(head, on: 2, from: nil))
        #expect(try Self.key(head, on: 1, from: nil) == Self.key(head, on: 1, from: nil))
    }

    /// A cookie's value and a client's never make one session.
    @Test func marksOfDifferentKindsDiffer() throws {
        let bearer = try Self.key("GET / HTTP/1.1|Authorization: Bearer same", SessionRule("bearer"))
        let cookie = try Self.key("GET / HTTP/1.1|Cookie: sid=same", SessionRule("cookie:sid"))
        let field = try Self.key("GET / HTTP/1.1|X-User: same", SessionRule("header:x-user"))
        #expect(Set([bearer, cookie, field]).count == 3)
    }

    @Test(
        arguments: [
            ("header:X-Tenant", "POST / HTTP/1.1|x-tenant: t9", ""),
            ("query:user", "POST /a?x=1&user=t9 HTTP/1.1", ""),
            ("form:user", "POST / HTTP/1.1", "a=1&user=t9"),
            ("json:/user/id", "POST / HTTP/1.1", #"{"user":{"id":"t9"}}"#),
            ("cookie:who", "POST / HTTP/1.1|Cookie: b=1; who=t9", ""),
            ("delivery", "POST / HTTP/1.1|X-GitHub-Delivery: t9", ""), ("connection", "POST / HTTP/1.1", ""),
        ]
    )
    func everyMarkIsRead(_ rule: String, _ head: String, _ body: String) throws {
        let rule = try SessionRule(rule)
        let marked = try Self.key(head, rule, body: body, on: 5, from: nil)
        // The mark is what counts: another request with it, elsewhere, is of the same session.
        #expect(try Self.key(head + "|Accept: */*", rule, body: body, on: 5, from: Self.client) == marked)
        let other = head.replacing("t9", with: "t8")
        #expect(try Self.key(other, rule, body: body.replacing("t9", with: "t8"), on: 6, from: nil) != marked)
    }

    @Test(arguments: ["", "cookie:", "cookies", "header:", "json:user", "cookie:a=b", "bearer,,client"])
    func refusesRules(_ text: String) {
        #expect(throws: UnreadableValue.self) { try SessionRule(text) }
    }

    @Test(arguments: [
        "cookie:sid, bearer, client", "json:/a~1b/~0, delivery",
        "header:X-A, query:u, form:v, connection, cookie",
    ])
    func rulesAreSpelledAsTheyAreRead(_ text: String) throws {
        #expect(try SessionRule(text).description == text)
    }

    // MARK: Selecting

    /// Requests of many sessions in a random order, told apart by a cookie.
    private static func traffic(sessions: Int, requests: Int) -> [RecordedMessage] {
        var generator = SeededGenerator(seed: 11)
        return (0..<requests).map { index in
            let session = Int.random(in: 0..<sessions, using: &generator)
            return .recorded(
                .request,
                UInt64(index),
                on: UInt64(index % 17),
                at: Int64(index) * 3,
                "GET /\(index) HTTP/1.1|Host: a|Cookie: sid=user-\(session)"
            )
        }
    }

    private func run(_ messages: [RecordedMessage], _ change: (inout ReplayPlan) throws -> Void) throws
        -> Simulation
    {
        var source = MemorySource(messages)
        return try Simulation.run(try .test(change), &source)
    }

    private func session(of exchange: UInt64, in messages: [RecordedMessage]) -> String {
        let text = String(decoding: messages[Int(exchange)].head.bytes, as: UTF8.self)
        return String(text.firstMatch(of: /sid=(\S+)/)?.1 ?? "")
    }

    @Test(arguments: [1, 2, 3, 8] as [Int])
    func shardsAreDisjointAndTheirUnionIsEverything(_ count: Int) throws {
        let messages = Self.traffic(sessions: 60, requests: 900)
        var all: [Simulation.Start] = []
        for index in 1...count {
            let run = try run(messages) {
                $0.selection.shard = try Shard("\(index)/\(count)")
                $0.selection.sample = 0.7
                $0.seed = 5
                $0.loops = 2
            }
            all += run.starts
        }
        let whole = try run(messages) {
            $0.selection.sample = 0.7
            $0.seed = 5
            $0.loops = 2
        }
        func keys(_ starts: [Simulation.Start]) -> [[UInt64]] {
            starts.map { [$0.exchange, UInt64($0.loop), $0.at] }.sorted { $0.lexicographicallyPrecedes($1) }
        }
        // Each request once, and at the same time as where one machine sends all.
        #expect(keys(all) == keys(whole.starts))
        #expect(whole.starts.count < 1_800 && whole.starts.count > 600)
    }

    @Test func aSampleTakesSessionsWhole() throws {
        let messages = Self.traffic(sessions: 400, requests: 4_000)
        let sampled = try run(messages) { $0.selection.sample = 0.25 }
        let chosen = Set(sampled.starts.map { session(of: $0.exchange, in: messages) })
        let expected = messages.filter { chosen.contains(session(of: $0.exchange, in: messages)) }
        #expect(sampled.starts.count == expected.count)
        #expect((70...130).contains(chosen.count))
        #expect(sampled.summary.load.sessions == chosen.count)
    }

    @Test func theSeedDecides() throws {
        let messages = Self.traffic(sessions: 50, requests: 500)
        func starts(_ seed: UInt64) throws -> [Simulation.Start] {
            try run(messages) {
                $0.selection.sample = 0.5
                $0.copies.count = 3
                $0.copies.spread = 1_000_000_000
                $0.arrivals = .recorded
                $0.seed = seed
            }.starts
        }
        #expect(try starts(1) == starts(1))
        #expect(try starts(1) != starts(2))
    }

    /// An endless loop over a shard without a session comes to its end.
    @Test func anEmptyShardEnds() throws {
        var source = MemorySource(Self.traffic(sessions: 1, requests: 10))
        for index in 1...4 {
            let plan = try ReplayPlan.test {
                $0.selection.shard = try Shard("\(index)/4")
                $0.loops = nil
                $0.duration = 100 * Simulation.millisecond
            }
            let run = try Simulation.run(plan, &source)
            #expect(run.summary.requests.addUp)
            try source.rewind()
        }
    }
}
