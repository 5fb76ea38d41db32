import Glibc

/// What one benchmark took: the shortest of several rounds, so that a busy machine disturbs less, and the allocations of
/// the last one, by when everything has its size.
struct Measurement {
    let units: Int
    let nanoseconds: UInt64
    /// `nil` where nothing counts them.
    let allocations: UInt?

    /// Runs `body`, which answers how many units it has done, `rounds` times.
    init(rounds: Int, _ body: () throws -> Int) rethrows {
        var shortest = UInt64.max
        var units = 0
        var allocated: UInt?
        for _ in 0..<rounds {
            let before = Self.allocationCount
            let start = Self.now
            units = try body()
            shortest = min(shortest, Self.now - start)
            if let before, let after = Self.allocationCount { allocated = after - before }
        }
        self.units = units
        nanoseconds = shortest
        allocations = allocated
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The counter of `allocations.c`, where that library was loaded before the program.
    private static var allocationCount: UInt? {
        guard let counter = dlsym(nil, "allocation_count") else { return nil }
        return counter.load(as: UInt.self)
    }
}
