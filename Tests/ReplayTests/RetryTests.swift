import Messages
import Replay
import Signatures
import Testing
import Traces

/// Failed deliveries that their senders try again.
@Suite struct RetryTests {
    private static let millisecond = Simulation.millisecond

    private static func policy(_ milliseconds: [UInt64]) -> RetryPolicy {
        RetryPolicy(
            .schedule(RetrySchedule("test", delays: milliseconds.map { $0 * millisecond }, source: "here"))
        )
    }

    private func run(
        _ messages: [RecordedMessage],
        factor: Double = 1,
        interrupts: [UInt64] = [],
        _ change: (inout ReplayPlan) throws -> Void,
        fate: (ScheduledRequest) -> Outcome
    ) throws -> Simulation {
        var source = MemorySource(messages)
        return try Simulation.run(try .test(change), &source, factor: factor, interrupts: interrupts) {
            scheduled in
            Simulation.Fate(delay: 2 * Self.millisecond, outcome: fate(scheduled))
        }
    }

    @Test func aSenderTriesAgainByItsSchedule() throws {
        let run = try run([.get(0)], { $0.habits.retries = Self.policy([10, 50]) }) { _ in
            .responded(status: 503)
        }
        // Each delay runs from the end of the attempt before.
        #expect(run.starts.map(\.at) == [0, 12, 64])
        let counts = run.summary.habits.retries
        #expect(counts.scheduled == 2 && counts.sent == 2 && counts.exhausted == 1 && counts.recovered == 0)
        #expect(run.summary.requests.scheduled == 3 && run.summary.requests.sent == 3)
    }

    @Test(arguments: [
        Outcome.responded(status: 302), .responded(status: 404), .failed(.timeout), .failed(.connect),
    ])
    func whatIsNotAcceptedIsTriedAgain(_ outcome: Outcome) throws {
        let run = try run([.get(0)], { $0.habits.retries = Self.policy([10, 50]) }) {
            $0.delivery.attempt == 0 ? outcome : .responded(status: 204)
        }
        #expect(run.starts.count == 2)
        #expect(run.summary.habits.retries.recovered == 1)
        #expect(run.summary.habits.retries.exhausted == 0)
    }

    @Test func delaysScaleWithTheSpeedOrNot() throws {
        func second(_ clock: RetryPolicy.Clock) throws -> [UInt64] {
            try run(
                [.get(0)],
                factor: 10,
                {
                    var policy = Self.policy([200])
                    policy.clock = clock
                    $0.habits.retries = policy
                },
                fate: { _ in .responded(status: 500) }
            ).starts.map(\.at)
        }
        #expect(try second(.trace) == [0, 22])
        #expect(try second(.run) == [0, 202])
        #expect(try second(.scaled(100)) == [0, 4])
    }

    @Test func patienceAndTheRunTimeEndThem() throws {
        let impatient = try run(
            [.get(0)],
            {
                var policy = Self.policy([10, 10, 500])
                policy.within = 100 * Self.millisecond
                $0.habits.retries = policy
            },
            fate: { _ in .failed(.reset) }
        )
        #expect(impatient.starts.count == 3)
        #expect(impatient.summary.habits.retries.beyond == 1)
        let short = try run(
            [.get(0)],
            {
                $0.habits.retries = Self.policy([10, 500])
                $0.duration = 100 * Self.millisecond
            },
            fate: { _ in .failed(.reset) }
        )
        #expect(short.starts.count == 2)
        #expect(short.summary.habits.retries.beyond == 1)
    }

    @Test func anInterruptGivesUpWhatWaits() throws {
        let run = try run(
            (0..<4).map { .get($0, on: $0) },
            interrupts: [20],
            { $0.habits.retries = Self.policy([100]) },
            fate: { _ in .responded(status: 500) }
        )
        #expect(run.summary.requests.scheduled == 8)
        #expect(run.summary.requests.notSent == 4)
        #expect(run.summary.requests.addUp)
    }

