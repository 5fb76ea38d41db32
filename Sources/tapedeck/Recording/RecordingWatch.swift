import TraceFiles

/// What an operator should hear of a recording under way, each thing once.
struct RecordingWatch {
    private var isStalled = false
    /// Failures beside the recording so far.
    private(set) var errors: UInt64 = 0

    mutating func noteError() { errors += 1 }

    /// What has changed with the files since the last call, a sentence each.
    mutating func sentences(of series: TraceSeries) -> [String] {
        var sentences = series.takeFailures().map(\.description)
        errors += UInt64(sentences.count)
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
