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
    /// The latest time of what has been handed on of the connection at hand.
    var floor = PacketTime.distantPast

    init(limits: ReassemblyLimits) {
        self.limits = limits
    }

    func isOverLimit(_ held: HeldBytes) -> Bool {
        held.byteCount > limits.outOfOrderBytes || held.pieceCount > limits.outOfOrderPieces
            || counts.held > UInt64(max(0, limits.outOfOrderBytesInAll))
    }
}
