import CEvents
import Glibc

/// Asks a running replay to stop, from any thread: the first request drains, the second ends at once.
package final class StopToken: Sendable {
    /// An eventfd whose counter is the number of requests not yet seen.
    package let descriptor: Int32

    package init() throws {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        guard descriptor >= 0 else { throw TransportError.system("eventfd") }
    }

    deinit {
        close(descriptor)
    }

    /// May be called from a signal handler.
    package func request() {
        var one: UInt64 = 1
        // The counter cannot be full, and there is nobody to tell if it were.
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Whether a stop was requested that nobody has taken yet.
    var isRequested: Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&wanted, 1, 0) > 0
    }

    /// How often a stop was requested since the last call; reads never block.
    @discardableResult
    package func takeRequests() -> UInt64 {
        var count: UInt64 = 0
        let size = read(descriptor, &count, MemoryLayout<UInt64>.size)
        return size == MemoryLayout<UInt64>.size ? count : 0
    }
}
