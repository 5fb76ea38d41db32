import Foundation
import Glibc
import Synchronization

/// SIGINT and SIGTERM as something to wait for: blocked everywhere, taken by one thread.
enum StopSignal {
    private static let arrived = Mutex(false)
    private static let semaphore = DispatchSemaphore(value: 0)

    /// Called before the first thread is made, so that all inherit the mask.
    static func takeOver() {
        Glibc.signal(SIGPIPE, SIG_IGN)
        var set = signals
        pthread_sigmask(SIG_BLOCK, &set, nil)
        var thread = pthread_t()
        pthread_create(&thread, nil, waitForStopSignals, nil)
        pthread_detach(thread)
    }

    static var hasArrived: Bool { arrived.withLock { $0 } }

    /// Waits until a signal asks to stop, or the process that started this one is gone where `withParent` says so.
    static func wait(withParent: Bool) {
        let parent = getppid()
        while !hasArrived {
            _ = semaphore.wait(timeout: .now() + .milliseconds(500))
            if withParent, getppid() != parent { return }
        }
    }

    /// Waits for so many milliseconds, or less where a signal asks to stop; whether one did.
    static func wait(milliseconds: Int) -> Bool {
        if !hasArrived { _ = semaphore.wait(timeout: .now() + .milliseconds(milliseconds)) }
        return hasArrived
    }

    private static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        return set
    }

    fileprivate static func waitForThem() {
        var set = signals
        var number: Int32 = 0
        while sigwait(&set, &number) == 0 {
            // A second one ends the process at once.
            if hasArrived { _exit(130) }
            arrived.withLock { $0 = true }
            semaphore.signal()
        }
    }
}

private func waitForStopSignals(_: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    StopSignal.waitForThem()
    return nil
}
