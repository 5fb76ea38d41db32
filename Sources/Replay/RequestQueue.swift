/// Requests in order of arrival; a ring that grows, taking from the front in O(1).
struct RequestQueue {
    private var slots: [ScheduledRequest?] = []
    private var first = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    var front: ScheduledRequest? { isEmpty ? nil : slots[first] }

    /// When the front one is due, without touching the request itself.
    var frontIntended: MonotonicTime? { isEmpty ? nil : slots[first]?.intended }

    /// How many of them are due at `now`, since they are in the order of their times. O(log n).
    func due(at now: MonotonicTime) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let intended = slots[(first + middle) & (slots.count - 1)]?.intended ?? .max
            if intended <= now { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func append(_ request: consuming ScheduledRequest) {
        if count == slots.count { grow() }
        slots[(first + count) & (slots.count - 1)] = request
        count += 1
    }

    mutating func popFirst() -> ScheduledRequest? {
        guard count > 0 else { return nil }
        let request = slots[first].take()
        first = (first + 1) & (slots.count - 1)
        count -= 1
        return request
    }

    private mutating func grow() {
        var larger: [ScheduledRequest?] = []
        let capacity = max(4, slots.count * 2)
        larger.reserveCapacity(capacity)
        for offset in 0..<count { larger.append(slots[(first + offset) & (slots.count - 1)].take()) }
        while larger.count < capacity { larger.append(nil) }
        slots = larger
        first = 0
    }
}
