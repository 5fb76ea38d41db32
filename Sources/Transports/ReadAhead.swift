import CEvents
import Glibc
import Replay

/// Reads, inflates and prepares requests on a thread of its own, ahead of the time at which they are due.
///
/// The thread fills a queue of bounded size; the event loop takes from it and never waits: where nothing is there,
/// ``descriptor`` becomes readable as soon as something is. Errors come out where the requests before them have been
/// taken.
///
/// Where requests go out as they are, they are handed over packed: then nothing that one thread has allocated is given
/// back on the other, and neither waits for what the other has in its caches but for the bytes themselves.
///
/// `@unchecked`: what both threads touch is touched under the lock; the rest belongs to one of them, as it says.
final class ReadAhead: @unchecked Sendable {
    /// What there is for the event loop.
    enum Step {
        case item(RequestFeed.Item)
        /// Nothing yet; the descriptor will tell.
        case notYet
        case end
    }

    /// Requests handed over at once.
    static let batch = 32
    /// Bytes of requests after which fewer are handed over.
    static let batchBytes = 1 << 20

    /// How much may wait to be taken, and in which form.
    struct Bounds {
        /// Requests.
        var count: Int
        /// Bytes of requests; one may exceed it alone.
        var bytes: Int
        /// Whether requests that go out as they are are handed over packed.
        var packs = false

        /// Where a schedule says when: enough for the moments in which nothing can be read.
        static let scheduled = Bounds(count: 2_048, bytes: 8 << 20)
        /// Where they go out as fast as possible: what both threads touch should fit into the caches of their processors.
        static let unpaced = Bounds(count: 256, bytes: 8 << 20)
    }

    /// Batches in their order; taking one is O(1), however many there are.
    private struct BatchQueue {
        private var batches: [Batch] = []
        private var first = 0

        mutating func append(_ batch: consuming Batch) { batches.append(batch) }

        mutating func popFirst() -> Batch? {
            guard first < batches.count else { return nil }
            var batch = Batch()
            swap(&batch, &batches[first])
            first += 1
            if first == batches.count {
                batches.removeAll(keepingCapacity: true)
                first = 0
            }
            return batch
        }
    }

    /// Items that are handed over together.
    private struct Batch {
        var packed = PackedRequests()
        /// What is not packed; in reverse once it is handed over, so that it is taken from the end without being copied.
        var items: [RequestFeed.Item] = []
        var cost = 0

        var count: Int { packed.count > 0 ? packed.count : items.count }
    }

    /// Batches whose memory is kept for those to come.
    private static let emptiedLimit = 16

    /// An eventfd that becomes readable when something is there for a loop that found nothing.
    let descriptor: Int32
    private let bounds: Bounds
    private let produce: () throws -> RequestFeed.Item?
    private let reuse: (consuming PreparedRequest) -> Void
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var thread = pthread_t()
    private var isRunning = false

    // Under the lock.
    private var batches = BatchQueue()
    /// Packed ones that have been taken: their memory serves for those to come.
    private var emptied: [PackedRequests] = []
    private var waitingCount = 0
    private var waitingBytes = 0
    private var isOver = false
    private var isStopped = false
    private var failure: (any Error)?
    private var isAwaited = false
    /// The thread waits for room.
    private var isHeldUp = false
    /// Requests that are done with: memory is used again, or given back most cheaply, by the thread that took it.
    private var spent: [PreparedRequest] = []

    // The thread's.
    private var spare: [PreparedRequest] = []

    // The event loop's; looked at for every request, and by nobody else.
    @exclusivity(unchecked)
    private var current = Batch()
    @exclusivity(unchecked)
    private var finished: [PreparedRequest] = []
    /// The memory of those that are unpacked next.
    @exclusivity(unchecked)
    private var unpacking = SpareRequests()
    private var hasEnded = false

    /// `produce` gives one item after another, and `nil` at the end; `reuse` takes requests that are done with. From
    /// ``start()`` to ``stop()`` they are called on the thread alone.
    init(
        _ bounds: Bounds,
        _ produce: @escaping () throws -> RequestFeed.Item?,
        reuse: @escaping (consuming PreparedRequest) -> Void = { _ in }
    ) throws {
        self.bounds = bounds
        self.produce = produce
        self.reuse = reuse
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard descriptor >= 0 else { throw TransportError.system("eventfd") }
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        close(descriptor)
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    func start() throws {
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(&thread, nil, readAhead, context.toOpaque())
        guard code == 0 else {
            context.release()
            throw TransportError(
                .system,
                "a thread that reads ahead could not be started: \(String(cString: strerror(code)))"
            )
        }
        isRunning = true
    }

    /// Ends the thread and waits for it.
    func stop() {
        guard isRunning else { return }
        pthread_mutex_lock(mutex)
        isStopped = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
        pthread_join(thread, nil)
        isRunning = false
    }

    /// Waits until the queue is full, or holds all there is; at most for `nanoseconds`. Answers whether it is.
    func waitUntilFull(_ nanoseconds: Int) -> Bool {
        var until = timespec()
        clock_gettime(CLOCK_REALTIME, &until)
        let end = until.tv_nsec + nanoseconds
        until.tv_sec += end / 1_000_000_000
        until.tv_nsec = end % 1_000_000_000
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isOver, !isFull, pthread_cond_timedwait(changed, mutex, &until) == 0 {}
        return isOver || isFull
    }

    /// What waits to be taken: requests, and the memory that they take in bytes.
    var waiting: (requests: Int, bytes: Int) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return (waitingCount, waitingBytes)
    }

