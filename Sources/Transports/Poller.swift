import CEvents
import Glibc
package import Replay

/// An epoll set with one absolute timer and one stop token in it; only the thread of the event loop touches it.
package final class Poller {
    static let batch = 256

    private let epoll: Int32
    private let timer: Int32
    private let stop: Int32
    private var armed: MonotonicTime?
    private let events: UnsafeMutablePointer<epoll_event>
    /// By descriptor: what a transport wants to hear of, and what the kernel has been told.
    private var wanted: [UInt32] = []
    private var told: [UInt32] = []
    /// Time spent waiting, in nanoseconds.
    private(set) var idle: UInt64 = 0

    package init(stop: StopToken) throws {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw TransportError.system("epoll_create1") }
        let timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
        guard timer >= 0 else {
            let error = TransportError.system("timerfd_create")
            close(epoll)
            throw error
        }
        for descriptor in [timer, stop.descriptor] {
            guard Self.control(epoll, EPOLL_CTL_ADD, descriptor, EPOLLIN.rawValue) else {
                let error = TransportError.system("epoll_ctl")
                close(timer)
                close(epoll)
                throw error
            }
        }
        self.epoll = epoll
        self.timer = timer
        self.stop = stop.descriptor
        events = .allocate(capacity: Self.batch)
    }

    deinit {
        events.deallocate()
        close(timer)
        close(epoll)
    }

    private static func control(_ epoll: Int32, _ operation: Int32, _ descriptor: Int32, _ mask: UInt32)
        -> Bool
    {
        var event = epoll_event()
        event.events = mask
        event.data.fd = descriptor
        return epoll_ctl(epoll, operation, descriptor, &event) == 0
    }

    /// Notes a descriptor that has just been opened: whatever was known under its number is over.
    package func opened(_ descriptor: Int32) {
        let index = Int(descriptor)
        while wanted.count <= index {
            wanted.append(0)
            told.append(0)
        }
        wanted[index] = 0
        told[index] = 0
    }

    /// Changes what is to be heard of a descriptor; 0 for nothing.
    ///
    /// "Nothing" is not passed on to the kernel until an event comes in: a connection that waits in the cache is
    /// usually wanted again in the same way, and two system calls per request are saved.
    package func watch(_ descriptor: Int32, _ mask: UInt32) -> Bool {
        let index = Int(descriptor)
        if index >= wanted.count { opened(descriptor) }
        wanted[index] = mask
        guard mask != 0, told[index] != mask else { return true }
        let operation = told[index] == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        guard Self.control(epoll, operation, descriptor, mask) else { return false }
        told[index] = mask
        return true
    }

    /// Waits for events until `deadline`, or without end where it is `nil`; answers how many there are.
    package func wait(until deadline: MonotonicTime?, now: MonotonicTime) throws -> Int {
        var timeout: Int32 = -1
        if let deadline {
            if deadline <= now { timeout = 0 } else { try arm(deadline) }
        }
        let count = epoll_wait(epoll, events, Int32(Self.batch), timeout)
        if timeout != 0 {
            let woken = MonotonicClock.now
            idle &+= woken - min(now, woken)
        }
        if count < 0 {
            guard errno == EINTR else { throw TransportError.system("epoll_wait") }
            return 0
        }
        return Int(count)
    }

    /// The event at `index` of the last wait: the descriptor and what happened; `nil` where it was only the timer,
    /// or a connection about which nobody asked.
    package func event(_ index: Int) -> (descriptor: Int32, mask: UInt32)? {
        let event = events[index]
        let descriptor = event.data.fd
        if descriptor == timer {
            var expirations: UInt64 = 0
            _ = read(timer, &expirations, MemoryLayout<UInt64>.size)
            armed = nil
            return nil
        }
        guard descriptor != stop else { return (descriptor, event.events) }
        let place = Int(descriptor)
        guard wanted[place] == 0 else { return (descriptor, event.events) }
        if told[place] != 0 {
            // Fails only where the descriptor is closed, and then it is out of the set already.
            _ = epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
            told[place] = 0
        }
        return nil
    }

    private func arm(_ deadline: MonotonicTime) throws {
        guard armed != deadline else { return }
        var specification = itimerspec()
        specification.it_value.tv_sec = Int(clamping: deadline / 1_000_000_000)
        specification.it_value.tv_nsec = Int(deadline % 1_000_000_000)
        guard timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &specification, nil) == 0 else {
            throw TransportError.system("timerfd_settime")
        }
        armed = deadline
    }
}
