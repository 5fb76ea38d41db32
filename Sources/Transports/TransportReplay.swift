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
    /// The soft limit of descriptors is raised to the hard one, and ``LargeMemory`` given back for the rest of the process.
    package func run<Source: RequestSource, Observer: ObservedSink>(
        source: inout Source,
        observer: inout Observer,
        stop: StopToken,
        hooks: ReplayHooks = ReplayHooks()
    ) throws -> ReplaySummary {
        let addresses = try TargetResolver.addresses(of: plan)
        let totals = try totals(of: &source, addresses: addresses)
        var plan = plan
        plan.totals = totals
        let curve = plan.pacing.curve(totals: plan.sentTotals)
        let connections = DescriptorLimit.raise()
        LargeMemory.giveBackWhenFreed()
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
                factor: curve.factor(at: 0)
            )
        )
        let isUnpaced = plan.pacing == .maximum
        var start = MonotonicClock.now
        if !isUnpaced { start += ReplayRunLimits.lead }
        let supply = RequestSupply(
            source,
            feed: RequestFeed(plan: plan, schedule: Schedule(start: start, curve: curve))
        )
        try supply.start(bounds(for: source))
        var prepared = PreparedAhead()
        if isUnpaced {
            // The run begins when as much is ready as may be: what is measured then is sending.
            prepared = supply.fill(stop)
            start = MonotonicClock.now
        }
        var run = ReplayRun(
            plan: plan,
            carrier: carrier,
            poller: poller,
            machine: ReplayMachine(
                plan: plan,
                start: start,
                descriptors: connections,
                epoch: MonotonicClock().wall(0),
                curve: curve
            ),
            supply: supply
        )
        defer { source = supply.source }
        var summary = try run.finish(observer: &observer, stop: stop, hooks: hooks)
        summary.prepared = prepared
        return summary
    }

    /// How much is drawn ahead: in a run as fast as possible all there is, where that is known to fit, so that nothing is
    /// read while it is measured; of more only little, since it has to be read meanwhile in any case.
    private func bounds(for source: some RequestSource) -> ReadAhead.Bounds {
        guard plan.pacing == .maximum else {
            var bounds = ReadAhead.Bounds.scheduled
            bounds.packs = Carrier.takesPacked
            return bounds
        }
        var bounds = ReadAhead.Bounds.unpaced
        bounds.packs = Carrier.takesPacked
        guard let limit = plan.preparedBytes(of: source.size) else { return bounds }
        bounds.count = .max
        bounds.bytes = limit
        return bounds
    }

    /// Checks the target against what was recorded, and counts what is selected where the schedule follows from it.
    private func totals(of source: inout some RequestSource, addresses: [String]) throws -> TraceTotals? {
        var targetGuard = TargetGuard(allowed: plan.allowedTargets, recordedServers: plan.recordedServers)
        if !targetGuard.isExempt(target: plan.target, addresses: addresses) {
            targetGuard.recordedServers.formUnion(try source.recordedServers())
        }
        if let refusal = targetGuard.verdict(target: plan.target, addresses: addresses) { throw refusal }
        let totals = plan.selectsAll ? plan.totals : nil
        let needsHosts = targetGuard.needsRecordedHosts(target: plan.target, addresses: addresses)
        guard needsHosts || plan.needsTotals && totals == nil else { return totals }
        let survey = try TraceSurvey(of: &source, plan: plan)
        targetGuard.recordedHosts = survey.hosts
        if survey.isHostListCut {
            throw TransportError(
                .source,
                "the trace names more than \(TraceSurvey.hostLimit) hosts, too many to tell whether the target is"
                    + " among them; if it is meant, add --allow-target \(plan.target.host)"
            )
        }
        if let refusal = targetGuard.verdict(target: plan.target, addresses: addresses) { throw refusal }
        return survey.totals
    }
}
