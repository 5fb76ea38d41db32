import Replay

extension ReplayTarget {
    /// As it is given on the command line.
    var url: String { "\(scheme.rawValue)://\(authority)\(pathPrefix)" }
}

/// Replays a trace to a server and keeps what was observed, for comparing it.
struct ObservedReplay {
    var trace: String
    var pacing: Pacing?
    var options: TargetOptions
    var correlation: CorrelationOptions
    var quiet: Bool

    /// Where what was observed lies, and how the replay went.
    struct Result {
        var path: String
        var summary: ReplaySummary
        /// Holds the file as long as it lives; `nil` for one that stays.
        var scratch: ScratchFile?

        var wasInterrupted: Bool { summary.wasInterrupted }
    }

    /// Replays to `target`; what is observed goes to `path`, or to a file that goes with the result.
    func run(to target: ReplayTarget, path: String? = nil) throws -> Result {
        let scratch = try path == nil ? ScratchFile(suffix: ".trace.gz") : nil
        let path = path ?? scratch?.path ?? ""
        var plan = ReplayPlan(target: target, run: RunName.new())
        plan.pacing = pacing ?? .speed(.recorded)
        // Answers repeat the identifiers that they were asked with.
        plan.renewsDeliveries = false
        try options.apply(to: &plan)
        let readers = [try TraceOpening.openForUse(trace, quiet: quiet)]
        plan.correlation = try correlation.plan(readers, planned: nil, quiet: quiet)
        let session = ReplaySession(plan: plan, observed: path, quiet: quiet)
        let summary = try session.run(readers)
        return Result(path: path, summary: summary, scratch: scratch)
    }
}
