import Packets
import Recording
import TraceFiles
import Traces

/// Hands the records of a recording to the writer of its trace, and keeps the first failure.
struct TraceOutput: RecordOutput {
    let series: TraceSeries
    /// That of the part at hand.
    private var writer: TraceWriter
    /// Why writing stopped; the recording has to end then.
    private(set) var failure: TraceWriteError?
    /// Records that were left out because they are longer than a trace allows.
    private(set) var tooLong: UInt64 = 0

    init(_ series: TraceSeries) {
        self.series = series
        writer = series.writer
    }

    var isAccepting: Bool { writer.isAccepting }

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

    var hasFailed: Bool { failure != nil }

    mutating func mark(at now: UInt64, ledger: () -> LedgerRecord) {
        guard failure == nil else { return }
        do throws(TraceWriteError) {
            try writer.tick(now: now, ledger: ledger)
        } catch {
            fail(error)
        }
    }

    private mutating func note(_ error: TraceWriteError) {
        if case .recordTooLong = error.reason { tooLong += 1 } else { failure = error }
    }

    /// Begins the next part; where that cannot be done the one at hand goes on, and the answer says why.
    mutating func rotate(
        ledger: [LedgerCount],
        anonymized: [LedgerCount],
        at time: PacketTime
    ) -> TraceWriteError? {
        defer { writer = series.writer }
        do throws(TraceWriteError) {
            try series.rotate(ledger: ledger, anonymized: anonymized, at: time)
            return nil
        } catch {
            return error
        }
    }

    /// Notes what stopped the writer.
    mutating func fail(_ error: TraceWriteError) {
        failure = failure ?? error
    }
}
