import Checks
import Dispatch
import LoadPlans
import Replay
import Reports
import Synchronization
import TraceFiles

/// Runs one stage: its scenarios side by side, each a replay of its own.
struct StageRunner {
    struct Outcome {
        var record: StageRecord
        var result: StageResult
        var summaries: [ReplaySummary] = []
        /// When its first request may have been sent, in nanoseconds since 1970.
        var loadStart: Int64 = 0
        var wasInterrupted = false
        /// Why the run is not to go on.
        var stop: String?
        /// What kept a replay from its end, or its evidence from being written.
        var failure: (any Error)?
    }

    let loaded: LoadedPlan
    let stage: Stage
    /// Where what the replays observe and report goes.
    let folder: String
    /// The same within the folder of the run.
    let place: String
    let desk: ExecutionDesk?
    let logs: LogDesk?
    let watch: TargetWatch
    let isolation: IsolationBook
    let deadLetters: DeadLetterCount?
    let statements: StatementCount?
    let routes: ScenarioRoutes
    let version: SpokenVersion
    let quiet: Bool
    /// Where the run of the plan stands.
    var progress: PlanProgress
    /// Changes what the replay of a scenario is told.
    var adjust: (inout ReplayPlan, _ scenario: String) throws -> Void = { _, _ in }
    /// Nanoseconds for which runs without an end are waited for; the deadline of the plan unless said.
    var patience: UInt64?

    /// What one replay came to.
    private struct Part: Sendable {
        var scenario: String
        var summary: ReplaySummary
    }

    /// How often what is on the terminal is renewed.
    private static let glance = DispatchTimeInterval.milliseconds(200)

    func run() throws -> Outcome {
        let scenarios = stage.scenarios.compactMap { loaded.plan.scenario($0) }
        var witnesses: [StageWitness] = []
        var sessions: [(name: String, session: ReplaySession, traces: LoadPlan.Scenario)] = []
        for scenario in scenarios {
            let parameters = routes.parameters(of: scenario)
            let witness = StageWitness(
                plan: loaded.plan,
                scenario: scenario,
                parameters: parameters,
                executions: desk,
                watch: watch,
                isolation: isolation,
                version: version,
                keepsTrends: stage.kind == .knee
            )
            var plan = try loaded.replay(of: scenario.name, in: stage)
            plan.keepsFigures = true
            plan.parameters = parameters
            try adjust(&plan, scenario.name)
            var session = ReplaySession(
                plan: plan,
                observed: stage.keepsObserved ? observed(scenario.name) : nil,
                force: true,
                quiet: true
            )
            session.progress = .none
            session.witness = { witness.see($0) }
            witnesses.append(witness)
            sessions.append((scenario.name, session, scenario))
        }
        var record = StageRecord(stage: stage)
        record.keepsTrends = stage.kind == .knee
        record.start = Clock.wall()
        logs?.start()
        let incidents = IncidentDesk(stage.incidents, quiet: quiet)
        let dead = deadLetters?.read()
        let statementsBefore = statements?.read()
        let probes = try sessions.first.map { entry in
            try ProbeDesk(
                stage: stage,
                loaded: loaded,
                replay: entry.session.plan,
                isolation: isolation,
                executions: desk
            )
        }
        try probes?.start { [witnesses] in witnesses.contains { $0.count > 0 } }
        incidents.start()
        var view = PlanView(progress, watch: watch, quiet: quiet)
        let loadStart = Clock.wall()
        let (parts, failures) = replay(sessions, &view)
        var remarks: [String] = []
        if let probes { remarks += probes.finish(into: &record) }
        let incident = incidents.finish()
        remarks += incident.remarks
        for witness in witnesses { record.requests.add(witness.requests) }
        if let desk {
            remarks += desk.finish(into: &record, patience: patience) {
                view.show(underWay: underWay, wait: $0)
            }
        }
        view.clear()
        deadLetters?.settle(since: dead, into: &record)
        if let logs { remarks += logs.finish(into: &record, quiet: quiet) }
        record.end = Clock.wall()
        let grown = statements?.rows(since: statementsBefore)
        if let remark = grown?.remark { remarks.append(remark) }
        let others = record.requests.ofOthers
        if others > 0 {
            remarks.append(
                "\(Quantity.count(others)) requests were beyond the \(RequestBook.limit) routes of a tenant that are "
                    + "told apart, so that no criterion about a route passes for it"
            )
        }
        var outcome = self.outcome(record, parts, failures, remarks, isSound: incident.failures == 0)
        outcome.loadStart = loadStart
        outcome.result.statements = grown?.rows ?? []
        // Replays may have ended before, and runs or lines still have been waited for.
        if Interrupt.isRequested { outcome.wasInterrupted = true }
        return outcome
    }

    /// What the target has under way, each as a few words.
    private var underWay: [String] { [desk?.glance, logs?.glance].compactMap { $0 } }

