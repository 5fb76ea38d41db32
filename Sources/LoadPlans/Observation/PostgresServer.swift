/// What is known of a PostgreSQL server before it is watched, and what it is asked then.
///
/// Everything is a script for `psql`. Nothing that a server said stands in a later script but numbers and names that are
/// letters, digits and underscores, since `psql` takes more than SQL.
package struct PostgresServer: Hashable, Sendable {
    /// As `server_version_num` has it: 150004 for 15.4.
    package private(set) var version = 0
    /// The schema of the extension pg_stat_statements, where it is there, loaded and may be read.
    package private(set) var statements: String?

    /// Statements that a look tells of, those with the most time since the server counts.
    private static let lookLimit = 20

    /// A row for each thing that is to be known: its name and its value.
    package static let question = """
        select 'version', current_setting('server_version_num') union all \
        select 'statements', n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace \
        join pg_proc p on p.pronamespace = n.oid and p.proname = 'pg_stat_statements' \
        where e.extname = 'pg_stat_statements' and 'total_exec_time' = any(p.proargnames) \
        and has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute') \
        and exists (select from pg_settings where name = 'pg_stat_statements.max');

        """

    package init() {}

    /// Reads the answer to ``question``.
    package init(rows: [[UInt8]]) {
        for row in rows {
            let cells = String(decoding: row, as: UTF8.self).split(separator: "\t", maxSplits: 1)
            guard cells.count == 2 else { continue }
            switch cells[0] {
            case "version": version = Int(cells[1]) ?? 0
            case "statements": statements = Self.isPlain(cells[1]) ? String(cells[1]) : nil
            default: continue
            }
        }
    }

    private static func isPlain(_ name: Substring) -> Bool {
        (1...63).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
                default: false
                }
            }
    }

    /// One look at the server. A row each: whether it grows for ever (`c`) or not (`g`), its name with labels, its value.
    package var look: String {
        // From 17 on checkpoints have a view of their own.
        let checkpoints =
            version >= 170_000
            ? "num_timed + num_requested from pg_stat_checkpointer"
            : "checkpoints_timed + checkpoints_req from pg_stat_bgwriter"
        var script = Self.sessions + "select 'c', 'postgres_checkpoints', \(checkpoints);\n"
        if let statements {
            script += """
                select 'c', 'postgres_statement_seconds{statement="' || queryid || '"}', sum(total_exec_time) / 1000 \
                from "\(statements)".pg_stat_statements(false) where \(Self.isOwn) \
                group by queryid order by 3 desc limit \(Self.lookLimit);

                """
        }
        return script
    }

    private static let sessions = """
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

        """

    /// Of the database that is looked at; statements of others that may not be read have no number.
    private static let isOwn =
        "dbid = (select oid from pg_database where datname = current_database()) and queryid is not null"

    /// What each statement has taken so far: its number, its calls, and its milliseconds. `nil` where nobody counts.
    package var totals: String? {
        statements.map {
            """
            select queryid, sum(calls), sum(total_exec_time) from "\($0)".pg_stat_statements(false) \
            where \(Self.isOwn) group by queryid order by 3 desc limit \(StatementTotals.limit);

            """
        }
    }

    /// The texts of statements: the number and the text of each, on one line, with ``StatementText/lineEnd`` between its
    /// lines.
    package func texts(of statements: [Int64]) -> String? {
        guard let schema = self.statements, !statements.isEmpty else { return nil }
        let numbers = statements.map { "\($0)" }.joined(separator: ", ")
        return """
            select queryid, min(translate(left(query, \(StatementText.readLimit)), chr(10) || chr(13) || chr(9), \
            repeat(chr(1), 2) || ' ')) \
            from "\(schema)".pg_stat_statements(true) where \(Self.isOwn) and queryid in (\(numbers)) group by queryid;

            """
    }
}

/// Turns what looks at a database have shown, one after the other, into samples that can be drawn: gauges as they are, and
/// counters as what they grow by in a second.
package struct DatabaseFeed: Sendable {
    private var counters: [String: Double] = [:]

    /// Rows read of one look.
    package static let limit = 1_000

    package init() {}

    /// `seconds` have gone by since the look before.
    package mutating func take(_ rows: [[UInt8]], seconds: Double) -> [MetricSample] {
        var samples: [MetricSample] = []
        var now: [String: Double] = [:]
        for row in rows.prefix(Self.limit) {
            let cells = String(decoding: row, as: UTF8.self).split(separator: "\t", maxSplits: 2)
            guard cells.count == 3, let value = Double(cells[2]), value.isFinite,
                cells[1].utf8.count <= Exposition.nameLimit
            else { continue }
            let name = String(cells[1])
            guard cells[0] == "c" else {
                samples.append(MetricSample(name: name, value: value))
                continue
            }
            // One that has become smaller has begun anew, with what nobody knows.
            if let before = counters[name], seconds > 0, value >= before {
                let base = name.prefix { $0 != "{" }
                samples.append(
                    MetricSample(
                        name: base + "_per_second" + name.dropFirst(base.count),
                        value: (value - before) / seconds
                    )
                )
            }
            now[name] = value
        }
        counters = now
        return samples
    }
}
