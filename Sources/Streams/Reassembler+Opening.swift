import Packets

extension Reassembler {
    /// The slot of the connection that a segment belongs to, opened where need be; `nil` when it belongs to none.
    mutating func connection(
        for segment: TCPSegment,
        _ key: FlowKey,
        _ isFromLower: Bool,
        count: Int,
        into sink: inout some StreamSink & ~Copyable
    ) -> Int? {
        if let index = table.index(of: key) {
            let side = table.slots[index].side(isFromLower: isFromLower)
            guard replaces(index, segment, from: side, count: count) else { return index }
            table.slots[index].close(.reused, &context, into: &sink)
            table.remove(index)
        }
        guard !segment.flags.contains(.reset) else {
            context.counts.resetPayload &+= UInt64(count)
            return nil
        }
        if segment.flags.contains(.syn) {
            let isAnswer = segment.flags.contains(.acknowledgement)
            return open(segment, key, clientIsLower: isFromLower != isAnswer, into: &sink)
        }
        guard count + segment.uncaptured > 0 else {
            context.counts.unconnected &+= 1
            return nil
        }
        let clientIsLower = limits.clientIsSource(of: segment) == isFromLower
        return open(segment, key, clientIsLower: clientIsLower, into: &sink)
    }

    /// Whether the segment begins another connection between the ends of the one at `index`.
    private mutating func replaces(_ index: Int, _ segment: TCPSegment, from side: Side, count: Int) -> Bool {
        let isClosed = table.slots[index].isClosed
        guard segment.flags.contains(.syn) else {
            // The port pair was taken again and the handshake was missed.
            guard isClosed, count > 0, !segment.flags.contains(.reset) else { return false }
            let half = table.slots[index][side]
            let start = half.offset(of: segment.sequence)
            return !half.isAnchored || !half.isPlausible(start, count: count, window: limits.window)
        }
        let half = table.slots[index][side]
        if half.starts(after: segment.sequence) {
            table.slots[index][side].confirmAnchor()
            return false
        }
        if isClosed { return true }
        if !half.isAnchored {
            table.slots[index][side].anchor(at: segment.sequence &+ 1, bySYN: true)
            return false
        }
        // A second answer to the same SYN is a copy, a stray or a forgery: the first one counts.
        return !segment.flags.contains(.acknowledgement)
    }

    private mutating func open(
        _ segment: TCPSegment,
        _ key: FlowKey,
        clientIsLower: Bool,
        into sink: inout some StreamSink & ~Copyable
    ) -> Int {
        evict(into: &sink)
        let sawHandshake = segment.flags.contains(.syn)
        let id = ConnectionID(rawValue: context.counts.connections)
        context.counts.connections &+= 1
        if !sawHandshake { context.counts.joined &+= 1 }
        var connection = StreamConnection(
            id: id,
            key: key,
            clientIsLower: clientIsLower,
            at: context.time
        )
        if sawHandshake {
            let side: Side = segment.flags.contains(.acknowledgement) ? .server : .client
            connection[side].anchor(at: segment.sequence &+ 1, bySYN: true)
        }
        let opening = ConnectionOpening(
            connection: id,
            client: connection.client,
            server: connection.server,
            sawHandshake: sawHandshake
        )
        let index = table.insert(connection)
        sink.opened(opening, at: context.time)
        return index
    }
}

extension ReassemblyLimits {
    /// Whether the sender of a segment is taken for the client, where no handshake was seen.
    func clientIsSource(of segment: TCPSegment) -> Bool {
        let (source, destination) = (segment.source.port, segment.destination.port)
        let sourceIsServer = serverPorts.contains(source)
        if sourceIsServer != serverPorts.contains(destination) { return !sourceIsServer }
        return source >= destination
    }
}
