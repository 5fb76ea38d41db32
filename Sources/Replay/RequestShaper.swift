/// Makes of the recorded sequence the one that is sent: sessions cloned, other arrivals, senders' habits.
///
/// Requests go in in the order of the trace and come out in the order in which they are due. One that moves does so
/// only to a later place, so what comes out is final as soon as the trace has been read up to there; what waits is
/// bounded by ``ReplayLimits/held`` and ``ReplayLimits/heldBytes``, and what would be more keeps its old place, counted.
struct RequestShaper: Sendable {
    private let copies: SessionCopies
    private let habits: ProviderHabits
    private let seed: UInt64
    private let limits: ReplayLimits
    private var arrivals: ArrivalProcess?
    private var cloned = ShapedQueue()
    private var delivered = ShapedQueue()
    /// Nothing that goes in from now on is due before these, unless the trace itself is out of order.
    private var readThrough: Int64 = 0
    private var arrivedThrough: Int64 = 0
    private(set) var crowded: UInt64 = 0

    /// `nil` where a plan leaves the sequence as it is. The totals of the plan are those of one pass, copies left out.
    init?(plan: ReplayPlan) {
        guard plan.copies.count > 1 || plan.arrivals != .recorded || plan.habits.changesOrder else {
            return nil
        }
        copies = plan.copies
        habits = plan.habits
        seed = plan.seed
        limits = plan.limits
        if plan.arrivals != .recorded, let totals = plan.sentTotals {
            arrivals = ArrivalProcess(plan.arrivals, totals: totals, seed: plan.seed)
        }
    }

    /// Takes the next request of the trace.
    mutating func take(_ request: ShapedRequest) {
        readThrough = max(readThrough, request.offset)
        Self.hold(request, in: &cloned, through: readThrough, limits, &crowded)
        guard copies.count > 1 else { return }
        for copy in 1..<copies.count {
            var clone = request
            clone.copy = copy
            let shift = copies.shift(of: request.session, copy: copy, seed: seed)
            clone.offset = clone.offset.addingReportingOverflow(shift).partialValue
            Self.hold(clone, in: &cloned, through: readThrough, limits, &crowded)
        }
    }

    /// Nothing more goes in.
    mutating func endSource() {
        readThrough = .max
    }

    /// The next request that is due; `nil` where more has to go in first, or nothing is left.
    mutating func next() -> ShapedRequest? {
        while true {
            if let request = delivered.pop(through: arrivedThrough) { return request }
            guard var request = cloned.pop(through: readThrough) else {
                guard readThrough == .max, arrivedThrough < .max else { return nil }
                arrivedThrough = .max
                continue
            }
            if arrivals != nil { request.offset = arrivals?.next(recorded: request.offset) ?? request.offset }
            arrivedThrough = max(arrivedThrough, request.offset)
            guard habits.changesOrder, case .request = request.content else {
                delivered.insert(request)
                continue
            }
            let placed = habits.placed(request, seed: seed)
            Self.hold(placed, in: &delivered, through: arrivedThrough, limits, &crowded)
            if let duplicate = habits.duplicate(of: placed, seed: seed) {
                Self.hold(duplicate, in: &delivered, through: arrivedThrough, limits, &crowded)
            }
        }
    }

    /// Puts a request into a queue, at its place or, where too many wait, at once.
    private static func hold(
        _ request: ShapedRequest,
        in queue: inout ShapedQueue,
        through floor: Int64,
        _ limits: ReplayLimits,
        _ crowded: inout UInt64
    ) {
        guard request.offset > floor, queue.count >= limits.held || queue.bytes >= limits.heldBytes else {
            queue.insert(request)
            return
        }
        crowded += 1
        var early = request
        early.offset = floor
        queue.insert(early)
    }
}
