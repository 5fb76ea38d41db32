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
        while blocks.count >= capacity { pthread_cond_wait(changed, mutex) }
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

    /// Says that no more blocks will come.
    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }
}
