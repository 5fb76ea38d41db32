import Correlation
import Messages
import Packets
import Replay
import Signatures
import Testing
import Traces

/// What a plan makes of the recorded sequence before it is sent.
@Suite struct LoadTests {
    private static let second: Int64 = 1_000_000_000

    private func draw(_ messages: [RecordedMessage], _ change: (inout ReplayPlan) throws -> Void) throws
        -> [ScheduledRequest]
    {
        var source = MemorySource(messages)
        var plan = try ReplayPlan.test(change)
        if plan.needsTotals { plan.totals = try TraceSurvey(of: &source, plan: plan).totals }
        let curve = plan.pacing.curve(totals: plan.sentTotals)
        var feed = RequestFeed(plan: plan, schedule: Schedule(start: 0, curve: curve))
        var drawn: [ScheduledRequest] = []
        while let item = try feed.next(from: &source) {
            if case .request(let scheduled) = item { drawn.append(scheduled) }
        }
        return drawn
    }

    private static func visit(_ exchange: UInt64, user: String, at milliseconds: Int64, body: String = "")
        -> RecordedMessage
    {
        .recorded(
            .request,
            exchange,
            on: exchange % 3,
            at: milliseconds,
            "POST /users/\(user)-id/items HTTP/1.1|Host: a|Cookie: theme=dark; sid=\(user)-sid|"
                + "Authorization: Bearer \(user)-token|Idempotency-Key: key-\(exchange)-abcdef|X-User: \(user)-id|"
                + "Content-Length: \(body.utf8.count)",
            body: body
        )
    }

    private func text(_ scheduled: ScheduledRequest) -> String {
        String(decoding: scheduled.request.head(authority: "t"), as: UTF8.self)
            + String(decoding: scheduled.request.body, as: UTF8.self)
    }

    // MARK: Copies

    @Test func copiesKeepTheTimesWithinASession() throws {
        let messages = (0..<60).map { index in
            Self.visit(UInt64(index), user: "user\(index % 5)", at: Int64(index * index))
        }
        let drawn = try draw(messages) {
            $0.copies.count = 4
            $0.copies.spread = 20 * Self.second
        }
        #expect(drawn.count == 240)
        #expect(zip(drawn, drawn.dropFirst()).allSatisfy { $0.intended <= $1.intended })
        for user in 0..<5 {
            var shifts: Set<Int64> = []
            for copy in 0..<4 as Range<UInt32> {
                let own = drawn.filter { $0.copy == copy && Int($0.request.exchange) % 5 == user }
                #expect(own.map(\.request.exchange) == (0..<12).map { UInt64($0 * 5 + user) })
                let moved = Set(
                    own.map {
                        Int64($0.intended) - Int64($0.request.exchange * $0.request.exchange) * 1_000_000
                    }
                )
                #expect(moved.count == 1)
                shifts.formUnion(moved)
                #expect(moved.allSatisfy { (0...20 * Self.second).contains($0) })
            }
            #expect(shifts.count == 4)
        }
    }

