import Packets

/// The connections by their ends, in slots that are used again, linked in the order in which they were last seen.
struct ConnectionTable: Sendable {
    var slots: [StreamConnection] = []
    private var indices: [FlowKey: Int] = [:]
    private var free: [Int] = []
    /// The slot that was seen longest ago; -1 when there is none.
    private(set) var oldest = -1
    private var newest = -1

    var count: Int { indices.count }

    func index(of key: FlowKey) -> Int? { indices[key] }

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
        }
        indices[connection.key] = index
        linkNewest(index)
        return index
    }

    mutating func remove(_ index: Int) {
        unlink(index)
        indices[slots[index].key] = nil
        free.append(index)
    }

    /// Makes a connection the one seen last.
    mutating func touch(_ index: Int, at time: PacketTime) {
        slots[index].lastSeen = max(slots[index].lastSeen, time)
        guard index != newest else { return }
        unlink(index)
        linkNewest(index)
    }

    private mutating func linkNewest(_ index: Int) {
        slots[index].older = newest
        slots[index].newer = -1
        if newest >= 0 { slots[newest].newer = index } else { oldest = index }
        newest = index
    }

    private mutating func unlink(_ index: Int) {
        let (older, newer) = (slots[index].older, slots[index].newer)
        if older >= 0 { slots[older].newer = newer } else { oldest = newer }
        if newer >= 0 { slots[newer].older = older } else { newest = older }
    }
}
