import LoadPlans

/// Asks a PostgreSQL server how it is, through a client that is kept open.
///
/// What it may see depends on its role: a member of `pg_monitor` sees all of it.
final class DatabaseWatch {
    private let place: String
    private var client: DatabaseClient?
    private var counters: [String: Double] = [:]
    /// Looks that are left out after one that failed: a server that is started again takes its time.
    private var pause = 0

    /// `place` is where the connection string is: `env:VAR` or `file:PATH`.
    init(_ place: String) {
        self.place = place
    }

    /// Milliseconds and bytes that an answer may take.
    private static let patience: Int32 = 2_000
    private static let limit = 1 << 20
    private static let pauseAfterFailure = 4

    /// One row each: whether it grows for ever, its name with labels, its value.
    private static let query = """
        select 'g', 'postgres_sessions{state="' || coalesce(state, 'none') || '"}', count(*) from pg_stat_activity \
        where backend_type = 'client backend' group by state;
        select 'g', 'postgres_lock_waiting{event="' || wait_event || '"}', count(*) from pg_stat_activity \
        where wait_event_type = 'Lock' and state = 'active' group by wait_event;
        select 'g', 'postgres_other_waits{event="' || wait_event_type || ':' || wait_event || '"}', count(*) \
        from pg_stat_activity where wait_event_type in ('LWLock', 'IO', 'BufferPin') and state = 'active' group by 2;
        select 'c', 'postgres_commits', xact_commit from pg_stat_database where datname = current_database() \
        union all select 'c', 'postgres_rollbacks', xact_rollback from pg_stat_database where datname = current_database() \
        union all select 'c', 'postgres_blocks_read', blks_read from pg_stat_database where datname = current_database() \
        union all select 'c', 'postgres_deadlocks', deadlocks from pg_stat_database where datname = current_database();
        select 'g', 'postgres_dead_tuples', coalesce(sum(n_dead_tup), 0) from pg_stat_user_tables;
        select 'c', 'postgres_checkpoints', checkpoints_timed + checkpoints_req from pg_stat_bgwriter;

        """

    /// One look; `seconds` since the one before.
    func look(seconds: Double) -> Result<[MetricSample], CommandFailure> {
        guard pause == 0 else {
            pause -= 1
            return .success([])
        }
        do {
            let open = try client ?? DatabaseClient(place)
            client = open
            var rows: [[UInt8]] = []
            try open.ask(Self.query, patience: Self.patience, limit: Self.limit) { rows.append($0) }
            return .success(samples(of: rows, seconds: seconds))
        } catch {
            client = nil
            counters = [:]
            pause = Self.pauseAfterFailure
            let message = (error as? CommandFailure)?.message ?? "\(error)"
            return .failure(CommandFailure("the database is not watched: \(message)"))
        }
    }

    private func samples(of rows: [[UInt8]], seconds: Double) -> [MetricSample] {
        var samples: [MetricSample] = []
        for row in rows {
            let cells = String(decoding: row, as: UTF8.self).split(separator: "\t", maxSplits: 2)
            guard cells.count == 3, let value = Double(cells[2]) else { continue }
            let name = String(cells[1])
            guard cells[0] == "c" else {
                samples.append(MetricSample(name: name, value: value))
                continue
            }
            if let before = counters[name], seconds > 0, value >= before {
                samples.append(MetricSample(name: name + "_per_second", value: (value - before) / seconds))
            }
            counters[name] = value
        }
        return samples
    }
}
