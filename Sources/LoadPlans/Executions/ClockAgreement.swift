/// By how much the clock of a target is ahead of the one here, as far as its runs tell.
///
/// Each run was made between the sending of its request and the end of its answer, which allows a range of offsets.
/// What most ranges have in common is the offset (K. Marzullo, 1984, as NTP has it). The runs of repeated deliveries
/// are older, and their ranges lie elsewhere.
struct ClockAgreement: Sendable {
    /// Ranges kept.
    static let limit = 1_001
    /// Moments may be cut to milliseconds, and clocks be read a moment apart.
    static let precision: Int64 = 50_000_000
    /// Clocks are taken for one unless others agree with so many parts more of the ranges: one in fifty.
    private static let parts = 50

    private var ranges: [ClosedRange<Int64>] = []

    /// Notes a run that was made at `created`, or in the second that begins with it where it is cut to seconds, by the
    /// target's clock. `sent` and `accepted` are by the one here; all in nanoseconds since 1970.
    mutating func note(created: Int64, sent: Int64, accepted: Int64) {
        guard ranges.count < Self.limit else { return }
        let low = created - accepted - Self.precision
        ranges.append(low...max(low, Self.latest(created) - sent + Self.precision))
    }

    /// The end of the time for which a moment may stand: one without a fraction stands for a whole second.
    static func latest(_ moment: Int64) -> Int64 {
        moment % 1_000_000_000 == 0 ? moment + 999_999_999 : moment
    }

    /// Nanoseconds; 0 where that explains as many of the runs as anything else does. O(n log n).
    var offset: Int64 {
        let near = ranges.filter { $0.contains(0) }.count
        // Where a third of the runs allow for one clock, the others are either close to them or older: the offset has
        // to be one that those allow for, too.
        let isNear = near > 0 && near * 3 >= ranges.count
        var edges: [(place: Int64, step: Int, isNear: Bool)] = []
        for range in ranges {
            edges.append((range.lowerBound, 1, range.contains(0)))
            edges.append((range.upperBound, -1, range.contains(0)))
        }
        edges.sort { ($0.place, -$0.step) < ($1.place, -$1.step) }
        var best: (count: Int, offset: Int64) = (0, 0)
        var (count, nearCount) = (0, 0)
        for (index, edge) in edges.enumerated() {
            count += edge.step
            if edge.isNear { nearCount += edge.step }
            guard edge.step > 0, count >= best.count, !isNear || nearCount * 2 >= near else { continue }
            // What begins is over at the next edge.
            let middle = edge.place + (edges[index + 1].place - edge.place) / 2
            if count > best.count || middle.magnitude < best.offset.magnitude { best = (count, middle) }
        }
        return near * (Self.parts + 1) >= best.count * Self.parts ? 0 : best.offset
    }
}
