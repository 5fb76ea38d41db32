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

    private(set) var executions: [String: Execution] = [:]
    /// Names of runs that had ended before: who delivers once more is answered with one of them.
    private var settled: Set<String>
    /// Names of runs that a stage before knew and saw no end of.
    private var unfinished: Set<String>
    /// Deliveries that were answered with a run that had ended before, by tenant.
    private(set) var repetitions: [String: UInt64] = [:]
    /// By the mark of requests.
    private var marks: [String: Marked] = [:]
    /// By the names of runs that no answer named: what the execution is kept by that they stand with.
    private var owners: [String: String] = [:]
    private var early: [String: (sighting: RunSighting, seen: Int64)] = [:]
    private var earlyByMark: [String: [String]] = [:]
    /// Executions without an end.
    package private(set) var open = 0
    /// Accepted beyond ``limit``.
    package private(set) var untold: UInt64 = 0
    /// Sightings of runs that were not accepted here, or for which there was no room.
    package private(set) var foreign: UInt64 = 0
    private var clock = ClockAgreement()
    /// When the last one was accepted.
    package private(set) var lastAccepted: Int64 = .min

    /// The executions of requests with one mark, in the order of their acceptance.
    private struct Marked: Sendable {
        var keys: [String] = []
        /// Those before have a run with a name, or wait for none.
        var next = 0
        /// Those before have their end.
        var firstOpen = 0
    }

    /// `before` is the book of the stage before.
    package init(after before: ExecutionBook? = nil) {
        settled = before?.settled ?? []
        unfinished = before?.unfinished ?? []
        guard let before else { return }
        for (name, execution) in before.executions {
            let names = execution.names.union([name])
            if execution.isOver { settled.formUnion(names) } else { unfinished.formUnion(names) }
        }
        for (name, seen) in before.early {
            if seen.sighting.state.isFinal { settled.insert(name) } else { unfinished.insert(name) }
        }
        unfinished.subtract(settled)
        // A set without bounds would outlive every plan.
        if settled.count > Self.limit { settled.removeAll() }
        if unfinished.count > Self.limit { unfinished.removeAll() }
    }

    package var accepted: Int { executions.count }

    /// Notes an answer that accepted an execution, and answers whether that is over already. `name` is that of the run;
    /// where the answer has none, what tells the request apart stands for it.
    @discardableResult
    package mutating func accept(
        name: String?,
        _ identity: RequestIdentity,
        tenant: String,
        sent: Int64,
        at time: Int64,
        delay: UInt64
    ) -> Bool {
        guard let key = name ?? identity.request.map({ "mark \($0)" }) else {
            untold += 1
            return false
        }
        lastAccepted = max(lastAccepted, time)
        if settled.contains(key) {
            repetitions[tenant, default: 0] += 1
            return true
        }
        if let known = executions[key] {
            executions[key]?.answers += 1
            // What the target makes of it none the less is a twin of the first.
            for mark in identity.marks where marks[mark]?.keys.last != key {
                marks[mark, default: Marked()].keys.append(key)
            }
            return known.isOver
        }
        guard executions.count < Self.limit else {
            untold += 1
            return false
        }
        // What was taken for a twin of an earlier delivery with the same mark is the run of this one.
        var looks = name.flatMap { takeTwin($0) }.map { [$0] } ?? []
        if name == nil { looks = identity.marks.flatMap { takeTwins(of: $0, since: sent) } }
        var execution = Execution(
            tenant: tenant,
            isNamed: name != nil,
            sent: sent,
            accepted: time,
            delay: delay
        )
        execution.isOfBefore = unfinished.contains(key)
        executions[key] = execution
        open += 1
        for mark in identity.marks { marks[mark, default: Marked()].keys.append(key) }
        for look in looks { note(look.sighting, of: key, at: look.seen ?? time) }
        let waiting =
            [name].compactMap { $0 } + identity.marks.flatMap { earlyByMark.removeValue(forKey: $0) ?? [] }
        for id in waiting {
            guard let known = early.removeValue(forKey: id) else { continue }
            note(known.sighting, of: key, at: known.seen)
        }
        return executions[key]?.isOver ?? false
    }

    /// Notes what the target shows of a run; answers whether it is one that was accepted here.
    @discardableResult
    package mutating func see(_ sighting: RunSighting, at time: Int64) -> Bool {
        let name = sighting.key
        if let key = key(of: sighting) {
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
        if before == nil, let mark = sighting.correlation, !isOfBefore(sighting) {
            earlyByMark[mark, default: []].append(name)
        }
        return false
    }

    /// A run of a stage before, which no request of this one has set going whatever its mark.
    private func isOfBefore(_ run: RunSighting) -> Bool {
        !run.id.isEmpty && (settled.contains(run.id) || unfinished.contains(run.id))
    }

    // MARK: Whose run it is

    /// Who set a run going that was accepted here, by its name or by the mark of the request; `nil` where it was not.
    package func tenant(of run: RunSighting) -> String? {
        let key =
            executions[run.id] != nil
            ? run.id : owners[run.id] ?? run.correlation.flatMap { marks[$0]?.keys.last }
        return key.flatMap { executions[$0]?.tenant }
    }

    /// What the execution of a run is kept by; `nil` where it was not accepted here.
    private mutating func key(of sighting: RunSighting) -> String? {
        let name = sighting.key
        if executions[name] != nil { return name }
        if let owner = owners[name] { return owner }
        guard let mark = sighting.correlation, let marked = marks[mark], !isOfBefore(sighting) else {
            return nil
        }
        // Whoever tells of an end by the mark alone tells of the first that has none.
        let place =
            sighting.id.isEmpty
            ? marked.keys[marked.firstOpen...].firstIndex { executions[$0]?.isOver == false }
            : marked.keys[marked.next...].firstIndex { executions[$0]?.wantsName == true }
        if sighting.id.isEmpty {
            marks[mark]?.firstOpen = place ?? marked.keys.count
        } else {
            marks[mark]?.next = place ?? marked.keys.count
        }
        return place.map { marked.keys[$0] } ?? marked.keys.last
    }

    private mutating func note(_ sighting: RunSighting, of key: String, at time: Int64) {
        guard var execution = executions[key] else { return }
        let wasOver = execution.isOver
        execution.note(sighting, key: key, at: time)
        // A twin becomes the run of the answer that names it.
        if !sighting.id.isEmpty, sighting.id != key { owners[sighting.id] = key }
        if execution.isOver != wasOver { open += wasOver ? 1 : -1 }
        if !execution.isSampled, let created = sighting.created {
            execution.isSampled = true
            clock.note(created: created, sent: execution.sent, accepted: execution.accepted)
        }
        executions[key] = execution
    }

    private mutating func takeTwin(_ name: String) -> Execution.Look? {
        guard let key = owners[name], let look = executions[key]?.twins[name] else { return nil }
        owners[name] = nil
        let wasOver = executions[key]?.isOver ?? false
        executions[key]?.twins[name] = nil
        if wasOver, executions[key]?.isOver == false { open += 1 }
        return look
    }

    /// Twins of the last execution with a mark, as far as they may be runs of a request that was sent at `time`.
    private mutating func takeTwins(of mark: String, since time: Int64) -> [Execution.Look] {
        guard let key = marks[mark]?.keys.last, let twins = executions[key]?.twins, !twins.isEmpty else {
            return []
        }
        let offset = clockOffset
        return twins.values.map(\.sighting).filter {
            $0.correlation == mark && !Execution.isOlder($0, than: time, offset: offset)
        }
        .sorted { ($0.created ?? 0, $0.id) < ($1.created ?? 0, $1.id) }
        .compactMap { takeTwin($0.id) }
    }

    // MARK: What became of them

    /// By how much the clock of the target is ahead of the one here, in nanoseconds, as far as the runs tell.
    package var clockOffset: Int64 { clock.offset }

    /// Runs that the target has made since `time`, by its clock, and that no answer here accepted.
    package func strays(since time: Int64) -> Int {
        early.values.reduce(0) { $0 + ($1.sighting.created ?? .min >= time ? 1 : 0) }
    }
}
