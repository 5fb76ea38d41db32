import Foundation
import MeshDatabase
import MeshTarget
import NIOCore

extension Service {
    /// How long the database may take to be called well.
    private static let healthPatience = TimeAmount.seconds(1)

    func health(_ exchange: Exchange) {
        after(Self.healthPatience) { _ in exchange.reply(.json(500, Self.healthText(nil))) }
        var transaction = Transaction(Queries.ping)
        transaction.add(Queries.queueStatus)
        run(transaction) { _, answer in
            let status = try? answer.map { QueueStatus($0[1]) }.get()
            exchange.reply(.json(status == nil ? 500 : 200, Self.healthText(status)))
        }
    }

    private static func healthText(_ status: QueueStatus?) -> [UInt8] {
        JSONText.object {
            $0.member("status", status == nil ? "unavailable" : "ok")
            $0.member("version", "1")
            $0.member("details") {
                $0.member("database", status == nil ? "unreachable" : "ok")
                $0.member("workers", status?.workers ?? 0)
                $0.member("queue", status?.depth ?? 0)
            }
        }
    }

    func queueDepth(_ exchange: Exchange) {
        run(Transaction(Queries.queueStatus)) { _, answer in
            guard let table = exchange.table(answer) else { return }
            let status = QueueStatus(table)
            let body = JSONText.object {
                $0.member("depth", status.depth)
                $0.member("oldest_age_seconds", status.oldest)
                $0.member("running", status.running)
                $0.member("waiting", status.waiting)
                $0.member("dead_letters", status.dead)
            }
            exchange.reply(.json(200, body))
        }
    }

    func metrics(_ exchange: Exchange) {
        var transaction = Transaction(Queries.queueStatus)
        transaction.add(Queries.databaseStatus)
        run(transaction) { service, answer in
            // Without the database the figures of the service still say why.
            let status = (try? answer.get()).map { QueueStatus($0[0]) }
            let type = "text/plain; version=0.0.4; charset=utf-8"
            let text = service.metricsText(status, sessions: (try? answer.get())?[1])
            exchange.reply(MeshReply(status: 200, fields: [("Content-Type", type)], body: Array(text.utf8)))
        }
    }

    private func metricsText(_ status: QueueStatus?, sessions: ResultTable?) -> String {
        var text = MetricsText()
        text.family(
            "mesh_answers",
            "counter",
            counts.statuses.sorted { $0.key < $1.key }.map { ("status", "\($0.key)", Double($0.value)) }
        )
        for (route, histogram) in counts.durations.sorted(by: { $0.key < $1.key }) {
            text.histogram("mesh_request_seconds", histogram, label: ("route", route))
        }
        text.counter("mesh_runs_accepted", Double(counts.accepted))
        text.counter("mesh_deliveries_repeated", Double(counts.repeated))
        text.counter("mesh_bad_signatures", Double(counts.badSignatures))
        text.family(
            "mesh_rate_limited",
            "counter",
            counts.rateLimited.sorted { $0.key < $1.key }.map { ("project", $0.key, Double($0.value)) }
        )
        let pool = database.status
        text.gauge("mesh_pool_size", Double(pool.size))
        text.gauge("mesh_pool_in_use", Double(pool.inUse))
        text.gauge("mesh_pool_waiting", Double(pool.waiting))
        text.histogram("mesh_pool_wait_seconds", pool.waits)
        text.histogram("mesh_pool_use_seconds", pool.uses)
        text.counter("mesh_pool_refused", Double(pool.refused + pool.timedOut))
        text.counter("mesh_pool_lost", Double(pool.lost))
        if let status {
            text.gauge("mesh_queue_depth", Double(status.depth))
            text.gauge("mesh_queue_oldest_age_seconds", status.oldest)
            text.gauge("mesh_runs_running", Double(status.running))
            text.gauge("mesh_runs_waiting", Double(status.waiting))
            text.gauge("mesh_dead_letters", Double(status.dead))
            text.gauge("mesh_workers", Double(status.workers))
            text.gauge("mesh_worker_busy_ratio", status.busy)
            text.counter("mesh_jobs_done", Double(status.done))
            text.counter("mesh_dependency_calls", Double(status.calls))
            text.counter("mesh_dependency_wait_seconds", status.waited)
        }
        if let sessions {
            let waits = (0..<sessions.rowCount).map {
                ("wait", sessions.string($0, 0), sessions.number($0, 1) ?? 0)
            }
            text.family("mesh_database_sessions", "gauge", waits)
        }
        text.gauge("mesh_connections_open", Double(counts.openConnections))
        text.gauge("mesh_streams_open", Double(counts.openStreams))
        text.counter("mesh_slow_readers", Double(counts.slowReaders))
        text.gauge("mesh_feed_lag_seconds", counts.feedLag)
        text.counter("mesh_loop_busy_seconds", counts.loopBusy)
        let busy = counts.routeBusy.sorted { $0.key < $1.key }.map { ("route", $0.key, $0.value) }
        text.family("mesh_route_busy_seconds", "counter", busy)
        text.process()
        return text.text
    }
}

