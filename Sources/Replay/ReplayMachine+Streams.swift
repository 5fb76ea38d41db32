/// How far the sending of a run is.
package enum SendingStage: Int, Comparable, Sendable {
    case sending
    /// Every request has been sent; streams may still be open.
    case over
    /// The run is to end: its time is over, or it was interrupted.
    case cut

    package static func < (left: SendingStage, right: SendingStage) -> Bool { left.rawValue < right.rawValue }
}

extension ReplayMachine {
    package var sendingStage: SendingStage {
        switch phase {
        case .running: isSourceOver && loadedCount == 0 ? .over : .sending
        case .draining, .aborting: .cut
        }
    }

    /// The answer to a transfer goes on after its head, which was there at `time`: an event stream, or a WebSocket session.
    ///
    /// Its times are those of the head. How long it stays open afterwards is no time of the target's.
    package mutating func streamOpened(_ id: TransferID, at time: MonotonicTime) {
        guard var transfer = transfers[id], transfer.opened == nil else { return }
        metrics.silence.end(isAnswered: true, waiting: outstanding - metrics.openStreams, at: time)
        metrics.openStreams += 1
        // The status is counted at the end.
        noteSend(of: transfer, outcome: .responded(status: 200), at: time)
        if transfer.fault == nil { noteAnswer(to: transfer, at: time) }
        transfer.opened = time
        transfers[id] = transfer
    }
}