    /// What the replays came to, and why those that did not come to their end did not, by scenario.
    private func replay(
        _ sessions: [(name: String, session: ReplaySession, traces: LoadPlan.Scenario)],
        _ view: inout PlanView
    ) -> (parts: [Part], failures: [(scenario: String, error: any Error)]) {
        let finished = DispatchSemaphore(value: 0)
        let results = Mutex<[Int: Result<Part, any Error>]>([:])
        for (index, entry) in sessions.enumerated() {
            // Every replay has a thread of its own: its event loop blocks.
            ReplayThread.start { [loaded, stage] in
                let result = Result {
                    let readers = try loaded.readers(of: entry.traces, quiet: true)
                    var session = entry.session
                    session.plan.correlation = try loaded.correlation(of: entry.name, in: stage, readers)
                    return Part(scenario: entry.name, summary: try session.run(readers))
                }
                results.withLock { $0[index] = result }
                finished.signal()
            }
        }
        var left = sessions.count
        while left > 0 {
            if finished.wait(timeout: .now() + Self.glance) == .success {
                left -= 1
                continue
            }
            view.show(underWay: underWay)
        }
        view.clear()
        var parts: [Part] = []
        var failures: [(scenario: String, error: any Error)] = []
        for (index, result) in results.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            switch result {
            case .success(let part): parts.append(part)
            case .failure(let error): failures.append((sessions[index].name, error))
            }
        }
        return (parts, failures)
    }

    private func observed(_ scenario: String) -> String { "\(folder)/\(scenario).observed.trace.gz" }

    private func outcome(
        _ record: StageRecord,
        _ parts: [Part],
        _ failures: [(scenario: String, error: any Error)],
        _ remarks: [String],
        isSound: Bool
    ) -> Outcome {
        var record = record
        var remarks = remarks
        var outcome = Outcome(record: record, result: StageResult(record))
        var isSound = isSound && failures.isEmpty
        var failure = failures.first?.error
        var rows: [StageResult.ScenarioRow] = []
        for (scenario, error) in failures {
            remarks.append("\(scenario) did not come to its end: \(CommandFailure.message(of: error))")
        }
        for part in parts {
            let report = ReplayReport(part.summary)
            do {
                try OutputFile.write(report.json(), to: "\(folder)/\(part.scenario).json")
                try OutputFile.write(Array(report.text().utf8), to: "\(folder)/\(part.scenario).log")
            } catch {
                failure = failure ?? error
                remarks.append("\(part.scenario): \(CommandFailure.message(of: error))")
            }
            rows.append(StageResult.ScenarioRow(part.scenario, part.summary))
            if part.summary.wasInterrupted { outcome.wasInterrupted = true }
            if let abortion = part.summary.abortion {
                let sentence = "\(part.scenario) was stopped: \(ReplayReport.sentence(abortion))"
                remarks.append(sentence)
                outcome.stop = "stage \(stage.name) was stopped by \(abortion.condition.text)"
                isSound = false
            }
            if part.summary.bottleneck == .replayer {
                remarks.append(
                    "\(part.scenario): the replayer was the limit, so that the figures say less of the target"
                )
            }
            if part.summary.requests.scheduled == 0 {
                remarks.append("\(part.scenario): nothing was sent; no request of its traces is selected")
                isSound = false
            }
        }
        do {
            if let rules = try loaded.rules(of: stage), !outcome.wasInterrupted, failures.isEmpty {
                let differences = try check(rules, &remarks)
                record.set(.differences, differences, tenant: "")
                if differences > 0 { isSound = false }
            }
        } catch {
            failure = failure ?? error
            remarks.append("not checked: \(CommandFailure.message(of: error))")
        }
        let wasInterrupted = outcome.wasInterrupted
        let stop = outcome.stop
        outcome = Outcome(record: record, result: StageResult(record))
        outcome.wasInterrupted = wasInterrupted
        outcome.stop = stop
        outcome.failure = failure
        outcome.summaries = parts.map(\.summary)
        outcome.result.method = desk?.method
        outcome.result.logMethod = logs?.method
        outcome.result.scenarios = rows
        outcome.result.remarks = remarks
        outcome.result.isSound = isSound && failure == nil
        outcome.result.folder = place
        return outcome
    }

    /// Compares what was observed with what was recorded; answers how many answers differ, or could not be compared.
    private func check(_ rules: CheckRules, _ remarks: inout [String]) throws -> UInt64 {
        var differences: UInt64 = 0
        for name in stage.scenarios {
            guard let scenario = loaded.plan.scenario(name) else { continue }
            guard stage.keepsObserved, scenario.traces.count == 1, let trace = scenario.traces.first else {
                remarks.append("\(name): not checked; a check takes one trace, and what was observed is kept")
                continue
            }
            let pair = Comparison.Pair(recorded: trace, observed: observed(name))
            let result = try Comparison(rules: rules).run([pair])
            let report = CheckReport(result, subject: "\(trace) against \(observed(name))")
            try OutputFile.write(report.json(), to: "\(folder)/\(name).check.json")
            try OutputFile.write(Array(report.html().utf8), to: "\(folder)/\(name).check.html")
            differences += UInt64(result.counts.different + result.counts.noResponse)
            remarks.append(
                "\(name): check \(result.verdict.rawValue), \(Quantity.count(result.counts.different)) of "
                    + "\(Quantity.count(result.counts.compared)) answers differ"
            )
            for group in result.groups.prefix(5) {
                remarks.append("\(name): \(Quantity.count(group.count)) × \(group.field) on \(group.route)")
            }
        }
        return differences
    }
}

extension StageResult.ScenarioRow {
    fileprivate init(_ name: String, _ summary: ReplaySummary) {
        let load = summary.load
        let kinds = load.kinds.map(\.rawValue).joined(separator: ", ")
        self.init(
            name: name,
            load: load.course.map { "\(kinds) \($0)" } ?? kinds,
            bottleneck: summary.bottleneck.rawValue
        )
        scheduled = summary.requests.scheduled
        sent = summary.requests.sent
        requestedRate = summary.requestedRate
        achievedRate = summary.achievedRate
        sendErrorP99 = summary.sendError.p99
        peakOutstanding = summary.peakOutstanding
    }
}
