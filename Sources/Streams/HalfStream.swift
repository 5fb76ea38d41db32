import Bytes
import Packets

/// One direction of a connection: what has been handed on, and what waits behind a hole or for the other side.
///
/// The first copy of a byte counts. Bytes in order pass through without being copied.
struct HalfStream: Sendable {
    /// The sequence number of offset 0; meaningless until `isAnchored`.
    private var base: UInt32 = 0
    private(set) var isAnchored = false
    private(set) var sawSYN = false
    /// A segment of this side has been captured.
    private(set) var hasSpoken = false
    /// Nothing of this side was captured since a hole was given up: no other one is waited for either.
    var isMuted = false
    private var hasDelivered = false
    var isFinished = false
    /// Where the stream begins: after the SYN, or where the capture joined.
    private var origin: Int64 = 0
    /// The first byte that has not been handed on.
    private(set) var next: Int64 = 0
    /// Where the bytes seen so far end.
    private(set) var highest: Int64 = 0
    /// The other side has confirmed every byte before this one.
    private(set) var acknowledged: Int64 = 0
    /// Where the sender's FIN stands.
    private(set) var finish: Int64?
    /// How much of the other side must have been handed on before the FIN is.
    var finishWaitsFor: Int64 = 0
    var held = HeldBytes()
    /// What is missing before this offset is given up.
    var overdue: Int64 = .min
    var patience = Patience()
    /// The gap that was declared last; what of it comes after all is known by that.
    private var lastGap: Range<Int64> = 0..<0
    private var jump = SequenceJump()

    /// How long the other side's knowledge of bytes that were not seen has been known.
    struct Patience {
        /// The hole, by the offset of its first byte.
        var hole: Int64 = -1
        /// Where the bytes end that were known to be missing when the patience began.
        var end: Int64 = 0
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

    /// Notes that a segment of this side was captured.
    mutating func speak() {
        hasSpoken = true
        isMuted = false
    }

    /// Whether nothing is held or missing, and no FIN has come; see ``receiveNext(_:unread:as:_:into:)``.
    private var isInOrder: Bool {
        isAnchored && hasSpoken && !isMuted && held.isEmpty && finish == nil && acknowledged <= next
    }

    /// Whether a segment with this sequence number brings the expected byte, and nothing else is to be done. Segments
    /// that were out of place before it prove nothing then.
    ///
    /// It changes that much so that it is asked in place: a half-stream that is only looked at is copied.
    mutating func goesOn(at sequence: UInt32) -> Bool {
        guard isInOrder, sequence == base &+ UInt32(truncatingIfNeeded: next) else { return false }
        jump = SequenceJump()
        return true
    }

    /// Notes an acknowledgement, where nothing is held or missing and all bytes before it have been handed on, and answers
    /// how many bytes more have been; `nil`, and nothing has changed, where it is not so.
    mutating func acknowledgeInOrder(_ number: UInt32) -> Int64? {
        let offset = offset(of: number)
        guard isInOrder, offset <= next else { return nil }
        acknowledged = max(acknowledged, offset)
        return next - offset
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
        origin = start
    }

    mutating func acknowledge(upTo offset: Int64, window: Int64) {
        guard offset > acknowledged, offset <= max(next, highest) + window else { return }
        acknowledged = offset
    }

    /// Sets where the stream ends; the first FIN counts. It is not handed on before `waitsFor` bytes of the other side.
    mutating func finish(at offset: Int64, after waitsFor: Int64) {
        guard finish == nil, offset >= next else { return }
        finish = offset
        finishWaitsFor = waitsFor
        highest = max(highest, offset)
    }

    /// Takes the payload of one segment, of which the sender had received the other side's bytes before `waitsFor`.
    ///
    /// What cannot be handed on at once is held for ``release(as:upTo:_:into:)``.
    ///
    /// - Parameter reached: How far the other side has been handed on.
    mutating func receive(
        _ payload: Span<UInt8>,
        at start: Int64,
        uncaptured: Int,
        waitsFor: Int64,
        reached: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        jump = SequenceJump()
        let room = finish.map { max(0, $0 - start) } ?? .max
        let bytes = payload.extracting(first: Int(min(room, Int64(payload.count))))
        context.counts.afterClose &+= UInt64(payload.count - bytes.count)
        let end = start + Int64(bytes.count)
        highest = max(highest, min(end + Int64(uncaptured), finish ?? .max))
        if start > next {
            hold(bytes, at: start, waitsFor: waitsFor, as: direction, &context, into: &sink)
        } else if waitsFor > reached || held.firstStart == next {
            let known = Int(min(next - start, Int64(bytes.count)))
            countKnown(from: start, to: start + Int64(known), &context)
            hold(
                bytes.extracting(known...),
                at: next,
                waitsFor: waitsFor,
                as: direction,
                &context,
                into: &sink
            )
        } else {
            pass(bytes, from: start, waitsFor: waitsFor, as: direction, &context, into: &sink)
            if uncaptured > 0, room > Int64(bytes.count) {
                skip(to: min(end + Int64(uncaptured), finish ?? .max), as: direction, &context, into: &sink)
            }
        }
    }

