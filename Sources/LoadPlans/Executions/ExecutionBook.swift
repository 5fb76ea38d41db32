/// Executions from their acceptance to their end, each in exactly one state.
///
///     accepted → created → running → finished
///           └────────┴─────────┴───→ lost, at the deadline
///
/// What the target shows of a run may arrive before the answer that accepted it; it is kept for it.
package struct ExecutionBook: Sendable {
    /// Executions kept at most; those beyond are counted, and not followed.
    package static let limit = 1_000_000
    /// Sightings of runs kept that nobody has accepted yet.
    package static let earlyLimit = 200_000

    /// What a moment that was cut to milliseconds may be off.
    private static let slack: Int64 = 2_000_000
    /// Moments may be cut to milliseconds, and clocks be read a moment apart.
    static let precision: Int64 = 50_000_000
    /// Runs from which the offset of the clocks is told.
    private static let offsetSample = 1_001

    private(set) var executions: [String: Execution] = [:]
    /// Names of runs that had ended before: who delivers once more is answered with one of them.
    private var settled: Set<String>
    /// Such answers, by tenant.
    private(set) var repetitions: [String: UInt64] = [:]
    /// By the mark of the request.
    private(set) var marks: [String: String] = [:]
    /// By the names of runs that stand as twins of an execution: what that is kept by.
    private var twins: [String: String] = [:]
    private var early: [String: (sighting: RunSighting, seen: Int64)] = [:]
    private var earlyByMark: [String: [String]] = [:]
    /// Executions without an end.
    package private(set) var open = 0
    /// Accepted beyond ``limit``.
    package private(set) var untold: UInt64 = 0
    /// Sightings of runs that were not accepted here, or for which there was no room.
    package private(set) var foreign: UInt64 = 0
    /// By how much the target's clock would be ahead if runs were made halfway between request and answer, in nanoseconds;
    /// and for how many of them it may be the same clock.
    private var offsets: [Int64] = []
    private var samples = 0
    private var unmoved = 0
    /// When the last one was accepted.
    package private(set) var lastAccepted: Int64 = .min

    /// `before` is the book of the stage before.
    package init(after before: ExecutionBook? = nil) {
        settled = before?.settled ?? []
        guard let before else { return }
        for (name, execution) in before.executions where execution.sighting?.state.isFinal == true {
            settled.insert(name)
        }
        for (name, seen) in before.early where seen.sighting.state.isFinal { settled.insert(name) }
        // A set without bounds would outlive every plan.
        if settled.count > Self.limit { settled.removeAll() }
    }

    package var accepted: Int { executions.count }

    /// Notes an answer that accepted an execution. `name` is that of the run; where the answer has none, the mark of the
    /// request stands for it.
    package mutating func accept(
        name: String?,
        mark: String?,
        tenant: String,
        sent: Int64,
        at time: Int64,
        delay: UInt64
    ) {
        guard let key = name ?? mark.map({ "mark \($0)" }) else {
            untold += 1
            return
        }
        lastAccepted = max(lastAccepted, time)
        if settled.contains(key) {
            repetitions[tenant, default: 0] += 1
            return
        }
        if executions[key] != nil {
            executions[key]?.answers += 1
            return
        }
        guard executions.count < Self.limit else {
            untold += 1
            return
        }
        // What was taken for a twin of an earlier delivery with the same mark is the run of this one.
        let own = name.flatMap { takeTwin($0) }
        executions[key] = Execution(tenant: tenant, sent: sent, accepted: time, delay: delay)
        open += 1
        if let mark { marks[mark] = key }
        if let own { note(own.sighting, of: key, at: own.seen ?? time) }
        let waiting = [name].compactMap { $0 } + (mark.flatMap { earlyByMark.removeValue(forKey: $0) } ?? [])
        for id in waiting {
            guard let known = early.removeValue(forKey: id) else { continue }
            note(known.sighting, of: key, at: known.seen)
        }
    }

    /// Notes what the target shows of a run; answers whether it is one that was accepted here.
    @discardableResult
    package mutating func see(_ sighting: RunSighting, at time: Int64) -> Bool {
        let name = sighting.key
        let key = executions[name] != nil ? name : sighting.correlation.flatMap { marks[$0] }
        if let key {
            note(sighting, of: key, at: time)
            return true
        }
        guard early[name] != nil || early.count < Self.earlyLimit else {
            foreign += 1
            return false
        }
        let before = early[name]
        early[name] = (
            before.map { sighting.completing($0.sighting) } ?? sighting,
            before.map { $0.sighting.state.isFinal ? $0.seen : time } ?? time
        )
        if before == nil, let mark = sighting.correlation {
            earlyByMark[mark, default: []].append(name)
        }
        return false
    }

    private mutating func note(_ sighting: RunSighting, of key: String, at time: Int64) {
        guard var execution = executions[key] else { return }
        let wasOver = execution.isOver
        execution.note(sighting, key: key, at: time)
        if execution.twins[sighting.id] != nil { twins[sighting.id] = key }
        if execution.isOver != wasOver { open += wasOver ? 1 : -1 }
        // The run was made after the request was sent and before its answer was there.
        if !execution.isSampled, let created = sighting.created {
            execution.isSampled = true
            samples += 1
            if created >= execution.sent - Self.slack, created <= execution.accepted + Self.slack {
                unmoved += 1
            }
            if offsets.count < Self.offsetSample {
                offsets.append(created - execution.sent / 2 - execution.accepted / 2)
            }
        }
        executions[key] = execution
    }

    private mutating func takeTwin(_ name: String) -> Execution.Look? {
        guard let key = twins.removeValue(forKey: name), let look = executions[key]?.twins[name] else {
            return nil
        }
        let wasOver = executions[key]?.isOver ?? false
        executions[key]?.twins[name] = nil
        if wasOver, executions[key]?.isOver == false { open += 1 }
        return look
    }

    /// By how much the clock of the target is ahead of the one here, in nanoseconds, as far as the runs tell: 0 where both
    /// may be the same for a third of them; else the median, so that repeated deliveries, whose runs are older, count for
    /// nothing.
    package var clockOffset: Int64 {
        guard samples > 0, unmoved * 3 < samples else { return 0 }
        let sorted = offsets.sorted()
        return sorted[sorted.count / 2]
    }

    /// Runs that the target has made since `time`, by its clock, and that no answer here accepted.
    package func strays(since time: Int64) -> Int {
        early.values.reduce(0) { $0 + ($1.sighting.created ?? .min >= time ? 1 : 0) }
    }

    /// Accepted at `time` or before and still without an end.
    package func overdue(at time: Int64) -> Int {
        executions.values.reduce(0) { $0 + ($1.seen == nil && $1.accepted <= time ? 1 : 0) }
    }
}
