import Messages
import Packets
import Streams
import Traces

/// Takes the streams of all connections, finds those that are HTTP, and reads their messages.
struct StreamRecorder: ~Copyable {
    var messages: MessageRecorder
    var slots: [ConnectionSlot] = []
    var indices: [ConnectionID: Int] = [:]
    private var free: [Int] = []
    /// For the summaries of connections without a message.
    var allowance: SummaryAllowance
    /// The slots of connections by the last bits of their number, the one asked for last of each; -1 where none is. It
    /// grows with the slots; its length is a power of two.
    private var recent = [Int32](repeating: -1, count: 256)
    private static let recentLimit = 1 << 16
    /// What the sender of the next data had not received yet of what was handed over.
    private var unread: UInt64 = 0

    init(messages: consuming MessageRecorder) {
        allowance = SummaryAllowance(perSecond: messages.options.limits.summaries)
        self.messages = messages
    }
}

extension StreamRecorder {
    /// Writes what can go of all messages that have been open for long; O(slots of connections).
    mutating func deliverOpenMessages(at time: PacketTime) {
        for index in slots.indices where slots[index].conversation != nil {
            messages.current = index
            messages.now = time
            messages.deliverOpenMessages()
        }
    }
}

extension StreamRecorder: StreamSink {
    mutating func opened(_ opening: ConnectionOpening, at time: PacketTime) {
        var slot = ConnectionSlot(id: opening.connection, isJoined: !opening.sawHandshake)
        // Where the handshake was not seen, only the content tells which end is the server.
        if opening.sawHandshake, leavesOut(opening.server) { slot.phase = .otherPort }
        let state = ConnectionMessages(opening: opening, at: time)
        let index: Int
        if let reused = free.popLast() {
            index = reused
            slots[index] = slot
            messages.connections[index] = state
        } else {
            index = slots.count
            slots.append(slot)
            messages.connections.append(state)
            if index >= recent.count, index < Self.recentLimit {
                recent = [Int32](repeating: -1, count: recent.count &* 4)
            }
        }
        indices[opening.connection] = index
        recent[recentPlace(of: opening.connection)] = Int32(truncatingIfNeeded: index)
    }

    mutating func receive(_ event: StreamEvent, bytes: Span<UInt8>, at time: PacketTime) {
        switch event {
        case .data(let id, let side):
            guard let index = select(id, at: time) else { return }
            data(bytes, from: side, index)
        case .gap(let id, let side, let count):
            guard let index = select(id, at: time) else { return }
            gap(UInt64(max(0, count)), from: side, index)
        case .finished(let id, let side):
            guard let index = select(id, at: time) else { return }
            finish(side, .closed, index)
        case .setAside(let id, let side, let count, let reason):
            guard let index = select(id, at: time) else { return }
            let subject: NoteSubject = reason == .conflicting ? .conflicting : .outsideWindow
            messages.note(subject, of: slots[index].kind(of: side), amount: UInt64(max(0, count)))
        case .closed(let id, let reason):
            guard let index = select(id, at: time) else { return }
            close(reason, index)
        }
    }

    mutating func crosses(_ connection: ConnectionID, _ side: Side, unread: Int64) {
        self.unread = UInt64(max(0, unread))
    }

    mutating func settled(_ connection: ConnectionID, _ counts: ConnectionCounts) {
        guard let index = indices[connection] else { return }
        slots[index].streams = counts
    }

    mutating func receive(late segment: LateSegment) {
        let row = messages.endpoints.row(late: segment.server, client: segment.client)
        messages.endpoints.rows[row].add(segment)
    }

    private mutating func select(_ id: ConnectionID, at time: PacketTime) -> Int? {
        let place = recentPlace(of: id)
        var index = Int(recent[place])
        if index < 0 || slots[index].id != id {
            guard let found = indices[id] else { return nil }
            index = found
            recent[place] = Int32(truncatingIfNeeded: found)
        }
        messages.current = index
        messages.now = time
        return index
    }

    /// Whether only servers on other ports were asked for.
    func leavesOut(_ server: Endpoint) -> Bool {
        let ports = messages.options.ports
        return !ports.isEmpty && !ports.contains(server.port)
    }

    private func recentPlace(of id: ConnectionID) -> Int {
        Int(truncatingIfNeeded: id.rawValue) & (recent.count &- 1)
    }

    private mutating func data(_ bytes: Span<UInt8>, from side: Side, _ index: Int) {
        let kind = slots[index].kind(of: side)
        messages.connections[index].notes.offsets[Int(kind.rawValue)] &+= UInt64(bytes.count)
        switch slots[index].phase {
        case .http:
            slots[index].conversation?.receive(segment: bytes, from: kind, unread: unread, into: &messages)
        case .foreign, .otherPort: slots[index].unreadBytes &+= UInt64(bytes.count)
        case .unrecognised: sniff(bytes, from: side, index)
        }
        unread = 0
    }

    private mutating func gap(_ count: UInt64, from side: Side, _ index: Int) {
        let kind = slots[index].kind(of: side)
        messages.note(.gap, of: kind, amount: count)
        messages.connections[index].notes.offsets[Int(kind.rawValue)] &+= count
        switch slots[index].phase {
        case .http:
            let hasLeftHTTP = slots[index].conversation?.hasLeftHTTP(kind) ?? false
            slots[index].conversation?.gap(count, from: kind, into: &messages)
            if hasLeftHTTP { messages.gapInUpgraded(count, from: kind) }
        case .foreign, .otherPort: break
        case .unrecognised:
            passOver(slots[index].prefixes[Int(side.rawValue)].count, index)
            dropPrefix(of: side, index)
            slots[index].isJoined = true
            slots[index].hasGap[Int(side.rawValue)] = true
        }
    }

    private mutating func finish(_ side: Side, _ end: DirectionEnd, _ index: Int) {
        guard slots[index].phase == .http else { return }
        messages.isFinishing = true
        let kind = slots[index].kind(of: side)
        slots[index].conversation?.finish(kind, end, into: &messages)
        messages.finishUpgraded(kind)
        messages.isFinishing = false
    }

    private mutating func close(_ reason: CloseReason, _ index: Int) {
        let end: DirectionEnd =
            switch reason {
            case .fin: .closed
            case .reset: .reset
            case .expired, .endOfCapture, .reused: .cut
            }
        // Requests first: a request that is over can still be answered by what ends now.
        let client: Side = slots[index].isSwapped ? .server : .client
        finish(client, end, index)
        finish(client.other, end, index)
        messages.leaveOutUndecided()
        for kind in [MessageKind.request, .response] { messages.endSkipping(of: kind) }
        messages.close(reason)
        let row = settle(index)
        summarise(index, reason, row: row)
        indices[slots[index].id] = nil
        slots[index].conversation = nil
        messages.connections[index].webSocket = nil
        let place = recentPlace(of: slots[index].id)
        if Int(recent[place]) == index { recent[place] = -1 }
        free.append(index)
    }

    /// Moves the counts of a connection that is over to those of its server.
    private mutating func settle(_ index: Int) -> Int {
        for side in Side.allCases {
            slots[index].unreadBytes &+= UInt64(slots[index].prefixes[Int(side.rawValue)].count)
            dropPrefix(of: side, index)
        }
        let tally = slots[index].tally(isOver: true)
        let standing = messages.connections[index].standing
        let row = messages.endpoints.row(of: standing, isHTTP: tally.phase == .http)
        messages.endpoints.rows[row].add(tally, slots[index].streams, standing, isOver: true)
        return row
    }
}
