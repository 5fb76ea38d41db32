package import LoadPlans

/// What the last look at the target and at the load has shown, as far as it fits on a few lines.
package struct TargetGlance: Hashable, Sendable {
    /// Something of which so many are in use.
    struct Pool: Hashable, Sendable {
        var name: String
        var inUse: Double
        var size: Double?
        var waiting: Double?
    }

    struct Figure: Hashable, Sendable {
        var name: String
        var value: Double
    }

    /// Of each kind, the others are in the report.
    private static let limit = 4

    private(set) var answersPerSecond: Double?
    /// Seconds, of what ended since the look before.
    private(set) var p50: Double?
    private(set) var p95: Double?
    private(set) var p99: Double?
    /// From 0 to 1.
    private(set) var machine: Double?
    /// Processors in use.
    private(set) var processes: [Figure] = []
    private(set) var pools: [Pool] = []
    private(set) var queues: [Figure] = []
    private(set) var sessions: Double?
    private(set) var lockWaits: Double?

    package init() {}

    /// Reads the samples of one look; O(n log n).
    package init(_ samples: [MetricSample]) {
        let values = Dictionary(samples.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        answersPerSecond = values["load_ended_per_second"]
        p50 = values["load_response_seconds{quantile=\"p50\"}"]
        p95 = values["load_response_seconds{quantile=\"p95\"}"]
        p99 = values["load_response_seconds{quantile=\"p99\"}"]
        machine = values["machine_busy_share"]
        sessions = values["postgres_sessions{state=\"active\"}"]
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            let base = ChartSubject.base(name)
            let labels = String(name.dropFirst(base.count))
            if base == "process_cpu_share" {
                Self.add(Figure(name: Self.words(labels) ?? name, value: value), to: &processes)
            } else if base == "postgres_lock_waiting" {
                lockWaits = (lockWaits ?? 0) + value
            } else if base.hasSuffix("_in_use") {
                let stem = String(base.dropLast("_in_use".count))
                let size = ["_size", "_max", "_limit"].lazy.compactMap { values[stem + $0 + labels] }.first
                Self.add(
                    Pool(
                        name: Self.name(stem, labels),
                        inUse: value,
                        size: size,
                        waiting: values[stem + "_waiting" + labels]
                    ),
                    to: &pools
                )
            } else if base.hasSuffix("_queue_depth") {
                Self.add(
                    Figure(name: Self.name(String(base.dropLast("_depth".count)), labels), value: value),
                    to: &queues
                )
            }
        }
    }

    private static func add<Thing>(_ thing: Thing, to things: inout [Thing]) {
        if things.count < limit { things.append(thing) }
    }

    private static func name(_ stem: String, _ labels: String) -> String {
        words(labels).map { "\(stem) \($0)" } ?? stem
    }

    /// The values of labels; `nil` where there are none.
    private static func words(_ labels: String) -> String? {
        let values = labels.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
        return values.isEmpty ? nil : PlainText.line(values.joined(separator: " "), maximumCount: 40)
    }
}

extension TargetGlance {
    var responses: String? {
        guard let p50, let p95, let p99 else { return nil }
        return "p50 \(Self.time(p50)), p95 \(Self.time(p95)), p99 \(Self.time(p99))"
    }

    var processors: String? {
        let machine = machine.map { "the machine \(Quantity.percent($0)) busy" }
        guard !processes.isEmpty else { return machine }
        let own = processes.map { "\($0.name) \(Quantity.digits($0.value))" }.joined(separator: ", ")
        return own + (machine.map { "; \($0)" } ?? "")
    }

    var poolsInUse: String? {
        guard !pools.isEmpty else { return nil }
        return pools.map { pool in
            "\(pool.name) \(Self.number(pool.inUse))"
                + (pool.size.map { " of \(Self.number($0))" } ?? "")
                + (pool.waiting.map { ", \(Self.number($0)) waiting" } ?? "")
        }
        .joined(separator: "; ")
    }

    var queued: String? {
        guard !queues.isEmpty else { return nil }
        return queues.map { "\($0.name) \(Self.number($0.value))" }.joined(separator: ", ")
    }

    var database: String? {
        // The states that no session is in are not told of.
        guard sessions != nil || lockWaits != nil else { return nil }
        return
            "\(Self.number(sessions ?? 0)) sessions at work, \(Self.number(lockWaits ?? 0)) waiting for locks"
    }

    /// What is whole as whole.
    private static func number(_ value: Double) -> String {
        guard value.magnitude < 1e15, Double(Int64(value)) == value else { return Quantity.digits(value) }
        return Quantity.count(Int64(value))
    }

    static func time(_ seconds: Double) -> String {
        Quantity.duration(nanoseconds: Int64(min(max(seconds * 1e9, 0), 9e18)))
    }
}
