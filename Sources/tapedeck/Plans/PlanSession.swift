import Dispatch
import Glibc
import LoadPlans
import Replay
import Reports

/// One run of a plan from its first stage to its report.
struct PlanSession {
    let loaded: LoadedPlan
    let stages: [Stage]
    let folder: PlanRunFolder
    let quiet: Bool
    private(set) var wasInterrupted = false
    /// What ended the run in the middle of a stage.
    private(set) var failure: (any Error)?
    /// The run that this one repeats, and what is another now.
    var repeats: String?
    /// What was seen of the target and of the load.
    private(set) var series = SeriesTable()
    /// What became of the criteria in the run before.
    var last: [AcceptanceRow] = []
    /// That of the stage under way.
    private var desk: ExecutionDesk?
    private var isolation: IsolationBook?
    private var routes = ScenarioRoutes()
    private let version = SpokenVersion()
    private let statements: StatementCount?
    private var steps: [PlanProgress.Step] = []

    init(loaded: LoadedPlan, stages: [Stage], folder: PlanRunFolder, quiet: Bool) {
        self.loaded = loaded
        self.stages = stages
        self.folder = folder
        self.quiet = quiet
        statements = loaded.plan.observers.postgres.map { StatementCount($0) }
    }

    mutating func run(start: Int64) throws -> PlanRun {
        // Whatever cannot be opened or read is told before anything is sent.
        for stage in stages {
            _ = try loaded.rules(of: stage)
            for name in stage.scenarios {
                _ = try loaded.replay(of: name, in: stage)
                try loaded.requireCorrelation(of: name, in: stage)
                guard let scenario = loaded.plan.scenario(name) else { continue }
                _ = try loaded.readers(of: scenario, quiet: quiet)
            }
        }
        for probe in loaded.plan.probes {
            _ = try ProbeSigner(probe, authority: "")
            _ = try probe.secretToken()
        }
        try loaded.readSecrets()
        try folder.write(try loaded.origin.text(), to: PlanRunFolder.planName)
        try folder.write(loaded.origin.json(), to: PlanRunFolder.originName)
        let isolation = IsolationBook(loaded.plan, start: start)
        self.isolation = isolation
        routes = ScenarioRoutes(of: loaded.plan, in: stages)
        steps = try PlanProgress.of(stages, in: loaded)
        let sources = try RunSources.all(of: loaded, stages, isolation)
        defer { for source in sources { source.close() } }
        let watch = TargetWatch(loaded.plan.observers)
        watch.start()
        Interrupt.onRequest { [quiet] in
            guard !quiet else { return }
            StandardError.print(
                "tapedeck: ending the stage under way, and reporting; Ctrl-C again ends at once, and mends and reports nothing"
            )
        }
        var run = PlanRun(
            plan: loaded.plan.name,
            version: Tapedeck.version,
            target: loaded.targets,
            start: start,
            end: start
        )
        run.about = loaded.plan.about
        run.seed = loaded.plan.seed
        run.machine = MachineFacts.notes()
        run.environment = loaded.plan.environment
        run.command = RepeatedCommand.line(CommandLine.arguments)
        run.repeats = repeats
        run.versions = DatabaseVersion.notes(of: loaded.plan)
        var records: [StageRecord] = []
        for (index, stage) in stages.enumerated() {
            if stage.pause > 0 { pause(stage.pause) }
            guard !Interrupt.isRequested else {
                wasInterrupted = true
                run.endedEarly = "interrupted before stage \(stage.name)"
                break
            }
            say(stage, index)
            let outcome: StageRunner.Outcome
            do {
                if stage.kind == .knee {
                    guard let found = try findKnee(stage, sources, watch) else {
                        wasInterrupted = true
                        run.endedEarly = "interrupted before stage \(stage.name)"
                        break
                    }
                    outcome = found.outcome
                    run.knee = found.finding
                    run.bottlenecks += found.finding.map { PlanRun.Bottleneck.found(by: $0) } ?? []
                } else {
                    outcome = try runner(stage, sources, watch).run()
                }
            } catch {
                run.endedEarly = end(stage, error)
                break
            }
            records.append(outcome.record)
            run.stages.append(outcome.result)
            run.acceptance = AcceptanceRow.rows(of: scope, in: records, last: last) + isolation.rows
            run.end = Clock.wall()
            // What there is already survives whatever happens to the next stage.
            do {
                try folder.write(run.json(), to: PlanRunFolder.runName)
            } catch {
                run.endedEarly = end(stage, error)
                break
            }
            if outcome.wasInterrupted {
                wasInterrupted = true
                run.endedEarly = "interrupted in stage \(stage.name)"
                break
            }
            if let error = outcome.failure {
                run.endedEarly = end(stage, error)
                break
            }
            let reason = failure(of: stage, outcome)
            if reason != nil { run.stages[run.stages.count - 1].isSound = false }
            if let reason = outcome.stop ?? reason {
                if index + 1 < stages.count { run.endedEarly = reason }
                break
            }
        }
        CanaryCommands.search(loaded.plan.canaryCommands, isolation)
        if Interrupt.isRequested, !wasInterrupted {
            wasInterrupted = true
            run.endedEarly = run.endedEarly ?? "interrupted after the last stage"
        }
        run.acceptance = AcceptanceRow.rows(of: scope, in: records, last: last) + isolation.rows
        if let stage = run.stages.indices.last { run.stages[stage].remarks += isolation.sentences }
        series = watch.finish()
        if let text = version.text { run.versions.append(LoadPlan.Note(name: "the target", text: text)) }
        run.versions += BuildInfo.notes(in: series.rows.keys)
        if failure != nil { run.end = Clock.wall() }
        run.bottlenecks += watch.failures.map {
            PlanRun.Bottleneck(title: "not looked at: \($0)", evidence: [])
        }
        do {
            try folder.write(series)
        } catch {
            failure = failure ?? error
        }
        return run
    }

