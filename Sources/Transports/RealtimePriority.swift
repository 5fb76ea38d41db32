import Glibc

/// Puts the calling thread before all others that have no such priority (sched(7), SCHED_FIFO), until it is given back.
///
/// Threads that are started meanwhile have it, too: start them before.
package struct RealtimePriority: ~Copyable {
    /// Above all that is not urgent itself, below what the kernel does in threads.
    private static let priority: Int32 = 10

    /// Whether the process may have it; the thread has it for a moment.
    package static var isPermitted: Bool { RealtimePriority() != nil }

    /// `nil` where the process may not have it.
    init?() {
        var parameters = sched_param()
        parameters.sched_priority = Self.priority
        guard pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0 else { return nil }
    }

    deinit {
        var parameters = sched_param()
        _ = pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters)
    }
}
