import Bytes

/// An answer of server-sent events, from its head to its end.
///
/// It stays open as long as recorded: until the target ends it, or until the recorded client left. Time only ever comes
/// in as an argument.
package final class ReplayedEventStream {
    /// How the replay itself ends a stream.
    package enum Verdict: Hashable, Sendable {
        /// As recorded, or with the run: the request counts as answered.
        case leave
        /// It is silent or overdue: the request fails as timed out.
        case giveUp
    }

    private var progress: StreamProgress
    private var reader: ServerEventReader?
    /// When a stream of unknown length is left; `nil` while requests are still sent.
    private var runEnd: MonotonicTime?
    private let timeout: UInt64
    /// Where each event ends and when it came, where that is kept.
    package private(set) var log: StreamLog?
    /// Bytes of the body before those that are being read.
    private var taken = 0
    /// Where the event under way begins, and when its first byte was there.
    private var partStart = 0
    private var partTime: MonotonicTime

    /// `isReadable`: its body has no content coding. `keepsLog`: its events are wanted with their times.
    package init(
        _ recorded: RecordedStream?,
        isReadable: Bool,
        start: MonotonicTime,
        opened: MonotonicTime,
        timeout: UInt64,
        ledger: StreamLedger,
        keepsLog: Bool = false
    ) {
        progress = StreamProgress(
            .serverSentEvents,
            recorded,
            start: start,
            opened: opened,
            timeout: timeout,
            ledger: ledger
        )
        reader = isReadable ? ServerEventReader() : nil
        self.timeout = timeout
        log = keepsLog ? StreamLog() : nil
        partTime = opened
    }

    /// Takes bytes of the body, without transfer coding.
    package func receive(_ bytes: Span<UInt8>, at now: MonotonicTime) {
        progress.noteSign(at: now)
        var offset = 0
        if partStart == taken { partTime = now }
        defer { taken += bytes.count }
        while let block = reader?.next(bytes, at: &offset) {
            if log != nil { notePart(bytes, to: offset, at: now) }
            switch block {
            case .event(let key): progress.receive(key, at: now)
            case .other: progress.ledger.noteSignOfLife()
            }
        }
    }

    private func notePart(_ bytes: Span<UInt8>, to offset: Int, at now: MonotonicTime) {
        var end = offset
        // The empty line may end with two bytes, of which the first has ended the event.
        if end < bytes.count, bytes[end - 1] == 0x0D, bytes[end] == 0x0A { end += 1 }
        log?.append(.event(end: taken + end), from: partTime, to: now)
        partStart = taken + end
        partTime = now
    }

    /// Says that no more requests will be sent: a stream of unknown length is left a timeout later.
    package func noteEndOfSending(at now: MonotonicTime) {
        if progress.recorded == nil { runEnd = now.adding(timeout) }
    }

    /// When ``verdict(at:)`` is to be asked again although nothing has come.
    package var wakeTime: MonotonicTime {
        var time = progress.silenceLimit
        if let leave = progress.leaveTime { time = min(time, leave) }
        if let overdue = progress.overdueTime { time = min(time, overdue) }
        if let runEnd { time = min(time, runEnd) }
        return time
    }

    /// Whether the replay ends the stream now.
    package func verdict(at now: MonotonicTime) -> Verdict? {
        if let leave = progress.leaveTime, leave <= now {
            end(.client, at: now)
            return .leave
        }
        if let overdue = progress.overdueTime, overdue <= now {
            end(.overdue, at: now)
            return .giveUp
        }
        if progress.silenceLimit <= now {
            end(.silent, at: now)
            return .giveUp
        }
        if let runEnd, runEnd <= now {
            end(.cutShort, at: now)
            return .leave
        }
        return nil
    }

    /// Closes the accounts; without effect where they are closed.
    package func end(_ end: StreamSummary.End, at now: MonotonicTime) {
        progress.end(end, at: now)
    }
}
