/// How faithful a replay was to its schedule: requests in windows of time, as asked for and as sent.
///
/// Both are counted in windows of a millisecond and folded into larger ones second by second, as soon as nothing can
/// be added to a second any more; so the memory is bounded by how late requests can be, not by how long a run lasts.
package struct Rhythm: Sendable {
    /// The widths compared, in milliseconds.
    package static let widths = [1, 10, 100, 1_000]
    /// Seconds kept open at most; beyond that the oldest is folded although something may still be added to it.
    static let openLimit = 4_096
    private static let millisecondsPerSecond = 1_000

    /// What was sent minus what was asked for, millisecond by millisecond of one second.
    private struct Second {
        var number: Int
        var surplus = [Int32](repeating: 0, count: Rhythm.millisecondsPerSecond)
    }

    private let start: MonotonicTime
    /// In the order of their numbers.
    private var open: [Second] = []
    private var deviation = [UInt64](repeating: 0, count: Rhythm.widths.count)
    private var intended: UInt64 = 0
    package private(set) var rates = RateSeries()

    /// `start` is the moment from which windows are counted; what comes before it counts as at it.
    package init(start: MonotonicTime) {
        self.start = start
    }

    /// Notes a request that was due at `intended` and went out at `sent`, or never did.
    ///
    /// `settled`: nothing will be noted any more of a moment before it. `waited`: for how long it was waited for, in
    /// nanoseconds from the intended time on. O(1) but for the folding.
    package mutating func note(
        intended: MonotonicTime,
        sent: MonotonicTime?,
        settled: MonotonicTime,
        isAnswered: Bool = false,
        waited: UInt64? = nil
    ) {
        self.intended += 1
        add(-1, at: intended)
        if let sent { add(1, at: sent) }
        rates.note(
            requested: second(of: intended),
            sent: sent.map(second(of:)),
            isAnswered: isAnswered,
            waited: waited
        )
        let horizon = second(of: settled)
        while let first = open.first, first.number < horizon || open.count > Self.openLimit { foldFirst() }
    }

    private func second(of time: MonotonicTime) -> Int {
        Int((time - min(time, start)) / 1_000_000_000)
    }

    private mutating func add(_ count: Int32, at time: MonotonicTime) {
        let offset = time - min(time, start)
        let number = Int(offset / 1_000_000_000)
        var place = open.count
        while place > 0, open[place - 1].number >= number { place -= 1 }
        if place == open.count || open[place].number != number {
            open.insert(Second(number: number), at: place)
        }
        open[place].surplus[Int(offset % 1_000_000_000 / 1_000_000)] += count
    }

    private mutating func foldFirst() {
        let surplus = open.removeFirst().surplus
        Self.fold(surplus, into: &deviation)
    }

    private static func fold(_ surplus: [Int32], into deviation: inout [UInt64]) {
        for (index, width) in widths.enumerated() {
            var start = 0
            while start < surplus.count {
                var sum = 0
                for millisecond in start..<start + width { sum += Int(surplus[millisecond]) }
                deviation[index] += UInt64(abs(sum))
                start += width
            }
        }
    }

    /// For each of ``widths``: the differences of all windows, added up, over the requests asked for; 0 is the very
    /// rhythm, and a request in the wrong window counts twice, where it is and where it is not.
    package var deviations: [Double] {
        guard intended > 0 else { return Self.widths.map { _ in 0 } }
        var deviation = deviation
        for second in open { Self.fold(second.surplus, into: &deviation) }
        return deviation.map { Double($0) / Double(intended) }
    }
}
