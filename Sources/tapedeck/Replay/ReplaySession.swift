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
    /// Takes what is measured second by second; `nil` keeps nothing.
    var log: HDRLogFile?
    var force = false
    var quiet = false

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
        if plan.transport.resolved(for: plan.target.scheme) == .wire {
            plan.streams = try StreamSurvey.streams(of: readers)
        }
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
        var source = try TraceRequests(
            readers,
            selection: plan.readsAnswers
                ? .everything : plan.credentials.isEmpty ? .requestsOnly : .withoutResponseBodies
        )
        var progress = ProgressLine(quiet: quiet)
        defer { progress.clear() }
        func show(_ state: ReplayProgress) {
            progress.show(
                "\(Quantity.duration(nanoseconds: Int64(clamping: state.elapsed)))  "
                    + "\(Quantity.count(state.sent)) sent, \(Quantity.count(state.responded)) answered, "
                    + "\(Quantity.count(state.failed)) failed, \(Quantity.count(state.outstanding)) in flight"
            )
        }
        var hooks = ReplayHooks()
        hooks.progress = show
        if let log {
            hooks.interval = { try log.append($0) }
        }
        func run(_ observer: inout some ObservedSink) throws -> ReplaySummary {
            let transport = plan.transport.resolved(for: plan.target.scheme)
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
        guard let observed else {
            var nobody = NoObserver()
            return try run(&nobody)
        }
        var trace = try ObservedTrace(
            path: observed,
            traces: readers.map(\.header.traceID),
            target: plan.target,
            force: force
        )
        let summary = try run(&trace)
        try trace.finish()
        return summary
    }
}
