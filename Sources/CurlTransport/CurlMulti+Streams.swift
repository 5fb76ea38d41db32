import CCurl
package import Replay
import Transports

/// Answers of server-sent events: they stay open as they would over the wire transport, by the same rules.
///
/// libcurl carries them and decodes their transfer coding; when one is over that the target does not end is decided here.
extension CurlMulti {
    package func nextOpenedStream() -> (id: TransferID, head: MonotonicTime)? { streamDesk.nextOpening() }

    package var streams: StreamSummary { streamDesk.ledger.finish() }

    package func noteSending(_ stage: SendingStage) {
        streamDesk.stage = stage
        let now = MonotonicClock.now
        for case let transfer? in active where transfer.intake.events != nil {
            noteSending(transfer, at: now)
        }
        for session in sessions.values { session.noteSending(stage, at: now) }
    }

    private func noteSending(_ transfer: CurlTransfer, at now: MonotonicTime) {
        guard streamDesk.stage > .sending, let events = transfer.intake.events else { return }
        if streamDesk.stage == .cut {
            events.end(.cutShort, at: now)
            finish(transfer, .responded(status: transfer.intake.finalStatus))
        } else {
            events.noteEndOfSending(at: now)
            arm(transfer)
        }
    }

    /// What takes the events of a transfer whose head is there.
    func eventStream(of transfer: CurlTransfer) -> ReplayedEventStream {
        let now = MonotonicClock.now
        return ReplayedEventStream(
            transfer.recorded,
            isReadable: transfer.intake.isReadable,
            start: transfer.sentAt ?? now,
            opened: now,
            timeout: options.timeout,
            ledger: streamDesk.ledger,
            keepsLog: options.isObserving
        )
    }

    func noteOpening(of transfer: CurlTransfer) {
        let now = MonotonicClock.now
        streamDesk.noteOpening(transfer.id, at: now)
        arm(transfer)
        noteSending(transfer, at: now)
    }

    /// Sees to it that a stream is looked at when it wants to be.
    func arm(_ transfer: CurlTransfer) {
        guard let wake = transfer.intake.events?.wakeTime, wake < transfer.streamTimer else { return }
        transfer.streamTimer = wake
        streamDesk.timers.insert(
            DeadlineHeap.Entry(time: wake, slot: transfer.id, serial: transfer.serial)
        )
    }

    /// Looks at every stream whose time has come; one that has been heard of since then only waits anew.
    func actOnStreams(_ now: MonotonicTime) {
        while let due = streamDesk.timers.popDue(now) {
            guard due.slot < active.count, let transfer = active[due.slot] else {
                actOnSession(due, at: now)
                continue
            }
            guard transfer.serial == due.serial, transfer.streamTimer == due.time,
                let events = transfer.intake.events
            else { continue }
            transfer.streamTimer = .max
            switch events.verdict(at: now) {
            case .leave: finish(transfer, .responded(status: transfer.intake.finalStatus))
            case .giveUp: finish(transfer, .failed(.timeout))
            case nil: arm(transfer)
            }
        }
    }

    /// Ends a transfer that libcurl would carry on.
    private func finish(_ transfer: CurlTransfer, _ outcome: Outcome) {
        closeStream(of: transfer, as: outcome)
        endings.append((transfer.id, outcome))
    }

    /// Closes the accounts of a transfer's stream, or counts that there was none; `outcome` is `nil` for a request that is
    /// given up. Without effect the second time.
    func closeStream(of transfer: CurlTransfer, as outcome: Outcome?) {
        if let events = transfer.intake.events {
            let end: StreamSummary.End =
                switch outcome {
                case .responded: .target
                case .failed: .broken
                case .aborted, nil: .cutShort
                }
            events.end(end, at: MonotonicClock.now)
            transfer.intake.log = events.log
            transfer.intake.events = nil
        } else if transfer.awaitsStream {
            streamDesk.ledger.noteRefused()
        }
        transfer.forgetStream()
    }
}
