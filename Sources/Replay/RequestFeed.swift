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
        /// Nothing yet: what was read comes later, and more has to be read first.
        case nothingYet
    }

    /// Requests read in one go without one to give out, so that reading does not hold up what is under way.
    private static let patience = 64

    let plan: ReplayPlan
    package private(set) var schedule: Schedule
    package private(set) var preparation: RequestPreparation
    private var lookahead: AnswerLookahead
    /// Where the values of requests are from; `nil` where every request is sent as recorded.
    private var values: RecordedValues?
    /// `nil` where nobody asks for sessions.
    private let sessions: SessionReader?
    /// Whose requests show what an answer gave out; `nil` where nobody asks for sessions, or nothing is given out.
    private var grants: SessionGrants?
    /// `nil` where the recorded sequence is what is sent.
    private var shaper: RequestShaper?
    private var identity: CopyIdentity?
    /// `nil` where every request passes.
    private var thinning: RouteThinning?
    package private(set) var sessionCount = SessionCount()
    private var origin: PacketTime?
    private var loop: UInt32 = 0
    private var selectedInPass: UInt64 = 0
    /// Of those, the ones that this machine sends.
    private var drawnInPass: UInt64 = 0
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
        sessions = plan.needsSessions ? SessionReader(rule: plan.sessions, schemes: plan.schemes) : nil
        grants = plan.needsSessions ? plan.correlation.flatMap { SessionGrants($0) } : nil
        shaper = RequestShaper(plan: plan)
        thinning = RouteThinning(share: plan.thinning, seed: plan.seed, parameters: plan.parameters)
        if plan.copies.count > 1, plan.copies.renewsIdentities { identity = CopyIdentity(plan: plan) }
    }

    /// Requests whose move to a later time was given up because too many waited.
    package var crowded: UInt64 { shaper?.crowded ?? 0 }

    /// The next request that is to be sent or is skipped, in the order of their intended times; `nil` when the last
    /// pass is over.
    ///
    /// Throws what the source throws.
    package mutating func next(from source: inout some RequestSource) throws -> Item? {
        guard shaper != nil else { return try draw(from: &source).map { item($0) } }
        var isRead = false
        for _ in 0..<Self.patience {
            while let request = shaper?.next() {
                if case .elsewhere = request.content { continue }
                return item(request)
            }
            if isRead { return nil }
            if let request = try draw(from: &source) {
                shaper?.take(request)
            } else {
                isRead = true
                shaper?.endSource()
            }
        }
        return .nothingYet
    }

    /// Takes a request that is done with; what it holds serves for those to come, of `source` as well.
    package mutating func recycle(
        _ request: consuming PreparedRequest,
        to source: inout some RequestSource
    ) {
        source.reuse(request.takeBody())
        preparation.recycle(request)
    }

    private mutating func item(_ request: consuming ShapedRequest) -> Item {
        let intended = schedule.intendedTime(at: request.offset)
        // Taken out: what is made of the request is then the only one to have it.
        var content = ShapedRequest.Content.elsewhere
        swap(&content, &request.content)
        switch consume content {
        case .skipped(let reason): return .skipped(reason, intended: intended)
        case .elsewhere: preconditionFailure("a request of another machine")
        case .request(var prepared):
            if request.copy > 0 { identity?.apply(to: &prepared, copy: request.copy, loop: request.loop) }
            var delivery = Delivery()
            delivery.habits = request.habits
            if request.habits.contains(.duplicate) {
                // Others wait for the answer to the first delivery.
                var ties = request.bonds.ties
                ties.isAwaited = false
                ties.sources = []
                request.bonds = Bonds(ties)
            }
            return .request(
                ScheduledRequest(
                    request: prepared,
                    intended: intended,
                    loop: request.loop,
                    copy: request.copy,
                    session: request.session,
                    delivery: delivery,
                    bonds: request.bonds
                )
            )
        }
    }

    /// The next selected request of the trace; those of other machines only where their place counts.
    private mutating func draw(from source: inout some RequestSource) throws -> ShapedRequest? {
        while !isOver {
            guard try lookahead.next(from: &source) else {
                try endPass(&source)
                continue
            }
            let start = lookahead.message.start
            let origin = self.origin ?? start
            self.origin = origin
            switch plan.window.placement(of: start, origin: origin) {
            case .before: continue
            case .after:
                try endPass(&source)
                continue
            case .inside: break
            }
            if lookahead.message.kind == .response { values?.take(answer: lookahead.message) }
            guard lookahead.message.kind == .request, plan.filter.selects(lookahead.message) else { continue }
            let session = try session(of: lookahead.message, &source)
            guard plan.selection.samples(session, seed: plan.seed),
                thinning?.keeps(lookahead.message) ?? true
            else { continue }
            let offset = place(start)
            let isHere = plan.selection.isHere(session, seed: plan.seed)
            guard isHere || plan.arrivals != .recorded else { continue }
            let exchange = lookahead.message.exchange
            var content = ShapedRequest.Content.elsewhere
            var bonds = Bonds.none
            if isHere {
                drawnInPass += 1
                if sessions != nil { sessionCount.note(session) }
                (content, bonds) = try self.content(&source)
                lookahead.release(to: &source)
            }
            return ShapedRequest(
                offset: offset,
                content: content,
                exchange: exchange,
                session: session,
                loop: loop,
                bonds: bonds
            )
        }
        return nil
    }

    /// The session by the rule, or that which began with the answer from which a request has its cookie or token.
    private mutating func session(
        of message: RecordedMessage,
        _ source: inout some RequestSource
    ) throws -> SessionKey {
        guard let sessions else { return .none }
        let shown = sessions.key(of: message, client: lookahead.client)
        guard let grants else { return shown }
        let owner = grants.owner(of: message)
        guard grants.mayGrant(message), let answer = try lookahead.answer(to: message.exchange, from: &source)
        else { return owner.map { SessionKey(value: $0) } ?? shown }
        let values = grants.values(in: answer, to: message)
        guard let first = values.first else { return owner.map { SessionKey(value: $0) } ?? shown }
        var hash = StableHash(seed: message.exchange)
        hash.combine(first.span)
        let session = owner ?? hash.value
        self.grants?.give(values, to: session)
        return SessionKey(value: session)
    }

    /// Where a selected request stands in the run, whichever machine sends it.
    private mutating func place(_ start: PacketTime) -> Int64 {
        selectedInPass += 1
        if let lastSelected, start < lastSelected { outOfOrder += 1 }
        lastSelected = max(lastSelected ?? start, start)
        return schedule.offset(of: start, loop: loop)
    }

    /// What the message at hand is sent as.
    private mutating func content(
        _ source: inout some RequestSource
    ) throws -> (ShapedRequest.Content, Bonds) {
        var status: UInt16?
        let exchange = lookahead.message.exchange
        if preparation.needsAnswer(lookahead.message) {
            status = try lookahead.answer(to: exchange, from: &source)?.status
        }
        switch preparation.prepare(lookahead.message, answeredWith: status) {
        case .skipped(let reason): return (.skipped(reason), .none)
        case .request(let request):
            guard let ties = values?.ties(of: lookahead.message) else { return (.request(request), .none) }
            if ties.isUnmapped { return (.skipped(.unmapped), .none) }
            values?.expectAnswer(to: exchange, for: ties)
            return (.request(request), Bonds(ties))
        }
    }

    /// What was found out of the recording; `nil` where every request is sent as recorded.
    package var correlationCounts: RecordedValues.Counts? { values?.counts }

    private mutating func endPass(_ source: inout some RequestSource) throws {
        if loop == 0, let lastSelected { schedule.setPeriod(count: selectedInPass, last: lastSelected) }
        let isLast = plan.loops.map { loop + 1 >= $0 } ?? (loop == .max)
        // A pass that selected nothing would repeat for ever.
        guard !isLast, drawnInPass > 0 else {
            isOver = true
            return
        }
        loop += 1
        selectedInPass = 0
        drawnInPass = 0
        lastSelected = nil
        lookahead.removeAll()
        thinning = RouteThinning(share: plan.thinning, seed: plan.seed, parameters: plan.parameters)
        values?.endPass()
        grants?.removeAll()
        try source.rewind()
    }
}

/// How many sessions were met, up to a limit.
package struct SessionCount: Sendable {
    /// Sessions told apart; beyond that they are no longer counted.
    package static let limit = 1 << 20

    private var seen: Set<SessionKey> = []

    package var count: Int { seen.count }
    /// Whether there may be more.
    package var isCut: Bool { seen.count >= Self.limit }

    mutating func note(_ session: SessionKey) {
        if !isCut { seen.insert(session) }
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