    /// The next item, where there is one; throws what reading threw once all before it has been taken.
    func next() throws -> Step {
        if let item = takeCurrent() { return .item(item) }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if !bounds.packs, spent.isEmpty { swap(&spent, &finished) }
        guard var batch = batches.popFirst() else {
            if let failure { throw failure }
            if isOver {
                hasEnded = true
                finished = []
                unpacking = SpareRequests()
                return .end
            }
            isAwaited = true
            return .notYet
        }
        waitingCount -= batch.count
        waitingBytes -= batch.cost
        swap(&current, &batch)
        if !isOver, batch.packed.count > 0, emptied.count < Self.emptiedLimit { emptied.append(batch.packed) }
        // Woken for every batch, the thread would take turns with the event loop all the time.
        if isHeldUp, isHalfEmpty {
            isHeldUp = false
            pthread_cond_signal(changed)
        }
        return takeCurrent().map { .item($0) } ?? .notYet
    }

    private func takeCurrent() -> RequestFeed.Item? {
        guard current.packed.count > 0 else { return current.items.popLast() }
        return switch current.packed.next(in: &unpacking) {
        case .request(let scheduled): .request(scheduled)
        case .elsewhere: current.items.popLast()
        case nil: nil
        }
    }

    /// Lets the memory of a request serve for others: on this thread where they are packed, else on the one that made it.
    func recycle(_ request: PreparedRequest) {
        guard !hasEnded else { return }
        if bounds.packs {
            unpacking.give(request)
        } else {
            finished.append(request)
        }
    }

    /// Takes back what ``descriptor`` told.
    func acknowledge() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    private var isFull: Bool { waitingCount >= bounds.count || waitingBytes >= bounds.bytes }

    private var isHalfEmpty: Bool {
        waitingCount <= bounds.count / 2 && waitingBytes <= bounds.bytes / 2
    }

    fileprivate func run() {
        var batch = Batch()
        do {
            while true {
                guard var item = try produce() else {
                    _ = give(&batch, isLast: true)
                    return
                }
                add(&item, to: &batch)
                guard batch.count >= Self.batch || batch.packed.isFull || batch.cost >= Self.batchBytes else {
                    continue
                }
                guard give(&batch, isLast: false) else { return }
            }
        } catch {
            _ = give(&batch, isLast: true, failure: error)
        }
    }

    private func add(_ item: inout RequestFeed.Item, to batch: inout Batch) {
        if bounds.packs {
            let cost = batch.packed.cost
            // In a scope of its own: nobody else has the request when its memory is to be used again.
            let isPacked =
                if case .request(let scheduled) = item { batch.packed.append(scheduled) } else { false }
            if isPacked {
                batch.cost += batch.packed.cost - cost
                if let packed = item.takeRequest() { reuse(packed) }
                return
            }
            batch.packed.appendElsewhere()
        }
        batch.cost += item.cost
        batch.items.append(item)
    }

    /// Puts a batch into the queue, after waiting for room; false where nobody wants more.
    private func give(
        _ batch: inout Batch,
        isLast: Bool,
        failure: (any Error)? = nil
    ) -> Bool {
        batch.items.reverse()
        // Outside of the lock, and handed back empty.
        while let request = spare.popLast() { reuse(request) }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isHeldUp = isFull
        while isHeldUp, !isStopped { pthread_cond_wait(changed, mutex) }
        if !spent.isEmpty { swap(&spent, &spare) }
        guard !isStopped else { return false }
        waitingCount += batch.count
        waitingBytes += batch.cost
        if batch.count > 0 { batches.append(batch) }
        batch = Batch()
        if var packed = emptied.popLast() {
            packed.removeAll()
            batch.packed = packed
        }
        self.failure = failure
        isOver = isLast
        if isFull || isOver { pthread_cond_signal(changed) }
        if isAwaited {
            isAwaited = false
            var one: UInt64 = 1
            // The counter cannot be full, and there is nobody to tell if it were.
            _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
        }
        return true
    }
}

extension RequestFeed.Item {
    /// Takes the request out of the item; nobody else has it then, so that its memory can be used again.
    @inline(never)
    fileprivate mutating func takeRequest() -> PreparedRequest? {
        guard case .request(let scheduled) = self else { return nil }
        self = .nothingYet
        return scheduled.request
    }

    fileprivate var cost: Int {
        switch self {
        case .request(let scheduled): scheduled.cost
        case .skipped, .nothingYet: 0
        }
    }
}

/// The body of the thread; free, so that no actor claims it.
private func readAhead(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<ReadAhead>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
