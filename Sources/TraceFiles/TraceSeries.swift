package import Packets
package import Traces

/// The files of one recording: one trace, or its parts one after the other, each whole by itself.
///
/// Used from one thread. A part that is over is finished beside the recording: deflated, brought to the disk and given
/// its name on its own writing thread. A series that goes without ``finish(ledger:anonymized:)`` leaves the part at
/// hand unfinished.
package final class TraceSeries {
    /// How names are taken; a series of one part has a plain path.
    package enum Naming: Hashable, Sendable {
        case path(String)
        case pattern(TraceNamePattern)
    }

    private let naming: Naming
    private var header: TraceHeader
    private let options: TraceWriter.Options
    private let parts: FinishedParts?
    private var rotation: RotationPolicy
    private var finishing: [TraceWriter] = []
    /// Nanoseconds of packet time; a part that could not be begun is not tried again before.
    private var nextTry = PacketTime.distantPast

    /// The part at hand. Not watched for overlapping accesses, at every message: it changes while nothing is appended.
    @exclusivity(unchecked)
    package private(set) var writer: TraceWriter
    /// Bytes of the parts that are finished.
    private var earlierBytes: UInt64 = 0
    private var earlierWaits: UInt64 = 0

    /// Names tried for one part.
    private static let maximumCollisions = 10_000
    /// Nanoseconds until a part that could not be begun is tried again.
    private static let retryInterval: Int64 = 1_000_000_000

    /// Begins the first part at `time`.
    package init(
        _ naming: Naming,
        header: TraceHeader,
        options: TraceWriter.Options = TraceWriter.Options(),
        rotation: RotationPolicy = RotationPolicy(),
        retention: Retention = Retention(),
        at time: PacketTime
    ) throws(TraceWriteError) {
        self.naming = naming
        self.header = header
        self.options = options
        self.rotation = rotation
        switch naming {
        case .path: parts = nil
        case .pattern(let pattern): parts = FinishedParts(pattern, retention: retention)
        }
        writer = try Self.begin(naming, header, options, parts, at: time)
        self.rotation.begin(at: time)
    }

    /// The number of the part at hand, from 0.
    package var part: UInt32 { header.part }

    /// Bytes in all files so far, without what still waits.
    package var bytesWritten: UInt64 {
        finishing.reduce(earlierBytes + writer.bytesWritten) { $0 + $1.bytesWritten }
    }

    /// How often a closed block had to wait for the writing thread.
    package var waits: UInt64 { earlierWaits + writer.waits }

    /// Old parts that were removed.
    package var removedParts: UInt64 { parts?.removed ?? 0 }

    /// What has gone wrong beside the recording since the last call: parts that could not be finished or removed.
    package func takeFailures() -> [TraceWriteError] {
        var failures: [TraceWriteError] = []
        finishing.removeAll { part in
            guard part.isConcluded else { return false }
            earlierBytes += part.bytesWritten
            earlierWaits += part.waits
            do throws(TraceWriteError) {
                try part.awaitFinishing()
            } catch {
                failures.append(error)
            }
            return true
        }
        if let failure = parts?.takeFailure() { failures.append(failure) }
        return failures
    }

    /// Whether the next part is to begin; never where the disk is full or nothing is in the part at hand.
    ///
    /// `settled` is called before what has been appended is looked at, for one that is appended to on another thread.
    package func isRotationDue(at time: PacketTime, settled: () -> Void = {}) -> Bool {
        guard case .pattern = naming, time >= nextTry, writer.stalled == nil,
            rotation.isDue(size: writer.bytesWritten, at: time)
        else { return false }
        settled()
        return writer.totals.connections > 0 || writer.totals.span != nil
    }

    /// Begins the next part at `time`, with a snapshot of the ledger as its first record, and lets the one before be
    /// finished; where the new file cannot be made, that one goes on and the error says why.
    package func rotate(
        ledger: [LedgerCount],
        anonymized: [LedgerCount],
        at time: PacketTime
    ) throws(TraceWriteError) {
        var next = header
        next.part += 1
        let successor: TraceWriter
        do throws(TraceWriteError) {
            successor = try Self.begin(naming, next, options, parts, at: time)
        } catch {
            nextTry = time.advanced(by: Self.retryInterval)
            throw error
        }
        header = next
        let over = writer
        writer = successor
        rotation.begin(at: time)
        finishing.append(over)
        try over.beginFinishing(ledger: ledger, anonymized: anonymized)
        try successor.append(.ledgerSnapshot(LedgerRecord(time: time, counts: ledger)))
    }

    /// Finishes the part at hand, after those that are still being finished.
    package func finish(
        ledger: [LedgerCount],
        anonymized: [LedgerCount] = []
    ) throws(TraceWriteError) {
        var failure: TraceWriteError?
        for part in finishing {
            part.giveUp()
            do throws(TraceWriteError) { try part.awaitFinishing() } catch { failure = error }
        }
        finishing = []
        try writer.finish(ledger: ledger, anonymized: anonymized)
        if let failure { throw failure }
    }

    private static func begin(
        _ naming: Naming,
        _ header: TraceHeader,
        _ options: TraceWriter.Options,
        _ parts: FinishedParts?,
        at time: PacketTime
    ) throws(TraceWriteError) -> TraceWriter {
        let pattern: TraceNamePattern
        switch naming {
        case .path(let path): return try TraceWriter(path: path, header: header, options: options)
        case .pattern(let one): pattern = one
        }
        var progress: WritingProgress?
        if let parts { progress = { parts.note($0) } }
        var collision = 0
        while true {
            do throws(TraceWriteError) {
                let path = pattern.path(at: time, collision: collision)
                return try TraceWriter(path: path, header: header, options: options, progress: progress)
            } catch {
                switch error.reason {
                case .alreadyExists, .unfinishedExists, .beingWritten:
                    guard collision < maximumCollisions else { throw error }
                    collision += 1
                default: throw error
                }
            }
        }
    }
}
