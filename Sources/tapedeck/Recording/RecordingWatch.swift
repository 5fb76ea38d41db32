import TraceFiles

/// What an operator should hear of a recording under way, each thing once.
struct RecordingWatch {
    /// Nanoseconds between two looks at the system's counts.
    private static let interval: UInt64 = 1_000_000_000

    private var lastLook: UInt64?
    private var isStalled = false

    /// Whether it is time to ask the system for its counts again.
    mutating func isDue(at now: UInt64) -> Bool {
        if let lastLook, now - lastLook < Self.interval { return false }
        lastLook = now
        return true
    }

    /// What has changed with the files since the last call, a sentence each.
    mutating func sentences(of series: TraceSeries) -> [String] {
        var sentences = series.takeFailures().map(\.description)
        let stall = series.writer.stalled
        if let stall, !isStalled {
            sentences.append(
                "\(series.writer.partialPath): \(stall); what was written is kept, and recording goes on when there "
                    + "is room again; what is left out until then is counted as disk_full"
            )
        } else if stall == nil, isStalled {
            sentences.append("there is room again; writing goes on in \(series.writer.partialPath)")
        }
        isStalled = stall != nil
        return sentences
    }
}