    /// Ends the run with an error in the middle of a stage; answers what the report says of it.
    private mutating func end(_ stage: Stage, _ error: any Error) -> String {
        failure = error
        wasInterrupted = wasInterrupted || Interrupt.isRequested
        return "stage \(stage.name) did not come to its end: \(CommandFailure.message(of: error))"
    }

    /// The plan without criteria about stages that were left out on purpose.
    private var scope: LoadPlan {
        var plan = loaded.plan
        let names = Set(stages.map(\.name))
        plan.criteria = plan.criteria.filter { criterion in
            guard criterion.comparedStage.map({ names.contains($0) }) ?? true else { return false }
            return criterion.stages.isEmpty
                ? stages.contains { $0.kind != .knee } : criterion.stages.contains { names.contains($0) }
        }
        plan.stages = plan.stages.filter { names.contains($0.name) }
        return plan
    }

    /// `step` is that of a search.
    private mutating func runner(
        _ stage: Stage,
        _ sources: [any RunSource],
        _ watch: TargetWatch,
        step: Int? = nil
    ) throws -> StageRunner {
        guard let isolation else { preconditionFailure("a stage is run by a session that runs") }
        let before = desk
        let logs = try logs(of: stage, isolation)
        desk = loaded.plan.executions.map {
            ExecutionDesk(rule: $0, sources: sources, isolation: isolation, after: before, logs: logs)
        }
        desk?.start()
        watch.look(at: Self.gauges(desk, logs))
        let place = try folder.place(of: stage, step: step)
        return StageRunner(
            loaded: loaded,
            stage: stage,
            folder: "\(folder.path)/\(place)",
            place: place,
            desk: desk,
            logs: logs,
            watch: watch,
            isolation: isolation,
            deadLetters: try deadLetters(stage),
            statements: statements,
            routes: routes,
            version: version,
            quiet: quiet,
            progress: PlanProgress(
                steps: steps,
                current: stages.firstIndex { $0.name == stage.name } ?? 0
            )
        )
    }

