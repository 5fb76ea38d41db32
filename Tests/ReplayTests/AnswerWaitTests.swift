import Bytes
import Correlation
import Messages
import Replay
import Testing
import Traces

/// Requests that need an earlier answer wait for it, and get its value.
@Suite struct AnswerWaitTests {
    private static let edges = [
        ("POST /runs", "json:$.id", "GET /runs/{id}", "path[1]"),
        ("POST /runs", "json:$.id", "GET /runs/{id}/logs", "path[1]"),
    ]

    private func plan(
        _ edges: [(String, String, String, String)] = edges,
        _ change: (inout ReplayPlan) throws -> Void = { _ in }
    ) throws -> ReplayPlan {
        try .test { plan in
            plan.correlation = CorrelationPlan(
                edges: try edges.map {
                    ValueEdge(
                        from: try RoutePattern($0.0),
                        take: try ValueSpot($0.1),
                        to: try RoutePattern($0.2),
                        put: try ValueSpot($0.3)
                    )
                }
            )
            try change(&plan)
        }
    }

    /// A creation at 0 ms answered at 10 ms, a poll at 20 ms answered at 25 ms, the logs at 30 ms.
    private func session(
        _ number: UInt64,
        at start: Int64 = 0,
        connections: (UInt64, UInt64, UInt64) = (1, 2, 3)
    ) -> [RecordedMessage] {
        let first = number * 10
        let id = "run-\(number)-aa"
        return [
            .recorded(.request, first, on: connections.0, at: start, "POST /runs HTTP/1.1|Host: a"),
            .recorded(
                .response,
                first,
                on: connections.0,
                at: start + 10,
                "HTTP/1.1 201 Created|Content-Type: application/json",
                body: #"{"id":"\#(id)"}"#
            ),
            .recorded(
                .request,
                first + 1,
                on: connections.1,
                at: start + 20,
                "GET /runs/\(id) HTTP/1.1|Host: a"
            ),
            .recorded(.response, first + 1, on: connections.1, at: start + 25, "HTTP/1.1 200 OK"),
            .recorded(
                .request,
                first + 2,
                on: connections.2,
                at: start + 30,
                "GET /runs/\(id)/logs HTTP/1.1|Host: a"
            ),
            .recorded(.response, first + 2, on: connections.2, at: start + 35, "HTTP/1.1 200 OK"),
        ]
    }

