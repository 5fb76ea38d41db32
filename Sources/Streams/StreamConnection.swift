import Bytes
import Packets

/// A connection in the table: its two half-streams, or what is remembered of them after its end.
struct StreamConnection: Sendable {
    var id: ConnectionID
    var key: FlowKey
    /// Whether the client is the lower end of the key.
    var clientIsLower: Bool
    /// Over; kept so that late copies of its segments do not look like a new connection.
    var isClosed = false
    /// Among the connections that are only remembered.
    var isRetired = false
    var lastSeen: PacketTime
    /// What became of its packets and bytes.
    var counts = ConnectionCounts()
    /// The latest time of what has been handed on: in one connection time does not go back.
    private var latest = PacketTime.distantPast
    /// Neighbours in the table's order; -1 at the ends.
    var older = -1
    var newer = -1
    private var halves: [2 of HalfStream] = [HalfStream(), HalfStream()]

    init(id: ConnectionID, key: FlowKey, clientIsLower: Bool, at time: PacketTime) {
        self.id = id
        self.key = key
        self.clientIsLower = clientIsLower
        lastSeen = time
    }

    subscript(side: Side) -> HalfStream {
        _read { yield halves[Int(side.rawValue)] }
        _modify { yield &halves[Int(side.rawValue)] }
    }

    var client: Endpoint { clientIsLower ? key.lower : key.upper }
    var server: Endpoint { clientIsLower ? key.upper : key.lower }

    func side(isFromLower: Bool) -> Side { isFromLower == clientIsLower ? .client : .server }

    func direction(_ side: Side) -> Direction { Direction(connection: id, side: side) }

    /// Takes a segment of an open connection; its SYN, if it has one, is settled already.
    mutating func receive(
        _ segment: TCPSegment,
        payload: Span<UInt8>,
        from side: Side,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        enter(&context)
        let before = context.counts
        let sequence = segment.flags.contains(.syn) ? segment.sequence &+ 1 : segment.sequence
        if !self[side].isAnchored { self[side].anchor(at: sequence, bySYN: false) }
        let start = self[side].offset(of: sequence)
        let count = payload.count + segment.uncaptured
        guard self[side].isPlausible(start, count: count, window: context.limits.window) else {
            context.counts.outsideWindow &+= UInt64(payload.count)
            account(since: before, from: side, &context, into: &sink)
            return
        }
        self[side].joinEarlier(at: start, count: count)
        if segment.flags.contains(.acknowledgement) {
            acknowledge(segment.acknowledgement, by: side, window: context.limits.window)
        }
        if segment.flags.contains(.fin) { self[side].finish(at: start + Int64(count)) }
        let uncaptured = segment.uncaptured
        settleOrder(&context, into: &sink)
        self[side].receive(
            payload,
            at: start,
            uncaptured: uncaptured,
            as: direction(side),
            &context,
            into: &sink
        )
        settleOrder(&context, into: &sink)
        self[side].resume(as: direction(side), &context, into: &sink)
        for side in Side.allCases { self[side].settleHole(as: direction(side), &context, into: &sink) }
        settleOrder(&context, into: &sink)
        latest = context.floor
        account(since: before, from: side, &context, into: &sink)
        if isOver { close(.fin, &context, into: &sink) }
    }

    private func enter(_ context: inout Reassembly) {
        context.floor = latest
        context.time = max(context.time, latest)
    }

    /// Lets each side wait for the bytes of the other that it has confirmed: they were sent before.
    private mutating func settleOrder(
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        for side in Side.allCases {
            let mustWait = self[side.other].lacksConfirmedBytes
            self[side].wait(mustWait, as: direction(side), &context, into: &sink)
        }
    }

    private mutating func acknowledge(_ number: UInt32, by side: Side, window: Int64) {
        if self[side.other].isAnchored {
            let offset = self[side.other].offset(of: number)
            self[side.other].acknowledge(upTo: offset, window: window)
        } else {
            self[side.other].anchor(at: number, bySYN: false)
        }
    }

    /// Both sides have finished; where bytes are missing, both must have confirmed the other's end.
    private var isOver: Bool {
        let client = self[.client]
        let server = self[.server]
        if client.isFinished && server.isFinished { return true }
        return client.isFinishAcknowledged && server.isFinishAcknowledged
    }

    /// Whether a reset from `side` can be believed.
    func isPlausible(_ reset: TCPSegment, from side: Side) -> Bool {
        if self[side].isAnchored { return self[side].couldReset(at: self[side].offset(of: reset.sequence)) }
        // A refusal: the sender has no stream yet and confirms the other's SYN.
        guard reset.flags.contains(.acknowledgement), self[side.other].isAnchored else { return false }
        return self[side.other].couldReset(at: self[side.other].offset(of: reset.acknowledgement))
    }

    /// Hands on what is held and ends the connection.
    mutating func close(
        _ reason: CloseReason,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        guard !isClosed else { return }
        isClosed = true
        enter(&context)
        let before = context.counts
        let first: Side = self[.client].isWaiting ? .server : .client
        self[first].flush(as: direction(first), &context, into: &sink)
        self[first.other].flush(as: direction(first.other), &context, into: &sink)
        counts.add(context.counts, since: before)
        sink.settled(id, counts)
        sink.receive(.closed(id, reason), bytes: Span(), at: context.time)
    }
}

extension StreamConnection {
    /// The counts so far, with what is held.
    var countsSoFar: ConnectionCounts {
        var counts = counts
        counts.held = UInt64(halves[0].held.byteCount + halves[1].held.byteCount)
        return counts
    }

    /// Adds what the segment at hand has changed, and tells what is unusual in it.
    private mutating func account(
        since before: StreamCounts,
        from side: Side,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        // Nearly every segment is handed on whole, and changes none of the rest.
        guard context.counts.setAside != before.setAside || context.counts.missing != before.missing else {
            return
        }
        counts.add(context.counts, since: before)
        let conflicting = Int64(context.counts.conflicting &- before.conflicting)
        if conflicting > 0 {
            let event = StreamEvent.setAside(id, side, count: conflicting, .conflicting)
            sink.receive(event, bytes: Span(), at: context.time)
        }
        let outside = Int64(context.counts.outsideWindow &- before.outsideWindow)
        if outside > 0 {
            let event = StreamEvent.setAside(id, side, count: outside, .outsideWindow)
            sink.receive(event, bytes: Span(), at: context.time)
        }
    }
}
