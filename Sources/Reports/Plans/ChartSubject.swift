/// What one chart of a run shows: which series, told by their names, and in which unit.
struct ChartSubject: Sendable {
    var id: String
    var title: String
    var unit: String
    /// The axis goes up to this at least.
    var least = 1.0
    /// Whether a series belongs to it, by its name without labels.
    var includes: @Sendable (String) -> Bool
    var show: @Sendable (Double) -> String

    /// In the order in which they are drawn; a series belongs to the first that takes it.
    static let all: [ChartSubject] = [
        ChartSubject(
            id: "load",
            title: "Load",
            unit: "a second",
            includes: isOneOf(
                "load_ended_per_second",
                "load_errors_per_second"
            ),
            show: AxisLabel.count
        ),
        ChartSubject(
            id: "response",
            title: "Response time",
            unit: "of what ended, from when it was due",
            least: 1e-3,
            includes: isOneOf("load_response_seconds"),
            show: seconds
        ),
        ChartSubject(
            id: "running",
            title: "Under way",
            unit: "at once",
            includes: isOneOf("load_runs_open", "load_log_streams_open"),
            show: AxisLabel.count
        ),
        ChartSubject(
            id: "processor",
            title: "Processors",
            unit: "processors in use; of the machine, a share",
            least: 0.1,
            includes: isOneOf("process_cpu_share", "machine_busy_share"),
            show: number
        ),
        ChartSubject(
            id: "memory",
            title: "Memory",
            unit: "resident",
            includes: isOneOf("process_resident_bytes"),
            show: bytes
        ),
        ChartSubject(
            id: "descriptors",
            title: "Descriptors and threads",
            unit: "open",
            includes: isOneOf("process_open_fds", "process_threads"),
            show: AxisLabel.count
        ),
        ChartSubject(
            id: "pool",
            title: "Pools",
            unit: "in use, waited for, and how many there are",
            includes: { name in
                ["_in_use", "_waiting", "_pool_size"].contains { name.hasSuffix($0) }
                    && !name.hasPrefix("postgres_")
            },
            show: AxisLabel.count
        ),
        ChartSubject(
            id: "wait",
            title: "Waits",
            unit: "seconds in the mean",
            least: 1e-3,
            includes: {
                $0.hasSuffix("_wait_seconds_mean") || $0.hasSuffix("_lag_seconds")
                    || $0.hasSuffix("_age_seconds")
            },
            show: seconds
        ),
        ChartSubject(
            id: "queue",
            title: "Queues",
            unit: "entries",
            includes: {
                $0.hasSuffix("_queue_depth") || $0.hasSuffix("_backlog") || $0.hasSuffix("_dead_letters")
            },
            show: AxisLabel.count
        ),
        ChartSubject(
            id: "database",
            title: "Database",
            unit: "sessions and what they wait for",
            includes: {
                $0.hasSuffix("_database_sessions")
                    || ["postgres_sessions", "postgres_lock_waiting", "postgres_other_waits"].contains($0)
            },
            show: AxisLabel.count
        ),
        ChartSubject(
            id: "commits",
            title: "Commits",
            unit: "a second",
            includes: isOneOf("postgres_commits_per_second", "postgres_rollbacks_per_second"),
            show: AxisLabel.count
        ),
        ChartSubject(
            id: "statements",
            title: "Statements",
            unit: "seconds of the database in a second, by the numbers of the statements",
            least: 1e-2,
            includes: isOneOf("postgres_statement_seconds_per_second"),
            show: number
        ),
        ChartSubject(
            id: "dead",
            title: "Dead rows",
            unit: "of all tables, until they are vacuumed away",
            includes: isOneOf("postgres_dead_tuples"),
            show: AxisLabel.count
        ),
        ChartSubject(
            id: "disk",
            title: "Disk",
            unit: "bytes a second",
            includes: isOneOf("process_read_bytes_per_second", "process_written_bytes_per_second"),
            show: bytes
        ),
        ChartSubject(
            id: "connections",
            title: "TCP connections",
            unit: "open, and not yet accepted",
            includes: isOneOf("process_tcp_connections", "process_tcp_unaccepted"),
            show: AxisLabel.count
        ),
        ChartSubject(
            id: "unsent",
            title: "TCP queues",
            unit: "bytes that nobody has read or acknowledged",
            includes: isOneOf("process_tcp_unread_bytes", "process_tcp_unacknowledged_bytes"),
            show: bytes
        ),
        ChartSubject(
            id: "network",
            title: "Network",
            unit: "bytes a second of all in the namespace of a process",
            includes: isOneOf(
                "process_namespace_loopback_bytes_per_second",
                "process_namespace_received_bytes_per_second",
                "process_namespace_sent_bytes_per_second"
            ),
            show: bytes
        ),
    ]

    /// The name without labels.
    static func base(_ name: String) -> String { String(name.prefix { $0 != "{" }) }

    /// What a line is called: the values of its labels, and its name where the chart has several names.
    func label(_ name: String) -> String {
        let base = Self.base(name)
        let values = name.dropFirst(base.count).split(separator: "\"").enumerated()
            .compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
        let short = Self.words[base] ?? base
        if short.isEmpty, !values.isEmpty { return values.joined(separator: " ") }
        guard !values.isEmpty else { return Self.withoutOwner(short) }
        return ([short] + values).joined(separator: " ")
    }

    /// Of nobody in particular: what the target says of itself.
    private static func withoutOwner(_ name: String) -> String {
        let words = name.split(separator: " ")
        return ["of", "by"].contains(words.last) ? words.dropLast().joined(separator: " ") : name
    }

    /// Names in words; nothing where the labels say it all.
    private static let words = [
        "load_ended_per_second": "requests answered", "load_errors_per_second": "errors",
        "load_response_seconds": "", "load_runs_open": "runs", "load_log_streams_open": "log streams",
        "process_cpu_share": "", "machine_busy_share": "the machine", "process_resident_bytes": "",
        "process_open_fds": "descriptors of", "process_threads": "threads of",
        "process_read_bytes_per_second": "read by", "process_written_bytes_per_second": "written by",
        "postgres_statement_seconds_per_second": "", "postgres_dead_tuples": "dead rows",
        "process_tcp_connections": "connections of", "process_tcp_unaccepted": "not accepted by",
        "process_tcp_unread_bytes": "not read by",
        "process_tcp_unacknowledged_bytes": "not acknowledged to",
        "process_namespace_loopback_bytes_per_second": "loopback, with",
        "process_namespace_received_bytes_per_second": "received, with",
        "process_namespace_sent_bytes_per_second": "sent, with",
    ]

    private static func isOneOf(_ names: String...) -> @Sendable (String) -> Bool { { names.contains($0) } }

    @Sendable private static func seconds(_ value: Double) -> String {
        AxisLabel.duration(microseconds: value * 1e6)
    }

    @Sendable private static func number(_ value: Double) -> String { AxisLabel.short(value) }

    /// Short enough to stand beside an axis.
    @Sendable private static func bytes(_ value: Double) -> String {
        for (unit, size) in [("GiB", 0x1p30), ("MiB", 0x1p20), ("KiB", 0x1p10)] where value >= size {
            return AxisLabel.short(
                Double(Quantity.fixed(value / size, decimals: value < 10 * size ? 1 : 0)) ?? 0
            ) + " " + unit
        }
        return AxisLabel.short(value) + " B"
    }
}
