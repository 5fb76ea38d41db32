import Messages
import Packets
import Streams

extension PacketLedger {
    mutating func count(_ reason: IgnoredPacket, _ count: UInt64) {
        switch reason {
        case .notTCP: notTCP &+= count
        case .fragment: fragment &+= count
        case .badLength: badLength &+= count
        case .badChecksum: badChecksum &+= count
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
        bytes.late &+= streams.late
        bytes.outsideWindow &+= streams.outsideWindow
        bytes.beforeJoin &+= streams.beforeJoin
        bytes.afterClose &+= streams.afterClose
        bytes.resetPayload &+= streams.resetPayload
        bytes.pending &+= streams.held
        bytes.missing &+= streams.missing
        connections.opened &+= streams.connections
        connections.joined &+= streams.joined
        connections.evicted &+= streams.evicted
        connections.resynchronised &+= streams.resynchronised
    }
}

extension Ledger {
    /// Adds what was read of the streams of all servers.
    mutating func add(_ endpoints: EndpointTable) {
        for row in endpoints.rows { add(row) }
    }
}

extension StreamRecorder {
    /// What was counted of each server so far, open connections included. O(open connections).
    func endpoints(_ reassembler: borrowing Reassembler) -> EndpointTable {
        var endpoints = messages.endpoints
        let slots = slots.span
        let connections = messages.connections.span
        reassembler.forEachOpen { id, counts in
            guard let index = indices[id] else { return }
            let tally = slots[index].tally(isOver: false)
            let standing = connections[index].standing
            let row = endpoints.row(of: standing, isHTTP: tally.phase == .http)
            endpoints.rows[row].add(tally, counts, standing, isOver: false)
        }
        return endpoints
    }
}
