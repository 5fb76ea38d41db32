import Glibc
import Recording
import Synchronization
import TraceFiles

/// Rewrites and writes the batches of a recording on a thread of its own, beside the one that reads packets.
///
/// `@unchecked`: everything below the lock is touched only while it is held, and the writer only by the thread, or by the
/// owner while the thread has nothing to do. Batches go round, so that nothing is allocated at work.
final class BatchThread: BatchCarrier, @unchecked Sendable {
    /// Batches under way before ``carry(_:)`` waits; few, so that what goes round stays in the caches of the processors.
    private static let limit = 5
    /// Bytes of messages in them, unless one alone has more.
    private static let byteLimit = 8 << 20

    private let series: TraceSeries
    private let writer: any BatchWriter
    private var thread = pthread_t()
    private var isRunning = false
    /// Lets the owner ask without taking the lock.
    private let failed = Atomic(false)
    /// Whether the writing stood still for want of room when the last batch was over. The owner asks at every message, and
    /// would hold the trace, which the thread holds as often, for each answer.
    private let heldUp = Atomic(false)

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    /// There is something to do, or nothing more will come.
    private let begun = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    /// As many batches are done as the owner waits for.
    private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [RecordBatch] = []
    private var bytes = 0
    private var spare: [RecordBatch] = []
    private var isBusy = false
    /// How many batches may be under way for the owner to go on; `nil` while it does not wait.
    private var awaited: Int?
    private var isClosed = false

    init(_ writer: any BatchWriter, _ series: TraceSeries) {
        self.writer = writer
        self.series = series
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(begun, nil)
        pthread_cond_init(done, nil)
    }

    deinit {
        pthread_cond_destroy(begun)
        pthread_cond_destroy(done)
        pthread_mutex_destroy(mutex)
        begun.deallocate()
        done.deallocate()
        mutex.deallocate()
    }

    /// Begins; false where the system has no thread to give.
    func start() -> Bool {
        let context = Unmanaged.passRetained(self)
        guard pthread_create(&thread, nil, writeBatches, context.toOpaque()) == 0 else {
            context.release()
            return false
        }
        isRunning = true
        return true
    }

    /// Writes what waits and ends.
    func stop() {
        guard isRunning else { return }
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_signal(begun)
        pthread_mutex_unlock(mutex)
        pthread_join(thread, nil)
        isRunning = false
    }

    var isHeldUp: Bool { heldUp.load(ordering: .relaxed) }

    var hasFailed: Bool { failed.load(ordering: .acquiring) }

    func carry(_ batch: inout RecordBatch) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        // Until half of them are done: woken for each, the two threads would take turns all the time.
        if underWay >= Self.limit { wait(untilAtMost: Self.limit / 2) }
        while !waiting.isEmpty, bytes + batch.bytes > Self.byteLimit { wait(untilAtMost: underWay - 1) }
        bytes += batch.bytes
        waiting.append(batch)
        batch = spare.popLast() ?? RecordBatch()
        pthread_cond_signal(begun)
    }

    func settle() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        wait(untilAtMost: 0)
    }

    /// Batches that are not written yet; under the lock.
    private var underWay: Int { waiting.count + (isBusy ? 1 : 0) }

    private func wait(untilAtMost count: Int) {
        while underWay > count {
            awaited = count
            pthread_cond_wait(done, mutex)
        }
        awaited = nil
    }

    fileprivate func run() {
        while var batch = next() {
            let size = batch.bytes
            if !writer.write(&batch) { failed.store(true, ordering: .releasing) }
            heldUp.store(series.writer.stalled != nil, ordering: .relaxed)
            pthread_mutex_lock(mutex)
            bytes -= size
            isBusy = false
            spare.append(batch)
            if let awaited, underWay <= awaited { pthread_cond_signal(done) }
            pthread_mutex_unlock(mutex)
        }
    }

    private func next() -> RecordBatch? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while waiting.isEmpty, !isClosed { pthread_cond_wait(begun, mutex) }
        guard !waiting.isEmpty else { return nil }
        isBusy = true
        return waiting.removeFirst()
    }
}

/// The body of the thread; free, so that no actor claims it.
private func writeBatches(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    // A pipe whose reader has gone is an error of `write`, not the end of the process.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Unmanaged<BatchThread>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
