/// Requests about one thing, such as a run that an answer gave its number, in the order in which they were made.
///
/// A client that polls until something is done, and reads it then, does so one after the other; at another speed the
/// requests still do not overtake each other.
struct RequestThreads: Sendable {
    fileprivate struct Member {
        var exchange: UInt64
        /// When its answer was there, in nanoseconds since 1970.
        var end: Int64?
    }

    fileprivate struct Thread {
        var members: [Member] = []
        /// Requests so far.
        var count = 0
        /// Two of them were under way at once.
        var hasOverlapped = false
    }

    /// Requests of one thread that are looked back at.
    private static let memory = 8
    /// A cookie or token that is shown more often is a program's, not a person's, and what is asked about more often, by several
    /// at once, is no single task.
    private static let mostOfOneUser = 64

    private let limit: Int
    private var threads: [UInt64: Thread] = [:]
    /// The threads in order; a ring once it is full.
    private var order: [UInt64] = []
    private var oldest = 0
    private var threadsOfExchange: [UInt64: [UInt64]] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    mutating func removeAll() {
        threads.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        oldest = 0
        threadsOfExchange.removeAll(keepingCapacity: true)
    }

    /// Whether a thread may be that of one user who waits for each answer before the next request: several would not.
    func isOfOneUser(_ thread: UInt64) -> Bool {
        guard let thread = threads[thread] else { return true }
        return !thread.hasOverlapped && thread.count < Self.mostOfOneUser
    }

    /// Whether all requests of a thread had been answered by `time`.
    func isAnswered(_ thread: UInt64, at time: Int64) -> Bool {
        (threads[thread]?.members ?? []).allSatisfy { $0.end.map { $0 <= time } ?? false }
    }

    /// Whether so many have to do with what a thread is about, and at once, that they are several who do not wait for each other.
    func isOfMany(_ thread: UInt64) -> Bool {
        guard let thread = threads[thread] else { return false }
        return thread.hasOverlapped && thread.count >= Self.mostOfOneUser
    }

    /// The last requests of a thread that had been answered by `time`.
    func predecessors(in thread: UInt64, at time: Int64) -> [UInt64] {
        (threads[thread]?.members ?? []).filter { $0.end.map { $0 <= time } ?? false }.map(\.exchange)
    }

    /// Adds a request that was made at `time`.
    mutating func append(_ exchange: UInt64, to thread: UInt64, at time: Int64) {
        if threads[thread] == nil { open(thread) }
        let overlaps = !isAnswered(thread, at: time)
        threadsOfExchange[exchange, default: []].append(thread)
        threads[thread, default: Thread()].add(Member(exchange: exchange), overlaps: overlaps)
        guard let members = threads[thread]?.members, members.count > Self.memory else { return }
        threads[thread]?.members.removeFirst()
        leave(members[0].exchange, thread)
    }

    mutating func answered(_ exchange: UInt64, at time: Int64) {
        for thread in threadsOfExchange.removeValue(forKey: exchange) ?? [] {
            guard let index = threads[thread]?.members.lastIndex(where: { $0.exchange == exchange }) else {
                continue
            }
            threads[thread]?.members[index].end = time
        }
    }

    private mutating func open(_ thread: UInt64) {
        threads[thread] = Thread()
        guard order.count >= limit else {
            order.append(thread)
            return
        }
        let closed = order[oldest]
        for member in threads.removeValue(forKey: closed)?.members ?? [] { leave(member.exchange, closed) }
        order[oldest] = thread
        oldest = (oldest + 1) % order.count
    }

    private mutating func leave(_ exchange: UInt64, _ thread: UInt64) {
        guard var rest = threadsOfExchange[exchange] else { return }
        rest.removeAll { $0 == thread }
        threadsOfExchange[exchange] = rest.isEmpty ? nil : rest
    }
}

extension RequestThreads.Thread {
    fileprivate mutating func add(_ member: RequestThreads.Member, overlaps: Bool) {
        count += 1
        if overlaps { hasOverlapped = true }
        members.append(member)
    }
}
