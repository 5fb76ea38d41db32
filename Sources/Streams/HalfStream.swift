import Bytes
import Packets

/// One direction of a connection: what has been handed on, and what waits behind a hole.
///
/// The first copy of a byte counts. Bytes in order pass through without being copied.
struct HalfStream: Sendable {
    /// The sequence number of offset 0; meaningless until `isAnchored`.
    private var base: UInt32 = 0
    private(set) var isAnchored = false
    private(set) var sawSYN = false
    /// The first byte that has not been handed on.
    private(set) var next: Int64 = 0
    /// Where the bytes seen so far end.
    private(set) var highest: Int64 = 0
    /// The other side has confirmed every byte before this one.
    private(set) var acknowledged: Int64 = 0
    /// Where the sender's FIN stands.
    private(set) var finish: Int64?
    private(set) var isFinished = false
    /// Bytes of the other side that this one had when it sent its own are still missing: what comes is held, so that
    /// a response is not handed on before its request.
    private(set) var isWaiting = false
    private var hasDelivered = false
    private(set) var held = HeldBytes()
    private var patience = Patience()

    /// How long the other side's knowledge of bytes that were not seen has been known.
    private struct Patience {
        /// The hole, by the offset of its first byte.
        var hole: Int64 = -1
        var packets = 0
        var since = PacketTime.distantPast
    }

    /// Widens a sequence number: the offset closest to the expected byte that it can mean.
    ///
    /// Only differences are compared, so a wrap of the 32 bits is nothing special (RFC 9293, section 3.4).
    func offset(of sequence: UInt32) -> Int64 {
        let expected = base &+ UInt32(truncatingIfNeeded: next)
        return next &+ Int64(Int32(bitPattern: sequence &- expected))
    }

    /// Makes `sequence` the number of offset 0.
    mutating func anchor(at sequence: UInt32, bySYN: Bool) {
        base = sequence
        isAnchored = true
        sawSYN = bySYN
    }

    /// Says that the anchor found otherwise was right: the SYN itself has come.
    mutating func confirmAnchor() {
        sawSYN = true
    }

    /// Whether the first byte after a SYN with this sequence number is where the stream starts.
    func starts(after synSequence: UInt32) -> Bool {
        isAnchored && base == synSequence &+ 1
    }

    /// Whether a segment of this length can belong to the stream.
    func isPlausible(_ start: Int64, count: Int, window: Int64) -> Bool {
        start <= max(next, acknowledged) + window && start + Int64(count) >= next - window
    }

    /// Whether a reset at this offset comes from the sender itself and not from a stranger who guesses.
    ///
    /// The sender uses the number that it would send next (RFC 9293, section 3.5.2); what that is the capture knows
    /// up to what is in flight.
    func couldReset(at offset: Int64) -> Bool {
        offset == next || offset == highest || offset == acknowledged
            || finish.map { offset == $0 || offset == $0 + 1 } ?? false
    }

    /// Moves the start of a stream that was joined back to a segment captured later, while nothing was handed on.
    mutating func joinEarlier(at start: Int64, count: Int) {
        guard !sawSYN, !hasDelivered, start < next, count > 1 else { return }
        next = start
    }

    mutating func acknowledge(upTo offset: Int64, window: Int64) {
        guard offset > acknowledged, offset <= max(next, highest) + window else { return }
        acknowledged = offset
    }

    /// Sets where the stream ends; the first FIN counts.
    mutating func finish(at offset: Int64) {
        guard finish == nil, offset >= next else { return }
        finish = offset
        highest = max(highest, offset)
    }

    /// Takes the payload of one segment; what was held behind it is for ``resume(as:_:into:)``, so that the other
    /// side can come between.
    mutating func receive(
        _ payload: Span<UInt8>,
        at start: Int64,
        uncaptured: Int,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        let room = finish.map { max(0, $0 - start) } ?? .max
        let bytes = payload.extracting(first: Int(min(room, Int64(payload.count))))
        context.counts.afterClose &+= UInt64(payload.count - bytes.count)
        let end = start + Int64(bytes.count)
        highest = max(highest, min(end + Int64(uncaptured), finish ?? .max))
        if start > next {
            hold(bytes, at: start, as: direction, &context, into: &sink)
        } else if isWaiting {
            let known = Int(min(next - start, Int64(bytes.count)))
            context.counts.duplicate &+= UInt64(known)
            hold(bytes.extracting(known...), at: next, as: direction, &context, into: &sink)
        } else {
            pass(bytes, from: start, as: direction, &context, into: &sink)
            if uncaptured > 0, room > Int64(bytes.count) {
                skip(to: min(end + Int64(uncaptured), finish ?? .max), as: direction, &context, into: &sink)
            }
        }
    }

    /// Hands on what has been held and is held for nothing any more.
    mutating func resume(
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        guard !isWaiting else { return }
        drain(as: direction, &context, into: &sink)
        settleFinish(as: direction, &context, into: &sink)
    }

