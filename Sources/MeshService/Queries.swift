import MeshDatabase

/// Every statement of the service and its workers; each reads or writes as the project that `asProject` names.
enum Queries {
    /// The setting that row security goes by; ends with the transaction.
    static let asProject = Statement("as_project", "select set_config('app.project_id', $1, true)")

    static let partitions = Statement("partitions", "select mesh.ensure_event_partitions()")
    static let routes = Statement("routes", "select * from mesh.routes()")
    static let keys = Statement("keys", "select * from mesh.active_keys()")
    static let workflows = Statement("workflows", "select * from mesh.workflows()")

    static let takeDelivery = Statement(
        "take_delivery",
        """
        select * from mesh.take_delivery(
          $1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'), $10::jsonb, $11::integer, $12)
        """
    )
    /// Which of the two runs that a delivery may have made is there.
    static let whichRun = Statement(
        "which_run",
        "select id from mesh.workflow_runs where id in ($1, $2) order by id = $2 desc limit 1"
    )
    // What is planted is to have the limit that it says: the transaction takes its planted time from the moment at which it
    // has got what it was after, whatever is done meanwhile, and then waits for no disk.
    static let occupy = Statement(
        "occupy",
        """
        select set_config('mesh.since', clock_timestamp()::text, true), set_config('synchronous_commit', 'off', true)
        """
    )
    static let turnstile = Statement(
        "turnstile",
        """
        update mesh.turnstile set passed = passed + 1 where id = 1
        returning set_config('mesh.since', clock_timestamp()::text, true), set_config('synchronous_commit', 'off', true)
        """
    )
    static let linger = Statement(
        "linger",
        """
        select pg_sleep(greatest(0, $1::double precision
          - extract(epoch from clock_timestamp() - current_setting('mesh.since')::timestamptz)))
        """
    )
    static let reserveCall = Statement(
        "reserve_call",
        "select mesh.reserve_call($1::double precision), set_config('synchronous_commit', 'off', true)"
    )
    static let audit = Statement(
        "audit",
        "insert into mesh.audit_log (project_id, actor, action, resource, ip) values ($1, $2, $3, $4, $5::inet)"
    )

    private static let runColumns = """
        r.id, r.project_id, r.workflow_id, r.slug, r.status, r.attempt, r.correlation_id, mesh.rfc3339(r.created_at), \
        mesh.rfc3339(r.started_at), mesh.rfc3339(r.finished_at), r.error, floor(r.delay_ms)::bigint
        """

    static let run = Statement("run", "select \(runColumns) from mesh.workflow_runs r where r.id = $1")
    /// After a cursor, by the transaction that made each run; beside each whether that is settled.
    static let runs = Statement("runs", runList(by: "made"))
    /// The same by the transaction that last changed each.
    static let changedRuns = Statement("changed_runs", runList(by: "changed"))

    private static func runList(by column: String) -> String {
        """
        select \(runColumns), r.\(column), r.seq, r.\(column) < mesh.oldest_writer() from mesh.workflow_runs r
        where r.project_id = $1 and (r.\(column), r.seq) > ($2::bigint, $3::bigint)
          and ($4::text is null or r.status = $4) and ($5::text is null or r.workflow_id = $5)
          and ($6::text is null or r.correlation_id = $6)
        order by r.\(column), r.seq limit $7::integer
        """
    }

    static let events = Statement(
        "events",
        """
        select e.id, mesh.rfc3339(e.ts), e.type, e.payload::text from mesh.workflow_events e
        where e.run_id = $1 and e.id > $2::bigint order by e.id limit $3::integer
        """
    )
    static let log = Statement(
        "log",
        """
        select l.id, l.level, l.message, mesh.rfc3339(l.created_at), mesh.rfc3339(mesh.commit_time(l.made, l.created_at))
        from mesh.logs l where l.run_id = $1 and l.id > $2::bigint order by l.id limit $3::integer
        """
    )
    /// The last line that a run has written.
    static let lastLine = Statement(
        "last_line",
        "select coalesce(max(l.id), 0) from mesh.logs l where l.run_id = $1"
    )
    /// Log lines and changes of state of a project after a cursor, as far as nothing can still commit before them.
    static let feed = Statement(
        "feed",
        """
        with bound as materialized (select mesh.oldest_writer() as writer)
        select * from (
          (select 0 as kind, l.made, l.id, l.run_id, l.level, l.message, mesh.rfc3339(l.created_at),
              mesh.rfc3339(mesh.commit_time(l.made, l.created_at)),
              extract(epoch from clock_timestamp() - l.created_at), null::text, null::text, null::text, null::text,
              null::text, null::integer, null::text, null::text, null::text, null::text, null::text, null::bigint
            from mesh.logs l
            where l.project_id = $1 and (l.made, l.id) > ($2::bigint, $3::bigint)
              and l.made < (select writer from bound)
            order by l.made, l.id limit $5::integer)
          union all
          (select 1, e.made, e.id, e.run_id, e.payload->>'status', null, mesh.rfc3339(e.ts),
              mesh.rfc3339(mesh.commit_time(e.made, e.ts)), extract(epoch from clock_timestamp() - e.ts), \(runColumns)
            from mesh.workflow_events e join mesh.workflow_runs r on r.id = e.run_id
            where e.project_id = $1 and (e.made, e.id) > ($2::bigint, $4::bigint)
              and e.made < (select writer from bound) and e.payload ? 'status'
            order by e.made, e.id limit $5::integer)
        ) as entries order by made, kind, id limit $5::integer
        """
    )
    /// Where a feed that begins now begins.
    static let feedStart = Statement("feed_start", "select mesh.oldest_writer()")
    static let queueStatus = Statement("queue_status", "select * from mesh.queue_status()")
    static let databaseStatus = Statement("database_status", "select * from mesh.database_status()")
    static let ping = Statement("ping", "select 1")

    static let claim = Statement(
        "claim",
        "select * from mesh.claim_jobs($1, $2::integer, make_interval(secs => $3::double precision))"
    )
    static let nextJob = Statement("next_job", "select mesh.next_job_in()")
    static let progress = Statement("progress", "select mesh.write_progress($1::jsonb)")
    static let workerSeen = Statement(
        "worker_seen",
        """
        select mesh.worker_seen($1, $2::integer, $3::double precision, $4::bigint, $5::bigint, $6::double precision)
        """
    )
    /// MeshHook's queue is in memory: what another process had queued is lost.
    static let forgetJobs = Statement("forget_jobs", "delete from mesh.jobs")
}
