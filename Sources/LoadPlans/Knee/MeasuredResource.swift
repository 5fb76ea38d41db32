/// Something of the target that requests use or wait for, as it can be told from what was observed.
package struct MeasuredResource: Hashable, Sendable {
    package var name: String
    /// The name of the series of how much of it is in use, as a share of ``limit``; `nil` where only waits are known.
    package var use: String?
    package var limit: Limit = .none
    /// The names of series that say how much waits for it.
    package var waits: [Wait] = []
    /// Whether who uses it may wait for something else meanwhile: a connection or a worker is held, processor time is not.
    package var isHeld = true

    package enum Limit: Hashable, Sendable {
        case none
        case known(Double)
        /// Another series says it.
        case series(String)
        /// Whole processors: where the use stops following the load at a whole number, that is its limit.
        case processors
    }

    package enum Wait: Hashable, Sendable {
        /// How many wait at a time.
        case waiting(String)
        /// Seconds waited in a second, by all together: the same thing.
        case secondsPerSecond(String)
        /// The mean of a wait in seconds.
        case mean(String)
    }

    package init(name: String, use: String? = nil, limit: Limit = .none, waits: [Wait] = []) {
        self.name = name
        self.use = use
        self.limit = limit
        self.waits = waits
    }

    /// All processors of the machine together: who uses them is said by others.
    static let machine = "machine"
    /// What PostgreSQL calls a wait for someone else; `Client`, `Timeout` and `Activity` are none.
    private static let waitsOfSessions = [
        "Lock": "locks", "LWLock": "internal locks", "IO": "reads and writes", "BufferPin": "pinned buffers",
    ]

    /// The resources that the names of series tell of, by the conventions of Prometheus' names; sorted by name.
    ///
    /// `a_in_use` with `a_size` or `a_max` is a pool, `a_busy_ratio` a share of time, `a_busy_seconds_per_second` the time of one
    /// thread, `a_cpu_share` of processes their processors, `a_waiting`, `a_wait_seconds…` and `…_queue_depth` waits, and so are
    /// `a_sessions{wait="Lock"}` and others that say what sessions of a database wait for.
    package static func found(in names: [String]) -> [MeasuredResource] {
        var found: [String: MeasuredResource] = [:]
        let known = Set(names)
        func add(_ key: String, _ change: (inout MeasuredResource) -> Void) {
            change(&found[key, default: MeasuredResource(name: key)])
        }
        for name in names.sorted() {
            let bare = String(name.prefix { $0 != "{" })
            let labels = String(name.dropFirst(bare.count))
            if let stem = bare.stem("_in_use") {
                let limit = ["_size", "_max", "_limit"].map { stem + $0 + labels }.first(
                    where: known.contains
                )
                add(stem + labels) {
                    $0.use = name
                    $0.limit = limit.map { .series($0) } ?? .none
                }
            } else if let stem = bare.stem("_busy_ratio") ?? bare.stem("_busy_share") {
                add(stem + labels) {
                    $0.use = name
                    $0.limit = .known(1)
                    $0.isHeld = stem != Self.machine
                }
            } else if let stem = bare.stem("_busy_seconds_per_second") {
                add("processor time of " + stem + labels) {
                    $0.use = name
                    $0.limit = .known(1)
                    $0.isHeld = false
                }
            } else if let stem = bare.stem("_sessions"), let event = labels.label("wait") {
                if let what = Self.waitsOfSessions[event] {
                    add("\(what) of \(stem)") { $0.waits.append(.waiting(name)) }
                }
            } else if bare == "process_cpu_share" {
                add("processors of " + (labels.isEmpty ? "the process" : labels.quoted ?? labels)) {
                    $0.use = name
                    $0.limit = .processors
                    $0.isHeld = false
                }
            } else if let stem = bare.stem("_wait_seconds_per_second") {
                add(stem + labels) { $0.waits.append(.secondsPerSecond(name)) }
            } else if let stem = bare.stem("_wait_seconds_mean") {
                add(stem + labels) { $0.waits.append(.mean(name)) }
            } else if let stem = bare.stem("_waiting") {
                add(stem + labels) { $0.waits.append(.waiting(name)) }
            } else if let stem = bare.stem("_queue_depth") {
                // What is queued waits for workers.
                let workers = names.first {
                    $0.hasPrefix(stem) && $0.contains("worker") && $0.contains("_busy_ratio")
                }
                let key =
                    workers.flatMap { String($0.prefix { $0 != "{" }).stem("_busy_ratio") } ?? stem + "_queue"
                add(key) { $0.waits.append(.waiting(name)) }
            }
        }
        return found.values.sorted { $0.name < $1.name }
    }
}

extension String {
    /// What stands before an ending; `nil` where it does not end so.
    fileprivate func stem(_ ending: String) -> String? {
        hasSuffix(ending) ? String(dropLast(ending.count)) : nil
    }

    /// The value of a label in `{name="value",…}`.
    fileprivate func label(_ name: String) -> String? {
        for mark in ["{", ","] {
            guard let start = firstRange(of: "\(mark)\(name)=\"")?.upperBound else { continue }
            return String(self[start...].prefix { $0 != "\"" })
        }
        return nil
    }

    /// What stands in the first quotation marks.
    fileprivate var quoted: String? {
        let parts = split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count >= 3 ? String(parts[1]) : nil
    }
}
