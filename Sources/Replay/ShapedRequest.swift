/// A request of the trace on its way through what a plan makes of the recorded sequence.
///
/// Its place is told in recorded time, so that everything a plan does to it scales with the speed.
struct ShapedRequest: Sendable {
    enum Content: Sendable {
        case request(PreparedRequest)
        case skipped(SkipReason)
        /// Replayed by another machine; it takes part in what is decided by order.
        case elsewhere
    }

    /// Nanoseconds of recorded time since the first request of the run, passes before it included.
    var offset: Int64
    var content: Content
    var exchange: UInt64
    var session: SessionKey
    var loop: UInt32
    var copy: UInt32 = 0
    var habits: Delivery.Habits = []
    var bonds: Bonds

    /// Bytes held with it; copies share them.
    var cost: Int {
        if case .request(let request) = content { return request.cost }
        return 0
    }

    /// A hash of which request it is, for what is decided about it alone.
    func hash(seed: UInt64, _ purpose: UInt64) -> StableHash {
        var hash = StableHash(seed: seed)
        hash.combine(purpose)
        hash.combine(exchange)
        hash.combine(UInt64(loop) << 32 | UInt64(copy))
        return hash
    }
}

/// Requests that wait for their turn, taken out by offset; of the same offset the one that came first.
///
/// A binary heap of small keys; the requests themselves stay where they are. O(log n) each.
struct ShapedQueue: Sendable {
    private struct Key: Sendable {
        var offset: Int64
        var serial: UInt64
        var slot: Int

        static func < (left: Key, right: Key) -> Bool {
            left.offset != right.offset ? left.offset < right.offset : left.serial < right.serial
        }
    }

    private var keys: [Key] = []
    private var slots: [ShapedRequest?] = []
    private var free: [Int] = []
    private var serial: UInt64 = 0
    private(set) var bytes = 0

    var count: Int { keys.count }

    mutating func insert(_ request: ShapedRequest) {
        bytes += request.cost
        let slot: Int
        if let unused = free.popLast() {
            slot = unused
            slots[slot] = request
        } else {
            slot = slots.count
            slots.append(request)
        }
        keys.append(Key(offset: request.offset, serial: serial, slot: slot))
        serial += 1
        var place = keys.count - 1
        while place > 0, keys[place] < keys[(place - 1) / 2] {
            keys.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// The first one, where it is due at or before an offset.
    mutating func pop(through floor: Int64) -> ShapedRequest? {
        guard let first = keys.first, first.offset <= floor else { return nil }
        let last = keys.removeLast()
        if !keys.isEmpty {
            keys[0] = last
            sink()
        }
        guard let request = slots[first.slot].take() else {
            preconditionFailure("an empty place in the queue")
        }
        free.append(first.slot)
        bytes -= request.cost
        return request
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < keys.count && keys[child] < keys[least]
            {
                least = child
            }
            guard least != place else { return }
            keys.swapAt(place, least)
            place = least
        }
    }
}
