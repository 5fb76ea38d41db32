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
        @inline(__always)
        _read { yield halves[Int(side.rawValue)] }
        @inline(__always)
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
        if receiveInOrder(segment, payload: payload, from: side, &context, into: &sink) { return }
        let before = SharedCounts(context.counts)
        let sequence = segment.flags.contains(.syn) ? segment.sequence &+ 1 : segment.sequence
        if !self[side].isAnchored { self[side].anchor(at: sequence, bySYN: false) }
        var start = self[side].offset(of: sequence)
        let count = payload.count + segment.uncaptured
        if !self[side].isPlausible(start, count: count, window: context.limits.window) {
            guard self[side].follows(segment, count: count, limit: context.limits.jumpSegments) else {
                context.counts.outsideWindow &+= UInt64(payload.count)
                account(since: before, from: side, &context, into: &sink)
                return
            }
            context.handedOn = self[side.other].next
            self[side].resynchronise(at: sequence, as: direction(side), &context, into: &sink)
            start = self[side].next
        }
        self[side].speak()
        self[side].joinEarlier(at: start, count: count)
        var waitsFor = Int64.min
        if segment.flags.contains(.acknowledgement) {
            waitsFor = acknowledge(segment.acknowledgement, by: side, window: context.limits.window)
        }
        if segment.flags.contains(.fin) { self[side].finish(at: start + Int64(count), after: waitsFor) }
        context.handedOn = self[side.other].next
        self[side].receive(
            payload,
            at: start,
            uncaptured: segment.uncaptured,
            waitsFor: waitsFor,
            reached: self[side.other].reached,
            as: direction(side),
            &context,
            into: &sink
        )
        if !(self[.client].isSettled && self[.server].isSettled) {
            for side in Side.allCases {
                self[side].losePatience(otherIsSilent: !self[side.other].hasSpoken, context)
            }
            settle(&context, into: &sink)
        }
        latest = context.floor
        account(since: before, from: side, &context, into: &sink)
        if isOver { close(.fin, &context, into: &sink) }
    }

    /// Takes a segment that comes in order while nothing is held or missing, as nearly all do; false, and nothing has
    /// changed, where it is another one.
    ///
    /// Whoever sent it had received no more of the other side than has been handed on, so nothing waits, and nothing
    /// is to be settled or told of it but its bytes.
    private mutating func receiveInOrder(
        _ segment: TCPSegment,
        payload: Span<UInt8>,
        from side: Side,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) -> Bool {
        guard segment.flags.isDisjoint(with: [.syn, .fin]), segment.flags.contains(.acknowledgement),
            segment.uncaptured == 0, self[side].goesOn(at: segment.sequence),
            let unread = self[side.other].acknowledgeInOrder(segment.acknowledgement)
        else { return false }
        self[side].receiveNext(payload, unread: unread, as: direction(side), &context, into: &sink)
        latest = context.floor
        return true
    }

    private func enter(_ context: inout Reassembly) {
        context.floor = latest
        context.time = max(context.time, latest)
    }

    /// Hands on what is held, each side as far as the other's bytes that it had received have been handed on, and
    /// gives up what is missing and overdue.
    ///
    /// So what comes out is in an order in which it can have been sent: a response never before its request, and a
    /// gap in one direction where it was between the messages of the other.
    private mutating func settle(
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        while true {
            var hasReleased = false
            for side in Side.allCases {
                let reached = self[side.other].reached
                context.handedOn = self[side.other].next
                if self[side].release(as: direction(side), upTo: reached, &context, into: &sink) {
                    hasReleased = true
                }
            }
            if hasReleased { continue }
            if giveUpHole(&context, into: &sink) { continue }
            guard let client = self[.client].waitsFor, let server = self[.server].waitsFor,
                client > self[.server].reached, server > self[.client].reached
            else { return }
            // Each waits for the other: a repetition came with the acknowledgement of later bytes. Requests come first,
            // and no more of them than the server had.
            self[.client].splitNext(at: server)
            _ = releaseInAnyCase(.client, &context, into: &sink)
        }
    }

    /// Hands on what is next of a side, whatever it waits for, and answers whether there was anything.
    private mutating func releaseInAnyCase(
        _ side: Side,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) -> Bool {
        context.handedOn = self[side.other].next
        return self[side].releaseInAnyCase(as: direction(side), &context, into: &sink)
    }

    /// Gives up one hole, first the one whose end lets bytes go; of two, the client's.
    private mutating func giveUpHole(
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) -> Bool {
        let client = self[.client].lostHole
        let server = self[.server].lostHole
        let side: Side
        switch (client, server) {
        case (nil, nil): return false
        case (.some, nil): side = .client
        case (nil, .some): side = .server
        case (.some(let client), .some(let server)):
            let isServerFree = server.waitsFor <= self[.client].reached
            side = client.waitsFor > self[.server].reached && isServerFree ? .server : .client
        }
        guard let hole = side == .client ? client : server else { return false }
        // Not past the place up to which the other side had received when it sent what is next of it: what is missing
        // after that was sent later.
        var end = hole.end
        if let waitsFor = self[side.other].waitsFor, waitsFor > self[side].next { end = min(end, waitsFor) }
        self[side].giveUp(to: end, as: direction(side), &context, into: &sink)
        return true
    }

    /// Notes an acknowledgement, and answers the offset of the other side that it confirms.
    private mutating func acknowledge(_ number: UInt32, by side: Side, window: Int64) -> Int64 {
        guard self[side.other].isAnchored else {
            self[side.other].anchor(at: number, bySYN: false)
            return 0
        }
        let offset = self[side.other].offset(of: number)
        self[side.other].acknowledge(upTo: offset, window: window)
        return min(offset, self[side.other].acknowledged)
    }

    /// Both sides have finished; where bytes are missing, both must have confirmed the other's end.
    private var isOver: Bool {
        if self[.client].isFinished && self[.server].isFinished { return true }
        return self[.client].isFinishAcknowledged && self[.server].isFinishAcknowledged
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
        let before = SharedCounts(context.counts)
        for side in Side.allCases { self[side].loseAllPatience() }
        repeat {
            settle(&context, into: &sink)
        } while releaseInAnyCase(.client, &context, into: &sink)
            || releaseInAnyCase(.server, &context, into: &sink)
        counts.add(SharedCounts(context.counts), since: before)
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
        since before: SharedCounts,
        from side: Side,
        _ context: inout Reassembly,
        into sink: inout some StreamSink & ~Copyable
    ) {
        // Nearly every segment is handed on whole, and changes none of the rest.
        let now = SharedCounts(context.counts)
        guard now != before else { return }
        counts.add(now, since: before)
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
