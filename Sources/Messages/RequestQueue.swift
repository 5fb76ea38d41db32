/// The requests of a connection that wait for their final response, oldest first.
///
/// A ring that grows to its limit and stays: no allocation per request.
struct RequestQueue: Sendable {
    struct Entry: Sendable {
        var ordinal: ExchangeOrdinal
        var method = RequestMethod.other
        /// It began and gave no head, but the server may answer it all the same.
        var isAbandoned = false
        /// Requests may have been lost before it that wait too.
        var followsLoss = false
        /// Where its head ends among the bytes of its direction that were given; none, while it is not over.
        var headEnd = UInt64.max
    }

    private var slots: [Entry] = []
    private var first = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// The oldest.
    var front: Entry? { count > 0 ? slots[first] : nil }

    /// All entries, oldest first; allocates.
    var entries: [Entry] { (0..<count).map { slots[slot($0)] } }

    /// Whether requests may have been lost before one of the oldest `waiting`; O(entries).
    func followsLoss(among waiting: Int) -> Bool {
        for index in 0..<min(waiting, count) where slots[slot(index)].followsLoss { return true }
        return false
    }

    /// How many have their heads before a place among the bytes of their direction; O(entries that have not).
    func count(endingBefore place: UInt64) -> Int {
        var known = count
        while known > 0, slots[slot(known &- 1)].headEnd > place { known &-= 1 }
        return known
    }

    mutating func append(_ entry: Entry) {
        if count == slots.count { grow(with: entry) } else { slots[slot(count)] = entry }
        count &+= 1
    }

    @discardableResult
    mutating func removeFirst() -> Entry? {
        guard count > 0 else { return nil }
        defer {
            first = slot(1)
            count &-= 1
        }
        return slots[first]
    }

    @discardableResult
    mutating func removeLast() -> Entry? {
        guard count > 0 else { return nil }
        count &-= 1
        return slots[slot(count)]
    }

    /// Changes the youngest entry in place.
    mutating func updateLast(_ change: (inout Entry) -> Void) {
        guard count > 0 else { return }
        change(&slots[slot(count &- 1)])
    }

    private func slot(_ index: Int) -> Int {
        let sum = first &+ index
        return slots.isEmpty ? 0 : sum % slots.count
    }

    private mutating func grow(with entry: Entry) {
        let kept = entries
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: kept)
        let capacity = max(4, kept.count &* 2)
        for _ in kept.count..<capacity { slots.append(entry) }
        first = 0
    }
}
