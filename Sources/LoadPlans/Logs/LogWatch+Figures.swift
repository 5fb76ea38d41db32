extension LogWatch {
    /// Puts what the lines came to into the record of a stage; histories have been compared before.
    package mutating func write(into record: inout StageRecord) {
        if rule.history == nil { compareByNumber() }
        for (key, latencies) in times { record.set(key.thing, latencies, tenant: key.tenant) }
        let foreign = foreignLines
        let isCompared = rule.history != nil ? compared > 0 : true
        for tenant in Set(counts.tenants.keys).union(comparisons.keys).union(readersOfStreams) {
            let count = counts.tenants[tenant] ?? LogCounts.Tenant()
            let comparison = comparisons[tenant] ?? LogComparison.Counts()
            record.set(.logLines, count.lines, tenant: tenant)
            record.set(.logStreamsFailed, count.refused, tenant: tenant)
            record.set(.logStreamsCut, count.cut, tenant: tenant)
            record.set(.logReconnects, count.reconnects, tenant: tenant)
            guard isCompared else { continue }
            if rule.history != nil || rule.isContiguous {
                record.set(.logLinesMissing, comparison.missing, tenant: tenant)
            }
            record.set(.logLinesDuplicated, comparison.duplicated, tenant: tenant)
            record.set(.logLinesOutOfOrder, comparison.outOfOrder, tenant: tenant)
            if rule.history != nil { record.set(.logLinesUnknown, comparison.unknown, tenant: tenant) }
            if sockets != nil, rule.history != nil {
                record.set(.logLinesInGaps, comparison.inGaps, tenant: tenant)
            }
            record.set(.logLinesChecked, comparison.owed, tenant: tenant)
            if !rule.isOfRuns, rule.run != nil, !hasOneReader {
                record.set(.logLinesOfOthers, foreign[tenant] ?? 0, tenant: tenant)
            }
        }
        record.set(.logStreams, UInt64(counts.peak), tenant: "")
    }

    private var readersOfStreams: Set<String> { Set(streams.map(\.tenant)) }
}
