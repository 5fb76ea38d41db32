import Messages
import Packets
import Streams

extension PacketLedger {
    mutating func count(_ reason: IgnoredPacket, _ count: UInt64) {
        switch reason {
        case .notTCP: notTCP &+= count
        case .fragment: fragment &+= count
        case .badLength: badLength &+= count
        case .cutHeader: cutHeader &+= count
        case .unknownLink: unknownLink &+= count
        case .tooManyLayers: tooManyLayers &+= count
        }
    }
}

extension Ledger {
    mutating func add(_ streams: StreamCounts) {
        bytes.duplicate &+= streams.duplicate
        bytes.conflicting &+= streams.conflicting
        bytes.outsideWindow &+= streams.outsideWindow
        bytes.afterClose &+= streams.afterClose
        bytes.resetPayload &+= streams.resetPayload
        bytes.pending &+= streams.held
        bytes.missing &+= streams.missing
        connections.opened &+= streams.connections
        connections.joined &+= streams.joined
        connections.evicted &+= streams.evicted
    }
}

extension StreamRecorder where Output: ~Copyable {
    /// Adds what has been read of the streams; with that a ledger is complete.
    func add(to ledger: inout Ledger) {
        let counts = messages.counts
        var parsed = closedBytes
        var pending = counts.open
        for index in indices.values {
            pending &+= UInt64(slots[index].prefixBytes)
            guard let conversation = slots[index].conversation else { continue }
            parsed += conversation.counts(of: .request) + conversation.counts(of: .response)
            pending &+= conversation.pendingBytes
        }
        ledger.bytes.heads &+= counts.storedHeads
        ledger.bytes.bodies &+= counts.storedBodies
        ledger.bytes.filtered &+= counts.filtered
        ledger.bytes.outOfMemory &+= counts.outOfMemory
        ledger.bytes.truncated &+= parsed.bodies &- counts.seenBodies
        ledger.bytes.framing &+= parsed.framing
        ledger.bytes.upgraded &+= parsed.upgraded
        ledger.bytes.unparsable &+= parsed.unparsable
        ledger.bytes.oversize &+= parsed.oversize
        ledger.bytes.beforeJoin &+= parsed.beforeJoin &+ beforeJoinBytes
        ledger.bytes.notHTTP &+= notHTTPBytes
        ledger.bytes.pending &+= pending
        ledger.requests = counts.requests
        ledger.responses = counts.responses
        ledger.requests.unmatched = unanswered
        ledger.connections.recorded &+= closed.recorded
        ledger.connections.withoutMessages &+= closed.withoutMessages
        ledger.connections.notHTTP &+= closed.notHTTP
        ledger.connections.unrecognised &+= closed.unrecognised
        ledger.connections.open &+= UInt64(indices.count)
    }
}
