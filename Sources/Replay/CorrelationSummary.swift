package import Correlation

/// What a replay put in the place of recorded values, as plain numbers.
package struct CorrelationSummary: Sendable {
    package var edges: Int = 0
    package var uses: UInt64 = 0
    package var misses: UInt64 = 0
    /// Requests that were not sent for want of a value.
    package var skipped: UInt64 = 0
    /// Values of identities, of maps and of moved dates that were put in.
    package var replaced: UInt64 = 0
    /// Requests that waited for an answer after they were due.
    package var waits: UInt64 = 0
    package var wait = LatencySummary()
    /// What was found out of the recording.
    package var recorded = RecordedValues.Counts()
    /// Answers of the target whose values were forgotten.
    package var forgotten: UInt64 = 0

    package init() {}
}

extension ReplayMachine {
    /// The accounts of values; `nil` for a run that puts none in.
    func correlationSummary(recorded: RecordedValues.Counts?) -> CorrelationSummary? {
        guard let correlation else { return nil }
        var summary = CorrelationSummary()
        summary.edges = correlation.edges
        summary.uses = correlation.counts.uses
        summary.misses = correlation.counts.misses
        summary.skipped = correlation.counts.skipped
        summary.replaced = correlation.counts.replaced
        summary.waits = correlation.counts.waits
        summary.wait = correlation.counts.wait.summary
        summary.recorded = recorded ?? RecordedValues.Counts()
        summary.forgotten = correlation.live.forgotten
        return summary
    }
}