    @Test func nobodyWaitsForAPlaceForEver() throws {
        let run = try run(
            (0..<10).map { .get($0, on: $0) },
            {
                $0.habits.retries = Self.policy([10])
                $0.limits.retries = 3
            },
            fate: { _ in .responded(status: 500) }
        )
        #expect(run.summary.habits.retries.scheduled == 3)
        #expect(run.summary.habits.retries.dropped == 7)
    }

    @Test func withoutAScheduleRetriesWaitForTheirTimeAllTheSame() throws {
        let run = try run(
            (0..<3).map { .get($0, on: $0) },
            factor: 0,
            {
                $0.pacing = .maximum
                $0.habits.retries = Self.policy([30])
            },
            fate: { $0.delivery.attempt == 0 ? .responded(status: 500) : .responded(status: 200) }
        )
        #expect(run.starts.map(\.at) == [0, 0, 0, 32, 32, 32])
    }

    /// A further attempt is signed anew over what was recorded, and carries the identifier of the first.
    @Test func aFurtherAttemptIsTheSameDelivery() throws {
        var ids: [String] = []
        let message = RecordedMessage.recorded(
            .request,
            0,
            "POST / HTTP/1.1|svix-id: msg_2abcdefgh|svix-timestamp: 1|svix-signature: v1,AAAA|Content-Length: 2",
            body: "{}",
            signature: (try #require(SchemeDirectory.builtIn[name: "svix"]), .unverified)
        )
        let run = try run(
            [message],
            {
                $0.credentials = [
                    try SignatureCredential(
                        try #require(SchemeDirectory.builtIn[name: "svix"]),
                        [SigningSecret(Array("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".utf8))]
                    )
                ]
                var policy = RetryPolicy(.bySender)
                policy.clock = .scaled(1_000)
                $0.habits.retries = policy
            },
            fate: {
                let head = String(decoding: $0.request.head(authority: "t"), as: UTF8.self)
                ids.append(String(head.firstMatch(of: /svix-id: (\S+)/)?.1 ?? "none"))
                return .responded(status: 500)
            }
        )
        // Seven further attempts, but for those beyond the ten minutes that a plan waits: 5 s + 5 m + 30 m + 2 h + 5 h + 10 h + 10 h
        // a thousand times as fast are 100 s.
        #expect(run.starts.count == 8)
        #expect(Set(ids).count == 1 && ids[0] != "none" && ids[0] != "msg_2abcdefgh")
        #expect(run.summary.signatures.signed == 8)
    }

    @Test func aSenderThatDoesNotTryAgainDoesNot() throws {
        let scheme = try #require(SchemeDirectory.builtIn[name: "github"])
        let message = RecordedMessage.recorded(
            .request,
            0,
            "POST / HTTP/1.1|X-Hub-Signature-256: sha256=00|Content-Length: 2",
            body: "{}",
            signature: (scheme, .unverified)
        )
        let run = try run([message, .get(1)], { $0.habits.retries = RetryPolicy(.bySender) }) { _ in
            .responded(status: 500)
        }
        #expect(run.starts.count == 2)
        #expect(run.summary.habits.retries == RetryCounts())
    }

    @Test func knownSchedulesAreWhatTheirSendersSay() throws {
        func hours(_ name: String) throws -> Double {
            Double(try #require(RetrySchedule.named(name)).delays.reduce(0, +)) / 3.6e12
        }
        #expect(abs(try hours("shopify") - 4) < 0.01)
        #expect(abs(try hours("stripe") - 72) < 0.1)
        #expect(RetrySchedule.named("shopify")?.delays.count == 8)
        // A message that fails three times and then arrives does so about 35 minutes and 5 seconds after the first attempt.
        #expect(try #require(RetrySchedule.named("svix")).delays.prefix(3).reduce(0, +) == 2_105_000_000_000)
        #expect(try #require(RetrySchedule.named("github")).delays.isEmpty)
        #expect(
            RetrySchedule.known.allSatisfy {
                !$0.source.isEmpty && SchemeDirectory.builtIn[name: $0.name] != nil
            }
        )
    }
}
