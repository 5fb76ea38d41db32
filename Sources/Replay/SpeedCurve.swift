/// The speed of a replay over its run, in recorded time per time of the run, and what follows from it: when a
/// moment of the trace is due.
///
/// Within a leg the speed changes evenly from one value to another; so the position in the trace is a parabola over
/// time, and the moment of a position is found in closed form. Nothing is added up request by request.
package struct SpeedCurve: Hashable, Sendable {
    private struct Leg: Hashable, Sendable {
        /// When it begins, in nanoseconds of the run.
        var start: Double
        /// What has been covered of the trace by then, in nanoseconds.
        var position: Double
        var from: Double
        /// What the speed gains in each nanosecond.
        var slope: Double
    }

    /// The last one has no end and no slope.
    private let legs: [Leg]

    /// The same speed all the time; 0 is "as fast as possible".
    package init(constant factor: Double) {
        precondition(factor >= 0 && factor.isFinite, "a schedule cannot run backwards")
        legs = [Leg(start: 0, position: 0, from: factor, slope: 0)]
    }

    /// Legs of positive speeds and durations in nanoseconds; the last speed goes on.
    init(_ parts: [(from: Double, to: Double, duration: Double)]) {
        precondition(!parts.isEmpty, "a course without a leg")
        var legs: [Leg] = []
        var start = 0.0
        var position = 0.0
        for part in parts {
            precondition(part.from > 0 && part.to > 0 && part.duration > 0, "a leg that never ends")
            legs.append(
                Leg(
                    start: start,
                    position: position,
                    from: part.from,
                    slope: (part.to - part.from) / part.duration
                )
            )
            start += part.duration
            position += (part.from + part.to) / 2 * part.duration
        }
        legs.append(Leg(start: start, position: position, from: parts[parts.count - 1].to, slope: 0))
        self.legs = legs
    }

    /// The speed where it never changes.
    package var constant: Double? { legs.count == 1 ? legs[0].from : nil }

    /// When a position of the trace is due, both in nanoseconds; 0 where everything is at once. O(log legs).
    func elapsed(at position: Double) -> Double {
        let leg = last { $0.position <= position }
        guard leg.from > 0 else { return 0 }
        let way = position - leg.position
        guard leg.slope != 0 else { return leg.start + way / leg.from }
        // way = from·t + slope·t²/2, solved for t in the form that loses no digits where the slope is small.
        let root = (leg.from * leg.from + 2 * leg.slope * way).squareRoot()
        return leg.start + 2 * way / (leg.from + root)
    }

    /// The speed at a moment of the run, in nanoseconds.
    package func factor(at elapsed: Double) -> Double {
        let leg = last { $0.start <= elapsed }
        return leg.from + leg.slope * max(0, elapsed - leg.start)
    }

    private func last(where holds: (Leg) -> Bool) -> Leg {
        var (low, high) = (0, legs.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if holds(legs[middle]) { low = middle } else { high = middle }
        }
        return legs[low]
    }
}
