import LoopbackSockets
import MeshDatabase
import MeshService
import MeshTarget
import Testing

extension MeshDatabaseSuite {
    /// Deliveries, from the hook to the end of the run.
    @Suite struct DeliveryTests {
        @Test func runsADeliveryToItsEnd() throws {
            try Stand.with { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver(
                    "harbor-orders",
                    ["X-Correlation-Id": "c-1", "X-Delivery-Id": "d-1"]
                )
                #expect(
                    run
                        == RunID(seed: 1, slug: "harbor-orders", delivery: "d-1", body: [], occurrence: 0)
                        .text
                )
                let followed = try line.follow(run)
                #expect(followed.status == "succeeded")
                #expect(followed.messages.first == "run queued")
                #expect(followed.messages.dropFirst().first == "run started")
                #expect(followed.messages.last == "run succeeded")
                #expect(followed.ids == followed.ids.sorted())
                #expect(Set(followed.ids).count == followed.ids.count)
                let shown = try line.ask(Ask.reading("/api/runs/\(run)")).body
                #expect(
                    shown.contains(#""status":"succeeded""#) && shown.contains(#""correlation_id":"c-1""#)
                )
                let found = try line.ask(Ask.reading("/api/runs?correlation_id=c-1")).body
                #expect(found.contains(run))
                #expect(try Stand.query("select count(*) from mesh.jobs").integer(0, 0) == 0)
            }
        }

