/// Requests per interval of a run, as asked for and as sent; the intervals grow with the run, so that their number is
/// bounded.
package struct RateSeries: Hashable, Sendable {
    package struct Interval: Hashable, Sendable {
        package var requested: UInt64 = 0
        package var sent: UInt64 = 0
        // Of those that were due in it.
        package var responded: UInt64 = 0
        /// Those that were waited for: answered, or timed out.
        package var waits: UInt64 = 0
        /// From the intended time on, together and the longest, in microseconds.
        package var waited: UInt64 = 0
        package var longest: UInt64 = 0

        mutating func add(_ other: Interval) {
            requested += other.requested
            sent += other.sent
            responded += other.responded
            waits += other.waits
            waited &+= other.waited
            longest = max(longest, other.longest)
        }
    }

    /// Intervals kept at most.
    package static let limit = 3_600

    /// The length of an interval: 1, 2, 4, … seconds.
    package private(set) var seconds = 1
    /// From the start of the run on.
    package private(set) var intervals: [Interval] = []

    package init() {}

    /// Notes a request due in one second of the run and sent in another, or never; how long it was waited for, in
    /// nanoseconds, or `nil` where it was not.
    mutating func note(requested: Int, sent: Int?, isAnswered: Bool, waited: UInt64?) {
        let place = place(of: requested)
        intervals[place].requested += 1
        if isAnswered { intervals[place].responded += 1 }
        if let waited {
            let microseconds = waited / 1_000
            intervals[place].waits += 1
            intervals[place].waited &+= microseconds
            intervals[place].longest = max(intervals[place].longest, microseconds)
        }
        if let sent { intervals[self.place(of: sent)].sent += 1 }
    }

    private mutating func place(of second: Int) -> Int {
        while second / seconds >= Self.limit { halve() }
        let place = second / seconds
        while intervals.count <= place { intervals.append(Interval()) }
        return place
    }

    private mutating func halve() {
        var halved: [Interval] = []
        halved.reserveCapacity(intervals.count / 2 + 1)
        for (index, interval) in intervals.enumerated() {
            if index % 2 == 0 {
                halved.append(interval)
            } else {
                halved[index / 2].add(interval)
            }
        }
        intervals = halved
        seconds *= 2
    }
}
