import Glibc
import LoadPlans

/// Asks a PostgreSQL server how it is, through a `psql` that is kept open: tapedeck itself speaks no SQL.
///
/// What it may see depends on its role: a member of `pg_monitor` sees all of it.
final class DatabaseWatch {
    private let place: String
    private var child: ChildProcess?
    /// To and from `psql`.
    private var input: Int32 = -1
    private var output: Int32 = -1
    private var counters: [String: Double] = [:]
    /// Looks that are left out after one that failed: a server that is started again takes its time.
    private var pause = 0

    /// `place` is where the connection string is: `env:VAR` or `file:PATH`.
    init(_ place: String) {
        self.place = place
    }

    deinit { end() }

    private func end() {
        if input >= 0 { close(input) }
        if output >= 0 { close(output) }
        (input, output) = (-1, -1)
        if let child = child.take() { child.stop() }
    }

    /// Milliseconds that an answer may take.
    private static let patience: Int32 = 2_000
    private static let pauseAfterFailure = 4
    private static let end = "tapedeck-end"

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
        \\echo tapedeck-end

        """

    /// One look; `seconds` since the one before.
    func look(seconds: Double) -> Result<[MetricSample], CommandFailure> {
        guard pause == 0 else {
            pause -= 1
            return .success([])
        }
        do {
            if child == nil { try open() }
            guard Self.write(Self.query, to: input) else { throw CommandFailure("psql has ended") }
            return .success(samples(of: try answer(), seconds: seconds))
        } catch {
            end()
            counters = [:]
            pause = Self.pauseAfterFailure
            let message = (error as? CommandFailure)?.message ?? "\(error)"
            return .failure(CommandFailure("the database is not watched: \(message)"))
        }
    }

    private func samples(of text: String, seconds: Double) -> [MetricSample] {
        var samples: [MetricSample] = []
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: "\t", maxSplits: 2)
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

    private func open() throws {
        var (toChild, fromChild): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else {
            throw CommandFailure("no pipe: \(String(cString: strerror(errno)))")
        }
        for descriptor in toChild + fromChild { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        (input, output) = (toChild[1], fromChild[0])
        defer {
            close(toChild[0])
            close(fromChild[1])
        }
        // Through the environment: arguments are in sight of others.
        child = try ChildProcess(
            ["psql", "-X", "-A", "-t", "-q", "-F", "\t", "-v", "ON_ERROR_STOP=0"],
            input: toChild[0],
            output: fromChild[1],
            environment: try Self.variables(
                SecretText.value(place, of: "the connection string of the database")
            )
                + ["PGAPPNAME=tapedeck", "PGCONNECT_TIMEOUT=5"]
        )
    }

    /// `host=… port=…` as the variables that libpq reads in its place.
    private static func variables(_ connection: String) throws -> [String] {
        let names = [
            "host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER",
            "password": "PGPASSWORD",
            "sslmode": "PGSSLMODE", "passfile": "PGPASSFILE",
        ]
        return try connection.split(separator: " ").map { part in
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, let name = names[String(sides[0])] else {
                throw CommandFailure(
                    "its connection string is 'host=… port=… dbname=… user=… password=…', without blanks in a value"
                )
            }
            return "\(name)=\(sides[1])"
        }
    }

    /// What `psql` says up to the mark.
    private func answer() throws -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let deadline = Clock.monotonic() + UInt64(Self.patience) * 1_000_000
        while bytes.count < 1 << 20 {
            var wanted = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let rest = deadline - min(deadline, Clock.monotonic())
            let ready = poll(&wanted, 1, Int32(rest / 1_000_000))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { throw CommandFailure("psql did not answer within 2 s") }
            let count = read(output, &buffer, buffer.count)
            guard count > 0 else { throw CommandFailure("psql has ended; what it said is on standard error") }
            bytes += buffer[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            if text.hasSuffix(Self.end + "\n") { return text }
        }
        throw CommandFailure("psql said too much")
    }

    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}