        @Test(
            arguments: [
                ("no signature", Ask.delivery("harbor-orders", ["X-Hub-Signature-256": nil]), 401),
                (
                    "a signature of another body",
                    Ask.delivery(
                        "harbor-orders",
                        body: "[1]",
                        [
                            "X-Hub-Signature-256": SignatureCheck.signature(
                                of: [],
                                secret: Ask.tenants[0].signingSecret
                            )
                        ]
                    ), 401
                ),
                (
                    "another tenant's key",
                    Ask.delivery(
                        "harbor-orders",
                        [
                            "X-Hub-Signature-256": SignatureCheck.signature(
                                of: Array("{}".utf8),
                                secret: Ask.tenants[1].signingSecret
                            )
                        ]
                    ), 401
                ),
                ("an unknown hook", Ask.delivery("harbor-nothing"), 404),
                ("no type", Ask.delivery("harbor-orders", ["Content-Type": nil]), 415),
                ("text", Ask.delivery("harbor-orders", ["Content-Type": "text/plain"]), 415),
                ("a reading", Ask.reading("/api/hooks/harbor-orders"), 405),
                (
                    "too much",
                    Ask.delivery("harbor-orders", body: String(repeating: "x", count: MeshLimits.body + 1)),
                    413
                ),
                ("no path of ours", Ask.reading("/api/hooks"), 404),
            ] as [(String, String, Int)]
        )
        func refuses(what: String, request: String, status: Int) throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                #expect(try line.ask(request).status == status, "\(what)")
                #expect(try Stand.query("select count(*) from mesh.workflow_runs").integer(0, 0) == 0)
                // The connection is good for more.
                #expect(try line.deliver("harbor-orders").count == 24)
            }
        }

        /// Signed at times around now, in seconds; 300 are allowed.
        @Test(arguments: [(0, 202), (-290, 202), (290, 202), (-310, 401), (310, 401), (-1_000_000, 401)])
        func holdsStandardWebhooksAgainstTheClock(age: Int64, status: Int) throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                let fields = StandardSignature.fields(
                    id: "m-\(age)",
                    body: "{}",
                    at: StandardSignature.now + age
                )
                #expect(try line.ask(Ask.delivery("harbor-orders", fields)).status == status)
            }
        }

        @Test func answersARepetitionWithTheSameRun() throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                let first = try line.ask(Ask.delivery("harbor-orders", ["Idempotency-Key": "k"]))
                let again = try line.ask(Ask.delivery("harbor-orders", ["Idempotency-Key": "k"]))
                #expect(again.field("X-Run-Id") == first.field("X-Run-Id"))
                #expect(again.field("Idempotent-Replay") == "true")
                #expect(first.field("Idempotent-Replay") == nil)
                #expect(
                    try line.ask(Ask.delivery("harbor-orders", body: "[]", ["Idempotency-Key": "k"])).status
                        == 409
                )
                // Keys belong to a tenant.
                #expect(
                    try line.ask(Ask.delivery("meadow-payments", ["Idempotency-Key": "k"])).field(
                        "Idempotent-Replay"
                    ) == nil
                )
                #expect(try Stand.query("select count(*) from mesh.workflow_runs").integer(0, 0) == 2)
            }
        }

        /// The same delivery over many connections at once makes one run.
        @Test func makesOneRunOfSimultaneousRepetitions() throws {
            try Stand.with(workers: 0) { server in
                var lines = try (0..<12).map { _ in try RawConnection(port: server.port) }
                for place in lines.indices {
                    try lines[place].send(Ask.delivery("harbor-orders", ["Idempotency-Key": "k"]))
                }
                let runs = try Set(lines.indices.map { try lines[$0].receive().field("X-Run-Id") })
                #expect(runs.count == 1)
                #expect(try Stand.query("select count(*) from mesh.workflow_runs").integer(0, 0) == 1)
            }
        }

        /// Deliveries of the same identity without a key are different runs with different ids.
        @Test func givesARepeatedDeliveryWithoutAKeyAnotherRun() throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                let runs = try Set(
                    (0..<5).map { _ in try line.deliver("harbor-orders", ["X-Delivery-Id": "d"]) }
                )
                #expect(runs.count == 5)
                #expect(runs.allSatisfy { $0.count == 24 })
            }
        }

        /// Answers come from the database at different times, and leave in the order of the requests.
        @Test func answersPipelinedRequestsInOrder() throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                let requests = (0..<30).map { number in
                    number % 3 == 2
                        ? Ask.reading("/api/runs?limit=1")
                        : Ask.delivery("harbor-orders", ["X-Delivery-Id": "\(number)"])
                }
                try line.send(requests.joined())
                for number in 0..<30 {
                    let answer = try line.receive()
                    let id = RunID(
                        seed: 1,
                        slug: "harbor-orders",
                        delivery: "\(number)",
                        body: [],
                        occurrence: 0
                    )
                    #expect(answer.field("X-Run-Id") == (number % 3 == 2 ? nil : id.text))
                }
            }
        }

        @Test func limitsTheRateOfEachTenantAlone() throws {
            try Stand.with(workers: 0) { service, _ in
                service.rateLimit = 3
            } _: { server in
                var line = try RawConnection(port: server.port)
                let answers = try (0..<5).map { _ in try line.ask(Ask.delivery("harbor-orders")) }
                let refused = try #require(answers.last { $0.status == 429 })
                #expect(refused.field("X-RateLimit-Limit") == "3")
                #expect(refused.field("X-RateLimit-Remaining") == "0")
                #expect(refused.field("Retry-After") == "1")
                #expect(try line.ask(Ask.delivery("meadow-payments")).status == 202)
            }
        }

        /// Neither credentials nor signatures of a delivery are kept.
        @Test func keepsNoCredentials() throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                let fields = [
                    "Authorization": "Bearer canary-1", "Cookie": "sid=canary-2", "X-Api-Key": "canary-3",
                ]
                _ = try line.deliver("harbor-orders", fields)
                let kept = try Stand.query("select string_agg(payload::text, ' ') from mesh.workflow_events")
                    .string(0, 0)
                #expect(kept.contains("x-api-key") && !kept.contains("canary"))
                let logged = try Stand.query("select string_agg(message, ' ') from mesh.logs").string(0, 0)
                #expect(!logged.contains("canary"))
            }
        }

        /// Bodies that JSON text cannot hold as they are.
        @Test(arguments: [#"{"a":"\u0000"}"#, "\"\u{0}\"", "{\"a\":\"\u{1F600}\\\\\"}", "", "a=1&b=%00"])
        func takesAnyBody(body: String) throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                #expect(try line.deliver("harbor-orders", body: body).count == 24)
            }
        }
    }
}
