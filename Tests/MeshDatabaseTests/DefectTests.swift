import LoopbackSockets
import MeshDatabase
import MeshService
import MeshTarget
import Testing

extension MeshDatabaseSuite {
    /// Each planted defect shows from outside, and without it the same look shows nothing.
    @Suite struct DefectTests {
        /// What a look finds wrong, or `nil`.
        typealias Look = @Sendable (_ server: ServiceServer) throws -> String?

        struct Planted: Sendable, CustomTestStringConvertible {
            var defect: Defect
            var period: Int?
            var look: Look
            var testDescription: String { defect.rawValue }
        }

        static let planted: [Planted] = [
            Planted(defect: .unsignedAccepted) { server in
                var line = try RawConnection(port: server.port)
                let answer = try line.ask(Ask.delivery("harbor-orders", ["X-Hub-Signature-256": nil]))
                return answer.status == 202 ? "taken" : nil
            },
            Planted(defect: .staleAccepted) { server in
                var line = try RawConnection(port: server.port)
                let old = StandardSignature.fields(id: "old", body: "{}", at: StandardSignature.now - 86_400)
                return try line.ask(Ask.delivery("harbor-orders", old)).status == 202 ? "taken" : nil
            },
            Planted(defect: .slugClash) { server in
                var line = try RawConnection(port: server.port)
                let runs = try MeshTenant.all(seed: 1).flatMap(\.hooks).map {
                    try ($0.slug, line.deliver($0.slug))
                }
                let strays = try runs.filter { slug, run in
                    let project = String(slug.prefix { $0 != "-" })
                    return try line.ask(Ask.reading("/api/runs/\(run)", project: project)).status != 200
                }
                return strays.isEmpty ? nil : "\(strays.count)"
            },
            Planted(defect: .runReadable) { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-orders")
                let paths = ["", "/events", "/logs"].map { "/api/runs/\(run)\($0)" }
                let open = try paths.filter { try line.ask(Ask.reading($0, project: "summit")).status == 200 }
                return open.isEmpty ? nil : "\(open.count)"
            },
            Planted(defect: .streamLeak) { server in
                var reader = try RawConnection(port: server.port)
                try reader.send(Ask.reading("/api/logs/stream"))
                try reader.receiveHead()
                var line = try RawConnection(port: server.port)
                var events: [ProjectEvent] = []
                // The stream is told of its own; by then it has been told of the others' earlier ones too.
                while events.filter({ $0.project == "harbor" }).count < 8 {
                    _ = try line.deliver("meadow-payments")
                    _ = try line.deliver("harbor-orders")
                    events += ProjectEvent.all(in: try reader.receiveChunk())
                }
                return events.contains { $0.project == "meadow" } ? "others' lines" : nil
            },
            Planted(defect: .runLost, period: 3) { server in
                var line = try RawConnection(port: server.port)
                let runs = try (0..<6).map { try line.deliver("harbor-orders", ["X-Delivery-Id": "\($0)"]) }
                let lost = try runs.filter { try line.ask(Ask.reading("/api/runs/\($0)")).status == 404 }
                return lost.isEmpty ? nil : "\(lost.count)"
            },
            Planted(defect: .runDuplicated, period: 3) { server in
                var line = try RawConnection(port: server.port)
                for number in 0..<6 {
                    _ = try line.deliver("harbor-orders", ["X-Correlation-Id": "c\(number)"])
                }
                // Twins are written beside the answer; another transaction of the same pool comes after them.
                var seen: [Int] = []
                for _ in 0..<200 where !seen.contains(2) {
                    seen = try (0..<6).map { number in
                        let list = try line.ask(Ask.reading("/api/runs?correlation_id=c\(number)")).body
                        return list.matches(of: #/"id":/#).count
                    }
                }
                return seen.allSatisfy { $0 == 1 } ? nil : "\(seen)"
            },
            Planted(defect: .logDropped, period: 3) { server in
                try differenceOfStreamAndHistory(server)
            },
            Planted(defect: .logDuplicated, period: 3) { server in
                try differenceOfStreamAndHistory(server)
            },
            Planted(defect: .secretInLog) { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-orders", ["Authorization": "Bearer canary-7f3a"])
                return try line.ask(Ask.reading("/api/runs/\(run)/logs")).body.contains("canary-7f3a")
                    ? "in" : nil
            },
            Planted(defect: .rateLimitShared) { server in
                var line = try RawConnection(port: server.port)
                for _ in 0..<40 { _ = try line.ask(Ask.delivery("harbor-orders")) }
                return try line.ask(Ask.delivery("meadow-payments")).status == 429 ? "shared" : nil
            },
            Planted(defect: .deadLettersUnfilled) { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-charges")
                guard try line.follow(run).status == "failed" else { return "not failed" }
                let lost = try Stand.query("select mesh.accounting()->>'failed_without_dead_letter'")
                return lost.string(0, 0) == "0" ? nil : lost.string(0, 0)
            },
        ]

        static func differenceOfStreamAndHistory(_ server: ServiceServer) throws -> String? {
            var line = try RawConnection(port: server.port)
            let run = try line.deliver("harbor-orders")
            let seen = try line.follow(run).ids
            let history = try line.ask(Ask.reading("/api/runs/\(run)/logs")).body
            let ids = history.matches(of: #/\{"id":(\d+)/#).compactMap { Int64($0.1) }
            return seen == ids ? nil : "\(seen) instead of \(ids)"
        }

        @Test(arguments: planted)
        func shows(planted: Planted) throws {
            func look(_ change: @escaping (inout ServiceOptions, inout WorkerOptions) -> Void) throws
                -> String?
            {
                var found: String?
                try Stand.with { service, worker in
                    if planted.defect == .rateLimitShared { service.rateLimit = 20 }
                    change(&service, &worker)
                } _: {
                    found = try planted.look($0)
                }
                return found
            }
            let sound = try look { _, _ in }
            #expect(sound == nil)
            let broken = try look { service, worker in
                service.defects.plant(planted.defect, period: planted.period)
                worker.defects.plant(planted.defect, period: planted.period)
            }
            #expect(broken != nil)
        }

        /// All but the slowness, which takes many answers to tell.
        @Test func coversEveryDefect() {
            #expect(Set(Self.planted.map(\.defect)) == Set(Defect.allCases).subtracting([.slowP95]))
        }
    }

    /// Every answer is late by at least what is planted.
    @Suite struct SlownessTests {
        @Test func makesAnswersSlow() throws {
            try Stand.with(workers: 0) { service, _ in
                service.defects.plant(.slowP95, period: 1)
            } _: { server in
                var line = try RawConnection(port: server.port)
                for _ in 0..<5 { _ = try line.ask(Ask.reading("/health")) }
                let metrics = try line.ask(Ask.reading("/api/metrics")).body
                #expect(metrics.contains(#"mesh_request_seconds_bucket{route="/health",le="0.025"} 0"#))
                #expect(metrics.contains(#"mesh_request_seconds_count{route="/health"} 5"#))
            }
        }
    }

    /// MeshHook as it is.
    @Suite struct CompatibilityTests {
        /// Leaving a habit off is its remedy.
        @Test func doesWithoutAHabit() throws {
            try Stand.with(workers: 0) { service, _ in
                service.habits = Set(Habit.allCases).subtracting([.unsigned, .emptyAnswer])
            } _: { server in
                var line = try RawConnection(port: server.port)
                #expect(
                    try line.ask(Ask.delivery("harbor-orders", ["X-Hub-Signature-256": nil])).status == 401
                )
                #expect(try line.deliver("harbor-orders").count == 24)
            }
        }

        /// A worker of MeshHook's takes one job, and rests for a second; in the process of the service or in one of its own.
        @Test(arguments: [
            (habits: [Habit.processQueue], workers: 0), ([.processQueue, .slowQueue], 0), ([.slowQueue], 1),
        ])
        func carriesOutJobs(_ habits: [Habit], _ workers: Int) throws {
            let isSlow = habits.contains(.slowQueue)
            try Stand.with(workers: workers) { service, worker in
                service.habits = Set(habits)
                worker.isSlowQueue = isSlow
            } _: { server in
                var line = try RawConnection(port: server.port)
                let runs = try (0..<4).map { _ in try line.deliver("harbor-orders") }
                for run in runs { #expect(try line.follow(run).status == "succeeded") }
                let spread = try Stand.query(
                    "select extract(epoch from max(started_at) - min(started_at)) from mesh.workflow_runs"
                ).string(0, 0)
                // Three rests lie between four jobs.
                if isSlow { #expect(Double(spread) ?? 0 >= 2.9) }
            }
        }

        @Test func takesAnythingAndSaysNothing() throws {
            try Stand.with(workers: 0) { service, _ in
                service.habits = Set(Habit.allCases)
            } _: { server in
                var line = try RawConnection(port: server.port)
                let unsigned = ["X-Hub-Signature-256": nil, "Idempotency-Key": "k"] as [String: String?]
                for _ in 0..<2 {
                    let answer = try line.ask(Ask.delivery("harbor-orders", unsigned))
                    #expect(answer.status == 202)
                    #expect(answer.body.isEmpty)
                    #expect(answer.field("X-Run-Id") == nil)
                }
                #expect(try Stand.query("select count(*) from mesh.workflow_runs").integer(0, 0) == 2)
                // What is signed must be signed well.
                let forged = Ask.delivery("harbor-orders", ["X-Hub-Signature-256": "sha256=00"])
                #expect(try line.ask(forged).status == 401)
            }
        }
    }
}