    /// A login says nothing of the session that it opens but in its answer; its copies are still shifted with it. Whoever
    /// comes from the same address without it is another.
    @Test func aLoginIsOfTheSessionThatItOpens() throws {
        let edge = ValueEdge(
            from: try RoutePattern("POST /login"),
            take: try ValueSpot("cookie:sid"),
            to: try RoutePattern("*"),
            put: try ValueSpot("cookie:sid")
        )
        var messages: [RecordedMessage] = []
        for user in UInt64(0)..<6 {
            let time = Int64(user) * 100
            let sid = "sid=8f14e45fceea167\(user)"
            messages += [
                .recorded(.request, user * 3, at: time, "POST /login HTTP/1.1|Host: a"),
                .recorded(.response, user * 3, at: time + 10, "HTTP/1.1 200 OK|Set-Cookie: \(sid); Path=/"),
                .recorded(.request, user * 3 + 1, at: time + 20, "GET /cart HTTP/1.1|Host: a|Cookie: \(sid)"),
                .recorded(.response, user * 3 + 1, at: time + 30, "HTTP/1.1 200 OK"),
                .recorded(.request, user * 3 + 2, at: time + 40, "GET /logo HTTP/1.1|Host: a"),
                .recorded(.response, user * 3 + 2, at: time + 50, "HTTP/1.1 200 OK"),
            ]
        }
        func sessions(_ change: (inout ReplayPlan) throws -> Void) throws -> [UInt64: Set<SessionKey>] {
            let drawn = try draw(messages) {
                $0.correlation = CorrelationPlan(edges: [edge])
                try change(&$0)
            }
            return Dictionary(grouping: drawn) { $0.request.exchange }.mapValues { Set($0.map(\.session)) }
        }
        let copied = try sessions {
            $0.copies.count = 3
            $0.copies.spread = 20 * Self.second
        }
        for user in UInt64(0)..<6 {
            #expect(copied[user * 3]?.count == 1 && copied[user * 3] == copied[user * 3 + 1])
            #expect(copied[user * 3 + 2] == copied[2] && copied[user * 3 + 2] != copied[user * 3])
        }
        #expect(Set((0..<6).compactMap { copied[$0 * 3]?.first }).count == 6)
        // A share of the sessions has each of them whole.
        for seed in UInt64(1)..<9 {
            let some = try sessions {
                $0.selection.sample = 0.5
                $0.seed = seed
            }
            for user in UInt64(0)..<6 { #expect((some[user * 3] == nil) == (some[user * 3 + 1] == nil)) }
        }
    }

    @Test func eachCopyIsSomeoneElse() throws {
        let messages = [
            Self.visit(0, user: "anna", at: 0, body: #"{"user":"anna-id","idempotency_key":"body-key-1"}"#),
            Self.visit(1, user: "bert", at: 1),
            Self.visit(2, user: "anna", at: 2, body: #"{"to":"xanna-id","by":"anna-id"}"#),
        ]
        let drawn = try draw(messages) {
            $0.copies.count = 3
            $0.copies.spread = 0
            $0.copies.identities = [.place(.header("X-User"))]
        }
        #expect(drawn.count == 9)
        var sids: Set<Substring> = []
        for copy in 0..<3 as Range<UInt32> {
            let own = drawn.filter { $0.copy == copy }.map(text)
            let sid = own.compactMap { $0.firstMatch(of: /sid=([\w-]+)/)?.1 }
            let token = own.compactMap { $0.firstMatch(of: /Bearer ([\w-]+)/)?.1 }
            let user = own.compactMap { $0.firstMatch(of: /X-User: ([\w-]+)/)?.1 }
            let key = own.compactMap { $0.firstMatch(of: /Idempotency-Key: ([\w-]+)/)?.1 }
            // The same user is the same within a copy, in every place; another is another.
            #expect(sid[0] == sid[2] && sid[0] != sid[1])
            #expect(token[0] == token[2] && token[0] != token[1])
            #expect(own[0].contains("/users/\(user[0])/items") && own[0].contains("\"user\":\"\(user[0])\""))
            #expect(Set(key).count == 3)
            // A part of a longer word is something else, and so is what nobody named.
            #expect(own[2].contains("\"to\":\"xanna-id\"") && own[2].contains("\"by\":\"\(user[2])\""))
            #expect(own.allSatisfy { $0.contains("theme=dark") })
            sids.formUnion(sid)
            sids.formUnion(key)
            sids.insert(own[0].firstMatch(of: /idempotency_key":"([\w-]+)/)?.1 ?? "")
        }
        #expect(sids.count == 3 * 2 + 3 * 3 + 3)
        // The recorded session is what it was.
        #expect(
            drawn.filter { $0.copy == 0 }.map(text).allSatisfy {
                $0.contains("-token\r\n") && $0.contains("key-")
            }
        )
    }

    @Test func identitiesFollowFromTheSeedAndDeliveriesFromTheRun() throws {
        func values(_ seed: UInt64, _ run: String) throws -> [Substring] {
            let drawn = try draw([Self.visit(0, user: "anna", at: 0)]) {
                $0.copies.count = 2
                $0.seed = seed
                $0.run = run
            }
            let copy = text(try #require(drawn.first { $0.copy == 1 }))
            return [
                copy.firstMatch(of: /sid=([\w-]+)/)?.1, copy.firstMatch(of: /Idempotency-Key: ([\w-]+)/)?.1,
            ].compactMap { $0 }
        }
        let first = try values(1, "a")
        #expect(try values(1, "a") == first)
        #expect(try values(2, "a")[0] != first[0])
        // A second run is no repetition to the target, though its users are the same.
        #expect(try values(1, "b")[0] == first[0] && values(1, "b")[1] != first[1])
    }

    @Test func aCompressedBodyIsLeftAlone() throws {
        let message = RecordedMessage.recorded(
            .request,
            0,
            "POST / HTTP/1.1|Host: a|X-User: abcd|Content-Encoding: gzip|Content-Length: 6",
            body: " abcd "
        )
        let drawn = try draw([message]) {
            $0.copies.count = 2
            $0.copies.identities = [.place(.header("X-User"))]
        }
        #expect(drawn.allSatisfy { $0.request.body == Array(" abcd ".utf8) })
    }

    @Test func copiesHaveConnectionsOfTheirOwn() throws {
        var source = MemorySource((0..<6).map { .get($0, on: 0, at: Int64($0) * 10) })
        let plan = try ReplayPlan.test {
            $0.copies.count = 3
            $0.copies.spread = 0
        }
        let run = try Simulation.run(plan, &source)
        #expect(run.summary.requests.sent == 18)
        #expect(run.summary.connections.recorded == 3)
        #expect(Set(run.starts.map(\.connection)).count == 3)
        #expect(run.summary.load.kinds == [.copies])
    }

    @Test func whatFindsNoRoomKeepsItsTime() throws {
        let messages = (0..<200).map { RecordedMessage.get(UInt64($0), on: UInt64($0), at: Int64($0)) }
        var source = MemorySource(messages)
        let plan = try ReplayPlan.test {
            $0.copies.count = 3
            $0.copies.spread = 3_600 * Self.second
            $0.limits.held = 50
        }
        var feed = RequestFeed(plan: plan, schedule: Schedule(start: 0, factor: 1))
        var times: [MonotonicTime] = []
        while let item = try feed.next(from: &source) {
            if case .request(let scheduled) = item { times.append(scheduled.intended) }
        }
        #expect(times.count == 600)
        #expect(times == times.sorted())
        #expect(feed.crowded > 300)
    }

    // MARK: Arrivals

    @Test func uniformArrivalsAreEven() throws {
        let times: [Int64] = [0, 1, 2, 3, 90, 95, 400, 401, 402, 900]
        let messages = times.enumerated().map { RecordedMessage.get(UInt64($0.offset), at: $0.element) }
        let drawn = try draw(messages) {
            $0.arrivals = .uniform
            $0.pacing = try Pacing(rate: "50/s")
        }
        #expect(drawn.map(\.intended) == (0..<10).map { $0 * 20_000_000 })
        #expect(drawn.map(\.request.exchange) == Array(0..<10))
    }

    @Test func poissonArrivalsHaveTheirRateAndNoMemory() throws {
        let messages = (0..<20_000).map {
            RecordedMessage.get(UInt64($0), on: UInt64($0 % 50), at: Int64($0 / 100))
        }
        let drawn = try draw(messages) {
            $0.arrivals = .poisson
            $0.pacing = try Pacing(rate: "1000/s")
        }
        let last = Double(drawn.last?.intended ?? 0) / 1e9
        // The mean of 20,000 gaps lies within four standard errors.
        #expect(abs(last / 20 - 1) < 4 / 20_000.0.squareRoot())
        let gaps = zip(drawn, drawn.dropFirst()).map { Double($1.intended - $0.intended) / 1e6 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
        #expect(abs(variance.squareRoot() / mean - 1) < 0.05)
        // A gap longer than the mean comes with probability 1/e.
        let longer = Double(gaps.count { $0 > mean }) / Double(gaps.count)
        #expect(abs(longer - 0.3679) < 0.02)
    }

    @Test func shardsOfAnArrivalProcessMakeUpTheWhole() throws {
        let messages = (0..<500).map { RecordedMessage.get(UInt64($0), on: UInt64($0 % 40), at: Int64($0)) }
        func times(_ shard: String) throws -> [[UInt64]] {
            try draw(messages) {
                $0.sessions = SessionRule([.connection])
                $0.arrivals = .poisson
                $0.pacing = try Pacing(rate: "100/s")
                $0.copies.count = 2
                $0.selection.shard = try Shard(shard)
            }.map { [$0.intended, $0.request.exchange, UInt64($0.copy)] }
        }
        let parts = try times("1/3") + times("2/3") + times("3/3")
        #expect(
            try parts.sorted { $0.lexicographicallyPrecedes($1) }
                == times("1/1").sorted { $0.lexicographicallyPrecedes($1) }
        )
    }

    // MARK: Habits

    private static let deliveries = (0..<4_000).map {
        RecordedMessage.get(UInt64($0), on: UInt64($0 % 20), at: Int64($0) * 5)
    }

    @Test func duplicatesComeAfterTheirFirst() throws {
        let drawn = try draw(Self.deliveries) {
            $0.habits.duplicates = ProviderHabits.Delay(share: 0.1, by: Self.second...(3 * Self.second))
        }
        let again = drawn.filter { $0.delivery.habits.contains(.duplicate) }
        #expect((320...480).contains(again.count))
        #expect(drawn.count == 4_000 + again.count)
        for duplicate in again {
            let delay = Int64(duplicate.intended) - Int64(duplicate.request.exchange) * 5_000_000
            #expect((Self.second...3 * Self.second).contains(delay))
        }
        #expect(zip(drawn, drawn.dropFirst()).allSatisfy { $0.intended <= $1.intended })
    }

    @Test func lateAndReorderedOnesAreOvertaken() throws {
        let drawn = try draw(Self.deliveries) {
            $0.habits.late = ProviderHabits.Delay(share: 0.05, by: (10 * Self.second)...(20 * Self.second))
            $0.habits.reorder = ProviderHabits.Delay(share: 0.2, by: 0...Self.second)
        }
        #expect(drawn.count == 4_000)
        let late = drawn.filter { $0.delivery.habits.contains(.late) }
        let reordered = drawn.filter { $0.delivery.habits.contains(.reordered) }
        #expect((140...260).contains(late.count))
        #expect((700...900).contains(reordered.count))
        #expect(drawn.map(\.request.exchange) != Array(0..<4_000))
        #expect(Set(drawn.map(\.request.exchange)).count == 4_000)
        // What no habit touched is where it was.
        for request in drawn where request.delivery.habits.isEmpty {
            #expect(request.intended == request.request.exchange * 5_000_000)
        }
    }

    @Test func burstsComeAtTheEndsOfTheirWindows() throws {
        let drawn = try draw(Self.deliveries) {
            $0.habits.bursts = ProviderHabits.Bursts(share: 0.5, window: Self.second)
        }
        let held = drawn.filter { $0.delivery.habits.contains(.burst) }
        #expect(held.count > 400 && held.count < 3_600)
        #expect(
            held.allSatisfy {
                $0.intended % 1_000_000_000 == 0
                    && $0.intended / 1_000_000_000 == $0.request.exchange / 200 + 1
            }
        )
        #expect(
            drawn.filter { $0.delivery.habits.isEmpty }.allSatisfy {
                $0.intended == $0.request.exchange * 5_000_000
            }
        )
    }

    /// The habits are in recorded time: at twice the speed they take half of it.
    @Test func habitsScaleWithTheSpeed() throws {
        func times(_ speed: String) throws -> [UInt64] {
            try draw(Self.deliveries) {
                $0.pacing = try Pacing(speed: speed)
                $0.habits.late = ProviderHabits.Delay(share: 0.05, by: Self.second...(5 * Self.second))
            }.map(\.intended)
        }
        let (plain, twice) = (try times("1x"), try times("2x"))
        #expect(plain.count == twice.count && zip(plain, twice).allSatisfy { $0 / 2 == $1 })
    }

    // MARK: Safety

    @Test(
        arguments: [
            ("GET / HTTP/1.1", true), ("HEAD / HTTP/1.1", true), ("OPTIONS * HTTP/1.1", true),
            ("POST / HTTP/1.1", false),
            ("DELETE /1 HTTP/1.1", false), ("TRACE / HTTP/1.1", false), ("get / HTTP/1.1", false),
            // A method that hides behind another.
            ("GET / HTTP/1.1|X-HTTP-Method-Override: DELETE", false), ("QUERY / HTTP/1.1", false),
        ]
    )
    func onlySafeMethodsAreSent(_ head: String, _ isSent: Bool) throws {
        var source = MemorySource([.recorded(.request, 0, head + "|Host: a")])
        let run = try Simulation.run(try .test { $0.sendsOnlySafeMethods = true }, &source)
        #expect(run.summary.requests.sent == (isSent ? 1 : 0))
        #expect(run.summary.skips == (isSent ? [:] : [.unsafeMethod: 1]))
    }

    @Test func whatIsDueBeyondTheLimitCanBeDropped() throws {
        // Ten requests 10 ms apart, each answered after 35 ms; two at once.
        var source = MemorySource((0..<10).map { .get($0, on: $0, at: Int64($0) * 10) })
        let plan = try ReplayPlan.test {
            $0.limits.outstanding = 2
            $0.crowding = .drop
        }
        let run = try Simulation.run(plan, &source) { _ in
            Simulation.Fate(delay: 35 * Simulation.millisecond, outcome: .responded(status: 200))
        }
        #expect(run.starts.map(\.exchange) == [0, 1, 4, 5, 8, 9])
        #expect(run.starts.map(\.at) == [0, 10, 40, 50, 80, 90])
        #expect(run.summary.requests.notSent == 4)
        #expect(run.summary.limitDrops == 4)
        #expect(run.summary.limitWaits == 0)
        #expect(run.summary.rates.intervals.map(\.requested) == [10])
    }
}
