import Glibc
import Synchronization

/// SIGINT and SIGTERM as a value: the first asks the command to drain and report, the second ends it at once.
///
/// The signals are blocked in every thread and taken by one that waits for them, so that no code of ours
/// ever runs inside a signal handler.
enum Interrupt {
    private static let requested = Atomic<Bool>(false)
    private static let handlers = Mutex<[@Sendable () -> Void]>([])

    /// Whether an interrupt has arrived.
    static var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// Blocks the signals; called before the first thread is made, so that all inherit it.
    static func blockSignals() {
        signal(SIGPIPE, SIG_IGN)
        var set = sigset_t()
        fill(&set)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Calls `handler` on the first interrupt, on another thread.
    static func onRequest(_ handler: @escaping @Sendable () -> Void) {
        let isFirst = handlers.withLock { handlers in
            handlers.append(handler)
            return handlers.count == 1
        }
        if isFirst { startWaiting() }
        if isRequested { handler() }
    }

    private static func fill(_ set: inout sigset_t) {
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
    }

    private static func startWaiting() {
        var thread = pthread_t()
        pthread_create(&thread, nil, waitForSignals, nil)
        pthread_detach(thread)
    }

    fileprivate static func wait() {
        var set = sigset_t()
        fill(&set)
        var number: Int32 = 0
        guard sigwait(&set, &number) == 0 else { return }
        requested.store(true, ordering: .releasing)
        for handler in handlers.withLock({ $0 }) { handler() }
        guard sigwait(&set, &number) == 0 else { return }
        _exit(CommandExit.interrupted)
    }
}

private func waitForSignals(_: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    Interrupt.wait()
    return nil
}