/// What `mesh.queue_status` answers.
struct QueueStatus: Sendable {
    var depth: Int64
    /// In seconds.
    var oldest: Double
    var waiting: Int64
    var running: Int64
    var dead: Int64
    var workers: Int64
    var busy: Double
    var done: Int64
    var calls: Int64
    /// In seconds.
    var waited: Double

    init(_ table: ResultTable) {
        depth = table.integer(0, 0) ?? 0
        oldest = table.number(0, 1) ?? 0
        waiting = table.integer(0, 2) ?? 0
        running = table.integer(0, 3) ?? 0
        dead = table.integer(0, 4) ?? 0
        workers = table.integer(0, 5) ?? 0
        busy = table.number(0, 6) ?? 0
        done = table.integer(0, 7) ?? 0
        calls = table.integer(0, 8) ?? 0
        waited = table.number(0, 9) ?? 0
    }
}

/// Metrics in the Prometheus text format, version 0.0.4.
struct MetricsText {
    private(set) var text = ""
    private var typed: Set<String> = []

    mutating func gauge(_ name: String, _ value: Double) {
        type(name, "gauge")
        text += "\(name) \(number(value))\n"
    }

    mutating func counter(_ name: String, _ value: Double) {
        type(name + "_total", "counter")
        text += "\(name)_total \(number(value))\n"
    }

    mutating func family(
        _ name: String,
        _ kind: String,
        _ samples: [(label: String, value: String, number: Double)]
    ) {
        let name = kind == "counter" ? name + "_total" : name
        type(name, kind)
        for sample in samples {
            text += "\(name){\(sample.label)=\"\(sample.value)\"} \(number(sample.number))\n"
        }
    }

    mutating func histogram(
        _ name: String,
        _ histogram: DurationHistogram,
        label: (name: String, value: String)? = nil
    ) {
        type(name, "histogram")
        let prefix = label.map { "\($0.name)=\"\($0.value)\"," } ?? ""
        let suffix = label.map { "{\($0.name)=\"\($0.value)\"}" } ?? ""
        var sum: UInt64 = 0
        for (place, count) in histogram.buckets.enumerated() {
            sum &+= count
            let bound = place < DurationHistogram.bounds.count ? "\(DurationHistogram.bounds[place])" : "+Inf"
            text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(sum)\n"
        }
        text += "\(name)_sum\(suffix) \(histogram.sum)\n\(name)_count\(suffix) \(histogram.count)\n"
    }

    /// What the process itself uses.
    mutating func process() {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let stat = (try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8)) ?? ""
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        if fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let pages = Double(fields[21])
        {
            counter("process_cpu_seconds", (user + system) / ticks)
            gauge("process_resident_memory_bytes", pages * Double(sysconf(Int32(_SC_PAGESIZE))))
        }
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
        gauge("process_open_fds", Double(descriptors))
    }

    private mutating func type(_ name: String, _ kind: String) {
        if typed.insert(name).inserted { text += "# TYPE \(name) \(kind)\n" }
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
