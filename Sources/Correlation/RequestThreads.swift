/// Requests about one thing, such as a run that an answer gave its number, in the order in which they were made.
///
/// A client that polls until something is done, and reads it then, does so one after the other; at another speed the
/// requests still do not overtake each other.
struct RequestThreads: Sendable {
    private struct Member {
        var exchange: UInt64
        /// When its answer was there, in nanoseconds since 1970.
        var end: Int64?
    }

    /// Requests of one thread that are looked back at.
    private static let memory = 8

    private let limit: Int
    private var members: [UInt64: [Member]] = [:]
    /// The threads in order; a ring once it is full.
    private var order: [UInt64] = []
    private var oldest = 0
    private var threadOfExchange: [UInt64: UInt64] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    mutating func removeAll() {
        members.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        oldest = 0
        threadOfExchange.removeAll(keepingCapacity: true)
    }

    /// The last requests of a thread that had been answered by `time`.
    func predecessors(in thread: UInt64, at time: Int64) -> [UInt64] {
        (members[thread] ?? []).filter { $0.end.map { $0 <= time } ?? false }.map(\.exchange)
    }

    mutating func append(_ exchange: UInt64, to thread: UInt64) {
        threadOfExchange[exchange] = thread
        if members[thread] == nil { open(thread) }
        members[thread, default: []].append(Member(exchange: exchange))
        if let count = members[thread]?.count, count > Self.memory, let first = members[thread]?.removeFirst()
        {
            threadOfExchange[first.exchange] = nil
        }
    }

    mutating func answered(_ exchange: UInt64, at time: Int64) {
        guard let thread = threadOfExchange.removeValue(forKey: exchange),
            let index = members[thread]?.lastIndex(where: { $0.exchange == exchange })
        else { return }
        members[thread]?[index].end = time
    }

    private mutating func open(_ thread: UInt64) {
        guard order.count >= limit else {
            order.append(thread)
            return
        }
        for member in members.removeValue(forKey: order[oldest]) ?? [] {
            threadOfExchange[member.exchange] = nil
        }
        order[oldest] = thread
        oldest = (oldest + 1) % order.count
    }
}
