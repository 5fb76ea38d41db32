import Bytes
import Packets
import Streams

/// Segments of a few connections in any order and shape: every byte is in one bucket, and time never goes back.
///
/// The input is two start numbers and then seven bytes for each segment: flags, connection, a step of the sequence
/// number, the length of the payload, a step of the acknowledgement. Payload bytes follow from their place in the stream,
/// unless bit 7 of the flags makes them differ.
enum StreamsFuzz {
    static func run(_ input: Span<UInt8>) {
        var input = FuzzInput(input)
        var limits = ReassemblyLimits.standard
        limits.connections = 4
        limits.outOfOrderBytes = 4_096
        limits.outOfOrderPieces = 16
        limits.acknowledgedHolePackets = 8
        var reassembler = Reassembler(limits: limits)
        var log = StreamWatch()
        var next: [UInt32] = [input.word32(), input.word32()]
        var time: Int64 = 0
        var captured: UInt64 = 0
        while !input.isEmpty {
            let choice = input.byte()
            let place = input.byte()
            let step = Int16(bitPattern: input.word())
            let count = Int(input.byte())
            let acknowledged = Int16(bitPattern: input.word())
            let isClient = choice & 1 == 0
            let side = isClient ? 0 : 1
            let sequence = next[side] &+ UInt32(bitPattern: Int32(step))
            if choice & 0x40 == 0 { next[side] = sequence &+ UInt32(count) }
            var flags = TCPFlags(rawValue: (choice >> 1) & 0x07)
            if choice & 0x10 != 0 { flags.insert(.acknowledgement) }
            if choice & 0x20 != 0 { time += Int64(place) * 3_000_000_000 }
            time += 1_000_000
            let payload = (0..<count).map { index in
                UInt8(truncatingIfNeeded: sequence &+ UInt32(index)) ^ (choice & 0x80)
            }
            let client = Endpoint(address: IPAddress(ipv4: 1), port: 1_000 + UInt16(place & 7))
            let server = Endpoint(address: IPAddress(ipv4: 2), port: 80)
            let segment = TCPSegment(
                source: isClient ? client : server,
                destination: isClient ? server : client,
                sequence: sequence,
                acknowledgement: next[1 - side] &+ UInt32(bitPattern: Int32(acknowledged)),
                flags: flags,
                window: 1_024,
                payload: ByteRange(offset: 0, count: count),
                uncaptured: place & 0x80 != 0 ? Int(place & 0x70) : 0
            )
            captured += UInt64(count)
            reassembler.receive(
                segment,
                payload: payload.span,
                at: PacketTime(nanoseconds: time),
                into: &log
            )
            precondition(reassembler.counts.isBalanced, "a byte is in no bucket or in two")
        }
        reassembler.finish(at: PacketTime(nanoseconds: time), into: &log)
        let counts = reassembler.counts
        precondition(counts.isBalanced && counts.held == 0, "a byte is in no bucket, or held for nobody")
        precondition(counts.received == captured, "a byte was not counted")
        precondition(
            counts.delivered == log.delivered && counts.missing == log.missing,
            "what was said differs"
        )
        precondition(log.open.isEmpty, "a connection was opened and never closed")
    }
}

/// Holds the order of what a reassembler says against its promises.
private struct StreamWatch: StreamSink {
    var delivered: UInt64 = 0
    var missing: UInt64 = 0
    /// The time of the last bytes of each open connection.
    var open: [ConnectionID: PacketTime] = [:]

    mutating func opened(_ opening: ConnectionOpening, at time: PacketTime) {
        precondition(open.updateValue(.distantPast, forKey: opening.connection) == nil, "opened twice")
    }

    mutating func receive(_ event: StreamEvent, bytes: Span<UInt8>, at time: PacketTime) {
        switch event {
        case .data(let id, _):
            precondition(bytes.count > 0, "data without bytes")
            delivered += UInt64(bytes.count)
            check(id, at: time)
            open[id] = time
        case .gap(let id, _, let count):
            precondition(count > 0, "a gap of nothing")
            missing += UInt64(count)
            check(id, at: time)
        case .finished(let id, _): check(id, at: time)
        case .closed(let id, _):
            check(id, at: time)
            open[id] = nil
        default: break
        }
    }

    private func check(_ id: ConnectionID, at time: PacketTime) {
        guard let last = open[id] else { preconditionFailure("an event of no open connection") }
        precondition(time >= last, "time went back behind bytes that were handed on")
    }
}
