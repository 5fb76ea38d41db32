import Packets

/// The connections by their ends, in slots that are used again.
///
/// Open ones are linked in the order in which they were last seen, those that are over in the order of their ends, so
/// that connections which are remembered only to know late copies never push out one that is alive.
struct ConnectionTable: Sendable {
    /// The ends of a linked list of slots; -1 where it is empty.
    private struct Order {
        var oldest = -1
        var newest = -1

        /// Makes `index` the newest and answers the one before it.
        mutating func append(_ index: Int) -> Int {
            defer { newest = index }
            if newest < 0 { oldest = index }
            return newest
        }

        mutating func forget(_ index: Int, older: Int, newer: Int) {
            if oldest == index { oldest = newer }
            if newest == index { newest = older }
        }
    }

    var slots: [StreamConnection] = []
    private var indices: [FlowKey: Int] = [:]
    /// Slots found before, by a plain hash of their keys: whoever chooses addresses to make it useless gains no more
    /// than that. -1 where there is none. It grows with the slots; its length is a power of two.
    private var recent = [Int32](repeating: -1, count: 256)
    private static let recentLimit = 1 << 16
    private var free: [Int] = []
    private var open = Order()
    private var retired = Order()

    var count: Int { indices.count }

    /// The slot of the open connection that was seen longest ago.
    var oldestOpen: Int? { open.oldest >= 0 ? open.oldest : nil }

    /// The slot of the connection that has been over for the longest time.
    var oldestRetired: Int? { retired.oldest >= 0 ? retired.oldest : nil }

    func knows(_ key: FlowKey) -> Bool { indices[key] != nil }

    mutating func index(of key: FlowKey) -> Int? {
        let place = recentPlace(of: key)
        let known = Int(recent[place])
        if known >= 0, slots[known].key == key { return known }
        guard let index = indices[key] else { return nil }
        recent[place] = Int32(truncatingIfNeeded: index)
        return index
    }

    private func recentPlace(of key: FlowKey) -> Int {
        let addresses = key.lower.address.low ^ (key.upper.address.low << 32 | key.upper.address.low >> 32)
        let ports = UInt64(key.lower.port) << 16 | UInt64(key.upper.port)
        let product = (addresses ^ ports << 24).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return Int(truncatingIfNeeded: product.high ^ product.low) & (recent.count &- 1)
    }

    /// Puts a connection in; its key must not be there yet.
    mutating func insert(_ connection: StreamConnection) -> Int {
        precondition(indices[connection.key] == nil, "a pair of ports has one connection at a time")
        let index: Int
        if let reused = free.popLast() {
            slots[reused] = connection
            index = reused
        } else {
            index = slots.count
            slots.append(connection)
            if index >= recent.count, index < Self.recentLimit {
                recent = [Int32](repeating: -1, count: recent.count &* 4)
            }
        }
        indices[connection.key] = index
        link(index)
        return index
    }

    mutating func remove(_ index: Int) {
        unlink(index)
        let place = recentPlace(of: slots[index].key)
        if Int(recent[place]) == index { recent[place] = -1 }
        indices[slots[index].key] = nil
        free.append(index)
    }

    /// Makes an open connection the one seen last.
    mutating func touch(_ index: Int, at time: PacketTime) {
        slots[index].lastSeen = max(slots[index].lastSeen, time)
        guard index != open.newest else { return }
        unlink(index)
        link(index)
    }

    /// Puts a connection that is over among those that are only remembered.
    mutating func retire(_ index: Int) {
        guard !slots[index].isRetired else { return }
        unlink(index)
        slots[index].isRetired = true
        link(index)
    }

    private mutating func link(_ index: Int) {
        let previous = slots[index].isRetired ? retired.append(index) : open.append(index)
        slots[index].older = previous
        slots[index].newer = -1
        if previous >= 0 { slots[previous].newer = index }
    }

    private mutating func unlink(_ index: Int) {
        let (older, newer) = (slots[index].older, slots[index].newer)
        if slots[index].isRetired {
            retired.forget(index, older: older, newer: newer)
        } else {
            open.forget(index, older: older, newer: newer)
        }
        if older >= 0 { slots[older].newer = newer }
        if newer >= 0 { slots[newer].older = older }
    }
}