    /// Hands on what of a segment is new; it starts at or before the expected byte.
    private mutating func pass(
        _ bytes: Span<UInt8>,
        from start: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        let end = start + Int64(bytes.count)
        context.counts.duplicate &+= UInt64(min(next, end) - start)
        while next < end {
            guard let piece = held.first, piece.start < end else {
                deliver(bytes.extracting(Int(next - start)...), as: direction, &context, into: &sink)
                break
            }
            if next < piece.start {
                let part = bytes.extracting(Int(next - start)..<Int(piece.start - start))
                deliver(part, as: direction, &context, into: &sink)
            }
            let overlap = bytes.extracting(Int(next - start)..<Int(min(piece.end, end) - start))
            let differing = piece.differing(from: overlap, at: next)
            context.counts.conflicting &+= UInt64(differing)
            context.counts.duplicate &+= UInt64(overlap.count - differing)
            release(piece, as: direction, &context, into: &sink)
        }
    }

    private mutating func hold(
        _ bytes: Span<UInt8>,
        at start: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        let insertion = held.insert(bytes, at: start, time: context.time)
        context.counts.held &+= UInt64(insertion.stored)
        context.counts.duplicate &+= UInt64(insertion.duplicate)
        context.counts.conflicting &+= UInt64(insertion.conflicting)
        while let first = held.firstStart, context.isOverLimit(held) {
            if first > next { context.counts.gapsByLimit &+= 1 }
            declareGap(to: first, as: direction, &context, into: &sink)
            drain(as: direction, &context, into: &sink)
        }
    }

    /// Hands on the held pieces that have become the next ones.
    private mutating func drain(
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        while let piece = held.first, piece.start <= next {
            release(piece, as: direction, &context, into: &sink)
        }
    }

    /// Hands on the first held piece, which starts at the expected byte.
    private mutating func release(
        _ piece: HeldBytes.Piece,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        held.removeFirst()
        context.counts.held &-= UInt64(piece.bytes.count)
        let now = context.time
        context.time = max(piece.time, context.floor)
        deliver(piece.bytes.span, as: direction, &context, into: &sink)
        context.time = now
    }

    private mutating func deliver(
        _ bytes: Span<UInt8>,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        guard bytes.count > 0 else { return }
        next += Int64(bytes.count)
        hasDelivered = true
        context.floor = max(context.floor, context.time)
        context.counts.delivered &+= UInt64(bytes.count)
        sink.receive(.data(direction.connection, direction.side), bytes: bytes, at: context.time)
    }

    private mutating func declareGap(
        to end: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        let count = end - next
        guard count > 0 else { return }
        next = end
        context.counts.gaps &+= 1
        context.counts.missing &+= UInt64(count)
        let event = StreamEvent.gap(direction.connection, direction.side, count: count)
        sink.receive(event, bytes: Span(), at: context.time)
    }

    /// Goes on to `end`, with gaps where nothing is held.
    private mutating func skip(
        to end: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        while next < end {
            declareGap(to: min(end, held.firstStart ?? end), as: direction, &context, into: &sink)
            drain(as: direction, &context, into: &sink)
        }
    }

    /// Says that the sender is done when everything before its FIN has been handed on.
    private mutating func settleFinish(
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        guard let finish, next >= finish, !isFinished, !isWaiting else { return }
        isFinished = true
        let rest = UInt64(held.removeAll())
        context.counts.held &-= rest
        context.counts.afterClose &+= rest
        let event = StreamEvent.finished(direction.connection, direction.side)
        sink.receive(event, bytes: Span(), at: context.time)
    }
}

extension HalfStream {
    /// Where the bytes that must have been there end: confirmed by the other side, or before a FIN.
    ///
    /// A FIN takes a number of its own, so one confirmed byte that nothing follows may be a FIN that was not seen.
    private var knownEnd: Int64 {
        let end = min(acknowledged, finish ?? .max)
        return end == next + 1 && finish == nil && held.isEmpty ? next : end
    }

    /// Declares the gap that the other side's acknowledgement proves, once the tolerance has run out.
    ///
    /// To be called once for every packet of the connection, after its payload.
    mutating func settleHole(
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        guard isAnchored, acknowledged > next, knownEnd > next else { return }
        if patience.hole != next {
            patience = Patience(hole: next, packets: 0, since: context.time)
            return
        }
        patience.packets += 1
        guard
            patience.packets > context.limits.acknowledgedHolePackets
                || context.time.nanoseconds(since: patience.since) > context.limits.acknowledgedHoleTime
        else { return }
        skip(to: knownEnd, as: direction, &context, into: &sink)
        settleFinish(as: direction, &context, into: &sink)
    }

    /// Holds what comes from now on, or hands on what was held for the other side's sake.
    mutating func wait(
        _ isWaiting: Bool,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        guard isWaiting != self.isWaiting else { return }
        self.isWaiting = isWaiting
        resume(as: direction, &context, into: &sink)
    }

    /// Hands on everything that is held, with gaps before it: nothing more will come.
    mutating func flush(
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        isWaiting = false
        while let first = held.firstStart {
            declareGap(to: first, as: direction, &context, into: &sink)
            drain(as: direction, &context, into: &sink)
        }
        let end = max(knownEnd, finish ?? next)
        if isAnchored, end > next { declareGap(to: end, as: direction, &context, into: &sink) }
        settleFinish(as: direction, &context, into: &sink)
    }

    /// Whether the other side has confirmed bytes that have not been seen; those that wait themselves have been.
    var lacksConfirmedBytes: Bool {
        isAnchored && acknowledged > next && knownEnd > next && held.firstStart != next
    }

    /// Whether the sender's FIN has been confirmed by the other side.
    var isFinishAcknowledged: Bool { finish.map { acknowledged > $0 } ?? false }
}
