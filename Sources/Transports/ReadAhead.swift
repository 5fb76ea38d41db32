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
    static let batch = 64
    /// Requests that wait to be taken, and bytes of them; one request may exceed it alone.
    static let capacity = 2_048
    static let byteCapacity = 8 << 20

    /// An eventfd that becomes readable when something is there for a loop that found nothing.
    let descriptor: Int32
    private let produce: () throws -> RequestFeed.Item?
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var thread = pthread_t()
    private var isRunning = false

    // Under the lock. A batch is kept in reverse, so that its items are taken from the end without being copied.
    private var batches: [[RequestFeed.Item]] = []
    private var waitingCount = 0
    private var waitingBytes = 0
    private var isOver = false
    private var isStopped = false
    private var failure: (any Error)?
    private var isAwaited = false
    /// Requests that are done with: memory is given back most cheaply by the thread that took it.
    private var spent: [ScheduledRequest] = []

    // The thread's.
    private var spare: [ScheduledRequest] = []

    // The event loop's.
    private var current: [RequestFeed.Item] = []
    private var finished: [ScheduledRequest] = []
    private var hasEnded = false

    /// `produce` gives one item after another, and `nil` at the end; from ``start()`` to ``stop()`` it is called on the
    /// thread alone.
    init(_ produce: @escaping () throws -> RequestFeed.Item?) throws {
        self.produce = produce
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
        current = batches.removeFirst()
        waitingCount -= current.count
        for item in current { waitingBytes -= item.cost }
        pthread_cond_signal(changed)
        return current.popLast().map { .item($0) } ?? .notYet
    }

    /// Lets the thread that made a request give its memory back.
    func recycle(_ request: ScheduledRequest) {
        if !hasEnded { finished.append(request) }
    }

    /// Takes back what ``descriptor`` told.
    func acknowledge() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    private var isFull: Bool { waitingCount >= Self.capacity || waitingBytes >= Self.byteCapacity }

    fileprivate func run() {
        var batch: [RequestFeed.Item] = []
        do {
            while true {
                let item = try produce()
                if let item { batch.append(item) }
                guard item == nil || batch.count >= Self.batch else { continue }
                guard give(&batch, isLast: item == nil) else { return }
                if item == nil { return }
            }
        } catch {
            _ = give(&batch, isLast: true, failure: error)
        }
    }

    /// Puts a batch into the queue, after waiting for room; false where nobody wants more.
    private func give(
        _ batch: inout [RequestFeed.Item],
        isLast: Bool,
        failure: (any Error)? = nil
    ) -> Bool {
        let cost = batch.reduce(0) { $0 + $1.cost }
        batch.reverse()
        // Let go of outside of the lock, and handed back empty.
        spare.removeAll(keepingCapacity: true)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while isFull, !isStopped { pthread_cond_wait(changed, mutex) }
        if !spent.isEmpty { swap(&spent, &spare) }
        guard !isStopped else { return false }
        waitingCount += batch.count
        waitingBytes += cost
        if !batch.isEmpty { batches.append(batch) }
        batch = []
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