    private static func answer(_ scheduled: ScheduledRequest) -> ObservedResponse {
        ObservedResponse(
            head: Array("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\r\n".utf8),
            body: Array(#"{"id":"live/\#(scheduled.request.exchange)-\#(scheduled.loop)"}"#.utf8),
            bodyLength: 0,
            trailers: [],
            flags: [],
            start: 0
        )
    }

    private static var answers: Simulation.Answers { Simulation.Answers { answer($0) } }

    private func targets(_ simulation: Simulation) -> [String] {
        simulation.sent.map { String(decoding: $0.bytes[$0.target], as: UTF8.self) }
    }

    @Test func theLiveValueStandsWhereTheRecordedOneDid() throws {
        var source = MemorySource(session(0))
        let run = try Simulation.run(try plan(), &source, answers: Self.answers)
        #expect(targets(run) == ["/runs", "/runs/live%2F0-0", "/runs/live%2F0-0/logs"])
        #expect(run.starts.map(\.at) == [0, 20, 30])
        let correlation = try #require(run.summary.correlation)
        #expect((correlation.uses, correlation.misses, correlation.waits) == (2, 0, 0))
    }

    /// At ten times the speed the poll is due 2 ms after the creation, which takes 50 ms, and the logs 1 ms later.
    @Test(arguments: [LanePolicy.overflow, .strict]) func aRequestWaitsAcrossConnections(policy: LanePolicy)
        throws
    {
        var source = MemorySource(session(0))
        let run = try Simulation.run(
            try plan { $0.lanes = policy },
            &source,
            factor: 10,
            answers: Self.answers
        ) { _ in Simulation.Fate(delay: 50 * Simulation.millisecond, outcome: .responded(status: 200)) }
        #expect(targets(run) == ["/runs", "/runs/live%2F0-0", "/runs/live%2F0-0/logs"])
        #expect(run.starts.map(\.at) == [0, 50, 100], "the logs come after the poll, as they did")
        let correlation = try #require(run.summary.correlation)
        #expect(correlation.waits == 2)
        #expect(correlation.wait.max >= 96_900 && correlation.wait.max <= 97_100)
        #expect(run.summary.sendError.max == 0, "a wait for an answer is no lateness of the replayer")
        #expect(run.summary.responseTime.max >= 147_000, "it is a part of the response time all the same")
        #expect(run.summary.requests.responded == 3)
    }

    /// Everything on one connection, as fast as possible, several passes: each pass has its own values.
    @Test func lanesAndPassesKeepTheirValuesApart() throws {
        let messages = (0..<20).flatMap { session($0, at: Int64($0) * 3, connections: (1, 1, 2)) }
            .sorted { ($0.start, $0.exchange, $0.kind.rawValue) < ($1.start, $1.exchange, $1.kind.rawValue) }
        var source = MemorySource(messages)
        let run = try Simulation.run(
            try plan {
                $0.pacing = .maximum
                $0.loops = 3
            },
            &source,
            factor: 0,
            answers: Self.answers
        )
        #expect(run.summary.requests.responded == 180)
        #expect(run.summary.correlation?.uses == 120)
        for (request, start) in zip(run.sent, run.starts) {
            let target = String(decoding: request.bytes[request.target], as: UTF8.self)
            if request.exchange % 10 == 0 { continue }
            #expect(target.hasPrefix("/runs/live%2F\(request.exchange / 10 * 10)-\(start.loop)"))
        }
        let lane = run.starts.filter { $0.exchange % 10 < 2 && $0.loop == 0 }.map(\.exchange)
        #expect(lane == messages.filter { $0.kind == .request && $0.exchange % 10 < 2 }.map(\.exchange))
    }

    struct Loss: CustomTestStringConvertible {
        var policy: CorrelationPlan.MissingPolicy
        var outcome: Outcome
        var sent: [String]
        var skipped: UInt64
        var misses: UInt64

        var testDescription: String { "\(policy) \(outcome)" }
    }

    @Test(arguments: [
        Loss(
            policy: .send,
            outcome: .failed(.timeout),
            sent: ["/runs", "/runs/run-0-aa", "/runs/run-0-aa/logs"],
            skipped: 0,
            misses: 2
        ),
        Loss(policy: .skip, outcome: .failed(.reset), sent: ["/runs"], skipped: 2, misses: 0),
        // It was answered, but nothing of the answer was kept.
        Loss(policy: .skip, outcome: .responded(status: 500), sent: ["/runs"], skipped: 2, misses: 0),
    ]) func whatFollowsAFailureIsAsThePlanSays(loss: Loss) throws {
        for lanes in [LanePolicy.overflow, .strict] {
            var source = MemorySource(session(0, connections: (1, 2, 2)))
            let run = try Simulation.run(
                try plan {
                    $0.lanes = lanes
                    $0.correlation?.whenMissing = loss.policy
                },
                &source,
                factor: 100
            ) { scheduled in
                Simulation.Fate(
                    delay: 5 * Simulation.millisecond,
                    outcome: scheduled.request.exchange == 0 ? loss.outcome : .responded(status: 200)
                )
            }
            #expect(targets(run) == loss.sent)
            #expect(run.summary.requests.skipped == loss.skipped)
            #expect(run.summary.skips[.missingValue] ?? 0 == loss.skipped)
            #expect(run.summary.correlation?.misses == loss.misses)
            #expect(run.summary.correlation?.skipped == loss.skipped)
            #expect(run.summary.requests.addUp)
        }
    }

    /// The creation is left out by the filter: nothing waits for it.
    @Test func whatIsNotSentIsNotWaitedFor() throws {
        var source = MemorySource(session(0))
        let run = try Simulation.run(
            try plan { $0.filter = try RequestFilter("method=GET") },
            &source,
            answers: Self.answers
        )
        #expect(targets(run) == ["/runs/run-0-aa", "/runs/run-0-aa/logs"])
        #expect(run.summary.correlation?.recorded.unknown == 2)
    }

    @Test func anInterruptCountsWhatWaits() throws {
        var source = MemorySource(session(0))
        let run = try Simulation.run(
            try plan(),
            &source,
            factor: 10,
            interrupts: [4],
            answers: Self.answers
        ) { _ in Simulation.Fate(delay: 50 * Simulation.millisecond, outcome: .responded(status: 200)) }
        #expect(run.summary.requests.sent == 1)
        #expect(run.summary.requests.notSent == 2)
        #expect(run.summary.requests.addUp)
    }

    @Test func lengthsAndBodiesFollow() throws {
        let source = [
            RecordedMessage.recorded(.request, 0, at: 0, "POST /runs HTTP/1.1|Host: a"),
            .recorded(
                .response,
                0,
                at: 1,
                "HTTP/1.1 200 OK|Content-Type: application/json",
                body: #"{"id":17}"#
            ),
            .recorded(
                .request,
                1,
                at: 2,
                "POST /poll HTTP/1.1|Host: a|Content-Type: application/json|Content-Length: 20|X-Id: 17",
                body: #"{"x": [1], "run":17}"#
            ),
        ]
        var memory = MemorySource(source)
        let run = try Simulation.run(
            try plan([
                ("POST /runs", "json:$.id", "POST /poll", "json:$.run"),
                ("POST /runs", "json:$.id", "*", "header:x-id"),
            ]),
            &memory,
            answers: Self.answers
        )
        let request = try #require(run.sent.last)
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"x": [1], "run":"live/0-0"}"#)
        let head = String(decoding: request.head(authority: "t"), as: UTF8.self)
        #expect(head.contains("\r\nContent-Length: 28\r\n"))
        #expect(head.contains("\r\nX-Id: live/0-0\r\n"))
    }
}
