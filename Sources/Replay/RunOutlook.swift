package import Packets

/// How far a trace goes, as its index tells before it is read.
package struct TraceOutlook: Hashable, Sendable {
    package var first: PacketTime
    /// The last moment of a message, which may be some time after the last request.
    package var last: PacketTime
    /// Requests of one pass, selected or not.
    package var requests: UInt64

    package init(first: PacketTime, last: PacketTime, requests: UInt64) {
        self.first = first
        self.last = last
        self.requests = requests
    }
}

/// When a run will be over, as far as that can be told beforehand.
package struct RunOutlook: Hashable, Sendable {
    /// When the last request is due at the latest.
    private var end: MonotonicTime?
    /// Requests in all, of a run without a schedule.
    private var requests: Double?

    /// `nil` where nothing can be told: a pipe, passes without end, a part of a trace as fast as possible.
    package init?(_ plan: ReplayPlan, schedule: Schedule) {
        if let duration = plan.duration {
            end = schedule.start.addingReportingOverflow(duration).partialValue
        }
        if let trace = plan.outlook, let loops = plan.loops {
            if plan.pacing == .maximum {
                if plan.selectsAll { requests = Double(trace.requests) * Double(loops) }
            } else {
                let last = Self.last(of: trace, plan, schedule, pass: loops - 1)
                end = min(last, end ?? last)
            }
        }
        guard end != nil || requests != nil else { return nil }
    }

    private static func last(
        of trace: TraceOutlook,
        _ plan: ReplayPlan,
        _ schedule: Schedule,
        pass: UInt32
    ) -> MonotonicTime {
        var (first, last) = (trace.first, trace.last)
        if let from = plan.window.from { first = max(first, from.time(origin: trace.first)) }
        if let to = plan.window.to { last = min(last, to.time(origin: trace.first)) }
        var schedule = schedule
        _ = schedule.intendedTime(of: first, loop: 0)
        schedule.setPeriod(count: trace.requests, last: last)
        return schedule.intendedTime(of: last, loop: pass)
    }

    /// Nanoseconds until the last request is due, or, where there is no schedule, until it would be sent at the mean rate
    /// so far; `nil` where that cannot be told, or is not in question any more.
    package func remaining(_ progress: ReplayProgress, at now: MonotonicTime) -> UInt64? {
        guard progress.phase == .running else { return nil }
        var remaining = end.map { $0 - min($0, now) }
        if let requests, progress.sent > 0 {
            let left = requests - min(requests, Double(progress.sent))
            let nanoseconds = Double(progress.elapsed) / Double(progress.sent) * left
            if nanoseconds < 9e18 { remaining = min(UInt64(nanoseconds), remaining ?? .max) }
        }
        return remaining
    }
}