    private func deadLetters(_ stage: Stage) throws -> DeadLetterCount? {
        guard stage.kind != .knee, let rule = loaded.plan.executions?.deadLetters,
            let scenario = stage.scenarios.first
        else { return nil }
        return DeadLetterCount(
            rule,
            replay: try loaded.replay(of: scenario, in: stage),
            headers: try loaded.plan.tenants.first(where: \.canAsk)?.credentials() ?? []
        )
    }

    /// What a stage has under way at the target, for the axis of time.
    private static func gauges(_ desk: ExecutionDesk?, _ logs: LogDesk?) -> @Sendable () -> [MetricSample] {
        {
            var samples: [MetricSample] = []
            if let desk { samples.append(MetricSample(name: "load_runs_open", value: Double(desk.open))) }
            if let logs {
                samples.append(MetricSample(name: "load_log_streams_open", value: Double(logs.open)))
            }
            return samples
        }
    }

    /// Who reads the live logs in a stage, where the plan says so.
    private func logs(of stage: Stage, _ isolation: IsolationBook) throws -> LogDesk? {
        guard let rule = loaded.plan.logs, rule.covers(stage), let name = stage.scenarios.first else {
            return nil
        }
        let replay = try loaded.replay(of: name, in: stage)
        return try LogDesk(
            rule: rule,
            readers: try LogReader.all(of: loaded.plan),
            target: replay.target,
            connection: replay.connection,
            seed: loaded.plan.seed,
            isolation: isolation
        )
    }

    private mutating func findKnee(
        _ stage: Stage,
        _ sources: [any RunSource],
        _ watch: TargetWatch
    ) throws -> (outcome: StageRunner.Outcome, finding: KneeFinding?)? {
        var replays: [String: ReplayPlan] = [:]
        var totals: [String: TraceTotals] = [:]
        for name in stage.scenarios {
            var replay = try loaded.replay(of: name, in: stage)
            if let scenario = loaded.plan.scenario(name) {
                replay.parameters = routes.parameters(of: scenario)
            }
            replays[name] = replay
            totals[name] = try loaded.totals(of: name, in: stage)
        }
        var search = KneeRunner(
            stage: stage,
            criteria: loaded.plan.kneeCriteria(of: stage),
            executions: loaded.plan.executions?.route,
            replays: replays,
            totals: totals,
            watch: watch,
            quiet: quiet
        )
        return try search.run { try runner(stage, sources, watch, step: $0) }
    }

    /// Why a stage that has to go well did not.
    private func failure(of stage: Stage, _ outcome: StageRunner.Outcome) -> String? {
        guard stage.endsRunOnFailure else { return nil }
        if !outcome.result.isSound { return "stage \(stage.name) went wrong" }
        if let broken = stage.criteria.first(where: {
            $0.comparison == nil && AcceptanceRow($0, in: [outcome.record]).verdict != .pass
        }) {
            return "stage \(stage.name) broke \(broken.description)"
        }
        let share = outcome.record.requests.total().share(.success) ?? 0
        return share > 0 ? nil : "nothing in stage \(stage.name) was answered well"
    }

    private func pause(_ nanoseconds: UInt64) {
        let wait = DispatchSemaphore(value: 0)
        Interrupt.onRequest { wait.signal() }
        _ = wait.wait(timeout: .now() + .nanoseconds(Int(clamping: nanoseconds)))
    }

    private func say(_ stage: Stage, _ index: Int) {
        guard !quiet else { return }
        StandardError.print(
            "tapedeck: stage \(index + 1) of \(stages.count): \(stage.name), "
                + stage.scenarios.joined(separator: ", ")
        )
    }

    /// Writes the reports of the run into its folder.
    func write(_ report: PlanReport) throws {
        try folder.write(report.run.json(), to: PlanRunFolder.runName)
        try folder.write(Array(report.markdown().utf8), to: "report.md")
        try folder.write(Array(report.html().utf8), to: "report.html")
    }
}
