import Glibc
package import Traces

/// Reads the messages of a trace on a thread of its own, in the order in which they ended, some ahead of who takes them.
///
/// An answer that opened a WebSocket session has ended when the session has: see ``SessionAssembler``.
///
/// `@unchecked`: what both threads touch is touched under the lock. The reader belongs to the thread until ``stop()``, or
/// until ``next()`` has answered `nil` or thrown.
package final class MessagesAhead: @unchecked Sendable {
    /// Messages handed over at once, and bytes of them; one message may exceed it alone.
    private static let batch = 256
    private static let batchBytes = 1 << 20
    /// Batches that wait to be taken.
    private static let capacity = 4

    private let reader: TraceReader
    private let selection: RecordSelection
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var thread = pthread_t()
    private var isRunning = false

    // Under the lock.
    private var batches: [[RecordedMessage]] = []
    private var isOver = false
    private var isStopped = false
    private var failure: TraceReadError?
    private var finalCounts = MessageAssembler.Counts()

    // The taker's: a batch in reverse, so that its messages are taken from the end without being copied.
    private var current: [RecordedMessage] = []

    /// Begins to read where `reader` stands; `selection` leaves out what is not wanted before it takes memory.
    package init(_ reader: TraceReader, selection: RecordSelection = .everything) throws(TraceReadError) {
        self.reader = reader
        self.selection = selection
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(&thread, nil, readMessages, context.toOpaque())
        guard code == 0 else {
            context.release()
            throw TraceReadError(.read(SystemFault(number: code)), path: reader.path)
        }
        isRunning = true
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// The next message, after waiting for one; `nil` at the end of the trace.
    package func next() throws(TraceReadError) -> RecordedMessage? {
        if let message = current.popLast() { return message }
        guard isRunning else { return nil }
        pthread_mutex_lock(mutex)
        while batches.isEmpty, !isOver { pthread_cond_wait(changed, mutex) }
        if !batches.isEmpty {
            current = batches.removeFirst()
            pthread_cond_broadcast(changed)
        }
        let failure = current.isEmpty ? failure : nil
        pthread_mutex_unlock(mutex)
        if let message = current.popLast() { return message }
        stop()
        if let failure { throw failure }
        return nil
    }

    /// What damage did to messages; whole once ``next()`` has answered `nil`.
    package var counts: MessageAssembler.Counts {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return finalCounts
    }

    /// Ends the thread and waits for it; what has not been taken is given up.
    package func stop() {
        guard isRunning else { return }
        pthread_mutex_lock(mutex)
        isStopped = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
        pthread_join(thread, nil)
        isRunning = false
    }

    fileprivate func run() {
        var assembler = SessionAssembler()
        var batch: [RecordedMessage] = []
        var bytes = 0
        var failure: TraceReadError?
        do throws(TraceReadError) {
            while let record = try reader.nextRecord(selection) {
                assembler.receive(record) { message in
                    bytes += message.head.bytes.count + message.body.count
                    batch.append(message)
                }
                guard batch.count >= Self.batch || bytes >= Self.batchBytes else { continue }
                guard give(&batch) else { return }
                bytes = 0
            }
        } catch {
            failure = error
        }
        assembler.finish { batch.append($0) }
        _ = give(&batch)
        pthread_mutex_lock(mutex)
        self.failure = failure
        finalCounts = assembler.counts
        isOver = true
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    /// Hands a batch over, after waiting for room; false where nobody wants more.
    private func give(_ batch: inout [RecordedMessage]) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while batches.count >= Self.capacity, !isStopped { pthread_cond_wait(changed, mutex) }
        guard !isStopped else { return false }
        guard !batch.isEmpty else { return true }
        batches.append(batch.reversed())
        batch.removeAll(keepingCapacity: false)
        batch.reserveCapacity(Self.batch)
        pthread_cond_broadcast(changed)
        return true
    }
}

private func readMessages(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<MessagesAhead>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
