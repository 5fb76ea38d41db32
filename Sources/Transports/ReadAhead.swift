import CEvents
import Glibc
import Replay

/// Reads, inflates and prepares requests on a thread of its own, ahead of the time at which they are due.
///
/// The thread fills a queue of bounded size; the event loop takes from it and never waits: where nothing is there,
/// ``descriptor`` becomes readable as soon as something is. Errors come out where the requests before them have been
/// taken.
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
    /// Requests that wait to be taken where a schedule says when: enough for the moments in which nothing can be read.
    static let scheduledCapacity = 2_048
    /// The same where they go out as fast as possible: what both threads touch should fit into the caches of their processors.
    static let unpacedCapacity = 256
    /// Bytes of requests that wait to be taken; one request may exceed it alone.
    static let byteCapacity = 8 << 20

    /// Items that are handed over together, in reverse, so that they are taken from the end without being copied.
    private struct Batch {
        var items: [RequestFeed.Item] = []
        var cost = 0
    }

    /// An eventfd that becomes readable when something is there for a loop that found nothing.
    let descriptor: Int32
    private let capacity: Int
    private let produce: () throws -> RequestFeed.Item?
    private let reuse: (consuming PreparedRequest) -> Void
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var thread = pthread_t()
    private var isRunning = false

    // Under the lock.
    private var batches: [Batch] = []
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

    // The event loop's.
    private var current: [RequestFeed.Item] = []
    private var finished: [PreparedRequest] = []
    private var hasEnded = false

    /// `produce` gives one item after another, and `nil` at the end; `reuse` takes requests that are done with. From
    /// ``start()`` to ``stop()`` they are called on the thread alone.
    init(
        capacity: Int,
        _ produce: @escaping () throws -> RequestFeed.Item?,
        reuse: @escaping (consuming PreparedRequest) -> Void = { _ in }
    ) throws {
        self.capacity = capacity
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

    /// Waits until the queue is full, or holds all there is; at most for `nanoseconds`.
    func waitUntilFull(_ nanoseconds: Int) {
        var until = timespec()
        clock_gettime(CLOCK_REALTIME, &until)
        let end = until.tv_nsec + nanoseconds
        until.tv_sec += end / 1_000_000_000
        until.tv_nsec = end % 1_000_000_000
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isOver, !isFull, pthread_cond_timedwait(changed, mutex, &until) == 0 {}
    }

    /// The next item, where there is one; throws what reading threw once all before it has been taken.
    func next() throws -> Step {
        if let item = current.popLast() { return .item(item) }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if spent.isEmpty { swap(&spent, &finished) }
        guard !batches.isEmpty else {
            if let failure { throw failure }
            if isOver {
                hasEnded = true
                finished = []
                return .end
            }
            isAwaited = true
            return .notYet
        }
        let batch = batches.removeFirst()
        current = batch.items
        waitingCount -= current.count
        waitingBytes -= batch.cost
        // Woken for every batch, the thread would take turns with the event loop all the time.
        if isHeldUp, isHalfEmpty {
            isHeldUp = false
            pthread_cond_signal(changed)
        }
        return current.popLast().map { .item($0) } ?? .notYet
    }

    /// Lets the thread that made a request give its memory back.
    func recycle(_ request: PreparedRequest) {
        if !hasEnded { finished.append(request) }
    }

    /// Takes back what ``descriptor`` told.
    func acknowledge() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    private var isFull: Bool { waitingCount >= capacity || waitingBytes >= Self.byteCapacity }

    private var isHalfEmpty: Bool {
        waitingCount <= capacity / 2 && waitingBytes <= Self.byteCapacity / 2
    }

    fileprivate func run() {
        var batch = Batch()
        do {
            while true {
                guard let item = try produce() else {
                    _ = give(&batch, isLast: true)
                    return
                }
                batch.cost += item.cost
                batch.items.append(item)
                guard batch.items.count >= Self.batch || batch.cost >= Self.batchBytes else { continue }
                guard give(&batch, isLast: false) else { return }
            }
        } catch {
            _ = give(&batch, isLast: true, failure: error)
        }
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
        waitingCount += batch.items.count
        waitingBytes += batch.cost
        if !batch.items.isEmpty { batches.append(batch) }
        batch = Batch()
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
