package import Correlation
import Messages
import Packets
import Traces

/// Draws the selected requests of a source, prepared and with their intended times.
package struct RequestFeed: Sendable {
    /// What one drawn request turned out to be.
    package enum Item: Sendable {
        case request(ScheduledRequest)
        case skipped(SkipReason, intended: MonotonicTime)
    }

    private let plan: ReplayPlan
    package private(set) var schedule: Schedule
    package private(set) var preparation: RequestPreparation
    private var lookahead: AnswerLookahead
    /// Where the values of requests are from; `nil` where every request is sent as recorded.
    private var values: RecordedValues?
    private var origin: PacketTime?
    private var loop: UInt32 = 0
    private var selectedInPass: UInt64 = 0
    private var lastSelected: PacketTime?
    private var isOver = false
    /// Selected requests that began before one already drawn: they are due at once.
    package private(set) var outOfOrder: UInt64 = 0

    package init(plan: ReplayPlan, schedule: Schedule) {
        self.plan = plan
        self.schedule = schedule
        preparation = RequestPreparation(plan: plan)
        lookahead = AnswerLookahead(limits: plan.limits)
        values = plan.correlation.map { RecordedValues($0) }
    }

    /// The next selected request, or `nil` when the last pass is over.
    ///
    /// Throws what the source throws.
    package mutating func next(from source: inout some RequestSource) throws -> Item? {
        while !isOver {
            guard let message = try lookahead.next(from: &source) else {
                try endPass(&source)
                continue
            }
            let origin = self.origin ?? message.start
            self.origin = origin
            switch plan.window.placement(of: message.start, origin: origin) {
            case .before: continue
            case .after:
                try endPass(&source)
                continue
            case .inside: break
            }
            if message.kind == .response { values?.take(answer: message) }
            guard message.kind == .request, plan.filter.selects(message) else { continue }
            return try item(message, &source)
        }
        return nil
    }

    private mutating func item(
        _ message: RecordedMessage,
        _ source: inout some RequestSource
    ) throws -> Item {
        selectedInPass += 1
        if let lastSelected, message.start < lastSelected { outOfOrder += 1 }
        lastSelected = max(lastSelected ?? message.start, message.start)
        let intended = schedule.intendedTime(of: message.start, loop: loop)
        var status: UInt16?
        if preparation.needsAnswer(message) {
            status = try lookahead.answer(to: message.exchange, from: &source)
        }
        switch preparation.prepare(message, answeredWith: status) {
        case .skipped(let reason):
            return .skipped(reason, intended: intended)
        case .request(let request):
            var scheduled = ScheduledRequest(request: request, intended: intended, loop: loop)
            if let ties = values?.ties(of: message) {
                if ties.isUnmapped { return .skipped(.unmapped, intended: intended) }
                values?.expectAnswer(to: message.exchange, for: ties)
                scheduled.ties = ties
            }
            return .request(scheduled)
        }
    }

    /// What was found out of the recording; `nil` where every request is sent as recorded.
    package var correlationCounts: RecordedValues.Counts? { values?.counts }

    private mutating func endPass(_ source: inout some RequestSource) throws {
        if loop == 0, let lastSelected { schedule.setPeriod(count: selectedInPass, last: lastSelected) }
        let isLast = plan.loops.map { loop + 1 >= $0 } ?? (loop == .max)
        // A pass that selected nothing would repeat for ever.
        guard !isLast, selectedInPass > 0 else {
            isOver = true
            return
        }
        loop += 1
        selectedInPass = 0
        lastSelected = nil
        lookahead.removeAll()
        values?.endPass()
        try source.rewind()
    }
}

/// A request with the time at which it is to be sent.
package struct ScheduledRequest: Sendable {
    package var request: PreparedRequest
    package var intended: MonotonicTime
    /// 0 for the first pass over the trace.
    package var loop: UInt32
    /// How much memory it took when it was scheduled, roughly, in bytes.
    package let cost: Int
    /// What it has to do with the answers to other requests.
    package var ties = RequestTies.none

    package init(request: PreparedRequest, intended: MonotonicTime, loop: UInt32) {
        self.request = request
        self.intended = intended
        self.loop = loop
        cost = request.cost
    }
}

extension RequestFilter {
    /// Whether a recorded request passes; one whose head cannot be read passes, to be counted as skipped.
    func selects(_ message: RecordedMessage) -> Bool {
        guard self != .all, let head = try? message.head.parsed() else {
            return true
        }
        return matches(head)
    }
}
