import Dispatch
import Glibc
import Replay
import Reports
import Synchronization
import Transports

/// Tells of a replay while it runs: the histogram log, the live view, lines of progress, metrics.
///
/// All of it is done on a thread of its own. The event loop only hands over what it has measured; a terminal that is slow, a
/// pipe that nobody reads or a disk that hangs costs nothing of the rhythm.
final class ReplayWatch: Sendable {
    /// How a run is shown on standard error.
    enum Display: Sendable {
        case none
        /// Lines that are drawn over, for a terminal.
        case screen
        /// A line a second.
        case plain
        /// A JSON object a second.
        case json
    }

    /// What the event loop has handed over and nobody has taken yet.
    private struct Queue {
        var glance: ReplayProgress?
        var intervals: [(ReplayInterval, ReplayProgress)] = []
        var isOver = false
        /// Intervals for which there was no room.
        var lost: UInt64 = 0
        var failure: (any Error)?
    }

    /// Intervals that wait at most; each is half a megabyte.
    private static let limit = 16

    private let display: Display
    private let queue = Mutex<Queue>(Queue())
    private let wake = DispatchSemaphore(value: 0)
    private let outlets: Mutex<Outlets>
    private let thread = Mutex<pthread_t?>(nil)

    init(display: Display, log: sending HDRLogFile?, metrics: MetricsServer?, isPaced: Bool) {
        self.display = display
        outlets = Mutex(
            Outlets(status: ReplayStatus(isPaced: isPaced), log: log, metrics: metrics, display: display)
        )
    }

    /// What the event loop has to tell: nothing where nobody looks.
    var hooks: ReplayHooks {
        var hooks = ReplayHooks()
        if case .screen = display { hooks.progress = { self.take($0) } }
        hooks.interval = { try self.take($0, $1) }
        return hooks
    }

    func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        guard pthread_create(&thread, nil, watchReplay, context.toOpaque()) == 0 else {
            context.release()
            return
        }
        self.thread.withLock { $0 = thread }
    }

    /// Waits until everything has been told, and clears the screen; throws what went wrong with it.
    func finish() throws {
        stop()
        let (failure, lost) = queue.withLock { ($0.failure, $0.lost) }
        if lost > 0 {
            StandardError.print(
                "tapedeck: \(lost) intervals of the run were not told of: what takes them was too slow for a while"
            )
        }
        if let failure { throw failure }
    }

    /// The same where the run has failed anyway.
    func stop() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        queue.withLock { $0.isOver = true }
        wake.signal()
        pthread_join(thread, nil)
    }

    private func take(_ progress: ReplayProgress) {
        queue.withLock { $0.glance = progress }
        wake.signal()
    }

    private func take(_ interval: ReplayInterval, _ progress: ReplayProgress) throws {
        let failure = queue.withLock { queue -> (any Error)? in
            if queue.intervals.count < Self.limit {
                queue.intervals.append((interval, progress))
            } else {
                queue.lost += 1
            }
            return queue.failure
        }
        if let failure { throw failure }
        wake.signal()
    }

    fileprivate func run() {
        outlets.withLock { outlets in
            outlets.begin()
            var isOver = false
            while !isOver {
                wake.wait()
                let (glance, intervals) = queue.withLock { queue in
                    defer { (queue.glance, queue.intervals) = (nil, []) }
                    isOver = queue.isOver
                    return (queue.glance, queue.intervals)
                }
                do {
                    for (interval, progress) in intervals { try outlets.tell(interval, progress) }
                } catch {
                    queue.withLock { $0.failure = $0.failure ?? error }
                }
                if let glance, !isOver { outlets.show(glance) }
            }
            outlets.end()
        }
    }
}

/// Where a run is told of.
private struct Outlets {
    var status: ReplayStatus
    let log: HDRLogFile?
    let metrics: MetricsServer?
    let display: ReplayWatch.Display

    mutating func begin() { publish() }

    mutating func tell(_ interval: ReplayInterval, _ progress: ReplayProgress) throws {
        status.take(interval, progress)
        publish()
        switch display {
        case .none: break
        case .screen: show(progress)
        case .plain: StandardError.print(status.line())
        case .json: StandardError.write(status.json(at: Clock.wall()))
        }
        try log?.append(interval)
    }

    mutating func show(_ progress: ReplayProgress) {
        status.take(progress)
        StandardError.live(status.screen(columns: TerminalSize.current().columns - 1))
    }

    func end() {
        if case .screen = display { StandardError.live([]) }
    }

    private func publish() {
        guard let metrics else { return }
        let usage = ReplayStatus.Usage(
            cpuSeconds: Double(ProcessUsage.cpu()) / 1e9,
            residentBytes: ProcessUsage.residentBytes()
        )
        metrics.publish(status.prometheusText(usage))
    }
}

private func watchReplay(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<ReplayWatch>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
