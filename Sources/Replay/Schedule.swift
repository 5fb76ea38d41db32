package import Packets

/// A moment on the monotonic clock of the replay, in nanoseconds.
package typealias MonotonicTime = UInt64

/// Maps recorded time to intended times: `start + (recorded start − first recorded start) / speed`, or where the speed
/// changes in the course of the run, the moment at which its curve has covered so much of the trace.
///
/// Every intended time is reckoned from the start of the run, never from the request before, so lateness
/// does not add up. A later pass over the trace starts one period after the pass before.
package struct Schedule: Hashable, Sendable {
    /// When the run starts.
    package let start: MonotonicTime
    /// How many times as fast as recorded; a constant 0 sends everything as soon as possible.
    package let curve: SpeedCurve
    /// The recorded start of the first request that is replayed.
    package private(set) var origin: PacketTime?
    /// How long one pass lasts in recorded time; the gap before the next pass included.
    package private(set) var period: Int64 = 0

    package init(start: MonotonicTime, curve: SpeedCurve) {
        self.start = start
        self.curve = curve
    }

    /// `factor` must be positive, or 0 for "as fast as possible".
    package init(start: MonotonicTime, factor: Double) {
        self.init(start: start, curve: SpeedCurve(constant: factor))
    }

    /// The intended time of a request; the first one ever asked about sets the origin.
    ///
    /// Recorded times before the origin count as the origin; results saturate.
    package mutating func intendedTime(of recorded: PacketTime, loop: UInt32) -> MonotonicTime {
        intendedTime(at: offset(of: recorded, loop: loop))
    }

    /// How far into the replayed trace a recorded moment lies, in nanoseconds of recorded time, the passes before it
    /// included; the first one ever asked about sets the origin. Saturates.
    package mutating func offset(of recorded: PacketTime, loop: UInt32) -> Int64 {
        let origin = self.origin ?? recorded
        self.origin = origin
        let offset = max(0, recorded.nanoseconds(since: origin))
        let passes = period.multipliedReportingOverflow(by: Int64(loop))
        let sum = offset.addingReportingOverflow(passes.partialValue)
        return passes.overflow || sum.overflow ? .max : sum.partialValue
    }

    /// When an offset into the replayed trace is due; saturates.
    package func intendedTime(at offset: Int64) -> MonotonicTime {
        let elapsed = curve.elapsed(at: Double(offset))
        // Doubles are exact to 2^53 ns, a hundred days; beyond the range the request is never due.
        guard elapsed < 9e18 else { return .max }
        return start.addingReportingOverflow(MonotonicTime(elapsed)).partialValue
    }

    /// Sets the period from what the first pass has shown.
    package mutating func setPeriod(count: UInt64, last: PacketTime) {
        guard let origin else { return }
        period = TraceTotals(requests: count, first: origin, last: last).period
    }
}

/// How many requests a replay selects from a trace, and over what time they were recorded.
package struct TraceTotals: Hashable, Sendable {
    package var requests: UInt64
    package var first: PacketTime
    package var last: PacketTime

    package init(requests: UInt64, first: PacketTime, last: PacketTime) {
        self.requests = requests
        self.first = first
        self.last = last
    }

    /// From the first to the last request, in nanoseconds; never negative.
    package var span: Int64 {
        max(0, last.nanoseconds(since: first))
    }

    /// The span and one mean gap, in nanoseconds, so that passes join without a burst; a trace of one moment
    /// repeats every second.
    package var period: Int64 {
        guard requests > 1, span > 0 else { return 1_000_000_000 }
        let (period, overflow) = span.addingReportingOverflow(span / Int64(clamping: requests - 1))
        return overflow ? .max : period
    }

    /// The speed at which the mean rate is `rate`.
    package func factor(for rate: Rate) -> Double {
        Double(period) * rate.perSecond / (Double(max(requests, 1)) * 1e9)
    }
}
