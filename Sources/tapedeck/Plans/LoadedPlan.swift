import ArgumentParser
import Configuration
import Correlation
import Glibc
import LoadPlans
import Replay
import TraceFiles
import Traces

/// A load plan as it was named on the command line, and what its replays are told.
struct LoadedPlan {
    let file: LoadPlanFile
    /// As it stands in the file, and what was set over it.
    let origin: RunOrigin

    var plan: LoadPlan { file.plan }

    /// Reads a plan, or the plan of the run in a folder.
    init(_ path: String, settings: [String], target: ReplayTarget?) throws {
        var settings = settings
        if let target {
            settings.append("target=\(target.scheme.rawValue)://\(target.authority)\(target.pathPrefix)")
        }
        var origin = try RunOrigin(path)
        origin.settings += settings
        do {
            file = try LoadPlanFile.load(path: origin.plan, folder: origin.folder, settings: origin.settings)
        } catch {
            throw CommandFailure(error.description)
        }
        self.origin = origin
    }

    /// What the replay of a scenario in a stage is told; without the secrets that it signs with where nothing is to be sent.
    func replay(of scenario: String, in stage: Stage, signs: Bool = true) throws -> ReplayPlan {
        guard let part = file.replays[LoadPlanFile.Part(stage: stage.name, scenario: scenario)] else {
            preconditionFailure("a stage has a replay for each of its scenarios")
        }
        guard let target = part.target else {
            throw CommandFailure("a target is missing: --target URL, or 'target' in the plan")
        }
        var plan = ReplayPlan(target: target, run: RunName.new())
        plan.seed = self.plan.seed
        part.apply(to: &plan)
        try plan.requireConnection(readsSecrets: signs)
        if signs {
            let settings = try SecretOptions.read(part.signing, option: Self.signing, signs: true)
            plan.credentials = settings.credentials
            plan.schemes = settings.directory
        }
        guard stage.kind == .knee || plan.loops != nil || plan.duration != nil else {
            throw CommandFailure("stage \(stage.name) repeats without end; give it a 'duration'")
        }
        return plan
    }

    private static let signing = "'sign' in the plan"

    /// Why secrets that a run signs with cannot be read here and now, a sentence each.
    var unreadableSecrets: [String] {
        var reasons: Set<String> = []
        for part in file.replays.values {
            for place in part.signing {
                do {
                    _ = try SecretOptions.read([place], option: Self.signing, signs: true)
                } catch {
                    reasons.insert((error as? CommandFailure)?.message ?? "\(error)")
                }
            }
            do {
                _ = try part.connection.secrets()
            } catch {
                reasons.insert((error as? CommandFailure)?.message ?? "\(error)")
            }
        }
        return reasons.sorted()
    }

    /// Which recorded values are replaced, where the plan says; `readers` are at their start again afterwards.
    func correlation(of scenario: String, in stage: Stage, _ readers: [TraceReader]) throws
        -> CorrelationPlan?
    {
        guard let planned = file.replays[LoadPlanFile.Part(stage: stage.name, scenario: scenario)]?.correlate
        else {
            return nil
        }
        return try CorrelationOptions.parse([]).plan(readers, planned: planned, quiet: true)
    }

    /// Throws where a file that says which values are replaced cannot be used; what the traces themselves show is told by a run.
    func requireCorrelation(of scenario: String, in stage: Stage) throws {
        let part = LoadPlanFile.Part(stage: stage.name, scenario: scenario)
        guard let planned = file.replays[part]?.correlate, planned != "auto" else { return }
        _ = try CorrelationOptions.parse([]).plan([], planned: planned, quiet: true)
    }

    /// What a scenario has to send in one pass in a stage; `nil` where nothing may be left out of a pass, since later
    /// requests take values from the answers to earlier ones.
    func totals(of scenario: String, in stage: Stage) throws -> Replay.TraceTotals? {
        let part = LoadPlanFile.Part(stage: stage.name, scenario: scenario)
        guard let traces = plan.scenario(scenario), file.replays[part]?.correlate == nil else { return nil }
        var source = try TraceRequests(try readers(of: traces, quiet: true), selection: .requestsOnly)
        return try TraceSurvey(of: &source, plan: try replay(of: scenario, in: stage)).totals
    }

    /// Opens the traces of a scenario; throws with the place in the plan that names one which cannot be opened.
    func readers(of scenario: LoadPlan.Scenario, quiet: Bool) throws -> [TraceReader] {
        try scenario.traces.map { path in
            do {
                return try TraceOpening.openForUse(path, quiet: quiet)
            } catch let failure as CommandFailure {
                throw CommandFailure(file.error(withTrace: path, failure.message).description)
            }
        }
    }

    /// The targets of the plan, for who reads of the run.
    var targets: String {
        let names = plan.stages.flatMap { stage in
            stage.scenarios.compactMap { scenario -> String? in
                let part = LoadPlanFile.Part(stage: stage.name, scenario: scenario)
                return file.replays[part]?.target.map {
                    "\($0.scheme.rawValue)://\($0.authority)\($0.pathPrefix)"
                }
            }
        }
        return Set(names).sorted().joined(separator: ", ")
    }
}
