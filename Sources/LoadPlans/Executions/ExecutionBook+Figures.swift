extension ExecutionBook {
    /// Puts what became of the executions into the record of a stage, at `now`: those without an end are lost.
    package func write(into record: inout StageRecord, at now: Int64) {
        var counts: [String: Counts] = [:]
        var edges: [String: [Edge]] = [:]
        let offset = clockOffset
        for execution in executions.values {
            let tenant = execution.tenant
            guard !execution.isRepetition(offset: offset) else {
                counts[tenant, default: Counts()].repeated += execution.answers
                continue
            }
            counts[tenant, default: Counts()].note(execution)
            if let sighting = execution.sighting {
                note(sighting, of: execution, offset: offset, into: &record)
                // Who tells of ends alone leaves no other start than the acceptance.
                let started = sighting.started ?? sighting.created ?? execution.accepted + offset
                let end =
                    sighting.finished ?? (sighting.state.isFinal ? execution.seen.map { $0 + offset } : nil)
                    ?? now + offset
                if sighting.state != .queued {
                    edges[tenant, default: []] += [Edge(started, 1), Edge(max(started, end), -1)]
                }
            }
        }
        for (tenant, count) in repetitions { counts[tenant, default: Counts()].repeated += count }
        for (tenant, counts) in counts {
            record.set(.accepted, counts.accepted, tenant: tenant)
            record.set(.finished, counts.finished, tenant: tenant)
            record.set(.failedRuns, counts.failed, tenant: tenant)
            record.set(.lost, counts.lost, tenant: tenant)
            record.set(.duplicateRuns, counts.duplicates, tenant: tenant)
            record.set(.repeated, counts.repeated, tenant: tenant)
            guard !tenant.isEmpty else { continue }
            record.set(.peakRunning, Self.peak(edges[tenant] ?? []), tenant: tenant)
        }
        noteDrain(into: &record, offset: offset, at: now)
        record.set(.peakRunning, Self.peak(edges.values.flatMap { $0 }), tenant: "")
        record.set(.strayRuns, UInt64(strays(since: record.start + offset)), tenant: "")
    }

    private struct Counts {
        var accepted: UInt64 = 0
        var finished: UInt64 = 0
        var failed: UInt64 = 0
        var lost: UInt64 = 0
        var duplicates: UInt64 = 0
        var repeated: UInt64 = 0

        mutating func note(_ execution: Execution) {
            accepted += 1
            repeated += execution.answers - 1
            duplicates += UInt64(execution.duplicates)
            guard let sighting = execution.sighting, sighting.state.isFinal else {
                lost += 1
                return
            }
            finished += 1
            if sighting.state == .failed { failed += 1 }
        }
    }

    /// Times by the clock of the target alone, but for the one that ends here.
    private func note(
        _ sighting: RunSighting,
        of execution: Execution,
        offset: Int64,
        into record: inout StageRecord
    ) {
        func note(_ time: Criterion.MeasuredTime, from: Int64?, to: Int64?, less: UInt64 = 0) {
            guard let from, let to else { return }
            let nanoseconds = UInt64(max(0, to - from))
            record.note(
                time,
                nanoseconds: nanoseconds - min(nanoseconds, less),
                tenant: execution.tenant,
                from: from
            )
        }
        let created = sighting.created ?? execution.accepted + offset
        let finished = sighting.state.isFinal ? sighting.finished ?? execution.seen.map { $0 + offset } : nil
        note(.queue, from: created, to: sighting.started)
        note(.execution, from: sighting.started, to: finished)
        note(.turnaround, from: created, to: finished)
        note(.overhead, from: created, to: finished, less: sighting.delay ?? execution.delay)
        note(.notice, from: sighting.finished, to: execution.seen.map { $0 + offset })
    }

    /// How long after the last acceptance the last run ended; as long as until now where one has no end.
    private func noteDrain(into record: inout StageRecord, offset: Int64, at now: Int64) {
        var ends: [String: Int64] = [:]
        for execution in executions.values {
            let isOver = execution.sighting?.state.isFinal ?? false
            let end = isOver ? execution.sighting?.finished.map { $0 - offset } ?? execution.seen ?? now : now
            ends[execution.tenant] = max(ends[execution.tenant] ?? .min, end)
        }
        for (tenant, end) in ends {
            record.note(.drain, nanoseconds: UInt64(max(0, end - lastAccepted)), tenant: tenant)
        }
    }

    /// A run that begins or ends.
    private struct Edge {
        var time: Int64
        var step: Int

        init(_ time: Int64, _ step: Int) {
            self.time = time
            self.step = step
        }
    }

    /// The most that were under way at once; one that ends as another begins is over by then.
    private static func peak(_ edges: [Edge]) -> UInt64 {
        var running = 0
        var peak = 0
        for edge in edges.sorted(by: { ($0.time, $0.step) < ($1.time, $1.step) }) {
            running += edge.step
            peak = max(peak, running)
        }
        return UInt64(peak)
    }
}
