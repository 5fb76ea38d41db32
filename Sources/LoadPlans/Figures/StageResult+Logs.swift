import Replay

extension StageResult {
    /// The live logs of a tenant; of all together where the tenant is empty.
    package struct LogRow: Hashable, Sendable {
        package var tenant: String
        /// Streams open at once, of all together alone.
        package var streams: UInt64 = 0
        package var failed: UInt64 = 0
        package var cut: UInt64 = 0
        package var reconnects: UInt64 = 0
        package var lines: UInt64 = 0
        /// `nil` where nothing was compared.
        package var checked: UInt64?
        package var missing: UInt64?
        package var duplicated: UInt64?
        package var outOfOrder: UInt64?
        package var unknown: UInt64?
        package var ofOthers: UInt64?
        /// Where streams cannot go on where they were.
        package var inGaps: UInt64?
        /// Times in microseconds, where they were measured.
        package var times: [Time] = []

        package init(tenant: String) {
            self.tenant = tenant
        }
    }

    /// The rows of a record: all together first; none where no logs were read.
    static func logRows(_ record: StageRecord) -> [LogRow] {
        guard record.count(.logStreams, tenant: nil) != nil else { return [] }
        let tenants = Set(record.counts.keys.filter { $0.thing == .logLines }.map(\.tenant))
            .subtracting([""]).sorted()
        return [LogRow(record, tenant: nil)]
            + (tenants.count > 1 ? tenants.map { LogRow(record, tenant: $0) } : [])
    }
}

extension StageResult.LogRow {
    fileprivate init(_ record: StageRecord, tenant: String?) {
        self.init(tenant: tenant ?? "")
        func count(_ thing: Criterion.CountedThing) -> UInt64? { record.count(thing, tenant: tenant) }
        streams = tenant == nil ? count(.logStreams) ?? 0 : 0
        failed = count(.logStreamsFailed) ?? 0
        cut = count(.logStreamsCut) ?? 0
        reconnects = count(.logReconnects) ?? 0
        lines = count(.logLines) ?? 0
        checked = count(.logLinesChecked)
        missing = count(.logLinesMissing)
        duplicated = count(.logLinesDuplicated)
        outOfOrder = count(.logLinesOutOfOrder)
        unknown = count(.logLinesUnknown)
        ofOthers = count(.logLinesOfOthers)
        inGaps = count(.logLinesInGaps)
        times = StageResult.Time.all(in: record, tenant: tenant) { $0.isOfLogs }
    }
}

extension StageResult.Time {
    /// The times of one kind that were measured, for one tenant or for all together.
    static func all(
        in record: StageRecord,
        tenant: String?,
        where isMeant: (Criterion.MeasuredTime) -> Bool
    ) -> [StageResult.Time] {
        Criterion.MeasuredTime.allCases.filter(isMeant).compactMap { time in
            let distribution = record.distribution(time, tenant: tenant)
            guard distribution.count > 0 else { return nil }
            return StageResult.Time(
                name: time.rawValue,
                count: distribution.count,
                p50: distribution.percentile(50) ?? 0,
                p95: distribution.percentile(95) ?? 0,
                p99: distribution.percentile(99) ?? 0,
                max: distribution.percentile(100) ?? 0
            )
        }
    }
}
