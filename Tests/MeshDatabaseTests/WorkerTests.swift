import LoopbackSockets
import MeshDatabase
import MeshService
import Testing

extension MeshDatabaseSuite {
    /// Runs after they were taken.
    @Suite struct WorkerTests {
        @Test func triesAgainAndThenBuriesWhatFails() throws {
            try Stand.with { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-charges")
                #expect(try line.follow(run).status == "failed")
                let failed = try Stand.query(
                    "select count(*) from mesh.workflow_events where type = 'step_failed'"
                )
                #expect(failed.integer(0, 0) == 5)
                let dead = try Stand.query("select run_id, reason from mesh.dead_letters")
                #expect(dead.rowCount == 1)
                #expect(dead.string(0, 0) == run)
                #expect(dead.string(0, 1) == "the payment provider refused")
            }
        }

        /// A worker took the job and died; its lock runs out, another takes it, and what the dead one still writes counts
        /// for nothing.
        @Test func carriesOnWhatADeadWorkerHad() throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-orders")
                let taken = try Stand.query(
                    "select o_id, o_lock from mesh.claim_jobs('dead', 10, interval '50 milliseconds')",
                    as: "mesh_worker"
                )
                #expect(taken.rowCount == 1)
                var options = WorkerOptions()
                options.conninfo = Stand.conninfo
                let worker = try WorkerThread(options)
                defer { worker.stop() }
                #expect(try line.follow(run).status == "succeeded")
                let late =
                    #"{"jobs":[{"id":\#(taken.string(0, 0)),"lock":\#(taken.string(0, 1)),"run":"\#(run)","#
                    + #""status":"failed","step":0,"attempt":0}],"events":[{"run":"\#(run)","type":"run_completed"}],"logs":[]}"#
                let held = try Stand.query(
                    "select mesh.write_progress('\(late)')",
                    as: "mesh_worker",
                    project: "harbor"
                )
                #expect(held.integer(0, 0) == 0)
                let ends = try Stand.query(
                    "select count(*) from mesh.workflow_events where type = 'run_completed'"
                )
                #expect(ends.integer(0, 0) == 1)
                #expect(try line.ask(Ask.reading("/api/runs/\(run)")).body.contains(#""status":"succeeded""#))
            }
        }

        /// Two workers and many deliveries: every run is carried out once.
        @Test func carriesOutEachRunOnce() throws {
            try Stand.with(workers: 3) { server in
                var line = try RawConnection(port: server.port)
                let slugs = ["harbor-orders", "meadow-payments", "summit-signups"]
                let runs = try (0..<60).map { try line.deliver(slugs[$0 % 3], ["X-Delivery-Id": "d\($0)"]) }
                for (place, run) in runs.enumerated() {
                    let project = String(slugs[place % 3].prefix { $0 != "-" })
                    #expect(try line.follow(run, project: project).status == "succeeded")
                }
                let accounting = try Stand.query(
                    "select * from jsonb_each_text(mesh.accounting())",
                    as: "mesh_observer"
                )
                var figures: [String: String] = [:]
                for row in 0..<accounting.rowCount {
                    figures[accounting.string(row, 0)] = accounting.text(row, 1)
                }
                let whole = ["runs": "60", "succeeded": "60"]
                for (name, figure) in figures { #expect(figure == whole[name] ?? "0", "\(name)") }
                #expect(figures.count == 17)
            }
        }
    }
}
