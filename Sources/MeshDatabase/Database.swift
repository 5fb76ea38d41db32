import CEvents
import Glibc
import Synchronization

/// A database behind a pool of connections, on one thread of its own; used from any thread.
///
/// Transactions wait in the order they came for a connection to be free, a bounded number of them for a bounded time.
package final class Database: Sendable {
    package struct Options: Sendable {
        /// What libpq takes; with the user.
        package var conninfo: String
        /// Connections that transactions are lent.
        package var connections = 16
        /// Most transactions that wait for one.
        package var queue = 4096
        /// Longest wait for one, in nanoseconds.
        package var patience: Int64 = 5_000_000_000
        /// What the listening connection listens to; without any there is no such connection.
        package var channels: [String] = []

        package init(conninfo: String) { self.conninfo = conninfo }
    }

    package typealias Answer = Result<[ResultTable], DatabaseError>

    struct Submission: Sendable {
        var transaction: Transaction
        var submitted: UInt64
        var completion: @Sendable (Answer) -> Void
    }

    /// What other threads leave for the loop.
    struct Mailbox: Sendable {
        var submissions: [Submission] = []
        var bells: Set<Notification> = []
        /// When to stop, once it was asked for, in nanoseconds of the monotonic clock.
        var end: UInt64?
        var isClosed = false
        var status = PoolStatus()
    }

    /// Shared between the handle and the thread.
    final class Shared: Sendable {
        let options: Options
        let mailbox = Mutex(Mailbox())
        let wake: Int32
        let onNotification: @Sendable (Notification) -> Void
        let onLine: @Sendable () -> Void

        init(
            options: Options,
            onNotification: @escaping @Sendable (Notification) -> Void,
            onLine: @escaping @Sendable () -> Void
        ) {
            self.options = options
            self.onNotification = onNotification
            self.onLine = onLine
            wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        }

        deinit { Glibc.close(wake) }

        func ring() {
            var one: UInt64 = 1
            _ = write(wake, &one, MemoryLayout<UInt64>.size)
        }
    }

    private let shared: Shared
    private let thread: Mutex<pthread_t?>

    /// Starts the thread; connections open as they are needed, at first all of them.
    ///
    /// - Parameters:
    ///   - onNotification: called on the database's thread for each notification.
    ///   - onLine: called there when the line listens, again after it broke: what was notified in between is lost, so
    ///     whoever depends on it should look.
    package init(
        _ options: Options,
        onNotification: @escaping @Sendable (Notification) -> Void = { _ in },
        onLine: @escaping @Sendable () -> Void = {}
    ) {
        shared = Shared(options: options, onNotification: onNotification, onLine: onLine)
        shared.mailbox.withLock { $0.status.size = options.connections }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(shared).toOpaque()
        let result = pthread_create(&thread, nil, runDatabaseLoop, context)
        precondition(result == 0, "no thread for the database: \(String(cString: strerror(result)))")
        self.thread = Mutex(thread)
    }

    /// Runs `transaction`; `completion` is called once, on the database's thread, or at once where nothing more is taken.
    package func run(_ transaction: Transaction, completion: @escaping @Sendable (Answer) -> Void) {
        let submission = Submission(
            transaction: transaction,
            submitted: monotonicNow(),
            completion: completion
        )
        let (isTaken, isFirst) = shared.mailbox.withLock { mailbox in
            guard !mailbox.isClosed, mailbox.end == nil else { return (false, false) }
            mailbox.submissions.append(submission)
            return (true, mailbox.submissions.count == 1)
        }
        guard isTaken else { return completion(.failure(.closed)) }
        if isFirst { shared.ring() }
    }

    /// Notifies whoever listens; the same again before it is sent is one.
    package func notify(_ notification: Notification) {
        let isFirst = shared.mailbox.withLock { mailbox in
            mailbox.bells.insert(notification)
            return mailbox.bells.count == 1
        }
        if isFirst { shared.ring() }
    }

    package var status: PoolStatus { shared.mailbox.withLock { $0.status } }

    /// Takes no more, finishes what was taken for at most `patience` nanoseconds, and ends the thread.
    package func close(patience: UInt64 = 5_000_000_000) {
        let end = monotonicNow() + patience
        shared.mailbox.withLock { $0.end = $0.end ?? end }
        shared.ring()
        thread.withLock { thread in
            if let running = thread { pthread_join(running, nil) }
            thread = nil
        }
    }

    deinit { close(patience: 0) }
}

private func runDatabaseLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let shared = Unmanaged<Database.Shared>.fromOpaque(context).takeRetainedValue()
    DatabaseLoop(shared).run()
    return nil
}

/// Nanoseconds of the monotonic clock.
package func monotonicNow() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
