import Capture
import Glibc
import Synchronization

/// Signals as values. SIGINT and SIGTERM: the first asks the command to drain and report, the second ends it at once.
/// SIGHUP and SIGUSR1 do what they always do, unless a command takes them.
///
/// The signals are blocked in every thread that works and taken by one that waits for them, so that no code of ours
/// ever runs inside a signal handler. A command that has nothing to drain is ended by the first interrupt.
enum Interrupt {
    private static let requested = Atomic<Int32>(0)
    private static let handlers = Mutex<[@Sendable () -> Void]>([])
    private static let takers = Mutex<[Int32: @Sendable () -> Void]>([:])

    /// Whether an interrupt has arrived.
    static var isRequested: Bool { signal != nil }

    /// Whether one arrived so long ago that what still hangs is not worth waiting for.
    static var isOverdue: Bool {
        let time = time.load(ordering: .relaxed)
        return isRequested && Clock.monotonic() - time > patience
    }

    /// Nanoseconds for which what is under way may come to its end.
    private static let patience: UInt64 = 3_000_000_000
    /// When the first interrupt arrived.
    private static let time = Atomic<UInt64>(0)

    /// The signal that interrupted the command.
    static var signal: Int32? {
        let number = requested.load(ordering: .acquiring)
        return number == 0 ? nil : number
    }

    /// Takes the signals over; called before the first thread is made, so that all inherit the mask.
    static func takeOver() {
        Glibc.signal(SIGPIPE, SIG_IGN)
        var all = set(of: interrupts + optional)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        var thread = pthread_t()
        pthread_create(&thread, nil, waitForSignals, nil)
        pthread_detach(thread)
        var free = set(of: optional)
        pthread_sigmask(SIG_UNBLOCK, &free, nil)
    }

    /// Calls `handler` on the first interrupt, on another thread.
    static func onRequest(_ handler: @escaping @Sendable () -> Void) {
        handlers.withLock { $0.append(handler) }
        if isRequested { handler() }
    }

    /// Takes SIGHUP or SIGUSR1 from now on, in this thread and those that it makes: `handler` is called for each, on
    /// another thread.
    static func take(_ number: Int32, _ handler: @escaping @Sendable () -> Void) {
        precondition(optional.contains(number), "other signals are not waited for")
        takers.withLock { $0[number] = handler }
        var taken = set(of: [number])
        pthread_sigmask(SIG_BLOCK, &taken, nil)
    }

    private static let interrupts = [SIGINT, SIGTERM]
    private static let optional = [SIGHUP, SIGUSR1]

    private static func set(of numbers: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        return set
    }

    fileprivate static func wait() {
        var set = set(of: interrupts + optional)
        var number: Int32 = 0
        while sigwait(&set, &number) == 0 {
            if optional.contains(number) {
                takers.withLock { $0[number] }?()
                continue
            }
            if isRequested { _exit(CommandExit.interrupted) }
            time.store(Clock.monotonic(), ordering: .relaxed)
            requested.store(number, ordering: .releasing)
            let waiting = handlers.withLock { $0 }
            if waiting.isEmpty { _exit(CommandExit.interrupted) }
            for handler in waiting { handler() }
        }
    }
}

private func waitForSignals(_: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    // It needs no privileges. Root's go with the user, in all threads at once: one that could not follow would end the
    // process.
    if geteuid() != 0 { Privileges.dropOfThread() }
    Interrupt.wait()
    return nil
}
