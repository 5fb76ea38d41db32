import Glibc
import Synchronization
import Traces

/// Hands closed blocks from the thread that records to the one that writes, a few at most at a time.
///
/// `@unchecked`: everything below the lock is touched only while it is held. Blocks go round: an empty one comes back
/// for each that is given, so that nothing is allocated at work.
final class BlockQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let capacity: Int
    private var blocks: [BlockEncoder] = []
    private var spare: [BlockEncoder] = []
    private var isClosed = false
    private var waitCount: UInt64 = 0
    private var failure: TraceWriteError?
    /// Lets the recording thread ask about failure for each record without taking the lock.
    private let hasFailed = Atomic(false)
    /// Why writing stands still; it is tried again until there is room.
    private var stall: SystemFault?
    private let hasStalled = Atomic(false)
    private var hasGivenUp = false

    init(capacity: Int) {
        precondition(capacity > 0, "a queue without room would stop the recorder for good")
        self.capacity = capacity
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// How often the recording thread had to wait for the writing one.
    var waits: UInt64 {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return waitCount
    }

    /// What stopped the writing thread; `nil` while all is well.
    func failureSoFar() -> TraceWriteError? {
        guard hasFailed.load(ordering: .acquiring) else { return nil }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return failure
    }

    /// Gives `block` away, after waiting for room, and puts an empty one in its place.
    func push(_ block: inout BlockEncoder) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        precondition(!isClosed, "no block follows the end")
        if blocks.count >= capacity { waitCount += 1 }
        // Where the disk is full, waiting could take for ever; whoever records stops giving instead.
        while blocks.count >= capacity, stall == nil { pthread_cond_wait(changed, mutex) }
        blocks.append(block)
        block = spare.popLast() ?? BlockEncoder()
        pthread_cond_signal(changed)
    }

    /// The next block, after waiting for one; `nil` when the queue is closed and empty.
    func pop() -> BlockEncoder? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while blocks.isEmpty, !isClosed { pthread_cond_wait(changed, mutex) }
        guard !blocks.isEmpty else { return nil }
        pthread_cond_signal(changed)
        return blocks.removeFirst()
    }

    /// Gives a written block back to be filled again.
    func recycle(_ block: consuming BlockEncoder) {
        block.removeAll()
        pthread_mutex_lock(mutex)
        spare.append(block)
        pthread_mutex_unlock(mutex)
    }

    func fail(_ error: TraceWriteError) {
        pthread_mutex_lock(mutex)
        failure = error
        pthread_mutex_unlock(mutex)
        hasFailed.store(true, ordering: .releasing)
    }

    /// Blocks that wait for the writing thread.
    var waiting: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return blocks.count
    }

    /// Why writing stands still; `nil` while it does not.
    var stalled: SystemFault? {
        guard hasStalled.load(ordering: .acquiring) else { return nil }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return stall
    }

    /// Notes that the disk has no room and waits a while for some; false when that is not to be waited for.
    func waitForRoom(_ fault: SystemFault) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        stall = fault
        hasStalled.store(true, ordering: .releasing)
        pthread_cond_broadcast(changed)
        if hasGivenUp { return false }
        var until = timespec()
        clock_gettime(CLOCK_REALTIME, &until)
        until.tv_sec += Self.roomInterval
        // Woken early by a new block, it is tried again early, which does no harm.
        pthread_cond_timedwait(changed, mutex, &until)
        return true
    }

    /// Seconds between two looks for room on a full disk.
    private static let roomInterval = 1

    /// Notes that there is room again.
    func resume() {
        guard hasStalled.load(ordering: .relaxed) else { return }
        pthread_mutex_lock(mutex)
        stall = nil
        pthread_mutex_unlock(mutex)
        hasStalled.store(false, ordering: .releasing)
    }

    /// Waits no longer for room on a full disk: it is tried once more.
    func giveUp() {
        pthread_mutex_lock(mutex)
        hasGivenUp = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    /// Says that no more blocks will come.
    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }
}
