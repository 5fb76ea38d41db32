/// What joins a recorded exchange to the answers of a replay.
struct ExchangeKey: Hashable, Sendable {
    var exchange: UInt64
    var loop: UInt32 = 0
    var copy: UInt32 = 0

    func hash(into hasher: inout Hasher) {
        // One number instead of three: loops and copies are few, so that keys seldom share a hash.
        hasher.combine(exchange &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(loop) << 32 ^ UInt64(copy))
    }
}

extension ExchangeKey: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        (left.exchange, left.loop, left.copy) < (right.exchange, right.loop, right.copy)
    }
}
