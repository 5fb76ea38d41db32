/// Requests per interval of a run, as asked for and as sent; the intervals grow with the run, so that their number is
/// bounded.
package struct RateSeries: Hashable, Sendable {
    package struct Interval: Hashable, Sendable {
        package var requested: UInt64 = 0
        package var sent: UInt64 = 0
    }

    /// Intervals kept at most.
    package static let limit = 3_600

    /// The length of an interval: 1, 2, 4, … seconds.
    package private(set) var seconds = 1
    /// From the start of the run on.
    package private(set) var intervals: [Interval] = []

    package init() {}

    /// Notes a request due in one second of the run and sent in another, or never.
    mutating func note(requested: Int, sent: Int?) {
        intervals[place(of: requested)].requested += 1
        if let sent { intervals[place(of: sent)].sent += 1 }
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
                halved[index / 2].requested += interval.requested
                halved[index / 2].sent += interval.sent
            }
        }
        intervals = halved
        seconds *= 2
    }
}
