import MeshDatabase
import MeshTarget

/// Makes roles, tables and functions, and fills in the tenants of a seed. May be repeated.
package enum Migration {
    /// - Parameters:
    ///   - conninfo: without a user; a superuser's work.
    ///   - seed: whose tenants there are; another seed later gives the same tenants other keys.
    package static func run(conninfo: String, seed: UInt64) throws {
        let session = try AdminSession(
            conninfo: conninfo + " user=postgres options='-c client_min_messages=warning'"
        )
        for script in [
            PackageResources.roles_sql, PackageResources.tables_sql, PackageResources.functions_sql,
        ] {
            try session.run("begin;" + String(decoding: script, as: UTF8.self) + ";commit;")
        }
        _ = try? session.run("create extension if not exists pg_stat_statements")
        try session.run(Seed.script(seed: seed))
    }
}

/// The tenants of a seed as rows.
enum Seed {
    static func script(seed: UInt64) -> String {
        var script = "begin; set search_path = mesh;"
        for tenant in MeshTenant.all(seed: seed) {
            let project = AdminSession.literal(tenant.id)
            script +=
                "insert into projects (id, name) values (\(project), \(project)) on conflict do nothing;"
            let sealed = SealedKey.seal(tenant.signingSecret, seed: seed).hex
            script += """
                insert into signature_keys values (\(AdminSession.literal(tenant.id + "-key")), \(project), \
                decode('\(sealed)', 'hex'), 'active') on conflict (id) do update set key_encrypted = excluded.key_encrypted;
                """
            for hook in tenant.hooks {
                let workflow = AdminSession.literal(hook.workflow.id)
                let definition = String(decoding: WorkflowDefinition.of(hook.workflow).json, as: UTF8.self)
                let slug = AdminSession.literal(hook.slug)
                script += """
                    insert into workflow_definitions values (\(project), \(workflow), \(workflow), 1, 'published', \
                    \(AdminSession.literal(definition))) on conflict (project_id, id) do update set \
                    definition = excluded.definition;
                    insert into hooks (id, project_id, slug, workflow_id) values (\(slug), \(project), \(slug), \(workflow)) \
                    on conflict do nothing;
                    """
            }
        }
        return script + "commit;"
    }
}
