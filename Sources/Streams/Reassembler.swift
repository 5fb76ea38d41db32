package import Packets

/// Puts the two byte streams of every TCP connection together again from segments in the order of capture.
///
/// Data that arrives in order is handed on as it stands in the packet; only what comes too early is copied. The first
/// copy of a byte counts. A byte that the other side has confirmed and that was not seen within the tolerance of
/// ``ReassemblyLimits`` is a gap, and so is what stands before held bytes when one of their limits is hit. Bytes that
/// answer others, because they confirm them, are not handed on before those. Time is that of the packets.
package struct Reassembler: Sendable {
    package let limits: ReassemblyLimits
    var table = ConnectionTable()
    var context: Reassembly
    private var clock = PacketTime.distantPast

    package init(limits: ReassemblyLimits = .standard) {
        self.limits = limits
        context = Reassembly(limits: limits)
    }

    package var counts: StreamCounts { context.counts }

    /// Connections in the table, those just closed included.
    package var connectionCount: Int { table.count }

    /// Whether a connection between these ends is open, or was a moment ago.
    package func knows(_ flow: FlowKey) -> Bool { table.knows(flow) }

    /// Takes one segment; `payload` is what was captured of its payload, `packets` how many packets brought it.
    package mutating func receive(
        _ segment: TCPSegment,
        payload: Span<UInt8>,
        packets: UInt64 = 1,
        at time: PacketTime,
        into sink: inout some StreamSink & ~Copyable
    ) {
        clock = max(clock, time)
        expire(before: clock.advanced(by: -limits.idle), into: &sink)
        forget(before: clock.advanced(by: -limits.linger))
        context.time = time
        context.counts.segments &+= 1
        context.counts.received &+= UInt64(payload.count)
        let flow = segment.flow
        guard
            let index = connection(
                for: segment,
                flow.key,
                flow.isFromLower,
                count: payload.count,
                into: &sink
            )
        else {
            context.counts.strayPackets &+= packets
            context.counts.strayBytes &+= UInt64(payload.count)
            return
        }
        let side = table.slots[index].side(isFromLower: flow.isFromLower)
        if table.slots[index].isClosed {
            let late = LateSegment(
                client: table.slots[index].client,
                server: table.slots[index].server,
                packets: packets,
                bytes: payload.count,
                isReset: segment.flags.contains(.reset)
            )
            sink.receive(late: late)
            if segment.flags.contains(.reset) {
                context.counts.resetPayload &+= UInt64(payload.count)
            } else {
                context.counts.afterClose &+= UInt64(payload.count)
            }
            return
        }
        table.touch(index, at: time)
        table.slots[index].counts.packets &+= packets
        table.slots[index].counts.received &+= UInt64(payload.count)
        if segment.flags.contains(.reset) {
            context.counts.resetPayload &+= UInt64(payload.count)
            table.slots[index].counts.resetPayload &+= UInt64(payload.count)
            if table.slots[index].isPlausible(segment, from: side) {
                table.slots[index].close(.reset, &context, into: &sink)
            } else {
                context.counts.implausibleResets &+= 1
            }
        } else {
            table.slots[index].receive(segment, payload: payload, from: side, &context, into: &sink)
        }
        if table.slots[index].isClosed { table.retire(index) }
    }

    /// Closes the connections of which the last packet came before `time`.
    package mutating func expire(before time: PacketTime, into sink: inout some StreamSink & ~Copyable) {
        while let index = table.oldestOpen, table.slots[index].lastSeen < time { expire(index, into: &sink) }
    }

    /// Closes every connection: the capture is over.
    package mutating func finish(at time: PacketTime, into sink: inout some StreamSink & ~Copyable) {
        context.time = max(clock, time)
        while let index = table.oldestOpen {
            table.slots[index].close(.endOfCapture, &context, into: &sink)
            table.remove(index)
        }
        while let index = table.oldestRetired { table.remove(index) }
    }

    /// What became of the bytes of each connection that is not over, in no order. O(connections).
    package func forEachOpen(_ body: (ConnectionID, ConnectionCounts) -> Void) {
        var next = table.oldestOpen
        while let index = next {
            body(table.slots[index].id, table.slots[index].countsSoFar)
            next = table.slots[index].newer >= 0 ? table.slots[index].newer : nil
        }
    }

    /// Makes room in a full table.
    mutating func evict(into sink: inout some StreamSink & ~Copyable) {
        while table.count >= max(1, limits.connections) {
            if let index = table.oldestRetired {
                table.remove(index)
            } else if let index = table.oldestOpen {
                context.counts.evicted &+= 1
                table.slots[index].counts.isEvicted = true
                expire(index, into: &sink)
            }
        }
    }

    private mutating func forget(before time: PacketTime) {
        while let index = table.oldestRetired, table.slots[index].lastSeen < time { table.remove(index) }
    }

    private mutating func expire(_ index: Int, into sink: inout some StreamSink & ~Copyable) {
        let now = context.time
        context.time = max(now, table.slots[index].lastSeen)
        table.slots[index].close(.expired, &context, into: &sink)
        context.time = now
        table.remove(index)
    }
}
