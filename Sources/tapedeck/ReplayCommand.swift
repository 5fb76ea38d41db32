import ArgumentParser
import Configuration
import Messages
import Replay
import Reports
import TraceFiles

/// `tapedeck replay`: sends recorded requests to a target, in their own rhythm or a multiple of it.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send recorded requests to a target at their own rhythm, or a multiple of it.",
        discussion: """
            Example:
              tapedeck replay hooks.trace.gz --target http://127.0.0.1:8080 --speed 2x
              tapedeck replay a.trace.gz b.trace.gz --target https://staging.example --rate 500/s \\
                --sign github=env:STAGING_SECRET --filter 'method=POST path=/api/*' --json
              tapedeck replay hooks.trace.gz --target https://api.staging.example --cert client.pem --key client.key \\
                --resolve api.staging.example:443:10.0.0.7 --source-address 10.0.0.20,10.0.0.21

            Open loop: every request has an absolute time, is sent once, and is never retried; redirects are not \
            followed. The requests of a recorded connection stay in order on one connection. Loopback may always \
            be sent to; a public address, or one that was recorded, needs --allow-target HOST.

            --speed compresses time, --copies clones sessions, --rate sets the mean rate; the report says which was \
            used. Ramps, arrivals, sampling and what webhook senders do to their deliveries stand in a plan \
            (Documentation/replay-plans.md): --plan FILE, --set key=value.

            Exit codes: 0 done; 1 more requests failed than --max-failures, or --abort-if stopped it; 2 usage or unusable input; \
            3 the trace was damaged; 130 interrupted, after draining and reporting.
            """
    )

    @Argument(help: "Traces to replay, merged by time; - is standard input.")
    var traces: [String]

    @Option(
        help: ArgumentHelp("Where to send them; may carry a path prefix.", valueName: "url")
    )
    var target: TargetArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Times as fast as recorded: 2x, 0.5, '1x..10x over 5m'.", valueName: "speed"),
        transform: Spelled<Pacing>.speed
    )
    var speed: Spelled<Pacing>?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The recorded rhythm, scaled to this mean: 500/s, 3000/m.", valueName: "rate"),
        transform: Spelled<Pacing>.rate
    )
    var rate: Spelled<Pacing>?

    @Flag(help: "As fast as the target answers, in lanes.")
    var max = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Start at this moment of the trace: an offset, or ns since 1970.", valueName: "t"),
        transform: Spelled<TraceMoment>.moment
    )
    var from: Spelled<TraceMoment>?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Stop before this moment of the trace.", valueName: "t"),
        transform: Spelled<TraceMoment>.moment
    )
    var to: Spelled<TraceMoment>?

    @Option(
        help: ArgumentHelp(
            "Only requests by method, path, host and header:NAME: 'method=POST path=/api/*'.",
            valueName: "expression"
        ),
        transform: Spelled<RequestFilter>.filter
    )
    var filter: Spelled<RequestFilter>?

    @Option(parsing: .unconditional, help: "Run time after which nothing more is sent.")
    var duration: DurationArgument?

    @Option(parsing: .unconditional, help: "Passes over the trace.")
    var loop: UInt32?

    @Option(
        help:
            "When a lane is busy: open another connection (overflow, unless said otherwise) or wait (strict)."
    )
    var lanes: LanePolicyArgument?

    @OptionGroup(title: "Load options")
    var load: LoadOptions

    @OptionGroup(title: "Target options")
    var targetOptions: TargetOptions

    @OptionGroup(title: "Capacity")
    var capacity: CapacityOptions

    @OptionGroup(title: "While it runs")
    var watch: WatchOptions

    @OptionGroup(title: "Report")
    var reporting: ReportOptions

    @OptionGroup(title: "Values that live")
    var correlation: CorrelationOptions

    @Option(help: ArgumentHelp("Write what was sent and answered as a trace.", valueName: "trace"))
    var observed: String?

    @Option(
        help: ArgumentHelp(
            "Write times second by second as a histogram log that HdrHistogram's tools plot.",
            valueName: "file"
        )
    )
    var hdr: String?

    @OptionGroup(title: "Runs")
    var runOptions: RunOptions

    @Option(
        parsing: .unconditional,
        help: "How many requests may fail before the exit code is 1; 0 unless said."
    )
    var maxFailures: UInt64?

    @Flag(help: "One JSON object instead of text.")
    var json = false

    @Flag(help: "Overwrite the observed trace and the histogram log if they are there.")
    var force = false

    @Flag(help: "No progress and no warnings.")
    var quiet = false

    func validate() throws {
        guard [speed != nil, rate != nil, max].filter({ $0 }).count <= 1 else {
            throw ValidationError("--speed, --rate and --max exclude each other; give one of them")
        }
        if target == nil, load.plan == nil, load.set.isEmpty {
            throw ValidationError("a target is missing: --target URL, or 'target' in the file of --plan")
        }
        if let filter, filter.value.asksForStatus {
            throw ValidationError(
                "--filter: status is for record; a replay chooses requests by what they hold"
            )
        }
        if let timeout = targetOptions.timeout, timeout.nanoseconds == 0 {
            throw ValidationError("--timeout 0s would fail every request; give more")
        }
        if case (.offset(let from)?, .offset(let to)?) = (from?.value, to?.value), from >= to {
            throw ValidationError("--from is not before --to, so nothing would be sent")
        }
        if loop == 0 { throw ValidationError("--loop 0 would send nothing; give 1 or more") }
        if traces.filter({ $0 == "-" }).count > 1 {
            throw ValidationError("- stands for standard input, and there is one")
        }
    }

    func run() throws {
        let file = try load.file()
        let observed = observed ?? file.observed
        if let observed, let trace = traces.first(where: { SameFile.isOne($0, observed) }) {
            throw CommandFailure("\(trace) is replayed; choose another name for what is observed")
        }
        var plan = try plan(file)
        let readers = try traces.map { try TraceOpening.openForUse($0, quiet: quiet) }
        if load.dryRun {
            plan.parameters = TraceRoutes.parameters(of: traces)
            return try dryRun(plan, readers)
        }
        plan.correlation = try correlation.plan(readers, planned: file.correlate, quiet: quiet)
        let folder = try runOptions.begin(traces[0])
        defer { folder?.leave() }
        plan.keepsFigures = reporting.keepsFigures || json || folder != nil
        // JSON tells nothing of routes, so that nothing is looked through for it.
        if reporting.keepsFigures || folder != nil { plan.parameters = TraceRoutes.parameters(of: traces) }
        if let report = reporting.report { try OutputFile.requireWritable(report) }
        var session = ReplaySession(
            plan: plan,
            observed: observed ?? folder?.file(RunCatalog.observedName),
            force: force,
            quiet: quiet
        )
        session.log = hdr
        session.progress = watch.progress
        session.metricsAddress = watch.metricsAddr
        let summary = try session.run(readers)
        let report = ReplayReport(summary)
        if json {
            StandardOutput.write(report.json())
        } else {
            StandardOutput.write(report.text() + reporting.plots(of: report))
        }
        try reporting.write(report, traces: readers, target: plan.target)
        if let observed { folder?.link(observed, RunCatalog.observedName) }
        let mostFailures = maxFailures ?? file.maximumFailures ?? 0
        try folder?.finish(report, of: traces, target: plan.target, maximumFailures: mostFailures)
        let isDamaged = readers.filter { $0.isAtEnd && TraceOpening.reportDamage(of: $0) }.isEmpty == false
        if summary.wasInterrupted { throw ExitCode(CommandExit.interrupted) }
        if summary.requests.scheduled == 0 {
            try sayNothingIsSelected(by: plan)
        }
        if summary.abortion != nil { throw ExitCode(CommandExit.failed) }
        if summary.exceeds(maximumFailures: mostFailures) { throw ExitCode(CommandExit.failed) }
        if isDamaged { throw ExitCode(CommandExit.damaged) }
    }

    /// What the plan of the file says, and over it what the command line says.
    private func plan(_ file: PlanFile) throws -> ReplayPlan {
        guard let target = try target?.value() ?? file.target else {
            throw CommandFailure("a target is missing: --target URL, or 'target' in the plan")
        }
        var plan = ReplayPlan(target: target, run: RunName.new())
        file.apply(to: &plan)
        if let pacing = max ? .maximum : (speed ?? rate)?.value { plan.pacing = pacing }
        if let lanes { plan.lanes = lanes.policy }
        if let from { plan.window.from = from.value }
        if let to { plan.window.to = to.value }
        if let filter { plan.filter = filter.value }
        if let duration { plan.duration = UInt64(duration.nanoseconds) }
        if let loop { plan.loops = loop }
        plan.abortConditions += watch.abortIf
        load.apply(to: &plan)
        capacity.apply(to: &plan)
        try targetOptions.apply(to: &plan, signing: file.signing)
        guard plan.loops != nil || plan.duration != nil else {
            throw CommandFailure("an endless loop takes a duration that ends it: --duration 10m")
        }
        plan.faults?.seed = plan.seed
        guard plan.faults == nil || plan.carrier == .wire else {
            throw CommandFailure(
                "the plan gives clients faults, which only the wire transport has; it takes an http:// target, and no --transport curl"
            )
        }
        return plan
    }

    private func dryRun(_ plan: ReplayPlan, _ readers: [TraceReader]) throws {
        let forecast = try DryRun(plan: plan).run(readers)
        if json { StandardOutput.write(forecast.json()) } else { StandardOutput.write(forecast.text()) }
        let isDamaged = readers.filter { $0.isAtEnd && TraceOpening.reportDamage(of: $0) }.isEmpty == false
        if forecast.requests == 0 { try sayNothingIsSelected(by: plan) }
        if isDamaged { throw ExitCode(CommandExit.damaged) }
    }

    /// A run of nothing is an error, unless it is the part of one machine that came out empty.
    private func sayNothingIsSelected(by plan: ReplayPlan) throws {
        guard plan.selection.shard == .whole else {
            StandardError.print(
                "tapedeck: nothing was sent: no session falls to shard \(plan.selection.shard)"
            )
            return
        }
        StandardError.print(
            "tapedeck: nothing was sent: no request of the trace is selected by --filter, --from, --to and --sample"
        )
        throw ExitCode(CommandExit.damaged)
    }
}

/// How a busy lane is dealt with, as spelled on the command line.
enum LanePolicyArgument: String, CaseIterable, ExpressibleByArgument {
    case overflow
    case strict

    var policy: LanePolicy { self == .overflow ? .overflow : .strict }
}

/// The name of a run in the mark that its requests carry.
enum RunName {
    /// Eight letters and digits at random: enough to tell the runs of a target's log apart.
    static func new() -> String {
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        return String((0..<8).map { _ in letters[Int.random(in: letters.indices)] })
    }
}
