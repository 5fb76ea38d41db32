import Messages
import Streams

/// What was counted of the connections of one server.
struct EndpointCounts: Sendable {
    var messages = RecordingCounts()
    private var connections = ConnectionLedger()
    private var streams = ConnectionCounts()
    private var parsed = ByteCounts()
    private var notHTTP: UInt64 = 0
    private var otherPort: UInt64 = 0
    private var beforeJoin: UInt64 = 0
    private var unanswered: UInt64 = 0
    /// Taken in by the parsers or held before them, and in no bucket yet.
    private var pending: UInt64 = 0

    /// Adds what is known of a connection besides its messages, which are counted as they come.
    mutating func add(
        _ tally: ConnectionTally,
        _ counts: ConnectionCounts,
        _ standing: ConnectionStanding,
        isOver: Bool
    ) {
        add(counts)
        if tally.phase == .otherPort {
            otherPort &+= tally.unreadBytes
        } else {
            notHTTP &+= tally.unreadBytes
        }
        beforeJoin &+= tally.passedOver
        pending &+= tally.pending
        connections.opened &+= 1
        if !standing.sawHandshake { connections.joined &+= 1 }
        if counts.isEvicted { connections.evicted &+= 1 }
        connections.resynchronised &+= counts.resynchronised
        if isOver {
            count(tally, isRecorded: standing.isRecorded)
        } else {
            connections.open &+= 1
        }
        guard tally.isParsed else { return }
        parsed += tally.parsed
        pending &+= standing.pending
        unanswered &+= tally.unanswered
    }

    /// Adds a segment of a connection that was added before.
    mutating func add(_ late: LateSegment) {
        streams.packets &+= late.packets
        streams.received &+= UInt64(late.bytes)
        if late.isReset {
            streams.resetPayload &+= UInt64(late.bytes)
        } else {
            streams.afterClose &+= UInt64(late.bytes)
        }
    }

    private mutating func add(_ counts: ConnectionCounts) {
        streams.packets &+= counts.packets
        streams.received &+= counts.received
        streams.duplicate &+= counts.duplicate
        streams.conflicting &+= counts.conflicting
        streams.outsideWindow &+= counts.outsideWindow
        streams.beforeJoin &+= counts.beforeJoin
        streams.late &+= counts.late
        streams.afterClose &+= counts.afterClose
        streams.resetPayload &+= counts.resetPayload
        streams.held &+= counts.held
        streams.missing &+= counts.missing
    }

    /// Counts a connection without a message of which no summary was written.
    mutating func countUntold() { connections.untold &+= 1 }

    private mutating func count(_ tally: ConnectionTally, isRecorded: Bool) {
        switch tally.phase {
        case .http where isRecorded: connections.recorded &+= 1
        case .http: connections.withoutMessages &+= 1
        case .foreign: connections.notHTTP &+= 1
        case .otherPort: connections.otherPort &+= 1
        case .unrecognised where tally.isRejected: connections.notHTTP &+= 1
        case .unrecognised: connections.unrecognised &+= 1
        }
    }
}

extension EndpointCounts {
    /// The ledger of this server alone.
    var ledger: Ledger {
        var ledger = Ledger()
        ledger.packets.seen = streams.packets
        ledger.packets.delivered = streams.packets
        ledger.packets.followed = streams.packets
        ledger.bytes.received = streams.received
        ledger.bytes.duplicate = streams.duplicate
        ledger.bytes.conflicting = streams.conflicting
        ledger.bytes.outsideWindow = streams.outsideWindow
        ledger.bytes.beforeJoin = streams.beforeJoin
        ledger.bytes.late = streams.late
        ledger.bytes.afterClose = streams.afterClose
        ledger.bytes.resetPayload = streams.resetPayload
        ledger.bytes.missing = streams.missing
        ledger.bytes.pending = streams.held
        ledger.connections.opened = connections.opened
        ledger.connections.joined = connections.joined
        ledger.connections.evicted = connections.evicted
        ledger.connections.resynchronised = connections.resynchronised
        ledger.requests.begun = messages.requests.begun
        ledger.responses.begun = messages.responses.begun
        ledger.events.begun = messages.events.begun
        ledger.add(self)
        return ledger
    }
}

extension Ledger {
    /// Adds what was read of the streams of one server. What the reassembly counts is not here, and neither are the
    /// totals, which are counted elsewhere.
    mutating func add(_ counts: EndpointCounts) {
        counts.addBytes(to: &bytes)
        requests.addBuckets(of: counts.messages.requests)
        responses.addBuckets(of: counts.messages.responses)
        events.addBuckets(of: counts.messages.events)
        add(counts.messages.webSocket)
        connections.upgradedWebSocket &+= counts.messages.upgrades.webSocket
        connections.upgradedTunnel &+= counts.messages.upgrades.tunnel
        connections.upgradedOther &+= counts.messages.upgrades.other
        counts.addConnections(to: &connections)
        requests.unmatched &+= counts.unansweredRequests
    }
}

extension EndpointCounts {
    fileprivate var unansweredRequests: UInt64 { unanswered }

    fileprivate func addBytes(to bytes: inout ByteLedger) {
        bytes.heads &+= messages.storedHeads
        bytes.bodies &+= messages.storedBodies
        bytes.filtered &+= messages.filtered
        bytes.outOfMemory &+= messages.outOfMemory
        bytes.diskFull &+= messages.diskFull
        bytes.truncated &+= parsed.bodies &- messages.seenBodies
        bytes.framing &+= parsed.framing
        bytes.upgraded &+= parsed.upgraded &- messages.webSocket.received
        bytes.unparsable &+= parsed.unparsable
        bytes.oversize &+= parsed.oversize
        bytes.beforeJoin &+= parsed.beforeJoin &+ beforeJoin
        bytes.aborted &+= parsed.aborted
        bytes.notHTTP &+= notHTTP
        bytes.otherPort &+= otherPort
        bytes.pending &+= messages.open &+ pending
    }

    fileprivate func addConnections(to connections: inout ConnectionLedger) {
        connections.recorded &+= self.connections.recorded
        connections.withoutMessages &+= self.connections.withoutMessages
        connections.notHTTP &+= self.connections.notHTTP
        connections.otherPort &+= self.connections.otherPort
        connections.unrecognised &+= self.connections.unrecognised
        connections.open &+= self.connections.open
        connections.untold &+= self.connections.untold
    }
}

extension MessageLedger {
    /// Adds everything but the total.
    fileprivate mutating func addBuckets(of other: MessageLedger) {
        stored &+= other.stored
        filtered &+= other.filtered
        diskFull &+= other.diskFull
        abandoned &+= other.abandoned
        open &+= other.open
        interim &+= other.interim
        truncated &+= other.truncated
        incomplete &+= other.incomplete
        gap &+= other.gap
        unmatched &+= other.unmatched
    }
}
