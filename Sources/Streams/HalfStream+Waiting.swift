import Packets

// What waits, what for, and for how long.
extension HalfStream {
    /// Where the bytes that must have been there end: confirmed by the other side, or before a FIN.
    ///
    /// A FIN takes a number of its own, so one confirmed byte that nothing follows may be a FIN that was not seen.
    private var knownEnd: Int64 {
        let end = min(acknowledged, finish ?? .max)
        return end == next + 1 && finish == nil && held.isEmpty ? next : end
    }

    /// How far the side has been handed on, for the other one that waits for it.
    ///
    /// Nobody waits for a side of which no segment was ever captured: the capture may see one direction only.
    var reached: Int64 {
        guard hasSpoken else { return .max }
        if let finish { return next >= finish ? .max : next }
        return held.isEmpty ? next + 1 : next
    }

    /// Whether nothing is held or missing, and no FIN is to be handed on.
    var isSettled: Bool {
        held.isEmpty && acknowledged <= next + 1 && (finish == nil || isFinished)
    }

    /// Where the held piece that is next waits for the other side; `nil` where none is next.
    var waitsFor: Int64? { held.firstStart == next ? held.firstWaitsFor : nil }

    /// Hands on the held pieces that are next and wait for nothing any more, and then the FIN.
    ///
    /// - Returns: Whether there was anything.
    mutating func release(
        as direction: Direction,
        upTo reached: Int64,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) -> Bool {
        var hasReleased = false
        while let waitsFor, waitsFor <= reached {
            releaseFirst(as: direction, &context, into: &sink)
            hasReleased = true
        }
        guard let finish, next >= finish, finishWaitsFor <= reached, !isFinished else { return hasReleased }
        isFinished = true
        let rest = UInt64(held.removeAll())
        context.counts.held &-= rest
        context.counts.afterClose &+= rest
        let event = StreamEvent.finished(direction.connection, direction.side)
        sink.receive(event, bytes: Span(), at: context.time)
        return true
    }

    /// Cuts the piece that is next in two at an offset, if it lies in it.
    mutating func splitNext(at offset: Int64) {
        held.splitFirst(at: offset)
    }

    /// Hands on the piece that is next, or the FIN, though it waits for the other side.
    mutating func releaseInAnyCase(
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) -> Bool {
        if held.firstStart == next {
            releaseFirst(as: direction, &context, into: &sink)
            return true
        }
        return release(as: direction, upTo: .max, &context, into: &sink)
    }

    /// Gives up the bytes of which the other side's acknowledgement has proved for long enough that they were sent.
    ///
    /// A side that is never heard acknowledges nothing: then what was sent after the hole proves it, after a time in
    /// which the sender would have repeated the bytes. To be called once for every packet of the connection, after
    /// its payload.
    mutating func losePatience(otherIsSilent: Bool, _ context: borrowing Reassembly) {
        guard isAnchored, held.firstStart != next else { return }
        let isProved = acknowledged > next && knownEnd > next
        guard isProved || (otherIsSilent && !held.isEmpty) else { return }
        if patience.hole != next {
            patience = Patience(
                hole: next,
                end: isProved ? knownEnd : highest,
                packets: 0,
                since: context.time
            )
        } else {
            patience.packets += 1
        }
        let limits = context.limits
        let time = isProved ? limits.acknowledgedHoleTime : limits.unconfirmedHoleTime
        if isProved && (isMuted || patience.packets > limits.acknowledgedHolePackets)
            || context.time.nanoseconds(since: patience.since) > time
        {
            overdue = max(overdue, patience.end)
        }
    }

    /// Gives up everything that is missing: nothing more will come.
    mutating func loseAllPatience() {
        overdue = .max
    }

    /// Where the hole before the next byte ends, if it has been given up, and what the bytes behind it wait for.
    var lostHole: (end: Int64, waitsFor: Int64)? {
        guard isAnchored, next < overdue else { return nil }
        if let first = held.firstStart {
            guard first > next else { return nil }
            return first <= overdue ? (first, held.firstWaitsFor) : (overdue, .min)
        }
        let end = min(overdue, max(knownEnd, finish ?? next))
        return end > next ? (end, .min) : nil
    }

    /// Declares the hole before the next byte a gap.
    mutating func giveUp(
        to end: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        declareGap(to: end, as: direction, &context, into: &sink)
        isMuted = held.isEmpty
    }

    /// Whether the sender's FIN has been confirmed by the other side.
    var isFinishAcknowledged: Bool { finish.map { acknowledged > $0 } ?? false }
}
