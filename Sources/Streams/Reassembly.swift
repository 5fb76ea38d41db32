import Packets

/// One direction of one connection, by name.
struct Direction {
    var connection: ConnectionID
    var side: Side
}

/// What every half-stream works with while a packet is taken in: the time, the limits, the counts.
struct Reassembly: Sendable {
    let limits: ReassemblyLimits
    var counts = StreamCounts()
    /// The time of what is being handed on.
    var time = PacketTime.distantPast
    /// How far the side has been handed on that is not the one at work.
    var handedOn: Int64 = 0
    /// The latest time of what has been handed on of the connection at hand.
    var floor = PacketTime.distantPast

    init(limits: ReassemblyLimits) {
        self.limits = limits
    }

    /// How many bytes that were handed on of the other side a sender had not received that had it up to an offset.
    func unread(since waitsFor: Int64) -> Int64 {
        waitsFor == .min ? 0 : max(0, handedOn - waitsFor)
    }

    func isOverLimit(_ held: HeldBytes) -> Bool {
        held.byteCount > limits.outOfOrderBytes || held.pieceCount > limits.outOfOrderPieces
            || counts.held > UInt64(max(0, limits.outOfOrderBytesInAll))
    }
}
