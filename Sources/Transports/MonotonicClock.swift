import Glibc
package import Replay

/// The monotonic clock, and what it shows in nanoseconds since 1970.
package struct MonotonicClock {
    private let wallOffset: Int64

    /// Ties the two clocks together once, so that steps of the wall clock do not reach into a run.
    package init() {
        wallOffset = Self.read(CLOCK_REALTIME) &- Self.read(CLOCK_MONOTONIC)
    }

    package static var now: MonotonicTime { MonotonicTime(read(CLOCK_MONOTONIC)) }

    package func wall(_ time: MonotonicTime) -> Int64 { Int64(clamping: time) &+ wallOffset }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
