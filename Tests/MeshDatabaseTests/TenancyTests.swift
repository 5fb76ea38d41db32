import LoopbackSockets
import MeshDatabase
import MeshService
import Testing

/// Every test that needs the private server, one after another.
@Suite(.serialized, .enabled(if: PrivateServer.isAvailable)) struct MeshDatabaseSuite {}

extension MeshDatabaseSuite {
    /// What keeps the rows of one project from the readers of another.
    @Suite struct TenancyTests {
        @Test func everyTableAndPartitionOfATenantForcesRowSecurity() throws {
            let tables = try Stand.query(
                """
                select c.relname, c.relrowsecurity and c.relforcerowsecurity,
                  exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant'
                    and pg_get_expr(p.polqual, c.oid) like '%app.project_id%'
                    and pg_get_expr(p.polwithcheck, c.oid) like '%app.project_id%')
                from pg_class c where c.relnamespace = 'mesh'::regnamespace and c.relkind in ('r', 'p')
                """
            )
            var open: Set<String> = []
            for row in 0..<tables.rowCount where !(tables.flag(row, 1) && tables.flag(row, 2)) {
                open.insert(tables.string(row, 0))
            }
            // Workers are nobody's; turnstile and dependency hold one row each that says nothing of anybody.
            #expect(open == ["workers", "turnstile", "dependency"])
            let owned = try Stand.query(
                "select count(*) from information_schema.columns where table_schema = 'mesh' and column_name = 'project_id'"
            )
            #expect(owned.integer(0, 0) == 15, "six partitions; projects has an id instead")
            #expect(tables.rowCount == 10 + 3 + 6, "tables of tenants, of nobody, and partitions")
        }

        /// What would get past row security.
        @Test func noRoleOfTheServiceIsAboveTheRules() throws {
            let roles = try Stand.query(
                """
                select rolname from pg_roles where rolname like 'mesh%' and (rolsuper or rolbypassrls)
                union select pg_get_userbyid(relowner) from pg_class
                  where relnamespace = 'mesh'::regnamespace and pg_get_userbyid(relowner) in ('mesh_app', 'mesh_worker')
                """
            )
            #expect(roles.rowCount == 0)
        }

        @Test(
            arguments: [
                // Without a setting there is nobody, and nobody has nothing.
                (nil, 0), ("", 0), ("harbor", 2), ("meadow", 1), ("summit", 0), ("no such project", 0),
            ] as [(String?, Int64)]
        )
        func showsAProjectItsOwnRows(project: String?, rows: Int64) throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                for slug in ["harbor-orders", "harbor-charges", "meadow-payments"] {
                    _ = try line.deliver(slug)
                }
                for table in ["workflow_runs", "workflow_events", "logs", "jobs"] {
                    let seen = try Stand.query(
                        "select count(*) from mesh.\(table)",
                        as: "mesh_app",
                        project: project
                    )
                    #expect(seen.integer(0, 0) == rows, "\(table)")
                }
            }
        }

        @Test func writesNothingForAnother() throws {
            #expect(throws: DatabaseError.self) {
                try Stand.query(
                    "insert into mesh.logs (project_id, run_id, level, message) values ('meadow', 'x', 'info', 'x')",
                    as: "mesh_app",
                    project: "harbor"
                )
            }
        }

        /// Another tenant's run is as unknown as one that does not exist.
        @Test(arguments: ["", "/events", "/logs", "/logs/stream"])
        func hidesAnotherTenantsRun(suffix: String) throws {
            try Stand.with { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-orders")
                #expect(try line.ask(Ask.reading("/api/runs/\(run)\(suffix)")).status == 200)
                let other = try line.ask(Ask.reading("/api/runs/\(run)\(suffix)", project: "meadow"))
                let unknown = try line.ask(Ask.reading("/api/runs/nosuchrun\(suffix)", project: "meadow"))
                #expect(other.status == 404)
                #expect(other.body == unknown.body)
                #expect(try line.ask(Ask.reading("/api/runs", project: "meadow")).body.contains(run) == false)
            }
        }
    }
}
