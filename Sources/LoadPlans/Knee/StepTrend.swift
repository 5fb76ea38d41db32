/// How a time went in the course of a step: what grows as long as the step lasts has not come to rest, and would break its
/// bound if the step went on.
///
/// The memory is bounded: a bin for each ``binLength``, and what begins beyond ``binLimit`` of them is left out.
package struct StepTrend: Hashable, Sendable {
    /// In nanoseconds.
    package static let binLength: Int64 = 100_000_000
    package static let binLimit = 6_000
    /// Slices of a step that are compared with each other.
    private static let slices = 10
    /// Times without which a line is drawn through too few of them.
    private static let least = 40.0
    /// How many times its standard error a slope has to be: a step in which something stood still for a moment has none
    /// such, a line that grows has many times that.
    private static let certainty = 6.0

    private struct Bin: Hashable, Sendable {
        var sum = 0.0
        var count = 0.0
    }

    private var bins: [Int64: Bin] = [:]

    package init() {}

    /// Notes a time of `nanoseconds` of what began at `time`, in nanoseconds since whatever moment.
    package mutating func note(_ nanoseconds: UInt64, at time: Int64) {
        add(Bin(sum: Double(nanoseconds), count: 1), to: time / Self.binLength)
    }

    package mutating func add(_ other: StepTrend) {
        for (place, bin) in other.bins { add(bin, to: place) }
    }

    private mutating func add(_ bin: Bin, to place: Int64) {
        guard bins[place] != nil || bins.count < Self.binLimit else { return }
        bins[place, default: Bin()].sum += bin.sum
        bins[place, default: Bin()].count += bin.count
    }

    /// A line through the means of the slices.
    package struct Line: Hashable, Sendable {
        /// Nanoseconds by which the time grows in a second, and the standard error of that.
        package var slope: Double
        package var error: Double
        /// What it has come to at the end of the step, in nanoseconds.
        package var end: Double

        /// Whether it grows, beyond doubt.
        package var isGrowing: Bool { slope > StepTrend.certainty * error && slope > 0 }

        /// What it comes to where the load goes on for so many seconds more.
        package func value(after seconds: Double) -> Double { end + slope * seconds }
    }

    /// Least squares; `nil` where there are fewer than ``least`` times, or than six slices with anything in them.
    package var line: Line? {
        guard let first = bins.keys.min(), let last = bins.keys.max(),
            bins.values.reduce(0, { $0 + $1.count }) >= Self.least
        else { return nil }
        let length = Double(last - first + 1)
        var slices = [Bin](repeating: Bin(), count: Self.slices)
        for (place, bin) in bins {
            let slice = Int(Double(place - first) / length * Double(Self.slices))
            slices[slice].sum += bin.sum
            slices[slice].count += bin.count
        }
        let seconds = length * Double(Self.binLength) / 1e9
        let points = slices.enumerated().filter { $0.element.count > 0 }.map { slice in
            (
                x: (Double(slice.offset) + 0.5) / Double(Self.slices) * seconds,
                y: slice.element.sum / slice.element.count
            )
        }
        guard points.count >= 6 else { return nil }
        let number = Double(points.count)
        let meanX = points.reduce(0) { $0 + $1.x } / number
        let meanY = points.reduce(0) { $0 + $1.y } / number
        let spread = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
        guard spread > 0 else { return nil }
        let slope = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / spread
        let left = points.reduce(0) { sum, point in
            let residual = point.y - meanY - slope * (point.x - meanX)
            return sum + residual * residual
        }
        return Line(
            slope: slope,
            error: (left / (number - 2) / spread).squareRoot(),
            end: meanY + slope * (seconds - meanX)
        )
    }
}
