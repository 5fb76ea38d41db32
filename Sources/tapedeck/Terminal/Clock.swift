import Glibc

/// The clocks of the machine, read in one place; everything below the command line takes time as an argument.
enum Clock {
    /// Nanoseconds that only go forward, from an arbitrary start.
    static func monotonic() -> UInt64 {
        UInt64(read(CLOCK_MONOTONIC))
    }

    /// Nanoseconds since 1970.
    static func wall() -> Int64 {
        read(CLOCK_REALTIME)
    }

    /// Nanoseconds of processor time that this thread has taken.
    static func threadTime() -> UInt64 {
        UInt64(read(CLOCK_THREAD_CPUTIME_ID))
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
