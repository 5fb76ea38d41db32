import Glibc
import Synchronization

/// SIGINT and SIGTERM as a value: the first asks the command to drain and report, the second ends it at once.
///
/// The signals are blocked in every thread and taken by one that waits for them, so that no code of ours
/// ever runs inside a signal handler. A command that has nothing to drain is ended by the first.
enum Interrupt {
    private static let requested = Atomic<Bool>(false)
    private static let handlers = Mutex<[@Sendable () -> Void]>([])

    /// Whether an interrupt has arrived.
    static var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// Takes the signals over; called before the first thread is made, so that all inherit the mask.
    static func takeOver() {
        signal(SIGPIPE, SIG_IGN)
        var set = signals
        pthread_sigmask(SIG_BLOCK, &set, nil)
        var thread = pthread_t()
        pthread_create(&thread, nil, waitForSignals, nil)
        pthread_detach(thread)
    }

    /// Calls `handler` on the first interrupt, on another thread.
    static func onRequest(_ handler: @escaping @Sendable () -> Void) {
        handlers.withLock { $0.append(handler) }
        if isRequested { handler() }
    }

    private static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        return set
    }

    fileprivate static func wait() {
        var set = signals
        var number: Int32 = 0
        guard sigwait(&set, &number) == 0 else { return }
        requested.store(true, ordering: .releasing)
        let waiting = handlers.withLock { $0 }
        if waiting.isEmpty { _exit(CommandExit.interrupted) }
        for handler in waiting { handler() }
        guard sigwait(&set, &number) == 0 else { return }
        _exit(CommandExit.interrupted)
    }
}

private func waitForSignals(_: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    Interrupt.wait()
    return nil
}