    /// Hands on the payload of a segment with which the side ``goesOn(at:)``.
    mutating func receiveNext(
        _ payload: Span<UInt8>,
        unread: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        highest = max(highest, next + Int64(payload.count))
        deliver(payload, unread: unread, as: direction, &context, into: &sink)
    }

    /// Whether a segment that is out of place shows that the sender has gone on elsewhere; from there it is followed.
    ///
    /// - Parameter start: Where the segment stands by the numbers known so far.
    mutating func follows(_ segment: TCPSegment, count: Int, limit: Int) -> Bool {
        guard jump.isConfirmed(by: segment.sequence, count: count, limit: limit) else { return false }
        jump = SequenceJump()
        return true
    }

    /// Gives up what is held and everything up to the place where a sender that jumped goes on.
    mutating func resynchronise(
        at sequence: UInt32,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        context.counts.resynchronised &+= 1
        while held.firstStart != nil { releaseFirst(as: direction, &context, into: &sink) }
        let distance = Int64(Int32(bitPattern: sequence &- (base &+ UInt32(truncatingIfNeeded: next))))
        // How much is missing where the sender went back nobody knows; that something is counts as one byte.
        declareGap(to: next + max(1, distance), as: direction, &context, into: &sink)
        base = sequence &- UInt32(truncatingIfNeeded: next)
        (highest, acknowledged, overdue, patience) = (next, next, .min, Patience())
        finish = nil
    }

    /// Hands on what of a segment is new; it starts at or before the expected byte.
    private mutating func pass(
        _ bytes: Span<UInt8>,
        from start: Int64,
        waitsFor: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        let end = start + Int64(bytes.count)
        if start < next { countKnown(from: start, to: min(next, end), &context) }
        while next < end {
            guard let first = held.firstStart, first < end, let piece = held.first else {
                let rest = bytes.extracting(Int(next - start)...)
                deliver(rest, unread: context.unread(since: waitsFor), as: direction, &context, into: &sink)
                break
            }
            if next < first {
                let part = bytes.extracting(Int(next - start)..<Int(first - start))
                deliver(part, unread: context.unread(since: waitsFor), as: direction, &context, into: &sink)
            }
            let overlap = bytes.extracting(Int(next - start)..<Int(min(piece.end, end) - start))
            let differing = piece.differing(from: overlap, at: next)
            context.counts.conflicting &+= UInt64(differing)
            context.counts.duplicate &+= UInt64(overlap.count - differing)
            releaseFirst(as: direction, &context, into: &sink)
        }
    }

    /// Counts bytes of a segment that stand before the expected one: what they are a further copy of, or too late for.
    private func countKnown(from start: Int64, to end: Int64, _ context: inout Reassembly) {
        let early = max(0, min(end, origin) - start)
        if sawSYN {
            context.counts.outsideWindow &+= UInt64(early)
        } else {
            context.counts.beforeJoin &+= UInt64(early)
        }
        // A gap may reach back before the first byte, and each byte counts once.
        let late = max(0, min(end, lastGap.upperBound) - max(start, origin, lastGap.lowerBound))
        context.counts.late &+= UInt64(late)
        context.counts.duplicate &+= UInt64(end - start - early - late)
    }

    private mutating func hold(
        _ bytes: Span<UInt8>,
        at start: Int64,
        waitsFor: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        let insertion = held.insert(bytes, at: start, waitsFor: waitsFor, time: context.time)
        context.counts.held &+= UInt64(insertion.stored)
        context.counts.duplicate &+= UInt64(insertion.duplicate)
        context.counts.conflicting &+= UInt64(insertion.conflicting)
        while let first = held.firstStart, context.isOverLimit(held) {
            if first > next { context.counts.gapsByLimit &+= 1 }
            releaseFirst(as: direction, &context, into: &sink)
        }
    }

    /// Hands on the first held piece, after a gap where it does not start at the expected byte.
    mutating func releaseFirst(
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        guard let piece = held.first else { return }
        declareGap(to: piece.start, as: direction, &context, into: &sink)
        held.removeFirst()
        context.counts.held &-= UInt64(piece.bytes.count)
        let now = context.time
        context.time = max(piece.time, context.floor)
        let unread = context.unread(since: piece.waitsFor)
        deliver(piece.bytes.span, unread: unread, as: direction, &context, into: &sink)
        context.time = now
    }

    private mutating func deliver(
        _ bytes: Span<UInt8>,
        unread: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        guard bytes.count > 0 else { return }
        next += Int64(bytes.count)
        hasDelivered = true
        context.floor = max(context.floor, context.time)
        context.counts.delivered &+= UInt64(bytes.count)
        if unread > 0 { sink.crosses(direction.connection, direction.side, unread: unread) }
        sink.receive(.data(direction.connection, direction.side), bytes: bytes, at: context.time)
    }

    mutating func declareGap(
        to end: Int64,
        as direction: Direction,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        let count = end - next
        guard count > 0 else { return }
        if lastGap.upperBound == next, !lastGap.isEmpty {
            lastGap = lastGap.lowerBound..<end
        } else {
            lastGap = next..<end
            context.counts.gaps &+= 1
        }
        next = end
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
            if let first = held.firstStart, first <= end {
                releaseFirst(as: direction, &context, into: &sink)
            } else {
                declareGap(to: end, as: direction, &context, into: &sink)
            }
        }
    }
}
