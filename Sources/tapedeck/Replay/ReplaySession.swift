import CurlTransport
import Packets
import Replay
import Reports
import TraceFiles
import Traces
import Transports
import WireTransport

/// One replay from opened traces to its summary, as `replay`, `check` and `demo` run it.
struct ReplaySession {
    var plan: ReplayPlan
    /// Where to write what is observed; `nil` keeps nothing.
    var observed: String?
    /// Where a histogram log goes; `nil` keeps none.
    var log: String?
    var progress = ProgressArgument.auto
    /// Where metrics are answered; `nil` for nowhere.
    var metricsAddress: String?
    var force = false
    var quiet = false
    /// Is told of every exchange when it has ended, on the thread of the replay.
    var witness: (@Sendable (ObservedExchange) -> Void)?

    /// Replays the traces; throws ``CommandFailure`` for what the user can mend.
    func run(_ readers: [TraceReader]) throws -> ReplaySummary {
        do {
            return try replay(readers)
        } catch let error as TraceReadError {
            throw CommandFailure(error.description)
        } catch let error as TraceWriteError {
            throw CommandFailure(error.description)
        } catch let error as TransportError {
            throw CommandFailure(error.description)
        } catch let error as TargetRefusal {
            throw CommandFailure(error.description)
        }
    }

    private func replay(_ readers: [TraceReader]) throws -> ReplaySummary {
        var plan = plan
        plan.streams = try StreamSurvey.streams(of: readers)
        if plan.isRealtime, !RealtimePriority.isPermitted, !quiet {
            StandardError.print(
                "tapedeck: --realtime is not permitted here (root, CAP_SYS_NICE or ulimit -r 10 would be); going on without"
            )
        }
        let stop = try StopToken()
        Interrupt.onRequest { [quiet] in
            if !quiet {
                StandardError.print("tapedeck: waiting for the answers under way; Ctrl-C again ends at once")
            }
            stop.request()
        }
        plan.outlook = TraceOutlook(readers)
        let watch = try watch(&plan)
        // Who tells nobody does not wake the event loop either.
        let hooks = plan.keepsIntervals ? watch.hooks : ReplayHooks()
        if plan.keepsIntervals { watch.start() }
        defer { watch.stop() }
        var source = try TraceRequests(
            readers,
            selection: plan.readsAnswers
                ? .everything : plan.credentials.isEmpty ? .requestsOnly : .withoutResponseBodies
        )
        func run(_ observer: inout some ObservedSink) throws -> ReplaySummary {
            let transport = plan.carrier
            var summary =
                switch transport {
                case .wire:
                    try WireReplay(plan).run(source: &source, observer: &observer, stop: stop, hooks: hooks)
                case .auto, .curl:
                    try CurlReplay(plan).run(source: &source, observer: &observer, stop: stop, hooks: hooks)
                }
            summary.transport = transport
            return summary
        }
        /// The same, with the witness beside who observes, where there is one.
        func runWitnessed(_ observer: inout some ObservedSink) throws -> ReplaySummary {
            guard let witness else { return try run(&observer) }
            var both = WitnessedSink(observer, witness: witness)
            defer { observer = both.sink }
            return try run(&both)
        }
        guard let observed else {
            var nobody = NoObserver()
            let summary = try runWitnessed(&nobody)
            try watch.finish()
            return summary
        }
        var trace = try ObservedTrace(
            path: observed,
            traces: readers.map(\.header.traceID),
            target: plan.target,
            force: force
        )
        let summary = try runWitnessed(&trace)
        try watch.finish()
        try trace.finish()
        return summary
    }

    /// Who tells of the run, and what the plan has to measure for it.
    private func watch(_ plan: inout ReplayPlan) throws -> ReplayWatch {
        let display = progress.display(quiet: quiet)
        let metrics = try metricsAddress.map { try MetricsServer($0) }
        if let metrics {
            metrics.start()
            if !quiet { StandardError.print("tapedeck: metrics on http://\(metrics.address)/metrics") }
        }
        plan.keepsIntervals = log != nil || metrics != nil || display != .none
        return ReplayWatch(
            display: display,
            log: try log.map { try HDRLogFile(path: $0, force: force) },
            metrics: metrics,
            isPaced: plan.pacing != .maximum
        )
    }
}

extension TraceOutlook {
    /// What the indexes of all traces tell together; `nil` where one has none.
    fileprivate init?(_ readers: [TraceReader]) {
        var outlook: TraceOutlook?
        for reader in readers {
            guard let totals = reader.index?.totals, let span = totals.span else { return nil }
            outlook = TraceOutlook(
                first: min(outlook?.first ?? span.first, span.first),
                last: max(outlook?.last ?? span.last, span.last),
                requests: (outlook?.requests ?? 0) + totals.requests
            )
        }
        guard let outlook else { return nil }
        self = outlook
    }
}
