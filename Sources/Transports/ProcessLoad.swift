import Glibc

/// What the process has taken of the machine.
enum ProcessLoad {
    /// Processor time of all threads, in seconds.
    static var cpuSeconds: Double {
        let usage = usage
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// The most memory that was resident at once, in bytes.
    static var peakResidentBytes: UInt64 { UInt64(clamping: usage.ru_maxrss) << 10 }

    private static var usage: rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
}
