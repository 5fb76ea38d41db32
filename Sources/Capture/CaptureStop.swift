import CPcap
import Glibc
import Synchronization

/// Ends a capture or the reading of a file from another thread.
///
/// One token may serve several sources. Asking is safe from any thread and from a signal handler: it sets
/// a flag and writes to a descriptor that waiting sources watch.
package final class CaptureStop: Sendable {
    private let requested = Atomic<Bool>(false)
    /// Becomes readable when the stop is requested; -1 when the system has no descriptor left, and then a
    /// waiting source notices the request only when its wait is over.
    private let event: Int32

    package init() {
        event = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    }

    deinit {
        if event >= 0 { close(event) }
    }

    package var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// Asks the sources to stop; asking again changes nothing.
    package func request() {
        requested.store(true, ordering: .releasing)
        eventfd_write(event, 1)
    }

    /// Waits until `other` is readable, the stop is requested, or the time is over.
    ///
    /// - Parameter milliseconds: The longest wait; negative waits without end.
    /// - Returns: Whether `other` can be read, or has an error to report.
    func wait(for other: Int32, milliseconds: Int32) -> Bool {
        var descriptors = [
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
            pollfd(fd: event, events: Int16(POLLIN), revents: 0),
        ]
        // An interrupted wait counts as over: the caller looks again anyway.
        return poll(&descriptors, 2, milliseconds) > 0 && descriptors[0].revents != 0
    }
}
