package import Replay

/// Replays a trace through one transport, on the calling thread.
package struct TransportReplay<Carrier: Transport> {
    private let plan: ReplayPlan

    package init(_ plan: ReplayPlan) {
        self.plan = plan
    }

    /// Sends what the plan selects from `source` and returns when every request is accounted for.
    ///
    /// Throws ``TransportError``, `TargetRefusal`, and what the source or the observer throws; requests that fail
    /// are no errors but counts of the summary. `hooks` are called on the same thread.
    /// The soft limit of descriptors is raised to the hard one.
    package func run<Source: RequestSource, Observer: ObservedSink>(
        source: inout Source,
        observer: inout Observer,
        stop: StopToken,
        hooks: ReplayHooks = ReplayHooks()
    ) throws -> ReplaySummary {
        let addresses = try TargetResolver.addresses(of: plan.target)
        let factor = try prepare(&source, addresses: addresses)
        let connections = DescriptorLimit.raise()
        if let needed = plan.neededInFlight { try DescriptorLimit.check(needed, among: connections) }
        let poller = try Poller(stop: stop)
        var carried = plan
        // Nobody looks at more of an answer than values are sought in.
        if !observer.isObserving { carried.limits.responseBody = min(plan.limits.responseBody, 1 << 20) }
        let carrier = try Carrier(
            TransportSetup(
                plan: carried,
                addresses: addresses,
                isObserving: observer.isObserving || plan.readsAnswers,
                connections: connections,
                poller: poller,
                factor: factor
            )
        )
        let now = MonotonicClock.now
        let start = plan.pacing == .maximum ? now : now + ReplayRunLimits.lead
        let supply = RequestSupply(
            source,
            feed: RequestFeed(plan: plan, schedule: Schedule(start: start, factor: factor))
        )
        var run = ReplayRun(
            plan: plan,
            carrier: carrier,
            poller: poller,
            machine: ReplayMachine(
                plan: plan,
                start: start,
                descriptors: connections,
                epoch: MonotonicClock().wall(0)
            ),
            supply: supply
        )
        defer { source = supply.source }
        return try run.finish(observer: &observer, stop: stop, hooks: hooks)
    }

    /// Checks the target against what was recorded, and works out the speed; 0 for "as fast as possible".
    private func prepare(_ source: inout some RequestSource, addresses: [String]) throws -> Double {
        var targetGuard = TargetGuard(allowed: plan.allowedTargets, recordedServers: plan.recordedServers)
        if !targetGuard.isExempt(target: plan.target, addresses: addresses) {
            targetGuard.recordedServers.formUnion(try source.recordedServers())
        }
        if let refusal = targetGuard.verdict(target: plan.target, addresses: addresses) { throw refusal }
        var totals = plan.selectsAll ? plan.totals : nil
        let needsHosts = targetGuard.needsRecordedHosts(target: plan.target, addresses: addresses)
        var needsTotals = false
        if case .rate = plan.pacing, totals == nil { needsTotals = true }
        if needsHosts || needsTotals {
            let survey = try TraceSurvey(of: &source, plan: plan)
            totals = survey.totals
            targetGuard.recordedHosts = survey.hosts
            if survey.isHostListCut {
                throw TransportError(
                    .source,
                    "the trace names more than \(TraceSurvey.hostLimit) hosts, too many to tell whether the target is"
                        + " among them; if it is meant, add --allow-target \(plan.target.host)"
                )
            }
            if let refusal = targetGuard.verdict(target: plan.target, addresses: addresses) { throw refusal }
        }
        switch plan.pacing {
        case .speed(let speed): return speed.factor
        case .rate(let rate): return totals?.factor(for: rate) ?? 1
        case .maximum: return 0
        }
    }
}
