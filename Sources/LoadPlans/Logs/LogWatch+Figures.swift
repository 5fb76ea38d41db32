extension LogWatch {
    /// Puts what the lines came to into the record of a stage; histories have been compared before.
    package mutating func write(into record: inout StageRecord) {
        if rule.history == nil { compareByNumber() }
        writeTimes(into: &record)
        let foreign = foreignLines
        let tenants = Set(counts.tenants.keys).union(comparisons.keys).union(readersOfStreams)
        for tenant in tenants {
            let count = counts.tenants[tenant] ?? LogCounts.Tenant()
            record.set(.logLines, count.lines, tenant: tenant)
            record.set(.logStreamsFailed, count.refused, tenant: tenant)
            record.set(.logStreamsCut, count.cut, tenant: tenant)
            record.set(.logReconnects, count.reconnects, tenant: tenant)
            if !rule.isOfRuns, rule.run != nil, !hasOneReader, lines > 0 {
                record.set(.logLinesOfOthers, foreign[tenant] ?? 0, tenant: tenant)
            }
        }
        record.set(.logStreams, UInt64(counts.peak), tenant: "")
        writeComparisons(of: tenants, into: &record)
    }

    /// Nobody knows how long a line took whose clock nobody knows.
    private func writeTimes(into record: inout StageRecord) {
        let unknown: [Criterion.MeasuredTime] = clock.isDisputed ? [.logLag, .slowLogLag] : []
        for time in unknown { record.leaveOpen(time) }
        for (key, latencies) in times where !unknown.contains(key.thing) {
            record.set(key.thing, latencies, tenant: key.tenant)
        }
    }

    /// Puts in what came of holding lines against histories, or against their own numbers. What was found stands; that
    /// nothing was found says something only where all was looked at, and there was something to look at.
    private func writeComparisons(of tenants: Set<String>, into record: inout StageRecord) {
        typealias Part = (thing: Criterion.CountedThing, count: (LogComparison.Counts) -> UInt64)
        let hasHistory = rule.history != nil
        var parts: [Part] = [
            (.logLinesDuplicated, { $0.duplicated }), (.logLinesOutOfOrder, { $0.outOfOrder }),
        ]
        if hasHistory { parts.append((.logLinesUnknown, { $0.unknown })) }
        var partsOfOwed: [Part] = []
        if hasHistory || rule.isContiguous { partsOfOwed.append((.logLinesMissing, { $0.missing })) }
        if hasHistory, sockets != nil { partsOfOwed.append((.logLinesInGaps, { $0.inGaps })) }
        if tellsWhatIsOwed {
            parts += partsOfOwed
            if !hasHistory || compared > 0 {
                for tenant in tenants {
                    record.set(.logLinesChecked, comparisons[tenant]?.owed ?? 0, tenant: tenant)
                }
            }
        } else {
            for part in partsOfOwed { record.leaveOpen(part.thing) }
        }
        let isWhole = !hasHistory || compared >= owedHistories.count
        let hasOwed = comparisons.values.contains { $0.owed > 0 }
        for part in parts {
            if !isWhole { record.leaveOpen(part.thing) }
            for tenant in tenants {
                let count = comparisons[tenant].map(part.count) ?? 0
                if count > 0 || isWhole && hasOwed { record.set(part.thing, count, tenant: tenant) }
            }
        }
    }

    /// Whether the moments of lines say which of them had to come, where that depends on them.
    package var tellsWhatIsOwed: Bool { rule.history == nil || rule.hasBacklog || !clock.isDisputed }

    private var readersOfStreams: Set<String> { Set(streams.map(\.tenant)) }
}
