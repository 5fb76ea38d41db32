import Recording
import TraceFiles
import Traces

/// Hands the records of a recording to the writer of a trace, and keeps the first failure.
struct TraceOutput: RecordOutput {
    let writer: TraceWriter
    /// Why writing stopped; the recording has to end then.
    private(set) var failure: TraceWriteError?
    /// Records that were left out because they are longer than a trace allows.
    private(set) var tooLong: UInt64 = 0

    init(_ writer: TraceWriter) {
        self.writer = writer
    }

    mutating func append(_ record: TraceRecord) {
        guard failure == nil else { return }
        do throws(TraceWriteError) {
            try writer.append(record)
        } catch {
            note(error)
        }
    }

    mutating func append(
        whole head: borrowing HeadRecord,
        body: borrowing [UInt8],
        _ end: borrowing EndRecord
    ) {
        guard failure == nil else { return }
        do throws(TraceWriteError) {
            try writer.append(whole: head, body: body, end)
        } catch {
            note(error)
        }
    }

    private mutating func note(_ error: TraceWriteError) {
        if case .recordTooLong = error.reason { tooLong += 1 } else { failure = error }
    }

    /// Notes what stopped the writer.
    mutating func fail(_ error: TraceWriteError) {
        failure = failure ?? error
    }
}
